"""A picture as Nuke's nodes pass it on.

Boxes are (x, y, r, t) in Nuke's coordinates: y is up, (0, 0) is the bottom left pixel, r and t
are not included. Arrays hold the rows of the box from the **top** down, as files do: the pixel
(x, y) is `array[t - 1 - y, x - box_x]`. All are float32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fake_nuke.formats import Format

Array = Any
Box = tuple[int, int, int, int]

RGBA = ("rgba.red", "rgba.green", "rgba.blue", "rgba.alpha")
_SHORT = {
    "red": RGBA[0],
    "green": RGBA[1],
    "blue": RGBA[2],
    "alpha": RGBA[3],
    "r": RGBA[0],
    "g": RGBA[1],
    "b": RGBA[2],
    "a": RGBA[3],
}


class Lazy(Mapping[str, Array]):
    """Channels that are made when somebody looks at them, each once."""

    def __init__(self, names: Iterable[str], make: Callable[[str], Array]) -> None:
        self._names, self._make = tuple(names), make
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Picture:
    """`channels`: full name ("rgba.red") → (t - y, r - x) float32. What is not there is 0."""

    format: Format
    box: Box
    channels: Mapping[str, Array] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def over(self, name: str, box: Box) -> Array:
        """A channel over another box: 0 outside the picture's own."""
        x, y, r, t = box
        array = np.zeros((max(t - y, 0), max(r - x, 0)), np.float32)
        source = self.channels.get(name)
        common = intersection(self.box, box)
        if source is not None and not is_empty(common):
            array[rows(box, common)] = source[rows(self.box, common)]
        return array

    def array(self, names: Sequence[str] = RGBA) -> Array:
        """(height, width, len(names)) over the format, top row first."""
        box = (0, 0, self.format.width(), self.format.height())
        return np.stack([self.over(channel(n), box) for n in names], axis=-1)

    def cropped(self, box: Box) -> Picture:
        """The same over another box."""
        channels = Lazy(self.channels, lambda name: self.over(name, box))
        return Picture(self.format, box, channels, self.metadata)

    def also(self, made: Mapping[str, Array]) -> Picture:
        """The same with further channels, or others in the place of its own."""
        names = dict.fromkeys((*self.channels, *made))
        channels = Lazy(names, lambda name: made[name] if name in made else self.channels[name])
        return Picture(self.format, self.box, channels, self.metadata)


def channel(name: str) -> str:
    """The full name of red, r, rgba.red, depth.Z."""
    return _SHORT.get(name, name)


def union(a: Box, b: Box) -> Box:
    if is_empty(a) or is_empty(b):
        return b if is_empty(a) else a
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def intersection(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def is_empty(box: Box) -> bool:
    return box[2] <= box[0] or box[3] <= box[1]


def rows(outer: Box, inner: Box) -> tuple[slice, slice]:
    """Where a box inside another lies in its array."""
    top, left = outer[3] - inner[3], inner[0] - outer[0]
    return (
        slice(top, top + inner[3] - inner[1]),
        slice(left, left + inner[2] - inner[0]),
    )
