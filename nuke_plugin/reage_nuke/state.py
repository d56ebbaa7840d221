"""Which frames of a node are baked, stale or missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nuke

from reage.errors import PlateError, ReageError
from reage_host import rungs, state
from reage_host.patterns import on_disk
from reage_host.state import MISSING, FrameState
from reage_nuke import cache, nodes, plates
from reage_nuke.graph import NodeView


def states(node: Any) -> FrameState:
    """The state of every frame of the node's range, all views taken together: the worst counts.

    Main thread; no inference, no rendering.
    """
    look = FileLook.at(node)
    return look.in_range(look.found())


@dataclass(frozen=True)
class FileLook:
    """A look at the files of a node. What the node says is read as this is made, on the main
    thread; `found` may take its time on another one.

    name    the node's, for sentences
    views   its views, none while it was never baked
    frames  its range
    baked   whether the script says that a bake stands
    error   why nothing can be said, else ""; unseen: see `FrameState`
    """

    name: str
    views: tuple[NodeView, ...] = ()
    frames: range = range(0)
    baked: bool = False
    error: str = ""
    unseen: bool = False

    @classmethod
    def at(cls, node: Any) -> FileLook:
        """Main thread; no file is looked at."""
        name = str(node.name())
        try:
            first, last = nodes.frame_range(node)
            frames = range(first, last + 1)
            plates.check_connected(node.input(nodes.PLATE), name)
            if not nodes.pattern_of(node["cache"]):
                return cls(name, frames=frames)
            text = cache.layers_pattern(node)
            views = tuple(NodeView.of(node, view, text, frames) for view in nuke.views())
            return cls(name, views, frames, bool(node["fresh"].isAnimated()))
        except ReageError as e:
            return cls(name, error=str(e), unseen=isinstance(e, PlateError))

    def found(self) -> FrameState:
        """Of the range, and of every frame beside it whose file stands."""
        if self.error or not self.views:
            missing = dict.fromkeys(self.frames, MISSING)
            return FrameState(missing, self.error, self.unseen)
        try:
            self._check_seen()
            beside = (
                f for view in self.views for pattern in rungs.files(view.layers, view.ladder)
                for f in on_disk(pattern)
            )  # fmt: skip
            every = sorted({*self.frames, *beside})
            return FrameState.worst(
                state.states(view, every, view.ladder) for view in self.views
            )
        except ReageError as e:
            return FrameState({}, str(e), isinstance(e, PlateError))
        except OSError as e:  # such as a server that is down
            said = f"{self.name}: its files cannot be looked at ({e.strerror or e})."
            return FrameState({}, said, unseen=True)

    def in_range(self, every: FrameState) -> FrameState:
        """Of what was found, the frames of the node's range."""
        return every if every.error else every.within(self.frames)

    def _check_seen(self) -> None:
        """Raises PlateError where a bake stands, as the script says, in folders that are not on
        this machine."""
        folders = {Path(view.layers).parent for view in self.views}
        if self.baked and not any(folder.is_dir() for folder in folders):
            raise PlateError(
                f"{self.name}: {min(folders)}, where its baked files lie, is not to be seen from "
                "here; what the script says of them is left as it is."
            )
