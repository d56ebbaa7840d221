"""What a sensor and a delivery do to the one picture that a model is given.

The change that it must find is that of the clean pictures: grain and blocks are no age.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from reage_training.pairs.encoding import linear, srgb
from reage_training.pairs.jpeg import compressed
from reage_training.render.light import gaussian
from reage_training.textures import Rng

_GAIN, _LIFT, _SLOPE = 5.56, 0.048, 0.0745
"""A log curve such as cameras have, of no make: 13.4 stops over its code, gray lifted."""


@dataclass(frozen=True)
class Sensor:
    """One draw. grain (3, h, w) times the root of light and `floor`; curve: (contrast, pivot)
    of a picture that was once an sRGB file, whose tone curve nobody undid; quality: of its JPEG;
    steps: code values of a log camera's file."""

    grain: Tensor | None
    floor: float
    curve: tuple[float, float] | None
    quality: int | None
    halved_chroma: bool
    steps: int | None

    def graded(self, rgb: Tensor) -> Tensor:
        """The tone curve, on every picture (V, 3, h, w); without one they stay."""
        if self.curve is None:
            return rgb
        contrast, pivot = self.curve
        shown = srgb(rgb)
        shown = shown + contrast * shown * (1 - shown) * (shown - pivot) * 2
        return linear(shown.clamp(0, 1))

    def noisy(self, rgb: Tensor) -> Tensor:
        """Grain on one picture (3, h, w), before its tone curve."""
        if self.grain is None:
            return rgb
        return rgb + self.grain * (rgb.clamp_min(0).sqrt() + self.floor)

    def delivered(self, rgb: Tensor) -> Tensor:
        """Code values and blocks, on the graded noisy picture (3, h, w)."""
        if self.curve is not None:
            shown = srgb(rgb)
            if self.quality is not None:
                return linear(compressed(shown, self.quality, self.halved_chroma))
            return linear((shown * 255).round() / 255)
        if self.steps is not None:
            code = (rgb.clamp_min(0) * _GAIN + _LIFT).log2() * _SLOPE
            code = (code * self.steps).round() / self.steps
            return (2 ** (code / _SLOPE) - _LIFT) / _GAIN
        return rgb


def draw_sensor(rng: Rng, size: int, device: torch.device, noise: torch.Generator) -> Sensor:
    """Film grain or sensor noise in seven of ten, an sRGB file in three, a log file in two."""
    grain = None
    if rng.random() < 0.7:
        luma, chroma = rng.uniform(0, 0.03), rng.uniform(0, 0.02)
        field = torch.randn(4, size, size, device=device, generator=noise)
        grain = field[:3] * chroma + field[3:] * luma
        if rng.random() < 0.6:
            sigma = float(rng.uniform(0.4, 1.3))
            grain = gaussian(grain[None], [sigma] * 3)[0] * 1.6
    kind = rng.random()
    curve = (rng.uniform(-0.1, 0.6), rng.uniform(0.35, 0.6)) if kind < 0.3 else None
    quality = int(rng.integers(45, 98)) if kind < 0.3 and rng.random() < 0.8 else None
    steps = int(rng.choice([255, 1023])) if 0.3 <= kind < 0.5 else None
    return Sensor(
        grain=grain,
        floor=float(rng.uniform(0.01, 0.1)),
        curve=curve,
        quality=quality,
        halved_chroma=bool(rng.random() < 0.6),
        steps=steps,
    )
