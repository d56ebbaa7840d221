"""Hair that lies in the skin texture: brows, hair by hair, and where a beard grows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage.pattern.noise import Field, as_field, uv_grid
from reage.pattern.regions import lips, place, through
from reage.pixels.ramps import smooth_ramp, smoothstep

_SPINE = (
    (0.456, 0.797), (0.430, 0.803), (0.395, 0.811), (0.353, 0.817), (0.312, 0.813), (0.264, 0.799),
)  # fmt: skip
_OVERSAMPLING = 2



@dataclass(frozen=True)
class Brow:
    """How somebody's brows grow and are worn.

    hairs    on one side
    width    of the brow, and length of its hairs, against a middling one
    dark     opacity of a hair
    filled   0 … 1: how far the skin between the hairs is shaded, by hair or by a pencil
    arch, lift  in UV: how high the middle is drawn, and all of it lies
    """

    hairs: int
    width: float
    length: float
    dark: float
    filled: float
    arch: float
    lift: float

    @classmethod
    def random(cls, rng: np.random.Generator) -> Brow:
        """From plucked to bushy, from a few fair hairs to a bar: as dense ones as people have must
        be among them, else a model takes those for something that does not gray."""
        width = float(np.exp(rng.normal(0.0, 0.26)))
        return cls(
            hairs=int(600 * width * np.exp(rng.normal(0.0, 0.42))),
            width=width,
            length=float(np.exp(rng.normal(0.0, 0.18))),
            dark=float(rng.uniform(0.55, 1.0)),
            filled=float(rng.uniform(0.15, 1.0)),
            arch=float(rng.normal(0.0, 0.005)),
            lift=float(rng.normal(0.0, 0.003)),
        )


def brows(rng: np.random.Generator, size: int) -> Field:
    """Opacity (size, size) in 0..1 of seeded brows, hair by hair."""
    brow = Brow.random(rng)
    spine = through(np.asarray(_SPINE) + rng.normal(0.0, 0.0018, (6, 2)), 64)
    spine[:, 1] += brow.lift + brow.arch * np.sin(np.linspace(0.0, np.pi, 64))
    side = size * _OVERSAMPLING
    ink = np.zeros((side, side), np.float32)
    for flip in (False, True):
        for _ in range(brow.hairs):
            hair = _hair(rng, spine, brow)
            if flip:
                hair[:, 0] = 1.0 - hair[:, 0]
            pixels = np.stack([hair[:, 0], 1.0 - hair[:, 1]], 1) * side - 0.5
            shade = brow.dark * float(rng.uniform(0.5, 1.0))
            cv2.polylines(ink, [np.round(pixels * 16).astype(np.int32)], False, shade, 1,
                          cv2.LINE_AA, 4)  # fmt: skip
    return _settled(ink, size, brow.filled)


def _hair(rng: np.random.Generator, spine: np.ndarray, brow: Brow) -> np.ndarray:
    """One brow hair: six UV points from its root, steep at the nose, lying at the temple."""
    t = float(rng.uniform())
    half = 0.0165 * brow.width * (1.0 - 0.72 * t**1.6) * (0.6 + 0.4 * min(1.0, 5.0 * t))
    off = float(rng.normal(0.0, 0.42)) * half
    root = spine[int(t * 63)] + (0.0, off)
    length = brow.length * rng.uniform(0.010, 0.021) * (1.0 - 0.25 * t)
    lean = 64.0 - 62.0 * smoothstep(t, 0.0, 0.5) - 20.0 * t - 20.0 * off / half
    angle = np.radians(lean + rng.normal(0.0, 10.0))
    tip = root + length * np.array([-np.cos(angle), np.sin(angle)])
    return through([root, 0.5 * (root + tip) + (0.0, 0.08 * length), tip], 6)


def _settled(ink: Field, size: int, filled: float) -> Field:
    """Oversampled ink brought to the texture's size, hairs softened as skin softens them; filled:
    how much of the skin between them is shaded."""
    small = cv2.resize(ink, (size, size), interpolation=cv2.INTER_AREA)
    shadow = cv2.GaussianBlur(small, (0, 0), max(0.5, 0.005 * size))
    return as_field(np.clip(0.9 * small + (0.5 + 0.9 * filled) * shadow, 0.0, 0.94))


def beard_area(size: int) -> Field:
    """Where a beard grows, (size, size) in 0..1."""
    u, v = uv_grid(size)
    off = np.abs(u - 0.5)
    jaw = smooth_ramp(v, 0.52, 0.44) * smooth_ramp(v, 0.12, 0.24) * smooth_ramp(off, 0.42, 0.30)
    sideburn = 0.7 * np.exp(-(((off - 0.36) / 0.035) ** 2)) * smooth_ramp(v, 0.68, 0.58)
    area = np.maximum(np.maximum(jaw, sideburn * smooth_ramp(v, 0.2, 0.4)),
                      0.9 * np.clip(1.4 * place("upper_lip", size), 0, 1))  # fmt: skip
    return as_field(area * (1.0 - np.clip(1.5 * lips(size), 0.0, 1.0)))
