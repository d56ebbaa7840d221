"""The pictures of a page: people before and after, sweeps, the moving head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reage.pixels.plate import Pixels
from reage_training.evaluation.evaluate import EvaluatedModel, Shown
from reage_training.evaluation.large_sweep import AGES, SOURCES, LargeSweep
from reage_training.evaluation.sheet import Album, difference, panel, row
from reage_training.pairs.encoding import code, shown

SIDE, CLOSE = 256, 384
"""px of a panel, and of a cut out of the middle of a face at full size."""

AROUND = 1.3
"""Face heights that the square of a full-size sweep shows."""

CLOSER = 86
"""Quality of JPEG where fine lines are looked at."""

NUDGE_GAIN = 8.0
"""Changes of ten years are shown as gray ± this much of their sRGB difference."""

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


def close_ups(
    album: Album, measured: EvaluatedModel, labels: Sequence[str], count: int = 2
) -> Captioned:
    """The middle of the first pictures at full size, where fine lines show."""
    out = []
    for number, each in enumerate(measured.people.shown[:count]):
        before, true, *made = [_middle(p) for p in _pictures(each)]
        panels = [panel(before, "before")]
        panels += [panel(p, name) for p, name in zip(made, labels, strict=True)]
        panels.append(panel(true, "truth"))
        out.append((album.add(f"close_{number}", row(panels), CLOSER), f"{each.label}, full size"))
    return out


def sweeps(album: Album, swept: LargeSweep, labels: Sequence[str]) -> Captioned:
    """The face at full size: the truth at each age, then each model from each of SOURCES, whose
    own age shows the picture that it was given."""
    true = [panel(_face(swept.true[age], swept), f"truth, {age:g}") for age in AGES]
    out = [(album.add("sweep_true", row(true), CLOSER), f"{swept.label}: the truth")]
    for number, (label, made) in enumerate(zip(labels, swept.made, strict=True)):
        for source in SOURCES:
            panels = [
                panel(_face(swept.true[age], swept), f"{age:g}, as given") if age == source else
                panel(_face(made[source, age], swept), f"{label}, {source:g} to {age:g}")
                for age in AGES
            ]  # fmt: skip
            path = album.add(f"sweep_{number}_{source:g}", row(panels), CLOSER)
            out.append((path, f"{label}, from {source:g}"))
    return out


def nudges(album: Album, everyone: Sequence[Shown], labels: Sequence[str]) -> Captioned:
    """Before, then after and the difference of each model and of the truth."""
    out = []
    for number, each in enumerate(everyone):
        before, true, *made = _pictures(each)
        panels = [panel(before, "before", CLOSE)]
        for after, label in (*zip(made, labels, strict=True), (true, "truth")):
            seen = difference(after, before, NUDGE_GAIN)
            panels += [panel(after, label, CLOSE), panel(seen, f"change: {label}", CLOSE)]
        out.append((album.add(f"nudge_{number}", row(panels)), each.label))
    return out


def motion(album: Album, measured: EvaluatedModel) -> Captioned:
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


def _face(codes: Pixels, swept: LargeSweep) -> Pixels:
    """A picture of the sweep as shown, cut to the face's square, its own pixels."""
    side = min(round(AROUND * swept.face.size), *codes.shape[:2])
    left, top = (
        int(np.clip(round(middle - side / 2), 0, most - side))
        for middle, most in zip(swept.face.center, codes.shape[1::-1], strict=True)
    )
    return shown(codes[top : top + side, left : left + side])


def _middle(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    top, left = max(0, (height - CLOSE) // 2), max(0, (width - CLOSE) // 2)
    return picture[top : top + CLOSE, left : left + CLOSE]
