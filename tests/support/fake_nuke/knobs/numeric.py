"""The kinds of numeric knobs: how many channels, and what value() makes of them."""

from __future__ import annotations

from typing import Any

from fake_nuke.animation import Channel
from fake_nuke.knobs.array import Array_Knob


class IArray_Knob(Array_Knob):
    pass


class Double_Knob(Array_Knob):
    pass


class Int_Knob(Array_Knob):
    def _shown(self, numbers: list[float], index: int | None) -> Any:
        return int(self._plain(numbers, index))


class ColorChip_Knob(Int_Knob):
    """0xRRGGBBAA."""


class Boolean_Knob(Array_Knob):
    def __init__(self, name: str, label: str | None = None, value: bool | None = None) -> None:
        super().__init__(name, label)
        if value is not None:
            self._held = (Channel(float(bool(value))),)

    def _shown(self, numbers: list[float], index: int | None) -> Any:
        return bool(self._plain(numbers, index))

    def _script(self) -> str:
        channel = self._held[0]
        return channel.script() if channel.live else ("true" if channel.number else "false")


class Disable_Knob(Boolean_Knob):
    pass


class XY_Knob(Array_Knob):
    _size = 2

    def x(self) -> float:
        return self._numbers(None)[0]

    def y(self) -> float:
        return self._numbers(None)[1]


class UV_Knob(XY_Knob):
    pass


class WH_Knob(XY_Knob):
    def _shown(self, numbers: list[float], index: int | None) -> Any:
        same = index is None and len(set(numbers)) == 1
        return numbers[0] if same else self._plain(numbers, index)


class XYZ_Knob(Array_Knob):
    _size = 3


class BBox_Knob(XY_Knob):
    _size = 4

    def r(self) -> float:
        return self._numbers(None)[2]

    def t(self) -> float:
        return self._numbers(None)[3]


class Box3_Knob(Array_Knob):
    _size = 6


class Color_Knob(Array_Knob):
    """value() is one number where all are alike."""

    _size = 3

    def _shown(self, numbers: list[float], index: int | None) -> Any:
        same = index is None and len(set(numbers)) == 1
        return numbers[0] if same else self._plain(numbers, index)


class AColor_Knob(Color_Knob):
    _size = 4
