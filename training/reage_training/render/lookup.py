"""Textures read at a window's pixels."""

from __future__ import annotations

import torch
from torch import Tensor


def sampled(texture: Tensor, u: Tensor, v: Tensor, wrap: bool = False) -> Tensor:
    """Bilinear lookup: texture (N, N, C), u and v (P,) in 0 … 1, v upwards → (P, C) float32.

    Texels stand at their centres, row 0 at v = 1; beyond the edge the texture goes on with its
    last texels, or from its other side with `wrap`.
    """
    n = texture.shape[0]
    x, y = u * n - 0.5, (1 - v) * n - 0.5
    left, top = x.floor(), y.floor()
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    i, j = left.long(), top.long()
    if wrap:
        i0, i1, j0, j1 = i % n, (i + 1) % n, j % n, (j + 1) % n
    else:
        i0, i1 = i.clamp(0, n - 1), (i + 1).clamp(0, n - 1)
        j0, j1 = j.clamp(0, n - 1), (j + 1).clamp(0, n - 1)
    flat = texture.reshape(n * n, -1)
    above = torch.lerp(flat[j0 * n + i0].float(), flat[j0 * n + i1].float(), fx)
    below = torch.lerp(flat[j1 * n + i0].float(), flat[j1 * n + i1].float(), fx)
    return torch.lerp(above, below, fy)


def spread(values: Tensor, where: Tensor, height: int, width: int) -> Tensor:
    """(P, C) values at flat pixel numbers (P,) as planes (C, height, width), 0 elsewhere."""
    out = values.new_zeros(height * width, values.shape[1])
    out[where] = values
    return out.t().reshape(-1, height, width)
