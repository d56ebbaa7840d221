"""The bakes of this Nuke: `reage_host`'s, of every view of a node, with the graph left to the main
thread.

`bake` does it here and now and returns a report. `start` does it on a thread of its own, so
that the artist can go on. `submit` and `start_submit` write it for a farm in place of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from reage.errors import FileInUse
from reage.farm.parameters import CHUNK
from reage.media.patterns import beside_all
from reage.service.client import EngineError, Worker
from reage_host.bake import Bake
from reage_host.bakes import Bakes, Ended
from reage_host.engine import Engine, command
from reage_host.patterns import for_view
from reage_host.report import BakeReport, Observer, SubmitReport, Tell
from reage_nuke import cache, nodes, plan, plates
from reage_nuke.main_thread import later, on_main

BAKES = Bakes()

ENGINE = Engine(command)
"""The panel has one of its own, so that a preview does not wait for a bake."""


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
    return BAKES.do(
        partial(_name, node),
        lambda ends: _run(node, work, Observer(tell, lambda: ends() or cancelled())),
    )


def start(
    node: Any, first: int | None, last: int | None, tell: Tell, ended: Ended
) -> Callable[[], None]:
    """Bake in the background; returns what cancels it.

    `tell(step)` and `ended(text, error sentence)` are called on the main thread. Raises a
    ReageError at once for what can be known at once.
    """
    work = plan.make(node, first, last)
    # A step is not waited for: this may be the thread that hears the worker.
    return BAKES.start(
        partial(_name, node),
        lambda ends: _run(node, work, Observer(lambda step: later(tell, step), ends)),
        lambda text, error: on_main(ended, text, error),
    )


def submit(
    node: Any,
    folder: str | Path | None = None,
    first: int | None = None,
    last: int | None = None,
    chunk: int = CHUNK,
    tell: Tell = lambda step: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SubmitReport:
    """Write the missing and stale frames from `first` to `last`, else of the node's whole range, as
    a bundle for a render farm: `chunk` frames a task, into `folder`, else beside the layers. See
    docs/farm.md.

    The face is followed here; no model runs. Plates that Nuke must write go into the folder and
    stay there until the farm is done. With several views each has a bundle, in a folder of its
    name. What the farm brings is shown by the next bake, which finds it up to date. Raises as
    `bake` does.
    """
    work = _submission(node, folder, first, last)
    return BAKES.do(
        partial(_name, node),
        lambda ends: _written(*work, chunk, Observer(tell, lambda: ends() or cancelled())),
    )


def start_submit(node: Any, tell: Tell, ended: Ended) -> Callable[[], None]:
    """The same in the background for the node's range, into a folder beside its layers, as `start`
    does."""
    work = _submission(node, None, None, None)
    return BAKES.start(
        partial(_name, node),
        lambda ends: _written(*work, CHUNK, Observer(lambda step: later(tell, step), ends)),
        lambda text, error: on_main(ended, text, error),
    )


def _submission(
    node: Any, folder: str | Path | None, first: int | None, last: int | None
) -> tuple[plan.BakePlan, Path]:
    """The plan, and the bundle's folder; plates of another submission, which may still be read, are
    left alone."""
    layers = cache.claim(node)
    where = Path(folder) if folder else beside_all(for_view(layers, ""), ".farm")
    where = where.absolute()
    return plan.make(node, first, last, where / f"plates_{uuid4().hex[:8]}"), where


def _written(
    work: plan.BakePlan, folder: Path, chunk: int, observer: Observer
) -> SubmitReport:
    done, several = [], len(work.views) > 1
    try:
        for view, each in zip(work.views, _bakes(work, observer), strict=True):
            where = folder / view.view if several else folder
            done.append(each.submit(where, chunk, work.frames))
    finally:
        if len(done) < len(work.views) or not any(each.bundles for each in done):
            plates.forget(work.scratch)
    return SubmitReport.joined(done)


def _name(node: Any) -> str:
    """In full, as it is now; "" where it is gone. Main thread."""
    return str(node.fullName()) if nodes.alive(node) else ""


def _run(node: Any, work: plan.BakePlan, observer: Observer) -> BakeReport:
    """The bake; where a file of it is held, as Windows does while a viewer shows it, in the next
    version of its files."""
    try:
        return _bake(work, observer)
    except EngineError as e:
        if e.kind != FileInUse.__name__:
            raise
        work = plan.moved(node, work)
        report = _bake(work, observer)
        said = f"{e} What is baked is in {work.views[0].layers} now"
        on_main(plan.say, node, said)
        return replace(report, notices=(*report.notices, said))


def _bake(work: plan.BakePlan, observer: Observer) -> BakeReport:
    try:
        return BakeReport.joined([each.run(work.frames) for each in _bakes(work, observer)])
    finally:
        plates.forget(work.scratch)


def _bakes(work: plan.BakePlan, observer: Observer) -> tuple[Bake, ...]:
    """That of each view, whoever computes it."""

    def worker() -> Worker:
        return ENGINE.worker(work.environment)

    return tuple(Bake(view, worker, observer, work.how, view.ladder) for view in work.views)
