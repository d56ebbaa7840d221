"""Previews, and what the last ones were made from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from reage.errors import Cancelled
from reage.faces import FaceFrame, FaceTrack
from reage.fingerprint import file_fingerprint
from reage.frame.broken import broken
from reage.frame.pipeline import Prepared, finish, infer, prepare, target_ages
from reage.frame.small import resized
from reage.job import RenderJob
from reage.mix import Mix, at_target
from reage.models.consents import permitted
from reage.models.model import Model
from reage.models.model_card import ModelCard
from reage.models.parts import Strengths
from reage.models.residual import Residual
from reage.models.rights import Rights
from reage.models.stoppable import StoppableModel
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_side
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.service.lru_cache import LruCache
from reage.service.preview.change import PreviewChange
from reage.service.preview.look import PreviewLook, see
from reage.service.preview.source import PreviewSource
from reage.service.preview.tone import Picture
from reage.shape.ages import aged_offsets
from reage.shape.amounts import STEERED_BY
from reage.shape.offsets import Share
from reage.shot.clock import Clock
from reage.shot.tracking import load_track

STAGES = ("read", "track", "encode", "infer", "decode", "show")


@dataclass(frozen=True)
class Preview:
    """before, after: of one shape, toned alike; seconds: by stage, 0 where nothing had to run.

    face: in square px, or None where none was found; note: a sentence, or ""
    region: what the pictures show, in the plate's own px, whose aspect that is
    fingerprint: of before; rights: under which it is made, see `consents.permitted`
    """

    before: Picture
    after: Picture
    face: FaceFrame | None
    note: str
    seconds: Mapping[str, float]
    region: Region
    aspect: float
    fingerprint: str
    rights: tuple[Rights, ...]


@dataclass(frozen=True)
class CachedPrediction:
    """What the model said, and to what: all that another strength needs."""

    ready: Prepared
    residual: Residual


class Previewer:
    """Makes previews, and keeps what the last ones were made from. For one thread."""

    def __init__(self) -> None:
        self._faces: LruCache[FaceFrame | None] = LruCache(64)
        self._tracks: LruCache[FaceTrack] = LruCache(2)
        self._looks: LruCache[PreviewLook] = LruCache(4)
        self._prepared: LruCache[Prepared | None] = LruCache(2)
        self._predictions: LruCache[CachedPrediction | None] = LruCache(2)
        self._changes: LruCache[PreviewChange | None] = LruCache(8)

    def show(
        self, job: RenderJob, frame: int, model: Model, side: int, cancelled: Callable[[], bool]
    ) -> Preview:
        """Preview `frame` with the job's settings.

        side: longest side of the pictures in px; smaller regions are not enlarged
        Where the job names a track that has the frame, the face is the track's.
        A crop size of auto is the model's own here: a preview is to be quick, and shrunk anyway.
        Raises Cancelled between two stages and inside the model, and what `consents.permitted`,
        reading and `pipeline` raise.
        """
        source, clock = PreviewSource(job, frame), Clock()
        rights = permitted(model.card, job.settings.pattern, job.past_consent or "")
        model = StoppableModel.of(model, cancelled)
        settings, crop = job.settings, crop_side(model.card, job.settings)

        def step(stage: str) -> None:
            if cancelled():
                raise Cancelled(f"The preview was cancelled before its stage {stage}.")

        face = self._face(source, clock)
        seen = (*source.plate, face)
        step("read")
        by = (model.sha256, _card_key(model.card), crop, side)
        ages = (settings.source_age, settings.target_age)
        pages = [at_target(settings.pattern, age) for age in ages]
        pattern = tuple(map(_pattern_key, pages)) if model.card.pattern else ()
        look = self._looks.get((*seen, *by), lambda: see(source, face, model, crop, side, clock))
        step("encode")
        change = None
        shows = settings.blend or settings.shape
        if look.small.face is not None and shows and _asks_for_change(job):
            maps = source.drawn_fingerprint(settings.age_map)
            hair = source.drawn_fingerprint(settings.hair_matte)
            made = (*seen, *by, pattern, hair, settings.map_channel)
            key = (*made, *ages, maps, settings.age_map_mode if maps else "")
            mixed = Strengths.of(settings).mix_parts(model.card)
            shape = tuple(getattr(settings, name) for name in STEERED_BY)
            moved = shape if settings.shape else None

            def made_of_prediction() -> PreviewChange | None:
                prediction = self._predictions.get(
                    key, lambda: self._predict(look, source, model, made, clock, step)
                )
                if prediction is None:
                    return None
                shown = prediction if moved is None else reshaped(prediction, look, source)
                return change_shown(look, shown, mixed, clock, step)

            change = self._changes.get((*key, mixed, moved), made_of_prediction)
        after = look.before
        if change is not None:
            with clock("show"):
                after = change.over(look, settings)
        note = _note(job, frame, face, look)
        if change is not None and change.broken:
            note = (
                f"The answer of the model {model.card.name} is broken (NaN or inf) at "
                f"{change.broken} px: the plate is shown as it is there."
            )
        seconds = {s: clock.seconds[s] for s in STAGES}
        region, aspect = look.small.region, look.aspect
        return Preview(
            look.before, after, face, note, seconds, region, aspect, look.fingerprint,
            rights,
        )

    def _face(self, source: PreviewSource, clock: Clock) -> FaceFrame | None:
        """The face that the job's track has in the frame; where it has no such frame, or there is
        no track, the chosen one as it is in this frame alone."""
        job, frame = source.job, source.frame
        if job.track is not None:
            path = Path(job.track)
            track = self._tracks.get(source.track_fingerprint, lambda: load_track(path))
            if frame in track.frames:
                return track.at(frame)
        seen = (*source.plate, job.settings.face)
        return self._faces.get(seen, lambda: source.find_face(clock))

    def _predict(
        self,
        look: PreviewLook,
        source: PreviewSource,
        model: Model,
        key: Hashable,
        clock: Clock,
        step: Callable[[str], None],
    ) -> CachedPrediction | None:
        """What the model says; None where nothing can change."""
        job = source.job
        if job.settings.age_map is None:
            ready = self._prepared.get(key, lambda: _prepare(look, source, model, clock))
            ready = ready and _aged(ready, job.settings.source_age, job.settings.target_age)
        else:
            ready = _prepare(look, source, model, clock)
        if ready is None:
            return None
        step("infer")
        with clock("infer"):
            return CachedPrediction(ready, infer(ready, model, job.tile, apart=True))


def _card_key(card: ModelCard) -> Hashable:
    """All of a card that a picture depends on; one beside the model is no part of its hash."""
    return tuple(value for name, value in vars(card).items() if name != "figures")


def _pattern_key(pattern: int | str) -> Hashable:
    """What a conditioning map depends on: another where a pattern file is."""
    return pattern, tuple(map(file_fingerprint, Mix.of(pattern).files))


def reshaped(
    prediction: CachedPrediction, look: PreviewLook, source: PreviewSource
) -> CachedPrediction:
    """The same with the warp between the ages that are asked for."""
    small, job = look.small, source.job
    assert small.face is not None
    drawn = _drawn(look, source, Clock(), "age map", job.settings.age_map)
    target = target_ages(drawn, job.settings)
    here = small.plate.region
    steered = None if target is None else Share(target, here)
    shape = aged_offsets(small.face, job.settings, here, steered)
    return replace(prediction, ready=replace(prediction.ready, shape=shape))


def change_shown(
    look: PreviewLook,
    prediction: CachedPrediction,
    parts: bool,
    clock: Clock,
    step: Callable[[str], None],
) -> PreviewChange | None:
    """A prediction as it is shown, in its parts where they are wanted."""
    step("decode")
    with clock("decode"):
        layers = finish(replace(prediction.ready, parts=parts), prediction.residual)
        change = PreviewChange.of(layers.spread(look.small.plate.region), look.shown.shape)
    odd = broken(prediction.residual.values)
    return change if change is None or odd is None else replace(change, broken=int(odd.sum()))


def _prepare(
    look: PreviewLook, source: PreviewSource, model: Model, clock: Clock
) -> Prepared | None:
    settings = source.job.settings
    ages = _drawn(look, source, clock, "age map", settings.age_map)
    hair = _drawn(look, source, clock, "hair matte", settings.hair_matte)
    small, card = look.small, model.card
    assert small.face is not None
    with clock("encode"):
        encoder = Encoder(look.space, card.encoding)
        # Ready for any strengths: `change_shown` says whether they are asked for.
        return prepare(small.plate, small.face, card, settings, encoder, ages, True, hair)


def _drawn(
    look: PreviewLook, source: PreviewSource, clock: Clock, what: str, named: str | None
) -> Pixels | None:
    """An age map or a hair matte as large as the look; None without one."""
    if named is None:
        return None
    with clock("read"):
        return resized(source.drawn(what, named, look.small.region), look.small.plate.rgb.shape)


def _aged(ready: Prepared, source_age: float, target_age: float) -> Prepared:
    """The same with other ages at which the pattern is alike: without an age map nothing else
    depends on them."""
    flat = np.full_like(ready.input.source_age, source_age)
    aged = replace(ready.input, source_age=flat, target_age=np.full_like(flat, target_age))
    return replace(ready, input=aged)


def _asks_for_change(job: RenderJob) -> bool:
    settings = job.settings
    return settings.source_age != settings.target_age or settings.age_map is not None


def _note(job: RenderJob, frame: int, face: FaceFrame | None, look: PreviewLook) -> str:
    if face is None:
        return f"No face was found in frame {frame}; the plate is shown as it is."
    if look.small.face is None:
        return f"The face of frame {frame} lies outside the plate's pixels."
    return "" if _asks_for_change(job) else "Both ages are the same: nothing changes."
