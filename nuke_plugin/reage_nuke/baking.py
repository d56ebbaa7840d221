"""The bake: plates out of the graph, through the engine, and its layers back into the graph.

    plan    ▶ plates ▶ track    ▶ layers   ▶ show
    (main)    (main)   (worker)   (worker)   (main)

`bake` does it here and now and returns a report. `start` does it on a thread of its own, so
that the artist can go on; whatever touches the graph is handed to the main thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import nuke

from reage.client import EngineError
from reage.errors import Cancelled, PlateError, ReageError, SettingsError
from reage_nuke import engine, nodes, pattern, plan, plates, show, state, track
from reage_nuke.main_thread import later, on_main
from reage_nuke.report import BakeReport, Step, Tell

STOPPED = "The bake was stopped; finished frames stay."


def bake(
    node: Any,
    first: int | None = None,
    last: int | None = None,
    tell: Tell = lambda step: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> BakeReport:
    """Bake the missing and stale frames from `first` to `last`, else the node's whole range.

    Returns when all is done; frames that fail are in the report. Raises a ReageError for
    anything that concerns the whole bake; finished frames stay.
    """
    work = plan.make(node, first, last)
    with _busy.of(work.name):
        return _run(work, tell, cancelled)


def start(
    node: Any,
    first: int | None,
    last: int | None,
    tell: Tell,
    ended: Callable[[BakeReport | None, str], None],
) -> Callable[[], None]:
    """Bake in the background; returns what cancels it.

    `tell(step)` and `ended(report, error sentence)` are called on the main thread. Raises a
    ReageError at once for what can be known at once.
    """
    work = plan.make(node, first, last)
    claim = _busy.of(work.name)
    asked = threading.Event()

    def do() -> None:
        report, error = None, ""
        try:
            with claim:
                # Not waited for: this may be the thread that hears the worker.
                report = _run(work, lambda step: later(tell, step), asked.is_set)
        except ReageError as e:
            error = str(e)
        except Exception as e:
            error = f"{type(e).__name__}: {e}"
        on_main(ended, report, error)

    thread = threading.Thread(target=do, name=f"ReAge {work.name}", daemon=True)
    _running[work.name] = (thread, asked)
    thread.start()
    return asked.set


def cancel(name: str) -> bool:
    """Ask the bake of a node to end; False where there is none."""
    if name not in _running or not _running[name][0].is_alive():
        return False
    _running[name][1].set()
    return True


def cancel_all() -> None:
    """Ask all bakes to end: the script is closing."""
    for name in list(_running):
        cancel(name)


def is_busy(name: str) -> bool:
    return name in _busy.names


_running: dict[str, tuple[threading.Thread, threading.Event]] = {}


class _Busy:
    """The nodes that are being baked, so that none is baked twice at once."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._lock = threading.Lock()

    def of(self, name: str) -> _Claim:
        """Claimed from now on. Raises SettingsError where somebody else has it."""
        with self._lock:
            if name in self.names:
                raise SettingsError(f"{name} is being baked already.")
            self.names.add(name)
        return _Claim(self.names, name)


@dataclass(frozen=True)
class _Claim:
    """Gives the node's name back when it is left."""

    names: set[str]
    name: str

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        self.names.discard(self.name)


_busy = _Busy()


# ---------------------------------------------------------------- doing it


@dataclass(frozen=True)
class _Bake:
    """One bake under way."""

    plan: plan.BakePlan
    tell: Tell
    cancelled: Callable[[], bool]

    def check(self) -> None:
        if self.cancelled() or not on_main(nodes.alive, self.plan.node):
            raise Cancelled(STOPPED)

    def call(self, do: str, text: str, **arguments: Any) -> Mapping[str, Any]:
        """Ask the worker, with its progress told as ours."""

        def progress(said: Mapping[str, Any]) -> None:
            self.tell(Step(text, int(said["done"]), int(said["total"]), said.get("left")))

        worker = engine.worker(self.plan.environment)
        try:
            return worker.call(do, progress=progress, cancelled=self.cancelled, **arguments)
        except EngineError as e:
            if e.kind == "Cancelled":
                raise Cancelled(STOPPED) from e
            raise

    def write(self, footage: plates.NodeFootage, frames: tuple[int, ...], text: str) -> None:
        """Have Nuke write the frames that do not stand yet."""
        if footage.direct:
            return
        began = time.monotonic()
        for done, frame in enumerate(frames):
            self.check()
            while on_main(nuke.executing):  # the artist renders something
                self.check()
                time.sleep(0.2)
            if not footage.file(frame).is_file():
                on_main(plates.write_frame, footage, frame)
            left = (time.monotonic() - began) / (done + 1) * (len(frames) - done - 1)
            self.tell(Step(text, done + 1, len(frames), left))
        if on_main(footage.changed):
            raise PlateError(
                f"The script above {self.plan.name} was changed while its plates were written; "
                "bake again."
            )


