"""What happens when Nuke starts: callbacks in every session, menus and the panel in the GUI.

Nothing of the engine, of Qt or of the bake is read here; it is when it is first needed.
"""

from __future__ import annotations

from typing import Any

import nuke

_PANEL = "__import__('reage_nuke.panel', fromlist=['Panel']).Panel"
"""Nuke evaluates this text when the pane opens, and imports nothing for it."""

_PANEL_ID = "reage.panel"

_CONVERT = "import reage_nuke.buttons\nreage_nuke.buttons.selected_to_group()"


def start() -> None:
    """Callbacks; may be called again."""
    from reage_nuke import callbacks

    for cls in ("ReAge", "Group"):
        nuke.addKnobChanged(callbacks.knob_changed, nodeClass=cls)
        nuke.addOnUserCreate(callbacks.created, nodeClass=cls)
        nuke.addOnDestroy(callbacks.destroyed, nodeClass=cls)
        nuke.addAutolabel(callbacks.label, nodeClass=cls)
        if nuke.GUI:
            nuke.addUpdateUI(callbacks.looked, nodeClass=cls)
            nuke.addOnCreate(callbacks.made, nodeClass=cls)
    if nuke.GUI:
        nuke.addKnobChanged(callbacks.old_group_changed, nodeClass="Group")
    nuke.addOnScriptLoad(callbacks.opened)
    nuke.addOnScriptSave(callbacks.saving)
    nuke.addOnScriptClose(callbacks.closing)
    if nuke.GUI:
        nuke.addBeforeRender(callbacks.rendering)


def start_gui() -> None:
    """The Tab menu's entry and the panel; may be called again."""
    import nukescripts.panels

    nodes: Any = nuke.menu("Nodes")
    menu = nodes.addMenu("ReAge", icon="ReAge.png")
    menu.addCommand("ReAge", "import nuke; nuke.createNode('ReAge')", icon="ReAge.png")
    menu.addCommand("Convert to Group", _CONVERT)
    nukescripts.panels.registerWidgetAsPanel(_PANEL, "ReAge", _PANEL_ID)
