"""Which creases a face has, where they run and when they come.

The courses were drawn over the UV of the MediaPipe landmarks (the nasolabial fold runs
through landmarks 129, 203, 206, 216, 212; the marionette line through 43 and 204). Onsets,
depths and widths were set by eye on renders: the folds that movement makes come first
(forehead, crow's feet, glabella), then those of slack skin, last lips and cheeks. All are
full between 75 and 90 years.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from reage.pattern.crease import Crease, Kind, branch, crease

FOREHEAD = Kind(
    "forehead", 27, 51, 6.6, 0.0033, 0.45, 0.1, (0.35, 0.35), "brow_raise", 3.2, 0.4
)
GLABELLA = Kind("glabella", 31, 50, 8.5, 0.0047, 0.40, 0.0, (0.45, 0.55), "brow_frown", 3.2, 0.6)
NASION = Kind("nasion", 42, 42, 6.5, 0.0030, 0.35, 0.0, (0.4, 0.4), "brow_frown", 1.5, 0.4)
CROW = Kind("crow", 29, 51, 7.8, 0.0027, 0.40, 0.0, (0.2, 0.6), "smile", 2.4, 0.9)
LID = Kind("lid", 38, 42, 11, 0.0033, 0.40, 0.0, (0.3, 0.3), "brow_raise", 0.0, -0.3)
BAG = Kind("bag", 36, 44, 14, 0.0050, 0.55, 0.5, (0.3, 0.4), "smile", 1.0, 0.2)
TROUGH = Kind("trough", 28, 52, 18, 0.0085, 0.25, 0.2, (0.2, 0.65), "", 0.0, 0.0)
UNDER_EYE = Kind("under_eye", 33, 48, 4.6, 0.0017, 0.40, 0.0, (0.4, 0.4), "smile", 1.2, 0.7)
NASOLABIAL = Kind("nasolabial", 16, 62, 31, 0.0090, 0.50, 0.45, (0.2, 0.5), "smile", 4.0, -0.45)
# A smile bends the cheek over this fold by itself, which the head's shape shows already.
NASOLABIAL_2 = Kind("nasolabial_2", 42, 42, 8, 0.0034, 0.35, 0.3, (0.4, 0.5), "smile", 1.0, 0.4)
MARIONETTE = Kind("marionette", 38, 42, 23, 0.0066, 0.40, 0.3, (0.45, 0.6), "", 0.0, 0.0)
PERIORAL = Kind("perioral", 47, 37, 7, 0.0019, 0.35, 0.0, (0.15, 0.7), "smile", 0.0, -0.4)
MENTOLABIAL = Kind("mentolabial", 32, 50, 9, 0.0105, 0.35, 0.0, (0.4, 0.4), "", 0.0, 0.0)
CHEEK = Kind("cheek", 50, 35, 5.5, 0.0060, 0.45, 0.0, (0.5, 0.5), "smile", 1.4, 0.5)
NECK = Kind("neck", 26, 53, 12, 0.0058, 0.35, 0.0, (0.4, 0.4), "", 0.0, 0.0)
NECK_CORD = Kind("neck_cord", 52, 34, 16, 0.0110, 0.30, 0.0, (0.4, 0.4), "", 0.0, 0.0)

KINDS = (
    FOREHEAD, GLABELLA, NASION, CROW, LID, BAG, TROUGH, UNDER_EYE, NASOLABIAL, NASOLABIAL_2,
    MARIONETTE, PERIORAL, MENTOLABIAL, CHEEK, NECK, NECK_CORD,
)  # fmt: skip


class _Pen:
    """Draws creases with one seed."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def line(
        self, kind: Kind, points: object, slack: float, strength: float = 1.0, slim: float = 1.0
    ) -> Crease:
        """One crease whose course and strength vary as they do between people."""
        rng = self.rng
        made = crease(rng, kind, np.asarray(points, float), loose=slack,
                      strength=strength, slim=slim)  # fmt: skip
        return replace(made, gain=strength * float(np.exp(rng.normal(0.0, 0.30))))

    def both(
        self, kind: Kind, points: object, slack: float, strength: float = 1.0, slim: float = 1.0
    ) -> Iterator[Crease]:
        """The crease on either side; the two are alike but never twins."""
        yield self.line(kind, points, slack, strength, slim)
        yield self.line(kind, points, slack, strength, slim).other_side()


def _forehead(pen: _Pen) -> Iterator[Crease]:
    rng = pen.rng
    rows = int(rng.integers(3, 7))
    arch = 0.006 + rng.uniform(-0.014, 0.012)
    dip = 0.005 + rng.uniform(-0.005, 0.008)
    for row, base in enumerate(np.linspace(0.844, 0.914, rows)):
        height = base + rng.normal(0.0, 0.003)
        middle = rng.uniform(0.44, 0.56)
        ends = (rng.uniform(0.26, 0.33), rng.uniform(0.67, 0.74))
        whole = row % 2 == 1
        spans = [ends] if whole else [(ends[0], middle + 0.03), (middle - 0.02, ends[1])]
        for low, high in spans:
            u = np.linspace(low, high, 6)
            v = height + arch * np.cos((u - 0.5) * 9.0) - dip * np.exp(-(((u - 0.5) / 0.05) ** 2))
            strength = rng.uniform(0.65, 1.1) * (1.0 if 0 < row < rows - 1 else 0.7)
            yield pen.line(FOREHEAD, np.stack([u, v + rng.normal(0, 0.0012, 6)], 1), 0.004,
                           strength)  # fmt: skip
        u0 = rng.uniform(0.33, 0.55)
        fine = np.stack([np.linspace(u0, u0 + rng.uniform(0.06, 0.14), 4)] * 2, 1)
        fine[:, 1] = height + 0.009 + rng.normal(0.0, 0.0012, 4)
        yield pen.line(FOREHEAD, fine, 0.006, 0.35, 0.6)