def _run(work: plan.BakePlan, tell: Tell, cancelled: Callable[[], bool]) -> BakeReport:
    began = time.monotonic()
    doing = _Bake(work, tell, cancelled)
    reports = []
    try:
        for view in work.views:
            doing.check()
            _make_track(doing, view)
            reports.append(_make_layers(doing, view))
    finally:
        plates.forget(work.scratch)
        on_main(_show, work.node)
    return BakeReport.joined(reports, time.monotonic() - began)


def _show(node: Any) -> None:
    if nodes.alive(node):
        show.refresh(node, files_changed=True)


def _make_track(doing: _Bake, view: plan.BakeView) -> None:
    """The face track of the whole range, unless one stands that was made from the same."""
    work = doing.plan
    made_from = on_main(_track_from, work, view)
    if track.stands(view.track, made_from):
        return
    frames = tuple(work.whole)
    doing.write(view.plate, frames, "writing plates")
    track.set_aside(view.track)
    job = work.job(view, frames)
    doing.call("track", "following the face", job=job, path=view.track.as_posix())
    track.remember(view.track, made_from)


def _track_from(work: plan.BakePlan, view: plan.BakeView) -> dict[str, str]:
    frames = {f: view.plate.key(f) for f in work.whole}
    return track.made_from(frames, str(work.still["face"]), work.still["smooth"])


def _make_layers(doing: _Bake, view: plan.BakeView) -> BakeReport:
    """The layers of the frames that are missing or stale."""
    work = doing.plan
    stale, needed = on_main(_stale, work, view)
    kept = tuple(f for f in work.frames if f not in stale)
    if not stale:
        return BakeReport(kept=kept)
    doing.write(view.plate, needed, "writing plates")
    if view.maps:
        doing.write(view.maps, needed, "writing age maps")
    if view.hair:
        doing.write(view.hair, needed, "writing hair mattes")
    job = work.job(view, tuple(stale)) | {
        "track": view.track.as_posix(),
        "marks": {str(f): mark for f, mark in stale.items()},
        "by_frame": on_main(_keyed, work, view, needed),
        "continue_on_error": True,
    }
    done = doing.call("render", "re-aging", job=job)
    by = {f["number"]: f for f in done["frames"]}
    return BakeReport(
        computed=tuple(n for n, f in by.items() if f["outcome"] in ("done", "no face")),
        kept=kept,
        no_face=tuple(n for n, f in by.items() if f["outcome"] == "no face"),
        failed={n: f["error"] for n, f in by.items() if f["error"]},
        notices=tuple(done["notices"]),
        crops=(int(done["crop_size"]),),
    )


def _stale(work: plan.BakePlan, view: plan.BakeView) -> tuple[dict[int, str], tuple[int, ...]]:
    """Frames to compute → the mark that they are to carry; and all that they are made from."""
    faces = track.read(view.track)
    if faces is None:
        raise SettingsError(f"The face track {view.track} cannot be read; delete it, bake again.")
    marks = state.Marks(work.node, view.name, view.plate, view.maps, view.hair, faces)
    right = {f: marks.of(f) for f in work.frames}
    there = {f: state.mark_of(pattern.for_frame(view.layers, f)) for f in work.frames}
    stale = {f: mark for f, mark in right.items() if there[f] != mark}
    return stale, tuple(sorted({n for f in stale for n in marks.near(f)}))


def _keyed(
    work: plan.BakePlan, view: plan.BakeView, frames: tuple[int, ...]
) -> dict[str, dict[str, float]]:
    """The keyed settings of frames, as a render job has them."""
    return {str(f): nodes.keyed_values(work.node, f, view.name) for f in frames}
