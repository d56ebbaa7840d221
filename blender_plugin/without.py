# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel in place of ReAge's where that cannot run: it says why."""

import bpy

_why = ""


class NODE_PT_reage_without(bpy.types.Panel):
    bl_label = "ReAge"
    bl_space_type = "NODE_EDITOR"
    bl_region_type = "UI"
    bl_category = "ReAge"

    @classmethod
    def poll(cls, context):
        return context.space_data.tree_type == "CompositorNodeTree"

    def draw(self, context):
        text = f"ReAge shows what was baked, but cannot bake here: {_why}."
        column = self.layout.column(align=True)
        for at in range(0, len(text), 40):
            column.label(text=text[at : at + 40])


def register(why):
    global _why
    _why = why.rstrip(".")
    bpy.utils.register_class(NODE_PT_reage_without)


def unregister():
    bpy.utils.unregister_class(NODE_PT_reage_without)
