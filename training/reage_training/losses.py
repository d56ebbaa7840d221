"""What the network is asked to do, as one number.

Errors are weighted to the skin and counted at every size: a Laplacian pyramid keeps fine
lines, which a plain L1 averages away, as dear as broad tone.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from reage_training.network import PER_UNIT

BESIDE_SKIN = 0.12
"""Weight of an error where there is no skin; 1 + this on skin."""

LEVELS = (2.5, 2.5, 1.5, 0.8)
"""Weights of the pyramid's details, finest first, before the coarse rest with weight 1."""

MASK = 0.04
"""Weight of the mask's cross-entropy."""


def loss(delta: Tensor, logits: Tensor, truth: Tensor, skin: Tensor) -> Tensor:
    """Scalar. delta, truth (B, 3, H, W) in ACEScct; logits, skin (B, 1, H, W). float32."""
    error = (delta * torch.sigmoid(logits) - truth) / PER_UNIT
    mask = F.binary_cross_entropy_with_logits(logits, skin)
    return pyramid(error.contiguous(), skin.contiguous() + BESIDE_SKIN) + MASK * mask


def pyramid(error: Tensor, weight: Tensor) -> Tensor:
    """Scalar: weighted mean of |error| as it is and of its detail at each size.

    error (B, C, H, W), weight (B, 1, H, W); H and W divisible by 16.
    """
    total = (error.abs() * weight).mean()
    for level in LEVELS:
        coarse = F.avg_pool2d(error, 2)
        broad = F.interpolate(coarse, scale_factor=2.0, mode="bilinear", align_corners=False)
        total = total + level * ((error - broad).abs() * weight).mean()
        error, weight = coarse, F.avg_pool2d(weight, 2)
    return total + (error.abs() * weight).mean()
