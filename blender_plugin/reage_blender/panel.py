# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel in the sidebar of the compositor."""

from __future__ import annotations

import textwrap
from typing import Any

import bpy

from reage_blender import baking, group, memory, nodes, plate, versions

_TOP = ("source_age", "target_age", "pattern", "pattern_file", "face")
_SHAPE = (
    "shape_lids", "shape_jowls", "shape_lips", "shape_nose", "shape_sex", "shape_origin",
)  # fmt: skip
_MORE = (
    "smooth", "steady", "age_map", "age_map_mode", "hair_matte", "map_channel", "model", "person",
    "device", "crop_size", "tile", "datatype",
)  # fmt: skip


class _Sidebar(bpy.types.Panel):  # type: ignore[misc]
    bl_space_type, bl_region_type, bl_category = "NODE_EDITOR", "UI", "ReAge"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return bool(context.space_data.tree_type == versions.TREE)


class _OfGroup(_Sidebar):
    bl_parent_id = "NODE_PT_reage"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and nodes.at_hand(context) is not None


class NODE_PT_reage(_Sidebar):
    bl_label = "ReAge"

    def draw(self, context: Any) -> None:
        layout, tree = self.layout, nodes.at_hand(context)
        layout.use_property_split = True
        if tree is None:
            layout.operator("reage.open", icon="FILE_FOLDER")
            layout.operator("reage.create", icon="ADD")
            return
        layout.label(text=tree.name, icon="NODETREE")
        node = nodes.node_at_hand(context)
        if node is not None and node.node_tree != tree:
            node = None  # the group itself is open
        if node is not None:
            _draw_plate(layout, plate.source(node))
        _draw_all(layout, tree, _TOP)
        if node is not None:
            column = layout.column(align=True)
            for setting in group.SLIDERS:
                column.prop(node.inputs[setting.label], "default_value", text=setting.label)
        _draw_all(layout, tree, ("view", "when_not_baked"))
        if tree.reage.view == "split":
            _draw_all(layout, tree, ("split_at",))
        elif tree.reage.view != "result":
            _text(layout, context, f"Renders show the {tree.reage.view}, too.", "INFO")


class NODE_PT_reage_bake(_OfGroup):
    bl_label = "Bake"

    def draw(self, context: Any) -> None:
        layout, tree = self.layout, nodes.named("")
        told, busy = memory.of(tree.session_uid), baking.is_busy(tree)
        layout.use_property_split = True
        column = layout.column(align=True)
        column.prop(tree.reage, "range_first")
        column.prop(tree.reage, "range_last")
        layout.prop(tree.reage, "files")
        row = layout.row(align=True)
        if busy:
            row.operator("reage.cancel", icon="X")
        else:
            for name in ("bake", "bake_frame"):
                row.operator(f"reage.{name}")
        if told.step:
            _text(layout, context, told.step, "TIME")
        if told.state is not None:
            _text(layout, context, told.state.detail(), "INFO")
        if told.error:
            _text(layout, context, told.error, "ERROR")
        row = layout.row(align=True)
        for name in ("look", "clear"):
            row.operator(f"reage.{name}")
        for line in list(told.log)[-3:]:
            _text(layout, context, line)
        row = layout.row(align=True)
        for name in ("log", "troubleshoot"):
            row.operator(f"reage.{name}")


class NODE_PT_reage_shape(_OfGroup):
    bl_label, bl_options = "Shape, Baked", {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        self.layout.use_property_split = True
        _draw_all(self.layout, nodes.named(""), _SHAPE)


class NODE_PT_reage_more(_OfGroup):
    bl_label, bl_options = "Track, Maps, Model", {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        self.layout.use_property_split = True
        _draw_all(self.layout, nodes.named(""), _MORE)


def _draw_plate(layout: Any, source: Any) -> None:
    """What the plate is, and what Blender takes its values for."""
    kind = {"CompositorNodeImage": "image", "CompositorNodeMovieClip": "clip"}.get(
        getattr(source, "bl_idname", "")
    )
    if kind is None:
        layout.label(text="No plate: connect an Image node", icon="ERROR")
        return
    column = layout.column(align=True)
    column.template_ID(source, kind, open=f"{kind}.open")
    if (data := getattr(source, kind)) is not None:
        column.prop(data.colorspace_settings, "name", text="Color")


def _draw_all(layout: Any, tree: Any, names: tuple[str, ...]) -> None:
    column = layout.column(align=True)
    column.enabled = tree.library is None
    for name in names:
        column.prop(tree.reage, name)


def _text(layout: Any, context: Any, text: str, icon: str = "NONE") -> None:
    """A sentence over as many lines as it needs; a label has one."""
    letters = int(context.region.width / (7 * context.preferences.system.ui_scale))
    width = max(20, letters - (4 if icon != "NONE" else 0))
    column = layout.column(align=True)
    for line in (line for part in text.splitlines() for line in textwrap.wrap(part, width)):
        column.label(text=line, icon=icon)
        icon = "NONE"


CLASSES = (NODE_PT_reage, NODE_PT_reage_bake, NODE_PT_reage_shape, NODE_PT_reage_more)
