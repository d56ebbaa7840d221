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
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Semaphore

from reage.errors import Cancelled, OutputError, ReageError
from reage.job import RenderJob
from reage.media.sequence import compact
from reage.models.model import Model
from reage.progress import Countdown, Progress
from reage.shot.claiming import claimed
from reage.shot.clock import Clock
from reage.shot.finished import finished_job, is_movie
from reage.shot.footage import Footage
from reage.shot.one_thread import one_thread_each
from reage.shot.reel import reel
from reage.shot.render_context import AHEAD, RenderContext, open_contexts, open_outputs, settled
from reage.shot.render_frame import Frame, passed, render_frame
from reage.shot.render_report import RenderReport
from reage.shot.render_rungs import render_rungs, rung_contexts
from reage.shot.reporting import shot_report
from reage.shot.rungs import rung_jobs, told_output
from reage.shot.shot_report import ShotReport
from reage.shot.slight import hardly_changed, notice
from reage.shot.track_notes import track_notes
from reage.shot.track_stream import Outgrown
from reage.shot.tracking import track_path
from reage.shot.unlike import other_sizes, other_spaces
from reage.unforeseen import unforeseen


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
    cut_short: Callable[[ShotReport], object] = lambda _: None,
) -> RenderReport:
    """Render a job.

    progress:  called on this thread after each tracked frame, then after each rendered one,
               in order
    cancelled: asked often; once true, the model stops, frames being written end, and
               Cancelled is raised
    model:     used instead of the job's model file
    clock:     seconds per stage are added to it
    cut_short: told of the frames that were finished, where an error ends the render after some;
               not of a movie, which is whole or not at all

    Raises a ReageError before the first frame for anything wrong with the job, OutputClaimed where
    another render is writing one of its frames; later for the first failing frame, unless
    `job.continue_on_error`. Finished frames stay valid.
    """
    start = time.monotonic()
    stop = _Stop(cancelled)
    job = finished_job(job)
    footage = Footage.open(job)
    outputs = {one.output: open_outputs(one, footage) for one in rung_jobs(job)}
    with one_thread_each(), _claimed(job, outputs, stop) as still_ours:
        more = (progress, stop, model, clock or Clock())
        faces = open_contexts(job, footage, [*outputs.values()][-1], *more)
        done: list[Frame] = []
        try:
            faces = _passes(faces, done, progress, stop, still_ours)
        except ReageError as e:
            if done and not is_movie(job.output):
                cut_short(_so_far(faces, done, time.monotonic() - start, str(e)))
            raise
    return _report(faces, done, time.monotonic() - start)


@contextmanager
def _claimed(
    job: RenderJob, outputs: Mapping[str, Mapping[int, Path]], stop: _Stop
) -> Iterator[Callable[[], None]]:
    """Hold all that is written, see `claiming.claimed`: of a ladder each age's frames, as a render
    at that age alone would. outputs: pattern → its frames' files"""
    beside = (track_path(job.output),)
    with ExitStack() as held:
        checks = [
            held.enter_context(claimed(pattern, frames, beside, stop))
            for pattern, frames in outputs.items()
        ]

        def check() -> None:
            for each in checks:
                each()

        yield check


def _passes(
    faces: tuple[RenderContext, ...],
    done: list[Frame],
    progress: Callable[[Progress], object],
    stop: _Stop,
    still_ours: Callable[[], None],
) -> tuple[RenderContext, ...]:
    """One pass; where the crop that the first frames suggested is not the shot's, another. Gives
    the faces with their whole tracks; `done` has the frames."""
    try:
        _render(faces, done, progress, stop, still_ours)
        return settled(faces)
    except Outgrown:
        faces = settled(faces)
    finally:
        for each in faces:
            if each.stream:
                each.stream.close()
    done.clear()
    _render(faces, done, progress, stop, still_ours)
    return faces


def _render(
    faces: Sequence[RenderContext],
    done: list[Frame],
    progress: Callable[[Progress], object],
    stop: _Stop,
    still_ours: Callable[[], None],
) -> None:
    total = len(faces[0].footage.frames)
    countdown = Countdown("render", total)
    try:
        with reel(faces) as take, closing(_frames(faces, stop)) as frames:
            for frame in frames:
                still_ours()
                done.append(take(frame))
                progress(countdown.next(frame.number, frame.outcome, frame.error))
    except (Cancelled, KeyboardInterrupt) as e:
        output, rest = faces[0].job.output, "they are valid. Go on with --resume."
        if is_movie(output):
            rest = f"a movie is whole or not at all, and {output} was not touched."
        raise Cancelled(f"Stopped with {len(done)} of {total} frames finished; {rest}") from e


def _so_far(
    faces: Sequence[RenderContext], done: Sequence[Frame], seconds: float, error: str
) -> ShotReport:
    """What was done when an error came, by as much of the track as there is."""
    seen = [
        one if one.stream is None else replace(one, track=one.stream.first(), stream=None)
        for one in faces
    ]
    looks = [_looks(seen, n, done) for n in range(len(seen))]
    return shot_report(seen, done, looks, (*_notices(seen, done),), seconds, error)


