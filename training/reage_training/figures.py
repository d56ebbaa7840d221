"""What is measured of a model: sums over pictures, and the figures they make."""

from __future__ import annotations

from dataclasses import dataclass, fields

import cv2
import numpy as np

from reage.plate import Pixels
from reage_training.textures import Plane

DETAIL = 3.0
"""σ in px of the Gaussian below which change counts as fine detail, on 512 px crops."""


@dataclass(frozen=True)
class Sums:
    """What one picture adds. Deltas in ACEScct code values; sums over pixels and channels."""

    skin: float = 0.0
    error: float = 0.0
    nothing: float = 0.0
    detail_made: float = 0.0
    detail_true: float = 0.0
    detail_both: float = 0.0
    beside: float = 0.0
    spilled: float = 0.0
    changed: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sums)))

    def figures(self) -> dict[str, float]:
        """Means and ratios.

        reduction           error on skin: 1 − left / doing nothing's (1 is perfect)
        error, nothing      mean |difference from the truth| on skin, with the model and without
        detail_amplitude    fine detail of the delta: RMS against the true one's
        detail_correlation  and how much it lies where the true one does
        change              mean |delta| on skin
        outside             mean |delta| where there is no skin
        """
        out = {
            "error": _ratio(self.error, self.skin),
            "nothing": _ratio(self.nothing, self.skin),
            "change": _ratio(self.changed, self.skin),
            "outside": _ratio(self.spilled, self.beside),
        }
        if self.nothing > 0:
            both = np.sqrt(self.detail_made * self.detail_true)
            out["reduction"] = 1 - self.error / self.nothing
            out["detail_amplitude"] = float(np.sqrt(_ratio(self.detail_made, self.detail_true)))
            out["detail_correlation"] = _ratio(self.detail_both, both)
        return {name: round(float(value), 5) for name, value in out.items()}


def measure(made: Pixels, true: Pixels, skin: Plane) -> Sums:
    """One picture's part: the model's and the true delta (h, w, 3), skin (h, w) 0 … 1."""
    weight = skin[..., None]
    off = (skin < 0.01)[..., None]
    fine_made, fine_true = _fine(made), _fine(true)
    return Sums(
        skin=float(weight.sum()) * 3,
        error=_total(np.abs(made - true) * weight),
        nothing=_total(np.abs(true) * weight),
        detail_made=_total(fine_made**2 * weight),
        detail_true=_total(fine_true**2 * weight),
        detail_both=_total(fine_made * fine_true * weight),
        beside=float(off.sum()) * 3,
        spilled=_total(np.abs(made) * off),
        changed=_total(np.abs(made) * weight),
    )


def _fine(delta: Pixels) -> Pixels:
    return np.asarray(delta - cv2.GaussianBlur(delta, (0, 0), DETAIL), np.float32)


def _total(array: Pixels) -> float:
    return float(array.sum(dtype=np.float64))


def _ratio(a: float, b: float) -> float:
    return a / b if b > 0 else 0.0
