"""The bakes of this Nuke: `reage_host`'s, of every view of a node, with the graph left to the main
thread.

`bake` does it here and now and returns a report. `start` does it on a thread of its own, so
that the artist can go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from reage.errors import FileInUse
from reage.service.client import EngineError, Worker
from reage_host.bake import Bake
from reage_host.bakes import Bakes, Ended
from reage_host.engine import Engine, command
from reage_host.report import BakeReport, Observer, Tell
from reage_nuke import nodes, plan, plates
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
    def worker() -> Worker:
        return ENGINE.worker(work.environment)

    try:
        return BakeReport.joined(
            [
                Bake(view, worker, observer, work.how, view.ladder).run(work.frames)
                for view in work.views
            ]
        )
    finally:
        plates.forget(work.scratch)
