"""Skin that was smoothed before a model sees it: by make-up, a retoucher, a phone or a denoiser.

Rendered young skin always has its pores; much that is photographed has none, and a model that has
never seen such skin leaves it alone.
"""

from __future__ import annotations

import torch
from torch import Tensor

from reage_training.render.light import gaussian
from reage_training.textures import Rng

CHANCE = 0.25
EDGE = 0.12
"""Contrast in ln of light at which something is an edge, and stays: a nostril, a lid."""


def retouched(rng: Rng, rgb: Tensor, skin: Tensor) -> Tensor:
    """A scene-linear picture (3, h, w) with less of what is fine on its skin (h, w) 0 … 1."""
    sigma, amount = float(rng.uniform(1.0, 4.0)), float(rng.uniform(0.3, 1.0))
    light = rgb.clamp_min(1e-4).log()
    fine = light - gaussian(light[None], [sigma] * 3)[0]
    flat = (-((fine.mean(0) / EDGE) ** 2)).exp()
    return torch.where(rgb > 1e-4, rgb * (-amount * skin * flat * fine).exp(), rgb)
