"""The textures that all skins are woven from, on a device: patterns, noise, places.

Nothing here belongs to one person: a person is a few numbers that say which pattern, which
piece of noise, how much of each (see `look`). So people are endless and cost no memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from reage.errors import SettingsError
from reage.pattern.regions import lips, place
from reage_training.synth.brows import beard_area
from reage_training.synth.patterns import PATTERNS, SHAPES, read_seen

NOISE_SIZE, PLACE_SIZE = 768, 384
LEVELS = 4
"""Sizes that a texture is kept in: down to a face of about 100 px with nothing that flickers."""

GRAIN, PITS, MIDDLE_GRAIN, SMALL, MAZE, BLOTCH, MIDDLE, BROAD = range(8)
"""Channels of the noise; each has mean 0 and deviation 1."""
_SIGMAS = (0.0009, 0.0013, 0.0025, 0.008, 0.0035, 0.018, 0.022, 0.070)
"""Of each, in units of face UV; about 300 mm is one."""

PLACES = (
    "cheek", "nose", "alar", "ear", "lid", "under_eye", "inner_eye", "forehead", "chin",
)  # fmt: skip
LIPS, THIN_LIPS, BEARD = len(PLACES), len(PLACES) + 1, len(PLACES) + 2


@dataclass(frozen=True)
class Bank:
    """Tensors on one device, channels last, float16 where large.

    patterns  LEVELS of (P, N, N, C), each half the size of the one before, see `synth.patterns`
    noise     LEVELS of (NOISE_SIZE, NOISE_SIZE, 8), tileable
    places    (PLACE_SIZE, PLACE_SIZE, 12): PLACES, lips, thin lips, beard; 0 … 1
    shapes    (F, M, M) cm, see `synth.ageing`, as (M, M, F)
    seen      LEVELS of (P, N, N, 3): the maps that photographs of each pattern give, see
              `synth.patterns`; () in a dataset without them
    """

    patterns: tuple[Tensor, ...]
    noise: tuple[Tensor, ...]
    places: Tensor
    shapes: Tensor
    seen: tuple[Tensor, ...] = ()

    @property
    def device(self) -> torch.device:
        return self.places.device

    @property
    def count(self) -> int:
        """Of patterns."""
        return self.patterns[0].shape[0]


def open_bank(folder: Path, device: torch.device) -> Bank:
    """The bank of a dataset's folder. Raises SettingsError where it has none."""
    try:
        patterns = np.load(folder / PATTERNS, mmap_mode="r")
        shapes = np.load(folder / SHAPES)
    except (OSError, ValueError) as e:
        raise SettingsError(
            f"{folder} holds no patterns ({PATTERNS}, {SHAPES}); write a set with "
            "`reage-train synth`."
        ) from e
    return bank_of(np.array(patterns), shapes, device, read_seen(folder, len(patterns)))


def bank_of(
    patterns: np.ndarray, shapes: np.ndarray, device: torch.device, seen: np.ndarray | None = None
) -> Bank:
    """A bank of patterns (P, N, N, C) float16, shapes (F, M, M) and what is seen of the patterns
    (P, N, N, 3), see `synth.patterns`."""
    fine = torch.from_numpy(patterns).to(device)
    noise = torch.from_numpy(_noise()).to(device)
    return Bank(
        _levels(fine),
        tuple(level[0].half() for level in _levels(noise[None])),
        _plain(torch.from_numpy(textures_of_places())).to(device),
        _plain(torch.from_numpy(shapes).permute(1, 2, 0).contiguous()).to(device),
        () if seen is None else _levels(torch.from_numpy(seen).to(device)),
    )


def _plain(texture: Tensor) -> Tensor:
    """Without the far ends of bells, whose numbers are so small that CPUs are slow with them."""
    return torch.where(texture.abs() < 1e-7, 0.0, texture)


def _levels(textures: Tensor) -> tuple[Tensor, ...]:
    """(P, N, N, C) and its halvings, LEVELS in all."""
    levels = [textures]
    while len(levels) < LEVELS:
        levels.append(_halved(levels[-1]))
    return tuple(levels)


def level(texel: float, side: int) -> int:
    """The level whose texels are about a pixel wide, which spans `texel` of a texture's side."""
    return int(np.clip(np.rint(np.log2(max(texel * side, 1e-6))), 0, LEVELS - 1))


def _halved(textures: Tensor) -> Tensor:
    """(P, N, N, C) at half the side, a mean of four texels each."""
    out = []
    for one in textures:
        planes = one.float().permute(2, 0, 1)[None]
        out.append(torch.nn.functional.avg_pool2d(planes, 2)[0].permute(1, 2, 0))
    return torch.stack(out).to(textures.dtype)


def _noise() -> np.ndarray:
    """Noise whose edges meet: far larger noise would need far more memory."""
    rng = np.random.default_rng(20)
    return np.stack([_tileable(rng, sigma) for sigma in _SIGMAS], -1)


def _tileable(rng: np.random.Generator, sigma: float) -> np.ndarray:
    """Blurred white noise on a torus, mean 0, deviation 1, (NOISE_SIZE, NOISE_SIZE)."""
    n = NOISE_SIZE
    white = np.fft.rfft2(rng.standard_normal((n, n)))
    f = np.hypot(np.fft.fftfreq(n)[:, None], np.fft.rfftfreq(n)[None, :])
    soft = np.fft.irfft2(white * np.exp(-0.5 * (2 * np.pi * f * max(0.5, sigma * n)) ** 2), (n, n))
    return np.asarray((soft - soft.mean()) / soft.std(), np.float32)


def textures_of_places() -> np.ndarray:
    """(PLACE_SIZE, PLACE_SIZE, 12) float32, see `Bank.places`."""
    size = PLACE_SIZE
    mouth = lips(size)
    planes = [place(name, size) for name in PLACES]
    planes += [mouth, _narrowed(mouth), beard_area(size)]
    return np.stack(planes, -1).astype(np.float32)


def _narrowed(mouth: np.ndarray) -> np.ndarray:
    """The lips with about a quarter of their height gone, and no sharp edge any more."""
    span = max(1, round(0.009 * PLACE_SIZE))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * span + 1, 2 * span + 1))
    thin = cv2.erode(mouth, kernel)
    return np.asarray(cv2.GaussianBlur(thin, (0, 0), max(0.5, 0.0050 * PLACE_SIZE)))
