"""What is measured of a change: sums over pictures, and the figures they make.

All in ACEScct code values, in which a stop is 1 / 17.52 = 0.057.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import cv2
import numpy as np

from reage.pixels.plate import Pixels
from reage_training.textures import Plane

DETAIL = 3.0
"""σ in px of the Gaussian below which change counts as fine detail, on 512 px views; on others
it is as large against the view."""

_SIDE = 512

NO_SKIN = 0.01
"""Coverage below which a pixel is outside the skin; hair is outside, eyes and teeth are not."""


@dataclass(frozen=True)
class ErrorStats:
    """How much a made change is like the true one: sums over pixels and channels, as shares of a
    picture's pixels, so that large pictures count no more than small ones.

    weight of the pixels, |made − true|, |true|, |made|, made², true², made × true
    """

    weight: float = 0.0
    error: float = 0.0
    nothing: float = 0.0
    change: float = 0.0
    made2: float = 0.0
    true2: float = 0.0
    both: float = 0.0

    @classmethod
    def of(cls, made: Pixels, true: Pixels, coverage: Plane) -> ErrorStats:
        """made, true (h, w, 3), coverage (h, w) 0 … 1."""
        weight = coverage[..., None] / np.float32(coverage.size)
        return cls(
            weight=_total(weight) * made.shape[-1],
            error=_total(np.abs(made - true) * weight),
            nothing=_total(np.abs(true) * weight),
            change=_total(np.abs(made) * weight),
            made2=_total(made**2 * weight),
            true2=_total(true**2 * weight),
            both=_total(made * true * weight),
        )

    def __add__(self, other: ErrorStats) -> ErrorStats:
        sums = (getattr(self, f.name) + getattr(other, f.name) for f in fields(ErrorStats))
        return ErrorStats(*sums)

    @property
    def reduction(self) -> float | None:
        """1 − error left / doing nothing's; 1 is perfect. None where nothing is to be done."""
        return 1 - self.error / self.nothing if self.nothing > 0 else None

    @property
    def amplitude(self) -> float | None:
        """RMS against the true one's."""
        return float(np.sqrt(self.made2 / self.true2)) if self.true2 > 0 else None

    @property
    def correlation(self) -> float | None:
        """How much it lies where the true one does: Σ made × true / √(Σ made² × Σ true²)."""
        both = float(np.sqrt(self.made2 * self.true2))
        if self.true2 == 0:
            return None
        return self.both / both if both > 0 else 0.0

    def mean(self, name: str) -> float:
        """`error`, `nothing` or `change` per pixel and channel."""
        return float(getattr(self, name)) / self.weight if self.weight > 0 else 0.0


@dataclass(frozen=True)
class Sums:
    """What one picture adds."""

    whole: ErrorStats
    fine: ErrorStats
    outside: ErrorStats

    @classmethod
    def of(cls, made: Pixels, true: Pixels, skin: Plane) -> Sums:
        off = (skin < NO_SKIN).astype(np.float32)
        nothing = np.zeros_like(true)
        return cls(
            ErrorStats.of(made, true, skin),
            ErrorStats.of(fine(made), fine(true), skin),
            ErrorStats.of(made, nothing, off),
        )

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.whole + other.whole, self.fine + other.fine, self.outside + other.outside
        )

    def figures(self) -> dict[str, float]:
        """Means and ratios; those that have no meaning are left out.

        error, nothing      mean |difference from the truth| on skin, with the model and without
        change, outside     mean |delta| on skin, and where there is none
        reduction           error on skin: 1 − left / doing nothing's
        detail_amplitude    fine detail of the delta: RMS against the true one's
        detail_correlation  and how much it lies where the true one does
        """
        out = {
            "error": self.whole.mean("error"),
            "nothing": self.whole.mean("nothing"),
            "change": self.whole.mean("change"),
            "outside": self.outside.mean("change"),
            "reduction": self.whole.reduction,
            "detail_amplitude": self.fine.amplitude if self.whole.nothing else None,
            "detail_correlation": self.fine.correlation if self.whole.nothing else None,
        }
        return {name: round(value, 5) for name, value in out.items() if value is not None}


def fine(picture: Pixels) -> Pixels:
    """What of it is finer than DETAIL."""
    sigma = DETAIL * picture.shape[0] / _SIDE
    return np.asarray(picture - cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def fine_energy(picture: Pixels, coverage: Plane) -> float:
    """Mean square of a picture's fine detail under coverage (h, w): what waxy skin lacks."""
    total = _total(fine(picture) ** 2 * coverage[..., None])
    return total / max(_total(coverage) * float(picture.shape[-1]), 1e-9)


def mean_change(delta: Pixels, coverage: Plane) -> float:
    """Mean |delta| (h, w, 3) under coverage (h, w)."""
    weight = float(coverage.sum(dtype=np.float64)) * 3
    return _total(np.abs(delta) * coverage[..., None]) / max(weight, 1e-9)


def _total(array: Pixels) -> float:
    return float(array.sum(dtype=np.float64))
