"""A shot: every frame read, re-aged and written, side by side but in bounded number.

A frame is one task that runs from file to file on a thread. Only `jobs` tasks may hold
the model at a time; `AHEAD` more read, cut, decode or write meanwhile. So inference does
not wait for files, and memory does not grow with the length of the shot.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

from reage.errors import Cancelled, FaceError, OutputError, PartialRender, ReageError
from reage.job import RenderJob
from reage.media.sequence import compact
from reage.models.model import Model
from reage.pixels.crop_size import CropSize
from reage.progress import Countdown, Progress
from reage.shot.claiming import claimed
from reage.shot.clock import Clock
from reage.shot.footage import Footage
from reage.shot.render_context import RenderContext, open_contexts, open_outputs
from reage.shot.render_frame import Frame, render_frame
from reage.shot.slight import notice
from reage.shot.track_notes import sentence, track_notes
from reage.shot.tracking import track_path
from reage.unforeseen import unforeseen

AHEAD = 2
"""Frames in flight beyond those that the model computes."""


@dataclass(frozen=True)
class RenderReport:
    """What a render did.

    frames    one entry for each frame of the range that has or holds a plate, in order
    left_out  frames without a plate that `missing="skip"` passed over
    tracks    the face-track files that were used or written, one a face
    crops     the size at which the model saw each face, in all frames
    looks     face by face, frames that are worth a look; see `track_notes`
    faceless  whether no frame of the tracks has a face
    space     that layers and beauty are in, by its OpenColorIO name
    notices   what the artist should know (device, memory, ages or a face's size outside the
              model's range, a change that is next to nothing)
    """

    frames: tuple[Frame, ...]
    left_out: tuple[int, ...]
    tracks: tuple[Path, ...]
    crops: tuple[CropSize, ...]
    device: str
    seconds: float
    space: str
    looks: tuple[Mapping[str, tuple[int, ...]], ...] = ()
    faceless: bool = False
    notices: tuple[str, ...] = ()

    @property
    def track(self) -> Path:
        """Of the first face."""
        return self.tracks[0]

    @property
    def crop(self) -> CropSize:
        """Of the first face."""
        return self.crops[0]

    def numbers(self, outcome: str) -> tuple[int, ...]:
        return tuple(f.number for f in self.frames if f.outcome == outcome)

    @property
    def failures(self) -> tuple[Frame, ...]:
        return tuple(f for f in self.frames if f.error)

    @property
    def exit_code(self) -> int:
        if self.failures:
            return PartialRender.exit_code
        return FaceError.exit_code if self.faceless else 0

    def document(self) -> dict[str, Any]:
        """The report for a program: the worker's answer, and the last line of `--json`."""
        return {
            "frames": [
                {"number": f.number, "outcome": f.outcome, "error": f.error} for f in self.frames
            ],
            "track": str(self.track),
            "crop_size": self.crop.side,
            "faces": [
                {"track": str(track), "crop_size": crop.side, "worth_a_look": dict(look)}
                for track, crop, look in zip(self.tracks, self.crops, self.looks, strict=True)
            ],
            "device": self.device,
            "seconds": round(self.seconds, 3),
            "space": self.space,
            "notices": list(self.notices),
            "text": self.text(),
        }

    def troubles(self) -> str:
        """What went wrong and what the artist should know, a line each; empty where all is well."""
        failed = (f"failed: {f.number}: {f.error}" for f in self.failures)
        return "\n".join([*failed, *self.notices])

    def text(self) -> str:
        """The report as a few lines for an artist."""
        lines = [
            f"{len(self.frames)} frames in {self.seconds:.1f} s on {self.device}; "
            f"{self.crop}; face track: {self.track}"
        ]
        rest = zip(self.tracks[1:], self.crops[1:], strict=True)
        lines += [f"and face {n}: {crop}; track: {path}" for n, (path, crop) in enumerate(rest, 1)]
        for number, look in enumerate(self.looks):
            who = f"face {number}, " if len(self.looks) > 1 else ""
            lines += [f"{who}worth a look: {sentence(look)}"] if look else []
        for outcome, words in _OUTCOME_WORDS.items():
            if numbers := self.numbers(outcome):
                lines.append(f"{words}: {compact(numbers)}")
        if self.left_out:
            lines.append(f"no plate, left out: {compact(self.left_out)}")
        return "\n".join([*lines, *filter(None, [self.troubles()])])


_OUTCOME_WORDS = {
    "kept": "kept from an earlier render",
    "no face": "no face, the plate passes through",
}


@dataclass
class _Stop:
    """Asked by the caller, by Ctrl-C, or by an error that ends the render."""

    asked: Callable[[], bool]
    event: Event = field(default_factory=Event)

    def __call__(self) -> bool:
        return self.event.is_set() or self.asked()


def render(
    job: RenderJob,
    progress: Callable[[Progress], object] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    model: Model | None = None,
    clock: Clock | None = None,
) -> RenderReport:
    """Render a job.

    progress:  called on this thread after each tracked frame, then after each rendered one,
               in order
    cancelled: asked often; once true, frames in flight end and Cancelled is raised
    model:     used instead of the job's model file
    clock:     seconds per stage are added to it

    Raises a ReageError before the first frame for anything wrong with the job, OutputClaimed where
    another render is writing one of its frames; later for the first failing frame, unless
    `job.continue_on_error`. Finished frames stay valid.
    """
    start = time.monotonic()
    stop = _Stop(cancelled)
    footage = Footage.open(job)
    outputs = open_outputs(job, footage)
    with claimed(job.output, outputs, (track_path(job.output),), stop) as still_ours:
        more = (progress, stop, model, clock or Clock())
        faces = open_contexts(job, footage, outputs, *more)
        done = _rendered(faces, progress, stop, still_ours)
    return _report(faces, done, time.monotonic() - start)


def _rendered(
    faces: Sequence[RenderContext],
    progress: Callable[[Progress], object],
    stop: _Stop,
    still_ours: Callable[[], None],
) -> list[Frame]:
    done: list[Frame] = []
    total = len(faces[0].footage.frames)
    countdown = Countdown("render", total)
    try:
        with closing(_frames(faces, stop)) as frames:
            for frame in frames:
                still_ours()
                done.append(frame)
                progress(countdown.next(frame.number, frame.outcome, frame.error))
    except (Cancelled, KeyboardInterrupt) as e:
        raise Cancelled(
            f"Stopped with {len(done)} of {total} frames finished; they are valid. "
            "Go on with --resume."
        ) from e
    return done


def _report(faces: Sequence[RenderContext], done: Sequence[Frame], seconds: float) -> RenderReport:
    context = faces[0]
    return RenderReport(
        frames=tuple(done),
        left_out=context.footage.left_out,
        tracks=tuple(each.track_path for each in faces),
        crops=tuple(each.crop for each in faces),
        device=getattr(context.model, "device", "no device"),
        seconds=seconds,
        space=context.footage.space,
        looks=tuple(track_notes(each.track, context.footage.frames) for each in faces),
        faceless=not any(each.track.at(n) for each in faces for n in each.track.frames),
        notices=(
            *dict.fromkeys(said for n in range(len(faces)) for said in _notices(faces, n, done)),
            *context.broken.sentences(),
        ),
    )


def _notices(
    faces: Sequence[RenderContext], index: int, done: Sequence[Frame]
) -> Iterator[str]:
    """What is to be known of one face; of several, its number stands before it."""
    context = faces[index]
    changes = [change for f in done for change in f.changes[index : index + 1] if change]
    slight = notice(changes, context.beauty, context.model.card, context.track, context.crop)
    who = f"Face {index}: " if len(faces) > 1 else ""
    yield from (who + said for said in (*context.notices, slight) if said)


def _frames(faces: Sequence[RenderContext], stop: _Stop) -> Generator[Frame, None, None]:
    """Each frame's outcome, in order; the pool is drained whatever happens."""
    context = faces[0]
    jobs = context.job.jobs
    gate = Semaphore(jobs)
    waiting: deque[Future[Frame]] = deque()
    numbers = iter(context.footage.frames)
    pool = ThreadPoolExecutor(jobs + AHEAD, thread_name_prefix="reage")
    try:
        while True:
            while len(waiting) < jobs + AHEAD and (n := next(numbers, None)) is not None:
                waiting.append(pool.submit(_attempt, faces, n, gate, stop))
            if not waiting:
                return
            yield waiting.popleft().result()
    finally:
        stop.event.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _attempt(
    faces: Sequence[RenderContext], number: int, gate: Semaphore, stop: _Stop
) -> Frame:
    """One frame; with `continue_on_error` its error becomes its outcome."""
    if stop():
        raise Cancelled("stopped")
    try:
        try:
            return render_frame(faces, number, gate)
        except ReageError:
            raise
        except Exception as e:  # of whatever library
            raise unforeseen(e, f"Frame {number} ({faces[0].footage.file(number)})") from e
    except (OutputError, Cancelled):
        raise  # the next frame would meet the same
    except ReageError as e:
        if not faces[0].job.continue_on_error:
            raise
        return Frame(number, "failed", error=str(e))