def _between_brows(pen: _Pen) -> Iterator[Crease]:
    yield from pen.both(GLABELLA, [(0.477, 0.774), (0.473, 0.800), (0.465, 0.834)], 0.004)
    yield from pen.both(GLABELLA, [(0.454, 0.786), (0.447, 0.805), (0.447, 0.824)], 0.004, 0.40,
                        0.8)  # fmt: skip
    for v, strength in ((0.744, 1.0), (0.754, 0.7)):
        yield pen.line(NASION, [(0.458, v), (0.5, v - 0.004), (0.542, v)], 0.002, strength)


def _eyes(pen: _Pen) -> Iterator[Crease]:
    rng = pen.rng
    for heading in (-52.0, -33.0, -16.0, 2.0, 20.0, 38.0)[: int(rng.integers(4, 7))]:
        angle = np.radians(heading + rng.normal(0.0, 8.0))
        length = rng.uniform(0.040, 0.082)
        start = np.array([0.297, 0.719 + 0.017 * np.sin(angle)])
        bend = np.array([0.0, -0.007 * np.sin(angle + 0.5)])
        end = start + length * np.array([-np.cos(angle), np.sin(angle)])
        path = [start, 0.5 * (start + end) + bend, end]
        yield from pen.both(CROW, path, 0.003, rng.uniform(0.55, 1.05))
    yield from pen.both(LID, [(0.395, 0.742), (0.366, 0.752), (0.33, 0.745), (0.298, 0.718)], 0.002)
    yield from pen.both(
        BAG, [(0.406, 0.697), (0.385, 0.682), (0.355, 0.673), (0.320, 0.679)], 0.003
    )
    yield from pen.both(
        TROUGH, [(0.414, 0.703), (0.397, 0.677), (0.367, 0.654), (0.335, 0.642)], 0.004
    )
    for row in range(6):
        drop, shift = 0.0045 * row, rng.normal(0.0, 0.006)
        path = [(0.396 + shift, 0.697 - drop), (0.358 + shift, 0.689 - drop), (0.316, 0.700 - drop)]
        yield from pen.both(UNDER_EYE, path, 0.003, rng.uniform(0.5, 1.1))


def _mouth(pen: _Pen) -> Iterator[Crease]:
    rng = pen.rng
    shift = float(rng.normal(0.0, 0.006))
    fold = [(0.428, 0.583), (0.406, 0.567), (0.386 + shift, 0.538), (0.369 + shift, 0.504),
            (0.356 + shift, 0.465), (0.349 + shift, 0.424)]  # fmt: skip
    yield from pen.both(NASOLABIAL, fold, 0.0015)
    outer = [(0.352 + shift, 0.532), (0.338 + shift, 0.492), (0.331 + shift, 0.448)]
    yield from pen.both(NASOLABIAL_2, outer, 0.004)
    yield from pen.both(
        MARIONETTE, [(0.383, 0.437), (0.371, 0.407), (0.361, 0.373), (0.357, 0.336)], 0.002
    )
    yield from pen.both(
        MARIONETTE, [(0.348, 0.425), (0.340, 0.395), (0.343, 0.360)], 0.004, 0.35, 0.7
    )
    for u in np.linspace(0.420, 0.494, 7) + rng.normal(0.0, 0.003, 7):
        foot = 0.511 if u > 0.44 else 0.503
        path = [(u, foot), (u - 0.002, foot + 0.012), (u - 0.006, foot + rng.uniform(0.018, 0.032))]
        yield from pen.both(PERIORAL, path, 0.002, rng.uniform(0.4, 1.1))
    for u in np.linspace(0.425, 0.490, 5) + rng.normal(0.0, 0.004, 5):
        path = [(u, 0.357), (u - 0.002, 0.347), (u - 0.004, rng.uniform(0.328, 0.338))]
        yield from pen.both(PERIORAL, path, 0.002, rng.uniform(0.15, 0.45))
    yield pen.line(
        MENTOLABIAL, [(0.435, 0.338), (0.468, 0.328), (0.532, 0.328), (0.565, 0.338)], 0.003
    )


def _cheeks_and_neck(pen: _Pen) -> Iterator[Crease]:
    rng = pen.rng
    for k in range(2):
        u = 0.330 - 0.034 * k + rng.normal(0.0, 0.006)
        path = [(u, 0.585), (u - 0.016, 0.535), (u - 0.018, 0.485), (u - 0.006, 0.440)]
        yield from pen.both(CHEEK, path, 0.006, rng.uniform(0.4, 0.9))
    for v in (0.205, 0.155, 0.100, 0.048):
        along = np.linspace(0.22, 0.78, 8) + rng.normal(0.0, 0.01)
        arc = v + 0.02 * ((along - 0.5) / 0.3) ** 2 + rng.normal(0.0, 0.0025, 8)
        yield pen.line(NECK, np.stack([along, arc], 1), 0.006, rng.uniform(0.6, 1.2))
    yield from pen.both(NECK_CORD, [(0.462, 0.250), (0.458, 0.190), (0.463, 0.100)], 0.006)


def creases(rng: np.random.Generator) -> tuple[Crease, ...]:
    """All the creases of one face; course, number and strength vary between seeds."""
    pen = _Pen(rng)
    lines = [
        *_forehead(pen), *_between_brows(pen), *_eyes(pen), *_mouth(pen), *_cheeks_and_neck(pen)
    ]  # fmt: skip
    forked = [c for c in lines if c.kind in (FOREHEAD, CROW, NECK)]
    children = [branch(rng, c) for c in forked if rng.uniform() < 0.6]
    return (*lines, *children)
