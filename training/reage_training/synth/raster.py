"""Triangles and strands to pixels: a z-buffer in plain loops, compiled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reage_training.synth.compiled import compiled
from reage_training.synth.head import Floats, Ints

FAR = 1e9


def empty(height: int, width: int) -> tuple[Floats, Ints, Floats]:
    """A cleared depth (H, W), triangle index (H, W; −1 = none) and barycentric (H, W, 2)."""
    return (
        np.full((height, width), FAR, np.float32),
        np.full((height, width), -1, np.int32),
        np.zeros((height, width, 2), np.float32),
    )


@compiled
def draw(
    points: npt.NDArray[np.float64],
    triangles: Ints,
    chosen: npt.NDArray[np.bool_],
    depth: Floats,
    index: Ints,
    weight: Floats,
) -> None:
    """Draw chosen triangles into the three buffers, in place; the nearest wins.

    points: (V, 3) x right, y down in pixels, depth in cm. Pixel (i, j) is sampled at its
    center. weight holds the barycentrics of corners 0 and 1. Both faces are drawn.
    """
    height, width = depth.shape
    for t in range(triangles.shape[0]):
        if not chosen[t]:
            continue
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        x0, y0, z0 = points[a, 0], points[a, 1], points[a, 2]
        x1, y1, z1 = points[b, 0], points[b, 1], points[b, 2]
        x2, y2, z2 = points[c, 0], points[c, 1], points[c, 2]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if area == 0.0:
            continue
        left = max(0, int(np.floor(min(x0, x1, x2) - 0.5)))
        right = min(width - 1, int(np.ceil(max(x0, x1, x2) - 0.5)))
        top = max(0, int(np.floor(min(y0, y1, y2) - 0.5)))
        bottom = min(height - 1, int(np.ceil(max(y0, y1, y2) - 0.5)))
        for y in range(top, bottom + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                w0 = ((x1 - px) * (y2 - py) - (x2 - px) * (y1 - py)) / area
                w1 = ((x2 - px) * (y0 - py) - (x0 - px) * (y2 - py)) / area
                w2 = 1.0 - w0 - w1
                if w0 < -1e-6 or w1 < -1e-6 or w2 < -1e-6:
                    continue
                z = w0 * z0 + w1 * z1 + w2 * z2
                if z < depth[y, x]:
                    depth[y, x] = z
                    index[y, x] = t
                    weight[y, x, 0] = w0
                    weight[y, x, 1] = w1


@compiled
def draw_strands(
    points: Floats, color: Floats, opacity: float, depth: Floats, image: Floats
) -> None:
    """Draw polylines (S, K, 3) over image (H, W, 12), in place.

    image: RGB as the hair is, skin coverage; RGB as if it were gray, hair coverage; RGB of an
    old face's features with the hair as it is, coverage by features. color (S, K, 6): the first
    two RGB. A strand lowers the coverage of what it covers.
    Depth is tested with 1 mm of patience (roots lie under the scalp) and updated.
    Order: the farthest strands first.
    """
    height, width = depth.shape
    for s in range(points.shape[0]):
        for k in range(points.shape[1] - 1):
            x0, y0, z0 = points[s, k, 0], points[s, k, 1], points[s, k, 2]
            x1, y1, z1 = points[s, k + 1, 0], points[s, k + 1, 1], points[s, k + 1, 2]
            steps = int(max(abs(x1 - x0), abs(y1 - y0))) + 1
            for j in range(steps):
                t = (j + 0.5) / steps
                x, y = int(np.floor(x0 + (x1 - x0) * t)), int(np.floor(y0 + (y1 - y0) * t))
                if x < 0 or y < 0 or x >= width or y >= height:
                    continue
                z = z0 + (z1 - z0) * t
                if z >= depth[y, x] + 0.1:
                    continue
                depth[y, x] = min(depth[y, x], np.float32(z))
                for c in range(3):
                    for shift in (0, 4, 8):
                        own = c + (3 if shift == 4 else 0)
                        hue = color[s, k, own] * (1 - t) + color[s, k + 1, own] * t
                        image[y, x, c + shift] += opacity * (hue - image[y, x, c + shift])
                image[y, x, 3] *= 1 - opacity
                image[y, x, 11] *= 1 - opacity
                image[y, x, 7] += opacity * (1 - image[y, x, 7])
