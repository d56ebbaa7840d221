# SPDX-License-Identifier: GPL-3.0-or-later
"""ReAge inside Blender: the node group, the bake, the panel.

    import reage_blender
    node = reage_blender.create("//plates/shot.1001.exr", source_age=65, target_age=35)
    report = reage_blender.bake(node.node_tree, 1, 100)
    reage_blender.states(node.node_tree).text()

Works with a window and in `blender -b`. One adapter on `reage_host`: the standard library and bpy
are all that comes along.
"""

from __future__ import annotations

from contextlib import ExitStack

import bpy

from reage_blender import handlers, operators, panel, properties
from reage_blender.baking import bake
from reage_blender.creating import create
from reage_blender.look import states_of as states
from reage_host.report import BakeReport
from reage_host.state import FrameState

__all__ = ["BakeReport", "FrameState", "bake", "create", "register", "states", "unregister"]

_CLASSES = (*operators.CLASSES, *panel.CLASSES)


def register() -> None:
    """All of it, or what raised and nothing."""
    with ExitStack() as undone:
        properties.register()
        undone.callback(properties.unregister)
        for cls in _CLASSES:
            bpy.utils.register_class(cls)
            undone.callback(bpy.utils.unregister_class, cls)
        handlers.register()
        undone.pop_all()


def unregister() -> None:
    handlers.unregister()
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    properties.unregister()
