"""The script itself, as the node that holds all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_nuke import facts
from fake_nuke.formats import Format
from fake_nuke.group import Group
from fake_nuke.node import Node

if TYPE_CHECKING:
    from fake_nuke.world import World


class Root(Group):
    """`nuke.root()`. An unsaved script is named "Root"."""

    def __init__(self, world: World) -> None:
        self._formats = {f.name(): f for f in _FORMATS}
        self._modified = False
        world.root = self
        super().__init__(world, "Root", {**facts.COMMON, **facts.ROOT})

    def name(self) -> str:
        return str(self._knobs["name"]._held) or "Root"

    def fullName(self) -> str:
        return "root"

    def setName(self, name: str, uncollide: bool = True, updateExpressions: bool = False) -> None:
        self._knobs["name"]._put(name)

    def firstFrame(self) -> int:
        return int(self["first_frame"].value())

    def lastFrame(self) -> int:
        return int(self["last_frame"].value())

    def _frames(self) -> tuple[int, int]:
        return self.firstFrame(), self.lastFrame()

    def format(self) -> Format:
        return self["format"].value()

    def proxy(self) -> bool:
        return bool(self["proxy"].value())

    def setProxy(self, on: bool) -> None:
        self["proxy"].setValue(on)

    def setFrame(self, frame: float) -> None:
        """Another frame; fires no knobChanged."""
        self._world.frame = float(frame)

    def setView(self, view: str) -> None:
        if view not in self._views():
            raise ValueError(f"There is no view {view}.")
        self._world.view = view

    def realFps(self) -> float:
        return float(self["fps"].value())

    def modified(self) -> bool:
        return self._modified

    def setModified(self, modified: bool) -> None:
        self._modified = bool(modified)

    def _views(self) -> list[str]:
        lines = str(self._knobs["views"]._held).splitlines()
        return [line.split()[0] for line in lines if line.strip()]

    def maxInputs(self) -> int:
        return 0

    def input(self, i: int) -> Node | None:
        return None


_FORMATS = (
    Format(2048, 1556, 1.0, "2K_Super_35(full-ap)"),
    Format(1024, 778, 1.0, "1K_Super_35(full-ap)"),
    Format(1920, 1080, 1.0, "HD_1080"),
    Format(3840, 2160, 1.0, "UHD_4K"),
    Format(4096, 2160, 1.0, "4K_DCP"),
    Format(640, 480, 1.0, "PC_Video"),
)
