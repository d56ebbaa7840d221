"""Pictures of what models do, for people: rows of labelled panels in small files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from reage.pixels.plate import Pixels
from reage_training.output import Shown, eight_bits, write, write_picture

GAIN = 4.0
"""Deltas are shown as gray ± this much of their sRGB difference."""

QUALITY = 84
"""Of JPEG, 0 … 100; below it the panels' own blocks would pass for skin."""


def difference(after: Pixels, before: Pixels, gain: float = GAIN) -> Pixels:
    """Two shown pictures → their difference as gray ± `gain` times itself."""
    return np.asarray(np.clip(0.5 + gain * (after - before), 0, 1), np.float32)


def panel(picture: Pixels, label: str, side: int | None = None) -> Shown:
    """sRGB 0 … 1 to 8 bits with a label; `side` px wide where given."""
    if side is not None and picture.shape[1] != side:
        height = round(picture.shape[0] * side / picture.shape[1])
        how = cv2.INTER_AREA if side < picture.shape[1] else cv2.INTER_CUBIC
        picture = np.clip(cv2.resize(picture, (side, height), interpolation=how), 0, 1)
    out = np.ascontiguousarray(eight_bits(picture))
    for color, thick in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(out, label, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.42, color, thick, cv2.LINE_AA)
    return out


def row(panels: Sequence[Shown]) -> Shown:
    """Side by side."""
    return np.hstack(list(panels))


@dataclass
class Album:
    """The folder of a page's pictures. Raises OutputError where it cannot be written."""

    folder: Path
    written: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, picture: Shown, quality: int = QUALITY) -> str:
        """Write a JPEG; returns its path from the page."""
        path = f"pictures/{name}.jpg"
        self.written[path] = write_picture(self.folder / path, picture, quality)
        return path

    def plot(self, name: str, svg: str) -> str:
        """Write a plot; returns its path from the page."""
        path = f"pictures/{name}.svg"
        self.written[path] = write(self.folder / path, svg.encode())
        return path
