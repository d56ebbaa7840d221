# SPDX-License-Identifier: GPL-3.0-or-later
"""The bakes of this Blender: `reage_host`'s, of a moment of a node group.

`bake` does it here and now and returns a report. `start` does it on a thread of its own, so that
the artist can go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from reage.errors import SettingsError
from reage.service.client import Worker
from reage_blender import color, files, look, main_thread, memory, nodes, plate
from reage_blender.graph import BlenderGraph
from reage_host.bake import Bake
from reage_host.bakes import Bakes
from reage_host.engine import Engine, command
from reage_host.report import BakeReport, Observer, Step, Tell

BAKES = Bakes()

ENGINE = Engine(command)


@dataclass(frozen=True)
class _Plan:
    """One bake of one group: what it is at this moment, and the files that are asked for."""

    shot: BlenderGraph
    asked: tuple[int, ...]
    how: Mapping[str, Any]
    environment: Mapping[str, str]

    @classmethod
    def of(cls, tree: Any, first: int | None, last: int | None) -> _Plan:
        """For `first` to `last` of the scene, else for the group's range. Main thread. Raises a
        ReageError for all that can be known to be wrong."""
        nodes.require_own(tree)
        said = tree.reage
        low, high = said.range_first, said.range_last
        first, last = (low if first is None else first), (high if last is None else last)
        if last < first:
            raise SettingsError(f"{tree.name}: {first} to {last} runs backwards.")
        footage = plate.of(tree)
        asked = footage.numbers(first, last)
        if not asked:
            raise SettingsError(
                f"{tree.name}: the plate {footage.files.name} has no frames from {first} to "
                f"{last}; in this scene it runs from {footage.start} to {footage.last}."
            )
        command()
        uid = tree.session_uid
        before, layers = said.files, files.claim(tree)
        if said.files != before:
            main_thread.undo_step("ReAge files")
        shot = BlenderGraph.of(
            tree, footage, layers, min(first, low), max(last, high),
            lambda: main_thread.later(partial(_shown, uid)),
        )  # fmt: skip
        if shot.still.model and not Path(shot.still.model).is_file():
            raise SettingsError(f"{tree.name}: the model {shot.still.model} is not there.")
        how = {
            "device": said.device, "tile": said.tile, "datatype": said.datatype,
            "multipart": False,  # Blender decodes all of a file, whatever is used of it
            "whole": True,  # and drops where its pixels lie
        }  # fmt: skip
        return cls(shot, asked, how, color.environment())

    def run(self, observer: Observer) -> BakeReport:
        return Bake(self.shot, self.worker, observer, self.how).run(self.asked)

    def worker(self) -> Worker:
        return ENGINE.worker(self.environment)


def bake(
    tree: Any,
    first: int | None = None,
    last: int | None = None,
    tell: Tell = lambda step: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> BakeReport:
    """Bake the missing and stale frames from `first` to `last` of the scene, else the group's
    range. Returns when all is done; frames that fail are in the report.

    Raises a ReageError for anything that concerns the whole bake; finished frames stay.
    """
    plan = _Plan.of(tree, first, last)
    try:
        return BAKES.do(
            partial(_name, tree.session_uid),
            lambda ends: plan.run(Observer(tell, lambda: ends() or cancelled())),
        )
    finally:
        look.has_baked(tree)
        look.at_once(tree)


def start(tree: Any, first: int | None, last: int | None) -> None:
    """Bake in the background; what is said of it stands in `memory`. Raises a ReageError at once
    for what can be known at once."""
    plan, uid = _Plan.of(tree, first, last), tree.session_uid
    told = memory.of(uid)

    def tell(step: Step) -> None:
        told.step = str(step)

    def ended(text: str, error: str) -> None:
        main_thread.later(partial(_ended, uid, text, error))

    BAKES.start(partial(_name, uid), lambda ends: plan.run(Observer(tell, ends)), ended)
    told.step, told.error = "starting the engine", ""
    main_thread.begin()


def is_busy(tree: Any) -> bool:
    """Of a linked group its own file may have a bake, and one of its name here."""
    return tree.library is None and BAKES.is_busy(tree.name)


def _name(uid: int) -> str:
    """As it is now; "" where the group is gone. Main thread."""
    tree = nodes.by_number(uid)
    return "" if tree is None else str(tree.name)


def _shown(uid: int) -> None:
    if (tree := nodes.by_number(uid)) is not None:
        look.has_baked(tree)
        look.soon(tree)


def _ended(uid: int, text: str, error: str) -> None:
    main_thread.end()
    told = memory.of(uid)
    told.step, told.error = "", error
    told.say(error or text)
