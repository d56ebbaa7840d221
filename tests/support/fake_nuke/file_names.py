"""File patterns: frames as %04d or ####, views as %V or %v."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fake_nuke.evaluating import evaluated
from fake_nuke.knobs.base import Knob

if TYPE_CHECKING:
    from fake_nuke.world import World


def normalized(pattern: str) -> str:
    """#### as %04d."""
    return re.sub(r"#+", lambda hashes: f"%0{len(hashes[0])}d", pattern)


def file_name(pattern: str, frame: float, view: str, views: list[str]) -> str:
    """The file of a frame and a view: %04d, ####, %V and %v."""
    short = view if len(view) == 1 or len({v[0] for v in views}) < len(views) else view[0]
    name = normalized(pattern).replace("%V", view).replace("%v", short)
    return re.sub(r"%0?\d*d", lambda spec: spec[0] % round(frame), name)


def file_at(knob: Knob, frame: float | None = None) -> str:
    """The file that a knob names at a frame (else now), path mapping included."""
    assert knob._node is not None
    world: World = knob._node._world
    when = world.frame if frame is None else frame
    name = file_name(evaluated(knob._node, knob._held), when, world.view, world.root._views())
    return world.callbacks.filtered(name)
