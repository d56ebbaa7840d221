"""A change in bands of width: each twice as wide as the one before, and what is wider than all.

No band is shrunk. A smaller picture would have a line that lies between two of its pixels be
weaker than one that lies on a pixel; here it is as strong wherever it lies.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch.nn.functional as F
from torch import Tensor

GROUPS = {"detail": (0, 1, 2), "form": (3, 4), "tone": (5,)}
"""Which bands are of the width of wrinkles and pores (to σ = 3 px), of bags and folds (to 13 px)
and of the skin's tone. In pixels of what is given, so of a face as large as it is shown."""

NARROW = sum(len(numbers) for numbers in GROUPS.values()) - 1


def bands(picture: Tensor) -> Iterator[Tensor]:
    """NARROW + 1 tensors like `picture` (B, C, H, W), narrowest first, whose sum it is."""
    for number in range(NARROW):
        wider = _blurred(picture, 2**number)
        yield picture - wider
        picture = wider
    yield picture


def _blurred(picture: Tensor, step: int) -> Tensor:
    """[1 2 1]/4 over pixels `step` apart, both ways; the edge goes on as it ends."""
    rows, columns = picture.shape[-2:]
    x = F.pad(picture, (step, step, 0, 0), mode="replicate")
    x = (x[..., :columns] + 2 * x[..., step:-step] + x[..., -columns:]) / 4
    x = F.pad(x, (0, 0, step, step), mode="replicate")
    return (x[..., :rows, :] + 2 * x[..., step:-step, :] + x[..., -rows:, :]) / 4
