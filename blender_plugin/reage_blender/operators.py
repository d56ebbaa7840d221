# SPDX-License-Identifier: GPL-3.0-or-later
"""`bpy.ops.reage.*`: what the panel's buttons do, and scripts. One that fails says why in a
sentence, in the panel as well."""

from __future__ import annotations

from typing import Any

import bpy

from reage.errors import ReageError, SettingsError
from reage_blender import (
    baking,
    creating,
    files,
    group,
    look,
    memory,
    nodes,
    properties,
    troubleshooting,
)  # fmt: skip
from reage_host.clearing import clear


class _Operator(bpy.types.Operator):  # type: ignore[misc]
    """Of one node group: the one named, else the one at hand."""

    bl_options = {"REGISTER"}  # noqa: RUF012
    __annotations__ = {
        "node_group": bpy.props.StringProperty(
            name="Node group", description="The node group ReAge; with none the one at hand."
        ),
    }

    def execute(self, context: Any) -> set[str]:
        try:
            self.do(context)
        except ReageError as e:
            self.report({"ERROR"}, str(e))
            tree = nodes.local(self.node_group) or nodes.at_hand(context)
            if tree is not None and group.is_reage(tree):
                told = memory.of(tree.session_uid)
                told.error = str(e)
                told.say(str(e))
            return {"CANCELLED"}
        return {"FINISHED"}

    def do(self, context: Any) -> None:
        """Raises a ReageError."""
        raise NotImplementedError

    @property
    def tree(self) -> Any:
        return nodes.named(self.node_group)


_PATH: dict[str, Any] = {**properties.PATH, "options": {*properties.PATH["options"], "SKIP_SAVE"}}


class REAGE_OT_create(_Operator):
    bl_idname, bl_label = "reage.create", "Add ReAge"
    bl_description = "Put a ReAge node after the plate, or bring a plate from a file."
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012
    __annotations__ = {
        "filepath": bpy.props.StringProperty(
            name="Plate", description="A movie, or one file of a sequence; with none the Image or "
            "Movie Clip node that is selected.", **_PATH,
        ),
        "source_age": bpy.props.FloatProperty(name="Age in", default=45.0, min=0.0, max=100.0),
        "target_age": bpy.props.FloatProperty(name="Age out", default=45.0, min=0.0, max=100.0),
    }  # fmt: skip

    def do(self, context: Any) -> None:
        ages = {"source_age": self.source_age, "target_age": self.target_age}
        creating.create(self.filepath or None, context.scene, **ages)


class REAGE_OT_open(_Operator):
    bl_idname, bl_label = "reage.open", "Open Plate…"
    bl_description = "Choose a movie, or one file of a sequence, and add ReAge to it."
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012
    __annotations__ = {"filepath": bpy.props.StringProperty(name="Plate", **_PATH)}

    def invoke(self, context: Any, event: Any) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def do(self, context: Any) -> None:
        creating.create(self.filepath, context.scene)


class _Bake(_Operator):
    __annotations__ = {
        "wait": bpy.props.BoolProperty(
            name="Wait", description="Return when the bake is done; without a window it always "
            "does.", options={"SKIP_SAVE"},
        ),
    }  # fmt: skip

    def bake(self, first: int | None, last: int | None) -> None:
        tree = self.tree
        told = memory.of(tree.session_uid)
        told.error = ""
        if not (self.wait or bpy.app.background):
            baking.start(tree, first, last)
            return
        report = baking.bake(tree, first, last, tell=lambda step: print(f"ReAge: {step}"))
        told.error = report.error()
        told.say(report.text())
        self.report({"WARNING" if report.failed else "INFO"}, report.text())


def _frame(name: str) -> Any:
    return bpy.props.IntProperty(name=name, description="Of the scene.", options={"SKIP_SAVE"})


class REAGE_OT_bake(_Bake):
    bl_idname, bl_label = "reage.bake", "Bake Range"
    bl_description = "Compute the frames of the range that are missing or stale."
    __annotations__ = {"first": _frame("First"), "last": _frame("Last")}

    def do(self, context: Any) -> None:
        given = self.properties.is_property_set
        self.bake(*(getattr(self, end) if given(end) else None for end in ("first", "last")))


class REAGE_OT_bake_frame(_Bake):
    bl_idname, bl_label = "reage.bake_frame", "Bake Frame"
    bl_description = "Compute the current frame, if it is missing or stale."

    def do(self, context: Any) -> None:
        self.bake(context.scene.frame_current, context.scene.frame_current)


class REAGE_OT_cancel(_Operator):
    bl_idname, bl_label = "reage.cancel", "Cancel"
    bl_description = "Stop baking; finished frames stay."

    def do(self, context: Any) -> None:
        baking.BAKES.cancel(self.tree.name)


class REAGE_OT_look(_Operator):
    bl_idname, bl_label = "reage.look", "Look at Files"
    bl_description = "See anew which frames are baked, stale or missing."

    def do(self, context: Any) -> None:
        state = look.at_once(self.tree)
        self.report({"WARNING" if state.error else "INFO"}, state.detail())


class REAGE_OT_clear(_Operator):
    bl_idname, bl_label = "reage.clear", "Clear"
    bl_description = "Delete the baked files of this node."

    def invoke(self, context: Any, event: Any) -> Any:
        return context.window_manager.invoke_confirm(self, event)

    def do(self, context: Any) -> None:
        tree = self.tree
        nodes.require_own(tree)
        if baking.is_busy(tree):
            raise SettingsError(f"{tree.name} is being baked; cancel that first.")
        if others := files.sharing(tree):
            raise SettingsError(
                f"{tree.name} and {others[0].name} have the same files, {tree.reage.files}, so "
                "they are not deleted. Give one of them other Files first, or bake the copy."
            )
        pattern = files.pattern(tree)
        said = clear((pattern,) if pattern else ())
        memory.of(tree.session_uid).say(said)
        self.report({"INFO"}, said)
        look.at_once(tree)


class REAGE_OT_troubleshoot(_Operator):
    bl_idname, bl_label = "reage.troubleshoot", "Troubleshoot"
    bl_description = "Say what is installed, what works, and what to do where it does not."

    def do(self, context: Any) -> None:
        text = troubleshooting.report(nodes.at_hand(context))
        self.report({"INFO"}, text.splitlines()[0])
        _write("ReAge troubleshooting", text)


class REAGE_OT_log(_Operator):
    bl_idname, bl_label = "reage.log", "Log"
    bl_description = "Put what the bakes have said into a text of this file."

    def do(self, context: Any) -> None:
        _write("ReAge log", "\n".join(memory.of(self.tree.session_uid).log))


def _write(name: str, text: str) -> None:
    """Into a text of the file, for its text editor; and into the terminal without a window."""
    block = bpy.data.texts.get(name) or bpy.data.texts.new(name)
    block.from_string(f"{text}\n")
    if bpy.app.background:
        print(text)


CLASSES = (
    REAGE_OT_create, REAGE_OT_open, REAGE_OT_bake, REAGE_OT_bake_frame, REAGE_OT_cancel,
    REAGE_OT_look, REAGE_OT_clear, REAGE_OT_troubleshoot, REAGE_OT_log,
)  # fmt: skip
