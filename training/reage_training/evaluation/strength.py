"""How strong a change is, band by band and region by region, beside the true one.

All in code values of 8-bit sRGB, as an eye sees it on a monitor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reage.models.parts import FORM, TONE, by_frequency
from reage.pixels.plate import Pixels
from reage_training.evaluation.regions import REGIONS, Labels, weight_of
from reage_training.pairs.encoding import shown
from reage_training.textures import Plane

FINE = FORM / 2
"""Where detail is halved: an octave above it, and all that is finer."""

BANDS = {
    "tone": f"wider than {TONE:g}",
    "form": f"{FORM:g} to {TONE:g}",
    "detail": f"finer than {FORM:g}",
    "coarse detail": f"{FINE:g} to {FORM:g}",
    "fine detail": f"finer than {FINE:g}",
}
"""Widths in face heights, as `reage.models.parts` has them, and the octaves of detail."""

WHOLE = "all skin"
PLACES = (WHOLE, *REGIONS)

Table = Mapping[str, Mapping[str, Mapping[str, float]]]
"""By place and band: RMS made and true."""


def change_shown(codes: Pixels, delta: Pixels) -> Pixels:
    """(h, w, 3): what a delta changes on a monitor, −255 … 255; codes, delta in ACEScct."""
    return np.asarray(255 * (shown(codes + delta) - shown(codes)), np.float32)


def in_bands(change: Pixels, face_size: float) -> tuple[Pixels, ...]:
    """A change (h, w, 3) in BANDS; tone, form and detail sum to it, and detail's octaves to
    detail. face_size: hairline to chin in px."""
    parts = by_frequency(change, face_size)
    # Of a face of half the size, FORM is as wide as FINE of the whole one.
    fine = by_frequency(parts.detail, face_size * FINE / FORM).detail
    return parts.tone, parts.form, parts.detail, parts.detail - fine, fine


@dataclass(frozen=True)
class Strength:
    """Sums over pictures, each picture's pixels as shares of it.

    made2, true2  (PLACES, BANDS) sums of squares
    weight        (PLACES,) of the pixels, three colors each
    """

    made2: npt.NDArray[np.float64]
    true2: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]

    @classmethod
    def none(cls) -> Strength:
        size = (len(PLACES), len(BANDS))
        return cls(np.zeros(size), np.zeros(size), np.zeros(size[0]))

    @classmethod
    def of(
        cls, made: Pixels, true: Pixels, labels: Labels, skin: Plane, face_size: float
    ) -> Strength:
        """made, true: changes (h, w, 3) in code values; labels (h, w) of `regions_of`, skin
        (h, w) 0 … 1 its coverage; face_size: hairline to chin in px."""
        weights = np.stack([skin, *(weight_of(region, labels, skin) for region in REGIONS)])
        weights = weights.reshape(len(PLACES), -1).astype(np.float64) / skin.size
        return cls(
            _squares(made, weights, face_size),
            _squares(true, weights, face_size),
            weights.sum(1) * made.shape[-1],
        )

    def __add__(self, other: Strength) -> Strength:
        return Strength(
            self.made2 + other.made2, self.true2 + other.true2, self.weight + other.weight
        )

    def table(self) -> dict[str, dict[str, dict[str, float]]]:
        """RMS of the made and the true change by place and band; without places that no picture
        shows."""
        seen = [k for k in range(len(PLACES)) if self.weight[k] > 0]
        return {
            PLACES[k]: {
                band: {
                    "made": round(float(np.sqrt(self.made2[k, n] / self.weight[k])), 3),
                    "true": round(float(np.sqrt(self.true2[k, n] / self.weight[k])), 3),
                }
                for n, band in enumerate(BANDS)
            }
            for k in seen
        }


def share(cell: Mapping[str, float]) -> float | None:
    """Made against true of a cell of `table`; None where nothing is to be done."""
    return cell["made"] / cell["true"] if cell["true"] > 0 else None


def _squares(
    change: Pixels, weights: npt.NDArray[np.float64], face_size: float
) -> npt.NDArray[np.float64]:
    bands = np.stack(in_bands(change, face_size)).astype(np.float64)
    return np.asarray(weights @ (bands**2).sum(-1).reshape(len(BANDS), -1).T)
