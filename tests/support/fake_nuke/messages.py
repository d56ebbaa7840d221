"""Boxes and lines for the user. A box without a GUI raises: nobody could close it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fake_nuke.guard import check_main_thread

if TYPE_CHECKING:
    from fake_nuke.world import World


def functions(world: World) -> dict[str, Callable[..., Any]]:
    """The message functions of the nuke module."""

    def box(level: str) -> Callable[..., None]:
        def show(text: str = "") -> None:
            _need_gui(world, level, text)
            world.tell(level, text)

        show.__name__ = level
        return show

    def line(level: str) -> Callable[..., None]:
        def say(*texts: Any, **_: Any) -> None:
            world.tell(level, " ".join(str(text) for text in texts))

        say.__name__ = level
        return say

    def question(level: str) -> Callable[..., Any]:
        def put(text: str = "", *_: Any, **more: Any) -> Any:
            _need_gui(world, level, text)
            world.tell(level, text)
            if not world.answers:
                raise RuntimeError(f"nuke.{level}({text!r}) waits for an answer: append one.")
            return world.answers.pop(0)

        put.__name__ = level
        return put

    boxes = {name: box(name) for name in ("message", "alert", "critical")}
    lines = {name: line(name) for name in ("tprint", "warning", "error", "debug")}
    asks = ("ask", "askWithCancel", "getInput", "getFilename", "getClipname", "choice")
    return {**boxes, **lines, **{name: question(name) for name in asks}}


def _need_gui(world: World, level: str, text: str) -> None:
    check_main_thread(f"nuke.{level}")
    if not world.gui:
        raise RuntimeError(f"nuke.{level} opens a box, and there is no GUI: {text}")
