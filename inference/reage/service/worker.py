"""`reage worker`: a host's requests, one JSON object a line, and their answers.

    stdin ─▶ reader thread ─▶ queue ─▶ main thread, one request after the other ─▶ stdout

docs/worker.md has the protocol. What is heavy is imported by the first request that needs it,
so that `hello` is answered at once.
"""

from __future__ import annotations

import base64
import inspect
import json
import math
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from reage.errors import Cancelled, ReageError, SettingsError
from reage.job import RenderJob
from reage.progress import Progress
from reage.version import __version__

if TYPE_CHECKING:
    from reage.faces import FaceFrame
    from reage.models.onnx_model import OnnxModel
    from reage.service.lru_cache import LruCache
    from reage.service.preview import Previewer

PROTOCOL = 1
INTERNAL_ERROR = 70
_SIDES = (16, 2048)


def serve() -> int:
    """Answer requests until stdin ends or nobody listens any more; returns the exit code.

    To be called on the main thread of a process that does nothing else: stdin and stdout are
    taken away from all other code in it.
    """
    # In a terminal, Ctrl-C is the host's: if it ends by it, so will stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = _private_pipes()
    queue, state = _RequestQueue(), _WorkerState()
    threading.Thread(target=_listen, args=(requests, queue), daemon=True).start()
    try:
        while (request := queue.next()) is not None:
            _send(answers, _answer(state, request, answers))
            queue.done(request)
    except BrokenPipeError:
        pass  # the host is gone
    return 0


# ---------------------------------------------------------------- requests and their order


@dataclass(frozen=True)
class _Request:
    """One line of stdin. `wrong` says why it is none that can be answered."""

    id: int | str | None = None
    do: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    wrong: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)


def _parsed(line: bytes) -> _Request:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as e:
        return _Request(wrong=f"A line is no JSON: {e}.")
    if not isinstance(data, dict):
        return _Request(wrong="A request must be a JSON object on one line.")
    number, do = data.pop("id", None), data.pop("do", None)
    if isinstance(number, bool) or not isinstance(number, int | str):
        return _Request(wrong="A request needs an id, a whole number or a word.")
    if not isinstance(do, str):
        return _Request(number, wrong="A request says with do what it wants.")
    return _Request(number, do, data)