def _report(faces: Sequence[RenderContext], done: Sequence[Frame], seconds: float) -> RenderReport:
    context = faces[0]
    looks = tuple(_looks(faces, n, done) for n in range(len(faces)))
    notices = (
        *dict.fromkeys(_notices(faces, done)),
        *context.broken.sentences(context.model.card.name),
    )
    return RenderReport(
        frames=tuple(done),
        left_out=context.footage.left_out,
        tracks=tuple(each.track_path for each in faces),
        crops=tuple(each.crop for each in faces),
        device=getattr(context.model, "device", "no device"),
        seconds=seconds,
        plate=_plate(context.footage),
        plate_space=context.footage.own_space,
        output=told_output(context.job.output, context.job.ladder),
        layers=() if context.finish else context.job.layers,
        space=context.finish.space if context.finish else context.footage.space,
        spaces=other_spaces(context.footage.space, done),
        looks=looks,
        faceless=not any(each.track.at(n) for each in faces for n in each.track.frames),
        notices=notices,
        shot=shot_report(faces, done, looks, notices, seconds),
    )


def _plate(footage: Footage) -> str:
    """The plate's name, size and frames."""
    size, file = footage.header.display, footage.file(footage.frames[0])
    what = "frame" if len(footage.frames) == 1 else "frames"
    return f"{file.name}, {size.width}×{size.height} px, {what} {compact(footage.frames)}"


def _looks(
    faces: Sequence[RenderContext], index: int, done: Sequence[Frame]
) -> dict[str, tuple[int, ...]]:
    """What `track_notes` tells of one face, and where its change is next to nothing; with the first
    face, where the plate is of another size than in its first frame."""
    context = faces[index]
    hardly = tuple(sorted(
        f.number for f in done
        for change in f.changes[index : index + 1]
        if change and hardly_changed(change, context.beauty)
    ))  # fmt: skip
    notes = track_notes(context.track, context.footage.frames)
    sizes = other_sizes(context.footage, done) if index == 0 else ()
    more = {"hardly changed": hardly, "another size": sizes}
    return {**notes, **{words: numbers for words, numbers in more.items() if numbers}}


def _notices(faces: Sequence[RenderContext], done: Sequence[Frame]) -> Iterator[str]:
    """What is to be known of each face, its number before it; without one what holds for them all
    alike, as of the plate."""
    by_face = [_notices_of(context, n, done) for n, context in enumerate(faces)]
    for number, notices in enumerate(by_face):
        for said in notices:
            of_all = all(said in other for other in by_face)
            yield said if of_all else f"Face {number}: {said}"


def _notices_of(context: RenderContext, index: int, done: Sequence[Frame]) -> list[str]:
    changes = [change for f in done for change in f.changes[index : index + 1] if change]
    slight = notice(changes, context.beauty, context.model.card, context.track, context.crop)
    beyond = [drawn.beyond() for drawn in (context.age_maps, context.hair_mattes) if drawn]
    return [said for said in (*context.notices, slight, *beyond) if said]


def _frames(faces: Sequence[RenderContext], stop: _Stop) -> Generator[Frame, None, None]:
    """Each frame's outcome, in order; the pool is drained whatever happens."""
    context, rungs = faces[0], rung_contexts(faces[0])
    jobs = context.job.jobs
    gate = Semaphore(jobs)
    waiting: deque[Future[Frame]] = deque()
    numbers = iter(context.footage.frames)
    pool = ThreadPoolExecutor(jobs + AHEAD, thread_name_prefix="reage")
    try:
        while True:
            while len(waiting) < jobs + AHEAD and (n := next(numbers, None)) is not None:
                waiting.append(pool.submit(_attempt, faces, rungs, n, gate, stop))
            if not waiting:
                return
            yield waiting.popleft().result()
    finally:
        stop.event.set()
        pool.shutdown(wait=True, cancel_futures=True)
        stop.event.clear()  # another pass may follow


def _attempt(
    faces: Sequence[RenderContext],
    rungs: Sequence[RenderContext],
    number: int,
    gate: Semaphore,
    stop: _Stop,
) -> Frame:
    """One frame, at each age of a ladder where there are `rungs`; with `continue_on_error` its
    error becomes its outcome."""
    if stop():
        raise Cancelled("stopped")
    try:
        try:
            with faces[0].clock.lap() as seconds:
                made = render_rungs(rungs, number, gate) if rungs else render_frame(
                    faces, number, gate
                )  # fmt: skip
            return replace(made, seconds=seconds)
        except ReageError:
            raise
        except Outgrown:
            raise
        except Exception as e:  # of whatever library
            raise unforeseen(e, f"Frame {number} ({faces[0].footage.file(number)})") from e
    except (OutputError, Cancelled):
        raise  # the next frame would meet the same
    except ReageError as e:
        if not faces[0].job.continue_on_error:
            raise
        return passed(faces, number, e)
    finally:
        for each in faces:
            if each.stream:
                each.stream.finished(number)
