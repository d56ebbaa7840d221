"""What a worker can be asked, one function for each word of the protocol.

docs/worker.md has the words, their arguments and answers. What is heavy is imported by the first
request that needs it.
"""

from __future__ import annotations

import base64
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reage.errors import SettingsError
from reage.farm.parameters import CHUNK
from reage.job import RenderJob
from reage.progress import Progress
from reage.version import __version__

if TYPE_CHECKING:
    from reage.faces import FaceFrame
    from reage.models.onnx_model import OnnxModel
    from reage.service.lru_cache import LruCache
    from reage.service.preview import Previewer
    from reage.service.preview.tone import Picture

PROTOCOL = 1
_SIDES = (16, 2048)


@dataclass(frozen=True)
class Task:
    """How a request tells of itself while it is worked on."""

    tell: Callable[[Progress], None]
    cancelled: Callable[[], bool]


class WorkerState:
    """What stays warm between requests."""

    @cached_property
    def previewer(self) -> Previewer:
        from reage.service.preview import Previewer

        return Previewer()

    @cached_property
    def _models(self) -> LruCache[OnnxModel]:
        from reage.service.lru_cache import LruCache

        return LruCache(2)

    def model(
        self, path: str | None, device: str, threads: int = 0, person: float = 1.0,
        past_consent: str | None = None,
    ) -> OnnxModel:  # fmt: skip
        """The model of a file, loaded again only where the file, or the card beside it, changed, or
        the day. threads, person, past_consent: see `OnnxModel.load`."""
        from reage import home
        from reage.fingerprint import file_fingerprint
        from reage.models.onnx_model import OnnxModel
        from reage.models.rights import today

        RenderJob("", "", device=device)  # refuses an unknown device
        file = Path(path) if path else home.default_model()
        files = (file, file.with_suffix(".json"))
        stood = (*((each, file_fingerprint(each)) for each in files), device, today())

        def load() -> OnnxModel:
            return OnnxModel.load(file, device, threads, None, person, past_consent or "")

        return self._models.get((*stood, threads, person, past_consent), load)


def _hello(state: WorkerState, task: Task) -> Mapping[str, Any]:
    return {
        "version": __version__,
        "protocol": PROTOCOL,
        "python": sys.version.split()[0],
        "pid": os.getpid(),
    }


def _model(
    state: WorkerState, task: Task, model: str | None = None, device: str = "auto"
) -> Mapping[str, Any]:
    from reage.models.rights import today

    loaded = state.model(model, device)
    card = loaded.card
    return {
        "name": card.name,
        "version": card.version,
        "sha256": loaded.sha256,
        "device": loaded.device,
        "age_range": list(card.age_range),
        "crop_size": card.crop_size,
        "stride": card.stride,
        "fixed_size": card.fixed_size,
        "face_sizes": card.face_sizes and list(card.face_sizes),
        "parts": list(card.parts),
        "pattern": card.pattern,
        "rights": card.rights.notices(today()) if card.rights else [],
    }


def _render(state: WorkerState, task: Task, job: dict[str, Any]) -> Mapping[str, Any]:
    from reage.shot.one_thread import model_threads
    from reage.shot.rendering import render

    asked = RenderJob.from_document(job)
    model = state.model(
        asked.settings.model, asked.device, model_threads(asked.jobs, asked.device),
        asked.settings.person, asked.past_consent,
    )  # fmt: skip
    return render(asked, task.tell, task.cancelled, model).document()


def _track(
    state: WorkerState, task: Task, job: dict[str, Any], path: str, keep: bool = False
) -> Mapping[str, Any]:
    from reage.shot.tracking import make_track, summary

    asked = replace(RenderJob.from_document(job), track=None)
    track = make_track(asked, Path(path), task.tell, task.cancelled, keep)
    return {"track": path, "summary": summary(track)}


def _submit(
    state: WorkerState, task: Task, job: dict[str, Any], folder: str, chunk: int = CHUNK
) -> Mapping[str, Any]:
    from reage.farm.bundle import Bundle
    from reage.farm.submission import Submission

    work = Submission.of(RenderJob.from_document(job), chunk)
    return Bundle.write(work, Path(folder)).document()


