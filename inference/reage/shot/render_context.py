"""What all frames of a render share, opened and checked before the first of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reage.errors import OutputError, PlateError
from reage.faces import FaceFrame, FaceTrack
from reage.frame.broken import BrokenPixels
from reage.job import RenderJob
from reage.media.overwriting import refuse_overwriting
from reage.media.replacing import require_room_for
from reage.media.sequence import frame_paths
from reage.mix import Mix
from reage.models.consents import permitted
from reage.models.model import Model
from reage.models.onnx_model import OnnxModel
from reage.models.rights import Rights, today
from reage.models.stoppable import StoppableModel
from reage.pattern.mixed import check_files
from reage.pixels.crop import crop_side, for_shot, for_sizes
from reage.pixels.crop_size import CropSize, notices
from reage.progress import Progress
from reage.settings import AUTO
from reage.shot.clock import Clock
from reage.shot.drawn import Drawn
from reage.shot.faces_file import check_apart, face_jobs
from reage.shot.finished import Finish, is_movie
from reage.shot.footage import Footage
from reage.shot.foreseen import foreseen, other_faces
from reage.shot.inputs import inputs_of
from reage.shot.kept_plates import KeptPlates
from reage.shot.memory import require_memory
from reage.shot.one_thread import model_threads
from reage.shot.residuals import SteadyResiduals
from reage.shot.track_stream import TrackStream
from reage.shot.tracking import (
    open_track,
    save_track,
    stream_track,
    track_path,
    track_paths,
    with_edits,
)

AHEAD = 2
"""Frames in flight beyond those that the model computes."""

NOBODYS = "The model is nobody's in particular, so --person changes nothing."
"""Where a person strength is asked of a model that has none."""

_NO_TRACK = FaceTrack(1, 1, {})
"""Stands where there is none yet."""


@dataclass(frozen=True)
class RenderContext:
    """What the frames of one render share, for one face.

    job:     its settings have the shot's crop size as a number
    outputs: frame → file; notices: sentences for the artist, added to while rendering;
    steady: None where changes are not steadied; broken: what was, added to like notices
    unreadable: frames that tracking could not read, and why
    finish: how finished pictures are stored; None where layers are written
    stream: the track while it is being made, in place of `track`; None once that is there
    edited: a sentence about what was set by hand, else ""
    rights: under which it is made, see `consents.permitted`
    """

    job: RenderJob
    footage: Footage
    track: FaceTrack
    track_path: Path
    crop: CropSize
    model: Model
    outputs: Mapping[int, Path]
    age_maps: Drawn | None
    hair_mattes: Drawn | None
    clock: Clock
    notices: list[str]
    steady: SteadyResiduals | None = None
    broken: BrokenPixels = field(default_factory=BrokenPixels)
    unreadable: Mapping[int, PlateError] = field(default_factory=dict)
    finish: Finish | None = None
    stream: TrackStream | None = None
    edited: str = ""
    rights: tuple[Rights, ...] = ()

    def face(self, number: int) -> FaceFrame | None:
        """The face in a frame, or None; waits for it while the track is being made."""
        return self.track.at(number) if self.stream is None else self.stream.at(number)

    def require_readable(self, number: int) -> None:
        """Raises PlateError for a frame whose face is not known as its plate cannot be read: it
        would pass as one without. A track that was given does not say which those were, so where
        it saw nothing the plate is read once more, all of it as the tracking did."""
        if why := self.unreadable.get(number):
            raise why
        face = self.track.at(number) if self.job.track else None
        if self.job.track and (face is None or face.state == "held"):
            self.footage.read(number)

    @property
    def beauty(self) -> bool:
        """Whether the finished picture is written as well."""
        return "beauty" in self.job.layers


def open_contexts(
    job: RenderJob,
    footage: Footage,
    outputs: Mapping[int, Path],
    progress: Callable[[Progress], object],
    cancelled: Callable[[], bool],
    model: Model | None,
    clock: Clock,
) -> tuple[RenderContext, ...]:
    """Open everything else that a render needs, and refuse what cannot work, before the first
    frame.

    One for each face, in order; output, plates, model, clock and what was broken are the same in
    all.
    """
    if model is None:
        model = OnnxModel.load(
            job.settings.model, job.device, threads=model_threads(job.jobs, job.device),
            person=job.settings.person, past_consent=job.past_consent or "",
        )  # fmt: skip
    model = StoppableModel.of(model, cancelled)
    jobs = face_jobs(job, footage)
    # Before any bundle is unpacked, and anew: a worker may have had the model from before its
    # consent ended.
    rights = [permitted(model.card, one.settings.pattern, one.past_consent or "") for one in jobs]
    alone = len(jobs) == 1
    shared = (footage, outputs, model, BrokenPixels(), progress, cancelled, clock, alone)
    kept = track_paths(job.output, len(jobs))
    written = [path for one, path in zip(jobs, kept, strict=True) if not one.track]
    for one in jobs:  # each face may read files of its own
        refuse_overwriting([*outputs.values(), *written], inputs_of(one))
    faces = tuple(
        _open_face(one, path, held, *shared)
        for one, path, held in zip(jobs, kept, rights, strict=True)
    )
    check_apart([one.track for one in faces], job.faces or "the shot")
    return faces


def _open_face(
    job: RenderJob,
    kept: Path,
    rights: tuple[Rights, ...],
    footage: Footage,
    outputs: Mapping[int, Path],
    model: Model,
    broken: BrokenPixels,
    progress: Callable[[Progress], object],
    cancelled: Callable[[], bool],
    clock: Clock,
    alone: bool,
) -> RenderContext:
    """kept: where the track goes if it is made; rights: see `permitted`; alone: whether it is the
    only face, so that its track may be made while it is rendered."""
    maps, mattes = job.settings.age_map, job.settings.hair_matte
    age_maps, hair_mattes = (
        Drawn.open(what, pattern, footage, job.settings.map_channel) if pattern else None
        for what, pattern in (("age map", maps), ("hair matte", mattes))
    )
    side = crop_side(model.card, job.settings)
    if isinstance(job.settings.crop_size, int):
        require_memory(side, model.card.stride, job.jobs, AHEAD, len(footage.frames))
    if model.card.pattern:
        check_files(Mix.of(job.settings.pattern))
    unreadable: dict[int, PlateError] = {}
    path = Path(job.track) if job.track else kept
    finish = Finish.of(job.output, footage)
    told = [said for each in rights for said in each.notices(today())]
    told += [NOBODYS] if model.card.rights is None and job.settings.person != 1 else []
    told += footage.notices
    told += [finish.notice] if finish and finish.notice else []
    told += [drawn.notice for drawn in (age_maps, hair_mattes) if drawn and drawn.notice]
    context = RenderContext(
        job, footage, _NO_TRACK, path, CropSize(side, False), model, outputs, age_maps,
        hair_mattes, clock, told, None, broken, unreadable, finish, rights=rights,
    )  # fmt: skip
    if alone and job.track is None and not job.settings.steady:
        whole = "beauty" in job.layers
        require_room_for(path)
        footage = replace(footage, kept=KeptPlates())
        stream, edited = stream_track(job, footage, path, whole, cancelled, clock, unreadable)
        return _streamed(replace(context, footage=footage, stream=stream, edited=edited))
    track, edited = open_track(job, footage, progress, cancelled, clock, unreadable), ""
    if not job.track:
        track, edited = with_edits(track, path)
        save_track(track, path)
    return _tracked(replace(context, edited=edited), track)


def _streamed(context: RenderContext) -> RenderContext:
    """What is to be supposed of the whole shot by its first frames."""
    stream, job, card = context.stream, context.job, context.model.card
    assert stream is not None, "a context whose track is being made"
    try:
        crop = for_shot(card, job.settings, stream.first())
        stream.suppose(lambda sizes: for_sizes(card, job.settings, sizes).side == crop.side)
    except BaseException:
        stream.close()
        raise
    return replace(context, crop=crop, job=_with_side(job, crop))


def settled(faces: Sequence[RenderContext]) -> tuple[RenderContext, ...]:
    """The same with whole tracks, of which those that were made are kept. Raises what tracking
    does, OutputError."""
    return tuple(one if one.stream is None else _settled(one, one.stream) for one in faces)


def _settled(context: RenderContext, stream: TrackStream) -> RenderContext:
    track = stream.whole()
    # What a hand has set there meanwhile is the next render's, and stays.
    save_track(with_edits(track, context.track_path)[0], context.track_path)
    job, crop = context.job, context.crop
    if crop.auto:
        job = replace(job, settings=replace(job.settings, crop_size=AUTO))
    return _tracked(replace(context, stream=None, job=job), track)


def _tracked(context: RenderContext, track: FaceTrack) -> RenderContext:
    """With all that follows from a whole track."""
    job, footage, card = context.job, context.footage, context.model.card
    crop = for_shot(card, job.settings, track)
    job = _with_side(job, crop)
    told = [*foreseen(job, footage.frames, card, track), *notices(card, crop)]
    told += [*([context.edited] if context.edited else ()), *other_faces(job, footage, track)]
    steady = SteadyResiduals.open(job, footage, card, track, context.age_maps)
    return replace(
        context, track=track, crop=crop, job=job, steady=steady, notices=[*context.notices, *told]
    )


def _with_side(job: RenderJob, crop: CropSize) -> RenderJob:
    return replace(job, settings=replace(job.settings, crop_size=crop.side))


def open_outputs(job: RenderJob, footage: Footage) -> Mapping[int, Path]:
    """Frame → file, the same for all where it is a movie; its folder is made. Raises
    SettingsError where one of them, or of what stands beside them, is one of the job's inputs, and
    OutputError."""
    movie = is_movie(job.output)
    outputs = frame_paths(job.output, footage.frames[:1] if movie else footage.frames)
    made = () if job.track else (track_path(job.output),)
    refuse_overwriting([*outputs.values(), *made], inputs_of(job))
    folder = Path(job.output).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OutputError(f"The folder {folder} cannot be made: {e.strerror}.") from e
    return dict.fromkeys(footage.frames, Path(job.output)) if movie else outputs
