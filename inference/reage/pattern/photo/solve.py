"""The relief that explains photographs best: least squares over all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage.pattern.photo.light import CAVITY, Slopes
from reage.pixels.plate import Pixels

_FLAT = 1e-3
"""Weight of a relief's own height, in (log2 / 0.1 mm)²: what photographs do not tell is flat."""

_STEPS = 60


@dataclass(frozen=True)
class Evidence:
    """What photographs say of a relief h, summed: the normal equations of
    ½ Σ w (right · ∂h/∂x + down · ∂h/∂y + CAVITY · h − light)².

    gains (6, N, N): w times the products right², right·down, down², and right, down and CAVITY
    times CAVITY; light (3, N, N): w · light times right, down and CAVITY
    """

    gains: Pixels
    light: Pixels

    @classmethod
    def of(cls, light: Pixels, slopes: Slopes, weight: Pixels) -> Evidence:
        """light (N, N): log2 of light against what is around; weight (N, N) 0 … 1."""
        a, b, c = slopes.right, slopes.down, np.full_like(light, CAVITY)
        gains = np.stack([a * a, a * b, b * b, a * c, b * c, c * c]) * weight
        return cls(gains, np.stack([a, b, c]) * (weight * light))

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(self.gains + other.gains, self.light + other.light)

    def relief(self) -> Pixels:
        """(N, N) float32 in 0.1 mm, by conjugate gradients."""
        found = np.zeros_like(self.light[0])
        left = _back(self.light[0], self.light[1]) + self.light[2]
        way, size = left.copy(), float((left * left).sum())
        for _ in range(_STEPS):
            if size < 1e-12:
                break
            pushed = self._asked(way)
            step = size / float((way * pushed).sum())
            found += step * way
            left = left - step * pushed
            now = float((left * left).sum())
            way, size = left + (now / size) * way, now
        return np.asarray(found, np.float32)

    def of_relief(self, h: Pixels) -> Pixels:
        """(3, N, N): what `light` were if the relief h (N, N) were all there is."""
        aa, ab, bb, ac, bc, cc = self.gains
        x, y = _slope(h)
        return np.stack([
            aa * x + ab * y + ac * h, ab * x + bb * y + bc * h, ac * x + bc * y + cc * h,
        ])  # fmt: skip

    def _asked(self, h: Pixels) -> Pixels:
        right, down, depth = self.of_relief(h)
        return np.asarray(_back(right, down) + depth + np.float32(_FLAT) * h)


_KERNEL = np.array([[-0.5, 0.0, 0.5]], np.float32)


def _slope(h: Pixels) -> tuple[Pixels, Pixels]:
    """∂h/∂x and ∂h/∂y per texel, zero beyond the edge."""
    return _filtered(h, _KERNEL), _filtered(h, _KERNEL.T)


def _back(right: Pixels, down: Pixels) -> Pixels:
    """The transpose of `_slope`."""
    return _filtered(right, -_KERNEL) + _filtered(down, -_KERNEL.T)


def _filtered(field: Pixels, kernel: Pixels) -> Pixels:
    return np.asarray(
        cv2.filter2D(field, -1, np.ascontiguousarray(kernel), borderType=cv2.BORDER_CONSTANT)
    )
