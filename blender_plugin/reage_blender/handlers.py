# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens when a file is opened, an edit undone, a render begun, Blender closed; and the
status bar while bakes run."""

from __future__ import annotations

import atexit
from typing import Any

import bpy
from bpy.app.handlers import persistent

from reage_blender import baking, group, look, main_thread, memory, nodes, properties

_EVERY = 0.25


def register() -> None:
    for name, does in _HANDLERS.items():
        getattr(bpy.app.handlers, name).append(does)
    properties.ON_CHANGE.append(_settings_changed)
    properties.ON_SHOW.append(_show)
    atexit.register(_close)
    if not bpy.app.background:
        bpy.app.timers.register(_status, first_interval=_EVERY, persistent=True)


def unregister() -> None:
    for name, does in _HANDLERS.items():
        getattr(bpy.app.handlers, name).remove(does)
    properties.ON_CHANGE.remove(_settings_changed)
    properties.ON_SHOW.remove(_show)
    atexit.unregister(_close)
    if bpy.app.timers.is_registered(_status):
        bpy.app.timers.unregister(_status)
    _close()
    look.close()
    main_thread.close()


def _close() -> None:
    """Finished frames stay; the engine ends with the bakes."""
    baking.BAKES.cancel_all()
    baking.ENGINE.close()


def _show(tree: Any) -> None:
    if group.is_reage(tree):
        group.show_as_asked(tree)


@persistent  # type: ignore[untyped-decorator]
def _leaving(*_: Any) -> None:
    baking.BAKES.cancel_all()
    memory.forget()


def _settings_changed(tree: Any) -> None:
    """Without a window a script sets one after the other, and looks when it wants to."""
    if not bpy.app.background:
        look.soon(tree)


@persistent  # type: ignore[untyped-decorator]
def _changed(*_: Any) -> None:
    if not bpy.app.background:
        look.all_soon()


@persistent  # type: ignore[untyped-decorator]
def _rendering(*_: Any) -> None:
    """On a farm nobody looks beforehand. In a window this is the render's own thread, on which
    nothing of the file may be changed."""
    if bpy.app.background:
        look.all_at_once()


_HANDLERS = {
    "load_pre": _leaving, "load_post": _changed, "undo_post": _changed, "redo_post": _changed,
    "render_init": _rendering,
}  # fmt: skip


_shown = ""


def _status() -> float:
    """Say in the status bar how far bakes are; a change of it redraws the panels."""
    global _shown
    trees = nodes.groups()
    steps = [f"{t.name}: {s}" for t in trees if (s := memory.of(t.session_uid).step)]
    text = "   ".join(steps)
    if text != _shown:
        _shown = text
        for window in bpy.context.window_manager.windows:
            window.workspace.status_text_set(text or None)
            for area in window.screen.areas:
                if area.type == "NODE_EDITOR":
                    area.tag_redraw()
    return _EVERY
