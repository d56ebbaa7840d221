"""The module nukescripts: panels that are registered by source text, and deferred calls."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_nuke.menus import Menus
    from fake_nuke.threads import MainQueue
    from fake_nuke.world import World


@dataclass
class Panel:
    """One registered panel. `source` is text, evaluated when the panel opens."""

    source: str
    name: str
    id: str

    def open(self) -> Any:
        """What WidgetKnob.makeUI() does: evaluate the text, make the widget, no arguments."""
        return eval(self.source, {})()


def modules(world: World, menus: Menus, queue: MainQueue) -> dict[str, ModuleType]:
    """nukescripts and nukescripts.panels; `registered` on the latter is for tests."""
    panels = ModuleType("nukescripts.panels")
    registered: dict[str, Panel] = {}

    def registerWidgetAsPanel(widget: str, name: str, id: str, create: bool = False) -> Any:
        if not isinstance(widget, str):
            raise TypeError("registerWidgetAsPanel takes the widget as source text.")
        registered[id] = Panel(widget, name, id)
        if world.gui:
            menus.menu("Pane").addCommand(name, registered[id].open)
        return registered[id] if create else None

    panels.registerWidgetAsPanel = registerWidgetAsPanel
    panels.registered = registered
    nukescripts = ModuleType("nukescripts")
    nukescripts.panels = panels
    nukescripts.registerWidgetAsPanel = registerWidgetAsPanel
    nukescripts.executeDeferred = queue.put
    return {"nukescripts": nukescripts, "nukescripts.panels": panels}
