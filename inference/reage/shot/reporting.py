"""The shot report of one render, made of what its frames came to."""

from __future__ import annotations

import platform
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

from reage.fingerprint import sha256_of
from reage.job import RenderJob
from reage.pixels.geometry import squeezed
from reage.settings import Settings
from reage.shot.faces_file import OWN
from reage.shot.render_context import RenderContext
from reage.shot.render_frame import Frame
from reage.shot.rungs import shown_rung
from reage.shot.shot_report import (
    FaceEntry,
    FrameEntry,
    ModelFacts,
    Notice,
    RenderRun,
    ShotFacts,
    ShotReport,
    TrackFile,
)
from reage.version import __version__

_OF_A_RUN = ("plate", "output", "frames", "layers", "by_frame", "marks", "settings", "track",
             "tile", "device", "continue_on_error", "resume", "jobs")  # fmt: skip
"""Fields of a job that say nothing of what the shot's pixels are, or are told elsewhere."""

_ALL = tuple(f.name for f in fields(Settings))


def shot_report(
    faces: Sequence[RenderContext],
    done: Sequence[Frame],
    looks: Sequence[Mapping[str, tuple[int, ...]]],
    notices: Sequence[str],
    seconds: float,
    error: str = "",
) -> ShotReport:
    """looks: face by face, words → frames, see `RenderReport`; error: by which the render ended
    before its last frame. A ladder is told of by its rung that is farthest from the face's own
    age."""
    faces = tuple(map(_shown, faces))
    context = faces[0]
    ended = datetime.now(timezone.utc)
    asked = tuple(sorted({*context.footage.frames, *context.footage.left_out}))
    run = RenderRun(
        id=uuid4().hex[:12],
        started=_time(ended - timedelta(seconds=seconds)),
        ended=_time(ended),
        seconds=round(seconds, 3),
        frames=asked,
        machine=platform.node(),
        device=getattr(context.model, "device", "no device"),
        crops=tuple(each.crop.side for each in faces),
        tracks=tuple(
            TrackFile(str(each.track_path), _hash(each.track_path)) for each in faces
        ),
        error=error,
    )
    return ShotReport(
        shot=_facts(faces),
        runs=(run,),
        frames=tuple(
            _entry(faces, frame, looks, run.id) for frame in sorted(done, key=lambda f: f.number)
        ),
        left_out=tuple(sorted(context.footage.left_out)),
        missing=tuple(sorted({*context.footage.frames} - {frame.number for frame in done})),
        notices=tuple(Notice(text, asked) for text in notices),
    )


def _shown(context: RenderContext) -> RenderContext:
    job = context.job
    if job.ladder is None:
        return context
    age = float(shown_rung(job.ladder, job.settings.source_age))
    return replace(context, job=replace(job, settings=replace(job.settings, target_age=age)))


def _facts(faces: Sequence[RenderContext]) -> ShotFacts:
    context = faces[0]
    job, card, footage = context.job, context.model.card, context.footage
    return ShotFacts(
        plate=job.plate,
        plate_space=footage.own_space,
        output=job.output,
        layers=() if context.finish else job.layers,
        space=context.finish.space if context.finish else footage.space,
        version=__version__,
        model=ModelFacts(
            card.name, card.version, context.model.sha256, card.license, card.rights_holder,
            card.trained_on,
        ),
        settings={**_settings(job.settings), **_storage(job)},
        faces=tuple(_settings(each.job.settings, OWN) for each in faces),
        rights=tuple(dict.fromkeys(rights for each in faces for rights in each.rights)),
    )  # fmt: skip


def _settings(settings: Settings, names: Collection[str] = _ALL) -> dict[str, object]:
    """By their names, as JSON gives them back; without the crop's size, which is a run's, as auto
    goes by the frames."""
    said = {name: value for name, value in asdict(settings).items() if name in names}
    return _plain({name: value for name, value in said.items() if name != "crop_size"})


def _storage(job: RenderJob) -> dict[str, object]:
    return _plain({name: v for name, v in asdict(job).items() if name not in _OF_A_RUN})


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def _entry(
    faces: Sequence[RenderContext],
    frame: Frame,
    looks: Sequence[Mapping[str, tuple[int, ...]]],
    run: str,
) -> FrameEntry:
    context = faces[0]
    changes = [None if change is None else round(change.change, 6) for change in frame.changes]
    changes = changes or [None] * len(faces)
    return FrameEntry(
        number=frame.number,
        outcome=frame.outcome,
        run=run,
        faces=tuple(
            _face(one, frame.number, change, look)
            for one, change, look in zip(faces, changes, looks, strict=True)
        ),
        error=frame.error,
        anew=frame.anew,
        size=frame.size,
        space=frame.space,
        held=context.footage.held.get(frame.number),
        seconds={stage: round(spent, 4) for stage, spent in frame.seconds.items()},
        fingerprint=frame.fingerprint,
    )


def _face(
    context: RenderContext,
    number: int,
    change: float | None,
    look: Mapping[str, tuple[int, ...]],
) -> FaceEntry:
    settings, face = context.job.at(number), context.track.at(number)
    words = tuple(word for word, frames in look.items() if number in frames)
    ages = settings.source_age, settings.target_age
    if face is None:
        return FaceEntry(*ages, "none", 0.0, (0.0, 0.0), 0.0, 0.0, change, words)
    x, y = squeezed(face.center, context.footage.header.aspect)
    return FaceEntry(
        *ages, face.state, face.confidence, (round(float(x), 3), round(float(y), 3)), face.size,
        face.degrees, change, words,
    )  # fmt: skip


def _time(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def _hash(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        return ""
