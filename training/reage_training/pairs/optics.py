"""What stands before a face, falls on it and bends on its way to the sensor: the same for every
age, so that the change is seen as this camera would see it.

Each step is drawn with its numbers and fields in it and takes (V, 3, h, w) scene-linear ACEScg.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from reage_training.render.light import gaussian
from reage_training.textures import Rng, occluder_matte, texture

Step = Callable[[Tensor], Tensor]


def draw_optics(rng: Rng, size: int, device: torch.device) -> tuple[list[Step], Tensor]:
    """Steps in their order, and the coverage (size, size) 0 … 1 of what stands in front."""
    steps: list[Step] = []
    coverage = torch.zeros(size, size, device=device)
    if rng.random() < 0.15:
        matte = torch.from_numpy(occluder_matte(rng, size)).to(device)
        look = torch.from_numpy(texture(rng, size)).permute(2, 0, 1).to(device)
        steps.append(lambda rgb: torch.lerp(rgb, look, matte))
        coverage = matte
    for chance, make in (
        (0.4, _light_gradient),
        (0.1, _backlight),
        (1.0, _grade),
        (0.45, _defocus),
        (0.08, _motion),
        (0.12, _upscaled),
        (0.35, _sharpened),
        (0.2, _clipped),
    ):
        if rng.random() < chance:
            steps.append(make(rng, size, device))
    return steps, coverage


def _axes(rng: Rng, size: int, device: torch.device) -> Tensor:
    """(size, size) coordinate in px along a random direction, zero in the middle."""
    t = rng.uniform(0, 2 * np.pi)
    line = torch.arange(size, device=device) + (0.5 - size / 2)
    return line[None, :] * math.cos(t) + line[:, None] * math.sin(t)


def smooth_field(rng: Rng, size: int, cells: int, device: torch.device) -> Tensor:
    """(size, size) of unit-variance noise whose features are about size / cells px wide."""
    coarse = torch.from_numpy(rng.standard_normal((1, 1, cells + 3, cells + 3), dtype=np.float32))
    return F.interpolate(coarse.to(device), (size, size), mode="bicubic", align_corners=False)[0, 0]


def _light_gradient(rng: Rng, size: int, device: torch.device) -> Step:
    """Light that falls off across the face, with color."""
    if rng.random() < 0.5:
        field = _axes(rng, size, device) * (rng.uniform(0.2, 1.2) / size)
    else:
        field = smooth_field(rng, size, int(rng.integers(1, 4)), device) * rng.uniform(0.05, 0.3)
    tint = torch.tensor(rng.normal(1, 0.15, 3), dtype=torch.float32, device=device)
    factor = (field * tint[:, None, None]).exp()
    return lambda rgb: rgb * factor


def _backlight(rng: Rng, size: int, device: torch.device) -> Step:
    """Veiling glare from one side."""
    veil = torch.sigmoid(_axes(rng, size, device) * (rng.uniform(4, 12) / size))
    color = rng.uniform(0.02, 0.35) * np.exp(rng.normal(0, 0.15, 3))
    glare = veil * torch.tensor(color, dtype=torch.float32, device=device)[:, None, None]
    return lambda rgb: rgb + glare


def _grade(rng: Rng, size: int, device: torch.device) -> Step:
    """Exposure ±1.5 stops, white balance, and a cross-talk matrix that keeps gray gray."""
    exposure = 2 ** rng.uniform(-1.5, 1.5)
    balance = np.exp(rng.normal(0, 0.07, 3))
    talk = np.eye(3) + rng.normal(0, 0.04, (3, 3))
    saturate = np.exp(rng.normal(0, 0.22))
    mix = saturate * np.eye(3) + (1 - saturate) / 3
    matrix = mix @ (talk / talk.sum(1, keepdims=True)) * (balance * exposure)
    m = torch.tensor(matrix, dtype=torch.float32, device=device)
    return lambda rgb: torch.einsum("dc,vchw->vdhw", m, rgb)


def _defocus(rng: Rng, size: int, device: torch.device) -> Step:
    sigma = float(np.exp(rng.uniform(np.log(0.3), np.log(1.6))))
    return lambda rgb: gaussian(rgb, [sigma] * 3)


def _motion(rng: Rng, size: int, device: torch.device) -> Step:
    """A straight smear of up to 7 px."""
    length, t = rng.uniform(1.5, 7.0), rng.uniform(0, np.pi)
    line = torch.arange(-4, 5, dtype=torch.float32, device=device)
    x, y = line[None, :], line[:, None]
    along = x * math.cos(t) + y * math.sin(t)
    across = y * math.cos(t) - x * math.sin(t)
    kernel = (length / 2 + 0.5 - along.abs()).clamp(0, 1) * (1 - across.abs()).clamp(0, 1)
    kernel = (kernel / kernel.sum()).expand(3, 1, 9, 9)
    return lambda rgb: F.conv2d(F.pad(rgb, (4, 4, 4, 4), mode="replicate"), kernel, groups=3)


def _upscaled(rng: Rng, size: int, device: torch.device) -> Step:
    """A picture that was smaller once."""
    side = int(size * rng.uniform(0.4, 0.8))

    def step(rgb: Tensor) -> Tensor:
        small = F.interpolate(rgb, (side, side), mode="area")
        large = F.interpolate(small, (size, size), mode="bicubic", align_corners=False)
        return large.clamp_min(0)

    return step


def _sharpened(rng: Rng, size: int, device: torch.device) -> Step:
    sigma, amount = float(rng.uniform(0.6, 2.5)), float(rng.uniform(0.2, 1.2))
    return lambda rgb: (rgb + amount * (rgb - gaussian(rgb, [sigma] * 3))).clamp_min(0)


def _clipped(rng: Rng, size: int, device: torch.device) -> Step:
    """A sensor's white."""
    white = float(2 ** rng.uniform(-1, 4))
    return lambda rgb: rgb.clamp_max(white)
