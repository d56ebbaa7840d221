"""Rasterises one crease: a groove with raised shoulders along a curve of the texture."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from reage_training.synth.noise import Field
from reage_training.synth.regions import Points

REACH = 5.5  # widths beyond which groove and shoulder have died away


@dataclass(frozen=True)
class Patch:
    """A piece of texture: (h, w) float32 heights whose top-left texel is (top, left)."""

    top: int
    left: int
    height: Field

    def add_to(self, canvas: Field, gain: float) -> None:
        """Add `gain` times the patch to a canvas of the whole texture, in place."""
        h, w = self.height.shape
        canvas[self.top : self.top + h, self.left : self.left + w] += gain * self.height


@numba.njit(cache=True)
def _nearest(points, widths, depths, height, width, far):  # type: ignore[no-untyped-def]
    """Signed distance to the polyline, and the width and depth at the nearest point."""
    best = np.full((height, width), far * far, np.float32)
    side = np.zeros((height, width), np.float32)
    half = np.ones((height, width), np.float32)
    deep = np.zeros((height, width), np.float32)
    for k in range(len(points) - 1):
        ax, ay = points[k]
        bx, by = points[k + 1]
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy + 1e-12
        reach = far
        x0, x1 = max(0, int(min(ax, bx) - reach)), min(width, int(max(ax, bx) + reach) + 2)
        y0, y1 = max(0, int(min(ay, by) - reach)), min(height, int(max(ay, by) + reach) + 2)
        for y in range(y0, y1):
            for x in range(x0, x1):
                t = ((x - ax) * dx + (y - ay) * dy) / length2
                t = min(max(t, 0.0), 1.0)
                ex, ey = x - ax - t * dx, y - ay - t * dy
                d2 = ex * ex + ey * ey
                if d2 < best[y, x]:
                    best[y, x] = d2
                    side[y, x] = 1.0 if dx * ey - dy * ex > 0 else -1.0
                    half[y, x] = widths[k] + t * (widths[k + 1] - widths[k])
                    deep[y, x] = depths[k] + t * (depths[k + 1] - depths[k])
    return np.sqrt(best) * side, half, deep


def groove(
    points: Points, widths: Points, depths: Points, size: int, shoulder: float, lean: float
) -> Patch | None:
    """The relief of one crease, or None where it lies off the texture.

    points: (K, 2) UV; widths, depths: (K,), half width in UV and depth (any unit,
    positive is deep). `shoulder` is the height of the raised edges against the depth;
    `lean` in -1..1 gives more of it to the left (+) or right (-) of the running curve.
    """
    pixels = np.stack([points[:, 0] * size, (1.0 - points[:, 1]) * size], axis=1) - 0.5
    half = np.maximum(widths * size, 0.55)
    far = float(REACH * half.max())
    low = np.clip(np.floor(pixels.min(axis=0) - far), 0, size).astype(int)
    high = np.clip(np.ceil(pixels.max(axis=0) + far) + 1, 0, size).astype(int)
    if (high <= low).any():
        return None
    span = high - low
    distance, width, depth = _nearest(pixels - low, half, depths, span[1], span[0], far)
    x = distance / width
    # A rounded V, not a bell: skin folds sharply and swells slowly.
    valley = np.exp(-1.5 * (np.sqrt(x * x + 0.10) - 0.316))
    swell = np.exp(-(((np.abs(x) - 2.3) / 1.35) ** 2)) * (1.0 - lean * np.sign(x))
    fade = np.clip((far - np.abs(distance)) / (0.3 * far), 0.0, 1.0)
    relief = depth * fade * (shoulder * swell - valley)
    return Patch(int(low[1]), int(low[0]), relief.astype(np.float32))
