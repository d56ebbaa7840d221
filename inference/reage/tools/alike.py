"""How far one model's pixels are from another's, such as a GPU's from the CPU's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reage.frame.pipeline import Prepared, finish, infer
from reage.models.model import Model
from reage.pixels.color import Encoder
from reage.pixels.plate import Pixels


@dataclass(frozen=True)
class Off:
    """Largest and mean difference of some values."""

    most: float
    mean: float

    @classmethod
    def of(cls, pairs: Sequence[tuple[Pixels, Pixels]]) -> Off:
        differences = [np.abs(a - b, dtype=np.float64) for a, b in pairs]
        return cls(
            max(float(each.max()) for each in differences),
            float(np.mean([each.mean() for each in differences])),
        )

    def __str__(self) -> str:
        return f"{self.most:.1e} ({self.mean:.1e})"


@dataclass(frozen=True)
class Alike:
    """What two models differ by on the same frames.

    encoded  of the residual's delta, in the card's encoding
    linear   of the delta layer, scene-linear
    codes    of the result in sRGB, in code values of 8 bits
    turned   share of its 8-bit values that are others once they are rounded
    largest  delta there is, in the card's encoding
    """

    encoded: Off
    linear: Off
    codes: Off
    turned: float
    largest: float

    @classmethod
    def of(cls, frames: Sequence[Prepared], one: Model, other: Model, tile: int) -> Alike:
        residuals = [[infer(each, m, tile) for each in frames] for m in (one, other)]
        deltas = [[r.delta for r in each] for each in residuals]
        layers = [
            [finish(ready, r) for ready, r in zip(frames, each, strict=True)] for each in residuals
        ]
        linear = [[each.delta for each in of_one] for of_one in layers]
        coded = [
            [_coded(ready, delta) for ready, delta in zip(frames, each, strict=True)]
            for each in linear
        ]
        turned = [np.mean(np.rint(a) != np.rint(b)) for a, b in zip(*coded, strict=True)]
        encoded, scene, codes = (
            Off.of(list(zip(*each, strict=True))) for each in (deltas, linear, coded)
        )
        largest = max(float(np.abs(each).max()) for each in deltas[0])
        return cls(encoded, scene, codes, float(np.mean(turned)), largest)

    HEAD = f"{'in the encoding':>25}{'scene-linear':>22}{'8-bit sRGB':>22}{'turned':>9}{'of':>6}"

    def __str__(self) -> str:
        """One line, below HEAD: largest (and mean) differences, and what is said above."""
        return (
            f"{self.encoded!s:>25}{self.linear!s:>22}{self.codes!s:>22}{self.turned:>9.1e}"
            f"{self.largest:>6.2f}"
        )


def _coded(ready: Prepared, delta: Pixels) -> Pixels:
    """The frame's face with a scene-linear delta, as sRGB from 0 to 255."""
    here = ready.region.slices(ready.around)
    plate = ready.encoder.decode(ready.encoded[here])
    return 255 * np.clip(Encoder(ready.encoder.space, "sRGB").encode(plate + delta), 0, 1)
