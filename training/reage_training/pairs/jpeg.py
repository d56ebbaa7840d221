"""What JPEG and 8-bit video do to a picture, on tensors."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

_LUMA = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_CHROMA = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
    *(99,) * 32,
)  # fmt: skip
"""Quantisation tables of ITU-T T.81, annex K."""
_TO_YCC = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))
"""ITU-T T.871 (JFIF)."""


def compressed(shown: Tensor, quality: int, halved_chroma: bool) -> Tensor:
    """(3, h, w) sRGB 0 … 1, sides multiples of 16 → the same after JPEG at 1 … 100."""
    matrix = shown.new_tensor(_TO_YCC)
    ycc = torch.einsum("dc,chw->dhw", matrix, shown) * 255
    luma = _coded(ycc[:1] - 128, _LUMA, quality) + 128
    chroma = ycc[1:]
    if halved_chroma:
        chroma = F.avg_pool2d(chroma[None], 2)[0]
    chroma = _coded(chroma, _CHROMA, quality)
    if halved_chroma:
        chroma = F.interpolate(chroma[None], scale_factor=2.0, mode="bilinear")[0]
    back = torch.linalg.inv(matrix)
    rgb = torch.einsum("dc,chw->dhw", back, torch.cat([luma, chroma]) / 255)
    return ((rgb.clamp(0, 1) * 255).round()) / 255


def _coded(planes: Tensor, table: tuple[int, ...], quality: int) -> Tensor:
    """(C, h, w) through the quantised cosine transform of 8 × 8 blocks."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    steps = ((planes.new_tensor(table).reshape(8, 8) * scale + 50) / 100).floor().clamp(1, 255)
    c, h, w = planes.shape
    blocks = planes.reshape(c, h // 8, 8, w // 8, 8).permute(0, 1, 3, 2, 4)
    k = torch.arange(8, dtype=planes.dtype, device=planes.device)
    basis = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) * 0.5
    basis[0] = math.sqrt(1 / 8)
    coded = (basis @ blocks @ basis.T / steps).round() * steps
    return (basis.T @ coded @ basis).permute(0, 1, 3, 2, 4).reshape(c, h, w)
