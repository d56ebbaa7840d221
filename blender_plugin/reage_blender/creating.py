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


def create(source: Any = None, scene: Any = None, **values: Any) -> Any:
    """A new ReAge node on a plate, which is an Image or Movie Clip node, or the path of a movie or
    of one file of a sequence; None for the active or only such node. Keywords are settings, such
    as source_age=65, blend=0.8.

    A path brings a node of its own, and the scene the plate's size and frames. Raises
    SettingsError for a wrong setting, PlateError where the plate cannot be read.
    """
    scene = scene or bpy.context.scene
    tree = versions.make_compositor(scene)
    from_path = isinstance(source, (str, Path))
    node = _loaded(tree, Path(source)) if from_path else source or _at_hand(tree)
    made = tree.nodes.new("CompositorNodeGroup")
    made.node_tree = group.make()
    made.name = made.label = made.node_tree.name
    made.width = 180
    made.location = node.location[0] + 320, node.location[1]
    _put_between(tree, node.outputs["Image"], made)
    try:
        footage = plate.of(made.node_tree)
        said = made.node_tree.reage
        said.range_first, said.range_last = footage.start, footage.last
        for name, value in values.items():
            _set(made, name, value)
    except Exception:
        _take_out(tree, made, node)
        raise
    if from_path:
        _fit(scene, node, footage)
    tree.nodes.active = made
    look.at_once(made.node_tree)
    return made


def _at_hand(tree: Any) -> Any:
    found = [n for n in tree.nodes if n.bl_idname in plate.KINDS]
    if tree.nodes.active in found:
        return tree.nodes.active
    if len(found) == 1:
        return found[0]
    raise SettingsError(
        "Select the Image or Movie Clip node that holds the plate, then add ReAge."
        if found
        else "There is no plate here: add an Image or Movie Clip node with one, or choose its file."
    )


def _loaded(tree: Any, path: Path) -> Any:
    """An Image node with the plate in a file, all of its sequence from frame 1 on."""
    files = plate.sequence_of(Path(bpy.path.abspath(str(path))).absolute())
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


def _take_out(tree: Any, made: Any, node: Any) -> None:
    targets = [link.to_socket for link in made.outputs["Image"].links]
    inside = made.node_tree
    tree.nodes.remove(made)
    bpy.data.node_groups.remove(inside)
    for target in targets:
        tree.links.new(node.outputs["Image"], target)


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
