"""What the network is asked to do, as one number.

Errors are weighted to the skin and counted at every size: a Laplacian pyramid keeps fine
lines, which a plain L1 averages away, as dear as broad tone. How strong the change is counts
as well, see `strength`.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from reage_training.network import (
    HAIR,
    HAIR_COVERAGE,
    ON_SKIN,
    PER_UNIT,
    SKIN_COVERAGE,
    residual_of,
)
from reage_training.strength import FORMS

BESIDE_SKIN = 0.3
"""Weight of an error where there is no skin; 1 + this on skin."""

LEVELS = (2.5, 2.5, 1.5, 0.8)
"""Weights of the pyramid's details, finest first, before the coarse rest with weight 1."""

MASK = 0.2
"""Weight of the coverage's cross-entropy."""

GRAYING = 0.15
"""Weight of the hair's graying, which is ten times as strong as what happens to the skin."""

EACH = 0.4
"""Weight of the error of each part by itself, against that of the change they make together."""


def loss(
    parts: Tensor, logits: Tensor, truth: Tensor, coverage: Tensor, form: str = "local"
) -> Tensor:
    """Scalar. parts, truth (B, 12, H, W) in ACEScct, as they show; logits, coverage (B, 2, H, W);
    float32. form: of `strength.FORMS`."""
    shown, truth = parts / PER_UNIT, truth / PER_UNIT
    error = shown - truth
    skin, hair = coverage[:, SKIN_COVERAGE].contiguous(), coverage[:, HAIR_COVERAGE]
    change = pyramid(residual_of(error), skin + BESIDE_SKIN)
    strength, weight = FORMS[form]
    strong = weight * strength(residual_of(shown), residual_of(truth), skin)
    each = pyramid(error[:, ON_SKIN].contiguous(), skin + BESIDE_SKIN)
    graying = (error[:, HAIR].abs() * hair).mean()
    mask = F.binary_cross_entropy_with_logits(logits, coverage)
    return change + strong + EACH * 3 * each + GRAYING * graying + MASK * mask


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
