"""Picture encodings of renders: of arrays by `reage.pixels.color`, and on tensors; a test holds
the two against each other."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from reage.pixels.color import Encoder
from reage.pixels.plate import Pixels
from reage_training.synth.view import REC709_TO_ACESCG

_A, _B = 10.5402377416545, 0.0729055341958355
_BREAK = 0.0078125
"""Slope, offset and upper end of ACEScct's toe (S-2016-001)."""


def code() -> Encoder:
    """From the renders' ACEScg to the code values that everything is measured in."""
    return Encoder("ACEScg", "ACEScct")


def shown(codes: Pixels) -> Pixels:
    """(h, w, 3) ACEScct → sRGB, clipped to 0 … 1."""
    light = code().decode(np.ascontiguousarray(codes))
    return np.asarray(np.clip(Encoder("ACEScg", "sRGB").encode(light), 0, 1), np.float32)


def acescct(rgb: Tensor) -> Tensor:
    """Scene-linear ACEScg (…) → ACEScct. Not below the toe's zero for what is negative."""
    high = (rgb.clamp_min(_BREAK).log2() + 9.72) / 17.52
    return torch.where(rgb <= _BREAK, _A * rgb + _B, high)


def light(code: Tensor) -> Tensor:
    """ACEScct (…) → scene-linear ACEScg: what `acescct` takes."""
    low = (code - _B) / _A
    return torch.where(code <= _A * _BREAK + _B, low, 2 ** (code * 17.52 - 9.72))


def _matrix(like: Tensor, inverse: bool) -> Tensor:
    m = torch.from_numpy(REC709_TO_ACESCG).to(like)
    return torch.linalg.inv(m) if inverse else m


def srgb(rgb: Tensor) -> Tensor:
    """(…, 3, h, w) scene-linear ACEScg → sRGB 0 … 1, clipped (IEC 61966-2-1)."""
    x = torch.einsum("dc,...chw->...dhw", _matrix(rgb, True), rgb).clamp(0, 1)
    return torch.where(x <= 0.0031308, 12.92 * x, 1.055 * x.clamp_min(1e-6) ** (1 / 2.4) - 0.055)


def linear(shown: Tensor) -> Tensor:
    """(…, 3, h, w) sRGB 0 … 1 → scene-linear ACEScg."""
    low, high = shown / 12.92, ((shown.clamp_min(0) + 0.055) / 1.055) ** 2.4
    return torch.einsum(
        "dc,...chw->...dhw", _matrix(shown, False), torch.where(shown <= 0.04045, low, high)
    )
