"""Textures read at a window's pixels."""

from __future__ import annotations

import torch
from torch import Tensor

_AT_ONCE = 8192
"""Pixels that a CPU reads at a time: what they need stays in its cache."""


def sampled(texture: Tensor, u: Tensor, v: Tensor, wrap: bool = False) -> Tensor:
    """Bilinear lookup: texture (N, N, C), u and v (P,) in 0 … 1, v upwards → (C, P) float32.

    Texels stand at their centers, row 0 at v = 1; beyond the edge the texture goes on with its
    last texels, or from its other side with `wrap`.
    """
    n, count = texture.shape[0], len(u)
    flat = texture.reshape(n * n, -1)
    out = torch.empty(flat.shape[1], count, device=u.device)
    step = _AT_ONCE if u.device.type == "cpu" else max(count, 1)
    for start in range(0, count, step):
        here = slice(start, start + step)
        out[:, here] = _some(flat, n, u[here], v[here], wrap).t()
    return out


def _some(flat: Tensor, n: int, u: Tensor, v: Tensor, wrap: bool) -> Tensor:
    """(P, C) of a texture as (N · N, C)."""
    x, y = u * n - 0.5, (1 - v) * n - 0.5
    left, top = x.floor(), y.floor()
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    i, j = left.long(), top.long()
    if wrap:
        i0, i1, j0, j1 = i % n, (i + 1) % n, j % n, (j + 1) % n
    else:
        i0, i1 = i.clamp(0, n - 1), (i + 1).clamp(0, n - 1)
        j0, j1 = j.clamp(0, n - 1), (j + 1).clamp(0, n - 1)

    corners = torch.stack([j0 * n + i0, j1 * n + i0, j0 * n + i1, j1 * n + i1])
    left_two, right_two = flat.index_select(0, corners.flatten()).float().chunk(2)
    above, below = left_two.lerp_(right_two, fx.repeat(2, 1)).chunk(2)
    return above.lerp_(below, fy)


def spread(values: Tensor, where: Tensor, height: int, width: int) -> Tensor:
    """(…, P) values at flat pixel numbers (P,) as planes (…, height, width), 0 elsewhere."""
    out = values.new_zeros(*values.shape[:-1], height * width)
    out[..., where] = values
    return out.reshape(*values.shape[:-1], height, width)
