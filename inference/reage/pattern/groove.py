"""Rasterises one crease: a groove with raised shoulders along a curve of the texture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.pattern.noise import Field
from reage.pattern.regions import Points

REACH = 5.5  # widths beyond which groove and shoulder have died away
STEP = 2  # of a crease's samples, one in so many: more would not be seen


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


def _nearest(
    points: Points, widths: Points, depths: Points, height: int, width: int, far: float
) -> tuple[Field, Field, Field]:
    """Signed distance to the polyline, and the width and depth at the nearest point.

    points (K, 2) px; widths, depths (K,). Each segment is looked at only within `far` px.
    """
    best = np.full((height, width), far * far, np.float32)
    side = np.zeros((height, width), np.float32)
    half = np.ones((height, width), np.float32)
    deep = np.zeros((height, width), np.float32)
    for k in range(len(points) - 1):
        (ax, ay), (dx, dy) = points[k], points[k + 1] - points[k]
        low = np.minimum(points[k], points[k + 1]) - far
        high = np.maximum(points[k], points[k + 1]) + far
        x0, y0 = np.maximum(low, 0).astype(int)
        x1, y1 = np.minimum(high.astype(int) + 2, (width, height))
        if x1 <= x0 or y1 <= y0:
            continue
        x = (np.arange(x0, x1, dtype=np.float32) - np.float32(ax))[None, :]
        y = (np.arange(y0, y1, dtype=np.float32) - np.float32(ay))[:, None]
        dx, dy = np.float32(dx), np.float32(dy)
        t = np.clip((x * dx + y * dy) / (dx * dx + dy * dy + np.float32(1e-12)), 0, 1)
        away = (x - t * dx) ** 2 + (y - t * dy) ** 2
        here = np.s_[y0:y1, x0:x1]
        nearer = away < best[here]
        best[here] = np.where(nearer, away, best[here])
        side[here] = np.where(nearer, np.where(dx * y - dy * x > 0, 1, -1), side[here])
        half[here] = np.where(nearer, widths[k] + t * (widths[k + 1] - widths[k]), half[here])
        deep[here] = np.where(nearer, depths[k] + t * (depths[k + 1] - depths[k]), deep[here])
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
    distance, width, depth = _nearest(
        (pixels - low)[::STEP], half[::STEP], depths[::STEP], span[1], span[0], far
    )
    x = distance / width
    # A rounded V, not a bell: skin folds sharply and swells slowly.
    valley = np.exp(-1.5 * (np.sqrt(x * x + 0.10) - 0.316))
    swell = np.exp(-(((np.abs(x) - 2.3) / 1.35) ** 2)) * (1.0 - lean * np.sign(x))
    fade = np.clip((far - np.abs(distance)) / (0.3 * far), 0.0, 1.0)
    relief = depth * fade * (shoulder * swell - valley)
    return Patch(int(low[1]), int(low[0]), relief.astype(np.float32))
