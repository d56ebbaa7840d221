"""A window of a view: turned, scaled, mirrored, and ready to be lit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from reage_training.synth.view import PLANES, UV, Planes


@dataclass(frozen=True)
class Window:
    """planes  (PLANES, h, w) float32 as `View`'s; UV as numbers 0 … 1
    to_view (2, 2): what a step in the window is in the view, px
    metadata of the view
    """

    planes: Tensor
    to_view: Tensor
    metadata: Mapping[str, Any]

    @property
    def px_per_texel(self) -> float:
        """Scale of the window against the view: 2 where it shows the face twice as large."""
        return 1 / float(torch.linalg.det(self.to_view).abs().sqrt())


def whole(planes: Planes, metadata: Mapping[str, Any], device: torch.device) -> Window:
    """All of a view as it is."""
    return Window(_numbers(planes).to(device), torch.eye(2, device=device), metadata)


def cut(
    planes: Planes,
    metadata: Mapping[str, Any],
    device: torch.device,
    size: int,
    scale: float,
    degrees: float,
    center: tuple[float, float],
    mirrored: bool,
) -> Window:
    """`size` px square around `center` (x, y) of the view; `scale` above 1 enlarges.

    Beyond the view's border it is mirrored. Only the part that shows is read.
    """
    turn = math.radians(degrees)
    c, s = math.cos(turn) / scale, math.sin(turn) / scale
    flip = -1.0 if mirrored else 1.0
    matrix = np.array([[c * flip, -s], [s * flip, c]])
    line = np.arange(size) + 0.5 - size / 2
    reach = np.abs(matrix).sum(1) * size / 2 + 3
    side = planes.shape[0]
    low = np.clip(np.floor(np.array(center) - reach), 0, side - 2).astype(int)
    high = np.clip(np.ceil(np.array(center) + reach), 2, side).astype(int)
    part = _numbers(planes[low[1] : high[1], low[0] : high[0]]).to(device)
    shrink = 1
    if scale < 0.75:  # against aliasing of what is finished; half the view is enough below
        part = F.avg_pool2d(F.pad(part[None], (0, part.shape[2] % 2, 0, part.shape[1] % 2),
                                  mode="replicate"), 2)[0]  # fmt: skip
        shrink = 2
    to = torch.tensor(matrix, dtype=torch.float32, device=device)
    steps = torch.tensor(line, dtype=torch.float32, device=device)
    grid = torch.stack(torch.meshgrid(steps, steps, indexing="xy"), -1) @ to.T
    start = torch.tensor(np.array(center) - low, dtype=torch.float32, device=device)
    grid = (grid + start) / shrink
    extent = torch.tensor([part.shape[2], part.shape[1]], device=device)
    grid = grid / extent * 2 - 1
    planes_here = F.grid_sample(
        part[None], grid[None], "bilinear", "reflection", align_corners=False
    )[0]
    return Window(planes_here, to, metadata)


def _numbers(planes: Planes) -> Tensor:
    """(h, w, PLANES) float16 as (PLANES, h, w) float32, UV as numbers."""
    array = np.array(planes)
    assert array.shape[-1] == PLANES
    out = torch.from_numpy(array).float()
    codes = torch.from_numpy(np.ascontiguousarray(array[..., UV]).view(np.int16))
    out[..., UV] = (codes.int() & 0xFFFF) / 65535
    return out.permute(2, 0, 1)