def _pattern(
    state: WorkerState,
    task: Task,
    photographs: tuple[str, ...],
    path: str,
    look: str | None = None,
    colorspace: str | None = None,
) -> Mapping[str, Any]:
    from reage.media.overwriting import refuse_overwriting
    from reage.pattern.file import check_name
    from reage.pattern.photo.extract import make_pattern
    from reage.pattern.picture import write_picture

    check_name(Path(path))
    refuse_overwriting([path, look], [("photograph", each) for each in photographs])
    made = make_pattern(photographs, colorspace, task.tell, task.cancelled)
    made.write(Path(path))
    if look:
        write_picture(Path(look), made.maps, made.coverage)
    return {"pattern": path, "summary": made.text(), **made.document()}


def _preview(
    state: WorkerState,
    task: Task,
    plate: str,
    frame: int,
    settings: dict[str, Any] | None = None,
    device: str = "auto",
    side: int = 512,
    track: str | None = None,
    have: str | None = None,
) -> Mapping[str, Any]:
    begun = time.perf_counter()
    if not _SIDES[0] <= side <= _SIDES[1]:
        raise SettingsError(f"side is {side}; it must be from {_SIDES[0]} to {_SIDES[1]}.")
    job = RenderJob.from_document(
        {"plate": plate, "output": "preview.exr", "settings": settings or {}, "device": device,
         "frames": str(frame), "track": track}
    )  # fmt: skip
    model = state.model(job.settings.model, job.device, 0, job.settings.person)
    shown = state.previewer.show(job, frame, model, side, task.cancelled)
    height, width = shown.before.shape[:2]
    region = shown.region
    before = None if have == shown.fingerprint else _base64(shown.before)
    after = _base64(shown.after)
    total = time.perf_counter() - begun
    return {
        "width": width,
        "height": height,
        "before": before,
        "after": after,
        "fingerprint": shown.fingerprint,
        "face": shown.face and _told(shown.face, shown.aspect),
        "region": [region.x, region.y, region.width, region.height],
        "pixel_aspect": shown.aspect,
        "note": shown.note,
        "rights": "; ".join(each.short() for each in shown.rights),
        "seconds": {**shown.seconds, "total": total},
    }


def _base64(picture: Picture) -> str:
    return base64.b64encode(picture.tobytes()).decode()


def _told(face: FaceFrame, aspect: float) -> Mapping[str, Any]:
    """A face as a host shows it; outline and mesh in face units, to a thousandth."""
    return {
        "center": [face.center[0] / aspect, face.center[1]],
        "size": face.size,
        "degrees": face.degrees,
        "confidence": face.confidence,
        "key": face.key,
        "placed": face.placed and list(face.placed),
        "outline": [[round(u, 3), round(v, 3)] for u, v in face.outline],
        "mesh": [[round(u, 3), round(v, 3)] for u, v in face.mesh],
    }


def _drag(
    state: WorkerState,
    task: Task,
    track: str,
    frame: int,
    center: tuple[float, float],
    size: float,
    degrees: float,
    looks: tuple[float, float] | None = None,
) -> Mapping[str, Any]:
    from reage.shot.editing import dragged
    from reage.shot.tracking import load_track, save_track, summary

    moved = dragged(load_track(Path(track)), frame, center, size, degrees, looks)
    save_track(moved, Path(track))
    return {"track": track, "summary": summary(moved)}


def _spaces(state: WorkerState, task: Task) -> Mapping[str, Any]:
    from reage.pixels.color import likely_spaces
    from reage.pixels.ocio import space_names

    return {"spaces": list(dict.fromkeys([*likely_spaces(), *space_names()]))}


VERBS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "hello": _hello,
    "model": _model,
    "render": _render,
    "track": _track,
    "submit": _submit,
    "pattern": _pattern,
    "preview": _preview,
    "drag": _drag,
    "spaces": _spaces,
}
"""By their words; each takes a WorkerState, a Task and its own arguments by name. The worker holds
these against the kinds that are said here."""