class _RequestQueue:
    """Requests in the order they came; a cancel overtakes them."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[_Request | None] = SimpleQueue()
        self._open: list[_Request] = []
        self._lock = threading.Lock()

    def put(self, request: _Request) -> None:
        with self._lock:
            if request.do == "cancel":
                for each in self._open:
                    if each.id == request.id:
                        each.cancelled.set()
                return
            self._open.append(request)
        self._waiting.put(request)

    def next(self) -> _Request | None:
        """The next request; None after the last."""
        return self._waiting.get()

    def done(self, request: _Request) -> None:
        with self._lock:
            self._open = [each for each in self._open if each is not request]

    def end(self) -> None:
        """No more will come, and nobody wants what is still open."""
        with self._lock:
            for each in self._open:
                each.cancelled.set()
        self._waiting.put(None)


# ---------------------------------------------------------------- pipes


def _private_pipes() -> tuple[int, int]:
    """stdin and stdout under new numbers, and the old ones pointed elsewhere.

    What a library, whether in Python or in C, prints goes to stderr then, and what it reads
    is empty: the protocol stays whole. To be called before anything heavy is imported.
    """
    requests, answers = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for pipe in (requests, answers):
            msvcrt.setmode(pipe, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr  # which does not wait for a full buffer
    return requests, answers


def _listen(pipe: int, queue: _RequestQueue) -> None:
    """Fill the queue until the pipe ends; what comes after its last newline was cut off."""
    rest = b""
    try:
        while chunk := os.read(pipe, 1 << 16):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if line.strip():
                    queue.put(_parsed(line))
    finally:
        queue.end()


def _line(request: _Request, **answer: Mapping[str, Any]) -> bytes:
    """An answer as it goes out; ASCII, all other letters escaped."""
    return json.dumps({"id": request.id, **answer}, allow_nan=False).encode() + b"\n"


def _send(pipe: int, line: bytes) -> None:
    """Raises BrokenPipeError where nobody listens."""
    left = memoryview(line)
    while left:
        try:
            left = left[os.write(pipe, left) :]
        except OSError as e:  # Windows has another number for it
            raise BrokenPipeError(str(e)) from e


# ---------------------------------------------------------------- one request


@dataclass(frozen=True)
class _Task:
    """How a request tells of itself while it is worked on."""

    tell: Callable[[Progress], None]
    cancelled: Callable[[], bool]


def _answer(state: _WorkerState, request: _Request, pipe: int) -> bytes:
    """The line with the result or the error: whatever happens becomes an answer."""

    def tell(what: Progress) -> None:
        _send(pipe, _line(request, progress=what.message()))

    try:
        if request.wrong:
            raise SettingsError(request.wrong)
        if request.cancelled.is_set():
            raise Cancelled("Cancelled before it began.")
        task = _Task(tell, request.cancelled.is_set)
        return _line(request, result=_done(state, request, task))
    except ReageError as e:
        return _error(request, type(e).__name__, str(e), e.exit_code)
    except BrokenPipeError:
        raise
    except BaseException as e:
        traceback.print_exc()
        return _error(
            request,
            "InternalError",
            f"The engine failed in a way that nobody foresaw: {type(e).__name__}: {e}. "
            "Its log has the details.",
            INTERNAL_ERROR,
        )


def _error(request: _Request, kind: str, message: str, exit_code: int) -> bytes:
    return _line(request, error={"kind": kind, "message": message, "exit_code": exit_code})


def _done(state: _WorkerState, request: _Request, task: _Task) -> Mapping[str, Any]:
    verb = _VERBS.get(request.do)
    if verb is None:
        raise SettingsError(f"The engine knows {', '.join(_VERBS)}, and cancel; not {request.do}.")
    try:
        bound = inspect.signature(verb).bind(state, task, **request.arguments)
    except TypeError as e:
        raise SettingsError(f"The request {request.do} is {e}.") from e
    return verb(*bound.args, **bound.kwargs)


# ---------------------------------------------------------------- what can be asked


class _WorkerState:
    """What stays warm between requests."""

    @cached_property
    def previewer(self) -> Previewer:
        from reage.service.preview import Previewer

        return Previewer()

    @cached_property
    def _models(self) -> LruCache[OnnxModel]:
        from reage.service.lru_cache import LruCache

        return LruCache(2)

    def model(self, path: object, device: object) -> OnnxModel:
        """The model of a file, loaded again only where the file, or the card beside it, changed."""
        from reage import home
        from reage.fingerprint import file_fingerprint
        from reage.models.onnx_model import OnnxModel

        if path is not None and not isinstance(path, str):
            raise SettingsError(f"The model is {path!r}; it must be a file's name.")
        RenderJob("", "", device=str(device))  # refuses an unknown device
        file = Path(path) if path else home.default_model()
        files = (file, file.with_suffix(".json"))
        key = (*((each, file_fingerprint(each)) for each in files), device)
        return self._models.get(key, lambda: OnnxModel.load(file, str(device)))


def _hello(state: _WorkerState, task: _Task) -> Mapping[str, Any]:
    return {
        "version": __version__,
        "protocol": PROTOCOL,
        "python": sys.version.split()[0],
        "pid": os.getpid(),
    }


def _model(
    state: _WorkerState, task: _Task, model: str | None = None, device: str = "auto"
) -> Mapping[str, Any]:
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
    }


def _render(state: _WorkerState, task: _Task, job: object) -> Mapping[str, Any]:
    from reage.shot.rendering import render

    asked = RenderJob.from_document(job)
    model = state.model(asked.settings.model, asked.device)
    return render(asked, task.tell, task.cancelled, model).document()


def _track(state: _WorkerState, task: _Task, job: object, path: str) -> Mapping[str, Any]:
    from reage.shot.tracking import make_track, summary

    if not isinstance(path, str):
        raise SettingsError(f"path is {path!r}; it must be a file's name.")
    asked = replace(RenderJob.from_document(job), track=None)
    track = make_track(asked, Path(path), task.tell, task.cancelled)
    return {"track": path, "summary": summary(track)}


def _pattern(
    state: _WorkerState,
    task: _Task,
    photographs: object,
    path: str,
    look: str | None = None,
    colorspace: str | None = None,
) -> Mapping[str, Any]:
    from reage.pattern.file import check_name
    from reage.pattern.photo.extract import make_pattern
    from reage.pattern.picture import write_picture

    if not isinstance(photographs, list) or not all(isinstance(p, str) for p in photographs):
        raise SettingsError(f"photographs is {photographs!r}; it must be a list of files' names.")
    check_name(Path(path))
    made = make_pattern(photographs, colorspace, task.tell, task.cancelled)
    made.write(Path(path))
    if look:
        write_picture(Path(look), made.maps, made.coverage)
    return {"pattern": path, "summary": made.text(), **made.document()}


def _preview(
    state: _WorkerState,
    task: _Task,
    plate: str,
    frame: int,
    settings: object = None,
    device: str = "auto",
    side: int = 512,
    track: str | None = None,
) -> Mapping[str, Any]:
    begun = time.perf_counter()
    for name, value in (("frame", frame), ("side", side)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise SettingsError(f"{name} is {value!r}; it must be a whole number.")
    if track is not None and not isinstance(track, str):
        raise SettingsError(f"track is {track!r}; it must be a file's name.")
    if not _SIDES[0] <= side <= _SIDES[1]:
        raise SettingsError(f"side is {side}; it must be from {_SIDES[0]} to {_SIDES[1]}.")
    job = RenderJob.from_document(
        {"plate": plate, "output": "preview.exr", "settings": settings or {}, "device": device,
         "frames": str(frame), "track": track}
    )  # fmt: skip
    model = state.model(job.settings.model, job.device)
    shown = state.previewer.show(job, frame, model, side, task.cancelled)
    height, width = shown.before.shape[:2]
    region = shown.region
    pictures = {
        name: base64.b64encode(picture.tobytes()).decode()
        for name, picture in (("before", shown.before), ("after", shown.after))
    }
    total = time.perf_counter() - begun
    return {
        "width": width,
        "height": height,
        **pictures,
        "face": shown.face and _told(shown.face, shown.aspect),
        "region": [region.x, region.y, region.width, region.height],
        "pixel_aspect": shown.aspect,
        "note": shown.note,
        "seconds": {**shown.seconds, "total": total},
    }


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
    state: _WorkerState,
    task: _Task,
    track: str,
    frame: int,
    center: object,
    size: object,
    degrees: object,
    looks: object = None,
) -> Mapping[str, Any]:
    from reage.shot.editing import dragged
    from reage.shot.tracking import load_track, save_track, summary

    if not isinstance(track, str) or type(frame) is not int:
        raise SettingsError("A drag needs track, a file's name, and frame, a whole number.")
    if not isinstance(center, list) or len(center) != 2:
        raise SettingsError(f"center is {center!r}; it must be [x, y] in plate px.")
    if looks is not None and (not isinstance(looks, list) or len(looks) != 2):
        raise SettingsError(f"looks is {looks!r}; it must be [yaw, pitch] in degrees, or null.")
    x, y, high, turned, *angles = (_finite(v) for v in (*center, size, degrees, *(looks or ())))
    way = (angles[0], angles[1]) if angles else None
    moved = dragged(load_track(Path(track)), frame, (x, y), high, turned, way)
    save_track(moved, Path(track))
    return {"track": track, "summary": summary(moved)}


def _finite(value: object) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise SettingsError(f"{value!r} is no number; center, size and degrees are numbers.")
    return float(value)  # type: ignore[arg-type]


_VERBS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "hello": _hello,
    "model": _model,
    "render": _render,
    "track": _track,
    "pattern": _pattern,
    "preview": _preview,
    "drag": _drag,
}
