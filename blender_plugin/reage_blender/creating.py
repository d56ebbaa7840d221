# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a node ReAge into a scene's compositor, between a plate and what shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from reage.errors import SettingsError
from reage_blender import group, look, plate, versions
from reage_blender.files import relative
from reage_blender.properties import ReAgeProperties
from reage_host.plate_files import PlateFiles


def create(source: Any = None, scene: Any = None, **values: Any) -> Any:
    """A new ReAge node on a plate, which is an Image or Movie Clip node, or the path of a movie or
    of one file of a sequence; None for the active or only such node. Keywords are settings, such
    as source_age=65, blend=0.8.

    A path brings a node of its own, and the scene the plate's size and frames. Raises
    SettingsError for a wrong setting, PlateError where the plate cannot be read.
    """
    scene = scene or bpy.context.scene
    files, node = None, source
    if isinstance(source, (str, Path)):
        files = plate.sequence_of(Path(bpy.path.abspath(str(source))).absolute())
    elif node is None:
        node = _at_hand(versions.compositor(scene))
    composited = versions.composites(scene)
    tree = versions.make_compositor(scene)
    before, links = set(tree.nodes), [(k.from_socket, k.to_socket) for k in tree.links]
    group_tree = group.make()
    try:
        node = node if files is None else _loaded(tree, files)
        made = tree.nodes.new("CompositorNodeGroup")
        made.node_tree = group_tree
        made.name = made.label = group_tree.name
        made.width = 180
        made.location = node.location[0] + 320, node.location[1]
        _put_between(tree, plate.output(node), made)
        footage = plate.of(group_tree)
        said = group_tree.reage
        said.range_first, said.range_last = footage.start, footage.last
        for name, value in values.items():
            _set(made, name, value)
    except Exception:
        _take_out(tree, before, links)
        bpy.data.node_groups.remove(group_tree)
        if not composited:
            versions.unmake_compositor(scene)
        raise
    if files is not None:
        _fit(scene, node, footage)
    tree.nodes.active = made
    look.at_once(group_tree)
    return made


def _at_hand(tree: Any) -> Any:
    found = [n for n in tree.nodes if n.bl_idname in plate.KINDS] if tree else []
    if found and tree.nodes.active in found:
        return tree.nodes.active
    if len(found) == 1:
        return found[0]
    raise SettingsError(
        "Select the Image or Movie Clip node that holds the plate, then add ReAge."
        if found
        else "There is no plate here: add an Image or Movie Clip node with one, or choose its file."
    )


def _loaded(tree: Any, files: PlateFiles) -> Any:
    """An Image node with all of a plate's sequence from frame 1 on."""
    image = bpy.data.images.load(str(files.file(files.first)), check_existing=True)
    if bpy.context.preferences.filepaths.use_relative_paths:
        image.filepath = relative(image.filepath)
    node = tree.nodes.new("CompositorNodeImage")
    if len(files.frames) > 1:
        image.source = "SEQUENCE"
    node.image = image
    if image.source != "FILE":
        node.frame_duration = files.last - files.first + 1 if files.frames else image.frame_duration
        node.frame_start, node.frame_offset = 1, (files.first - 1 if files.frames else 0)
    node.use_auto_refresh = True
    return node


def _fit(scene: Any, node: Any, footage: plate.ScenePlate) -> None:
    width, height = node.image.size
    if width and height:
        scene.render.resolution_x, scene.render.resolution_y = width, height
        scene.render.resolution_percentage = 100
    scene.frame_start, scene.frame_end = footage.start, footage.last


def _put_between(tree: Any, output: Any, made: Any) -> None:
    """Where the plate led, the node does; else into the scene's picture, if nothing does or what
    does is Blender's own beginning, a render of the scene."""
    targets = [link.to_socket for link in output.links]
    picture = versions.picture(tree)
    shows = picture.links[0].from_node.bl_idname if picture.is_linked else ""
    if not targets and shows in ("", "CompositorNodeRLayers"):
        picture.node.location = made.location[0] + 320, made.location[1]
        targets = [picture]
    tree.links.new(output, made.inputs["Plate"])
    for target in targets:
        tree.links.new(made.outputs["Image"], target)


def _take_out(tree: Any, before: set[Any], links: list[tuple[Any, Any]]) -> None:
    """Have the tree as it was, with these nodes and links between them."""
    new = [n for n in tree.nodes if n not in before]
    images = {i for n in new if (i := getattr(n, "image", None)) is not None}
    for node in new:
        tree.nodes.remove(node)
    for start, end in links:
        if not end.is_linked:
            tree.links.new(start, end)
    bpy.data.batch_remove([i for i in images if not i.users])


def _set(node: Any, name: str, value: Any) -> None:
    """One setting, baked or live. Raises SettingsError."""
    live = next((s for s in group.SLIDERS if s.name == name), None)
    if live is not None:
        live.check(value)
        node.inputs[live.label].default_value = value
        return
    if name not in ReAgeProperties.__annotations__:
        raise SettingsError(f"ReAge has no setting {name!r}.")
    try:
        setattr(node.node_tree.reage, name, value)
    except TypeError as e:
        raise SettingsError(f"{name} cannot be {value!r}: {e}") from e
