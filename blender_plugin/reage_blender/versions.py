# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Blender 4.5 and 5.x differ: all of it stands here.

The node group itself is made of nodes that both know by one name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

TREE = "CompositorNodeTree"

_OWNS_ITS_TREE = bpy.app.version < (5, 0)
"""Before 5.0 a scene's compositor was part of the scene; since then it is a node group."""


def compositor(scene: Any) -> Any | None:
    """A scene's node tree, in use or not; None while it has none."""
    return scene.node_tree if _OWNS_ITS_TREE else scene.compositing_node_group


def composites(scene: Any) -> bool:
    """Whether renders of the scene go through its node tree."""
    return compositor(scene) is not None and (not _OWNS_ITS_TREE or scene.use_nodes)


def make_compositor(scene: Any) -> Any:
    """A scene's node tree, which is in use from now on; an empty one where it had none."""
    found = compositor(scene)
    if _OWNS_ITS_TREE:
        scene.use_nodes = True  # puts nodes into a new tree
        if found is None:
            scene.node_tree.nodes.clear()
        return scene.node_tree
    if found is not None:
        return found
    tree = bpy.data.node_groups.new("Compositor", TREE)
    tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
    scene.compositing_node_group = tree
    return tree


def unmake_compositor(scene: Any) -> None:
    """Undo `make_compositor` where the scene's tree was not in use before."""
    if _OWNS_ITS_TREE:
        scene.use_nodes = False
    else:
        bpy.data.node_groups.remove(scene.compositing_node_group)


def picture(tree: Any) -> Any:
    """The socket that a scene renders; its node is made where there is none."""
    kind = "CompositorNodeComposite" if _OWNS_ITS_TREE else "NodeGroupOutput"
    node = next((n for n in tree.nodes if n.bl_idname == kind), None) or tree.nodes.new(kind)
    return node.inputs[0]


def trees() -> Iterator[Any]:
    """All compositor trees of the file: groups, and those of scenes."""
    yield from (t for t in bpy.data.node_groups if t.bl_idname == TREE)
    if _OWNS_ITS_TREE:
        yield from (s.node_tree for s in bpy.data.scenes if s.node_tree is not None)


def displace(tree: Any, picture: Any, shift: Any) -> Any:
    """The picture with each pixel moved by as many px. Of the ways to look between pixels,
    anisotropic is 4.5's only one, and leaves bit for bit what does not move."""
    node = tree.nodes.new("CompositorNodeDisplace")
    tree.links.new(picture, node.inputs["Image"])
    tree.links.new(shift, node.inputs[1])
    if _OWNS_ITS_TREE:
        node.inputs["X Scale"].default_value = node.inputs["Y Scale"].default_value = 1.0
    else:
        node.inputs["Interpolation"].default_value = "Anisotropic"
    return node.outputs[0]

