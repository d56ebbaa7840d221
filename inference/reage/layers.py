"""What the engine hands to the comp: delta and matte, and how they make the result.

The contract, for every pixel: `plate + delta × matte × blend == result`, scene-linear.
Where delta, matte or blend is zero the result is the plate's own bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reage.geometry import Region
from reage.plate import Pixels

DELTA_CHANNELS = ("reage_delta.red", "reage_delta.green", "reage_delta.blue")
MATTE_CHANNEL = "reage_matte.alpha"

DIGITAL_SOURCE_TYPE = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
)
"""IPTC's term for a picture of which a trained model made a part."""


@dataclass(frozen=True)
class Layers:
    """One frame's result.

    region: where the arrays lie, plate pixels
    delta:  (h, w, 3) float32, scene-linear, in the plate's primaries; finite; zero where
            the matte is zero
    matte:  (h, w) float32, 0 … 1
    """

    region: Region
    delta: Pixels
    matte: Pixels

    @classmethod
    def none(cls, at: Region) -> Layers:
        """No change: one zero pixel at a corner of `at`, the least an EXR can hold."""
        one = Region(at.x, at.y, 1, 1)
        return cls(one, np.zeros((1, 1, 3), np.float32), np.zeros((1, 1), np.float32))

    def spread(self, region: Region) -> Layers:
        """The same over a larger region, zero where there was nothing."""
        delta = np.zeros((region.height, region.width, 3), np.float32)
        matte = np.zeros((region.height, region.width), np.float32)
        inside = self.region.slices(region)
        delta[inside], matte[inside] = self.delta, self.matte
        return Layers(region, delta, matte)

    def over(self, plate: Pixels, blend: float = 1.0) -> Pixels:
        """The result: plate (h, w, 3) over the same region, any values, plus the change."""
        change = self.delta * (self.matte * np.float32(blend))[..., None]
        # Adding zero would still turn −0 into 0 and signal NaNs into quiet ones.
        return np.where(change == 0, plate, plate + change)

    def channels(self, wanted: tuple[str, ...]) -> dict[str, Pixels]:
        """EXR channel name → (h, w) float32, for "delta" and "matte" if wanted."""
        out: dict[str, Pixels] = {}
        if "delta" in wanted:
            out |= {name: self.delta[..., i] for i, name in enumerate(DELTA_CHANNELS)}
        if "matte" in wanted:
            out[MATTE_CHANNEL] = self.matte
        return out


def header(facts: Mapping[str, object]) -> dict[str, object]:
    """EXR attributes for a frame: `reage:` before each fact's name, and the IPTC term."""
    named = {f"reage:{key}": value for key, value in facts.items()}
    return {**named, "Iptc4xmpExt:DigitalSourceType": DIGITAL_SOURCE_TYPE}
