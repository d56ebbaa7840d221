"""The Expression node: a formula for each of its channels."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from fake_nuke import expression
from fake_nuke.evaluate.asking import Asked, makes
from fake_nuke.evaluate.masking import mixed
from fake_nuke.evaluate.pictures import Picture, channel
from fake_nuke.evaluating import KnobNames, evaluated, run_tcl

_parsed = lru_cache(maxsize=None)(expression.parse)


@makes("Expression")
def expression_node(asked: Asked) -> Picture:
    source = asked.input(0)
    names = _PixelNames(asked, source)
    for i in range(4):
        name = str(asked.node._knobs[f"temp_name{i}"]._held)
        text = _text(asked, f"temp_expr{i}")
        if name and text:
            names.own[name] = _parsed(text)(names)
    made: dict[str, Any] = {}
    for i in range(4):
        text = _text(asked, f"expr{i}")
        if text:
            value = _parsed(text)(names)
            for name in asked.channels(f"channel{i}", list(source.channels)):
                made[name] = names.spread(value)
    return mixed(asked, source, source.also(made), mask=1)


def _text(asked: Asked, knob: str) -> str:
    found = asked.node._knobs[knob]
    return evaluated(asked.node, str(found._held)).strip()


class _PixelNames:
    """Channels, pixel places, the frame, and knobs of other nodes."""

    def __init__(self, asked: Asked, source: Picture) -> None:
        self.asked = asked
        self.source = source
        self.own: dict[str, Any] = {}

    def value(self, name: str) -> Any:
        if name in self.own:
            return self.own[name]
        x, y, r, t = self.source.box
        full = channel(name)
        if full in self.source.channels or full in self.asked.node._world.channels():
            return self.source.over(full, self.source.box)
        if name == "x":
            return self.spread(np.arange(x, r, dtype=np.float32)[None, :])
        if name == "y":
            return self.spread(np.arange(t - 1, y - 1, -1, dtype=np.float32)[:, None])
        if name in ("width", "height"):
            return float(getattr(self.source.format, name)())
        if name == "frame":
            return self.asked.frame
        return self.value_at(name, self.asked.frame)

    def value_at(self, name: str, time: float) -> float:
        return KnobNames(self.asked.node, time).value(name)

    def tcl(self, script: str) -> str:
        return run_tcl(self.asked.node, script)

    def spread(self, value: Any) -> Any:
        x, y, r, t = self.source.box
        shape = (max(t - y, 0), max(r - x, 0))
        return np.ascontiguousarray(np.broadcast_to(np.float32(value), shape))
