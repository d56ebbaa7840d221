"""The pictures of a page: people before and after, sweeps, the moving head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reage.plate import Pixels
from reage_training.evaluation.evaluate import Measured, Shown
from reage_training.evaluation.sheet import Album, difference, panel, row, shown
from reage_training.evaluation.stills import code
from reage_training.evaluation.sweep import SHOWN

SIDE, CLOSE = 256, 384
"""px of a panel, and of a cut out of the middle of a face at full size."""

Captioned = list[tuple[str, str]]
"""(path from the page, caption)."""


def people(
    album: Album, everyone: Sequence[Shown], labels: Sequence[str], name: str = "person"
) -> Captioned:
    """A row for each picture: before, each model, the truth, then their changes."""
    out = []
    for number, each in enumerate(everyone):
        before, true, *made = _pictures(each)
        panels = [panel(before, "before", SIDE)]
        panels += [panel(p, label, SIDE) for p, label in zip(made, labels, strict=True)]
        panels += [panel(true, "truth", SIDE)]
        changes = [*zip(made, labels, strict=True), (true, "truth")]
        panels += [panel(difference(p, before), f"change: {label}", SIDE) for p, label in changes]
        out.append((album.add(f"{name}_{number:02d}", row(panels)), each.label))
    return out


def close_ups(album: Album, measured: Measured, labels: Sequence[str], count: int = 2) -> Captioned:
    """The middle of the first pictures at full size, where fine lines show."""
    out = []
    for number, each in enumerate(measured.shown[:count]):
        before, true, *made = [_middle(p) for p in _pictures(each)]
        panels = [panel(before, "before")]
        panels += [panel(p, name) for p, name in zip(made, labels, strict=True)]
        panels.append(panel(true, "truth"))
        out.append((album.add(f"close_{number}", row(panels), 88), f"{each.label}, full size"))
    return out


def strips(album: Album, measured: Measured, labels: Sequence[str]) -> Captioned:
    """The first swept person at each of sweep.SHOWN, a strip for each model."""
    out = []
    for number, (label, sweeps) in enumerate(zip(labels, measured.sweeps, strict=True)):
        first = sweeps[0]
        panels = [
            panel(shown(first.codes + delta), f"{age:g}", 192)
            for age, delta in zip(SHOWN, first.deltas, strict=True)
        ]
        out.append((album.add(f"sweep_{number}", row(panels)), label))
    return out


def motion(album: Album, measured: Measured) -> Captioned:
    """First, middle and last frame of the moving head at its younger age."""
    shot = measured.shot
    age = min(shot[0].rgb)
    panels = [
        panel(shown(code().encode(shot[k].rgb[age])), f"frame {k + 1}", SIDE)
        for k in (0, len(shot) // 2, len(shot) - 1)
    ]
    return [(album.add("motion", row(panels)), f"the moving head, {len(shot)} frames, at {age:g}")]


def _pictures(each: Shown) -> list[Pixels]:
    """Before, truth, and each model's, as shown."""
    deltas = (np.zeros_like(each.true), each.true, *each.made)
    return [shown(each.before + delta) for delta in deltas]


def _middle(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    top, left = max(0, (height - CLOSE) // 2), max(0, (width - CLOSE) // 2)
    return picture[top : top + CLOSE, left : left + CLOSE]
