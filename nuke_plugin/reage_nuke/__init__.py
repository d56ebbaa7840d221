"""ReAge inside Nuke: the node, the bake, the panel.

    import reage_nuke
    node = reage_nuke.create(plate, source_age=65, target_age=35)
    report = reage_nuke.bake(node, 1001, 1100)

Works in the GUI and in `nuke -t`. Names load on first use: at Nuke's start nothing but
this file and `start` is read. The standard library and Qt are all that comes along.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reage_host.report import BakeReport as BakeReport
    from reage_host.state import FrameState as FrameState
    from reage_nuke.baking import bake as bake
    from reage_nuke.baking import submit as submit
    from reage_nuke.native import to_group as to_group
    from reage_nuke.nodes import create as create
    from reage_nuke.start import start as start
    from reage_nuke.start import start_gui as start_gui
    from reage_nuke.state import states as states

_HOMES = {
    "BakeReport": "reage_host.report",
    "bake": "reage_nuke.baking",
    "create": "reage_nuke.nodes",
    "start": "reage_nuke.start",
    "start_gui": "reage_nuke.start",
    "FrameState": "reage_host.state",
    "states": "reage_nuke.state",
    "submit": "reage_nuke.baking",
    "to_group": "reage_nuke.native",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'reage_nuke' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
