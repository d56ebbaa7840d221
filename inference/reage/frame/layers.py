"""What the engine hands to the comp: delta and matte, their parts, and how they make the result.

The contract, for every pixel, scene-linear: `plate + delta × matte × blend == result`. Where
the delta comes in parts, whose sum it is, each may have its strength, and hair is beside them:

    result = plate + (detail × D + form × F + tone × T) × matte × blend
                   + hair delta × hair matte × gray × blend

With strengths of 1 and no gray that is the first line, to the bit. Where delta, matte or
blend is zero the result is the plate's own bits. The hair matte is the artist's; without one it
is zero, so nothing beside the face changes. The model's guess at it is no part of the sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from reage.models.channels import PARTS
from reage.models.parts import WHOLE, Parts, Strengths
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels

COLORS = ("red", "green", "blue")
DELTA_CHANNELS = tuple(f"reage_delta.{color}" for color in COLORS)
MATTE_CHANNEL = "reage_matte.alpha"
HAIR_MATTE_CHANNEL = "reage_matte_hair.alpha"
HAIR_GUESS_CHANNEL = "reage_guess_hair.alpha"

DIGITAL_SOURCE_TYPE = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
)
"""IPTC's term for a picture of which a trained model made a part."""


@dataclass(frozen=True)
class HairLayers:
    """The graying of hair.

    delta: (h, w, 3) as in Layers; zero where the matte is zero
    matte: (h, w) float32, 0 … 1, as far as the crop reaches: the artist's, zero without one
    guess: (h, w) float32, 0 … 1: what the model takes for hair; to look at, used nowhere
    """

    delta: Pixels
    matte: Pixels
    guess: Pixels

    @classmethod
    def none(cls, height: int, width: int) -> HairLayers:
        alpha = np.zeros((height, width), np.float32)
        return cls(np.zeros((height, width, 3), np.float32), alpha, alpha)


@dataclass(frozen=True)
class Layers:
    """One frame's result.

    region: where the arrays lie, plate pixels
    delta:  (h, w, 3) float32, scene-linear, in the plate's primaries; finite; zero where
            the matte is zero
    matte:  (h, w) float32, 0 … 1
    parts:  the same as its parts, where they were asked for; then `delta == parts.total`
    hair:   the graying of hair, where parts were asked for and the model has it
    """

    region: Region
    delta: Pixels
    matte: Pixels
    parts: Parts | None = None
    hair: HairLayers | None = None

    @classmethod
    def none(cls, at: Region, parts: bool = False, hair: bool = False) -> Layers:
        """No change: one zero pixel at a corner of `at`, the least an EXR can hold."""
        color, alpha = np.zeros((1, 1, 3), np.float32), np.zeros((1, 1), np.float32)
        return cls(
            Region(at.x, at.y, 1, 1),
            color,
            alpha,
            Parts(color, color, color) if parts else None,
            HairLayers.none(1, 1) if hair else None,
        )

    @classmethod
    def of_parts(cls, region: Region, parts: Parts, matte: Pixels) -> Layers:
        """Layers whose delta is, by definition, the sum of its parts."""
        return cls(region, parts.total, matte, parts)

    def with_hair(self, region: Region, hair: HairLayers) -> Layers:
        """The same with hair that lies in another region; they go on over what both cover."""
        both = self.region.union(region)
        return replace(self.spread(both), hair=_spread_hair(hair, region, both))

    def spread(self, region: Region) -> Layers:
        """The same over a larger region, zero where there was nothing."""

        def spread(pixels: Pixels) -> Pixels:
            return _spread(pixels, self.region, region)

        return Layers(
            region,
            spread(self.delta),
            spread(self.matte),
            self.parts and self.parts.each(spread),
            self.hair and _spread_hair(self.hair, self.region, region),
        )

    def over(self, plate: Pixels, blend: float = 1.0, strengths: Strengths = WHOLE) -> Pixels:
        """The result: plate (h, w, 3) over the same region, any values, plus the change.

        Raises ValueError for strengths that need parts where there are none; gray does nothing
        where there is no hair.
        """
        if self.parts is None and not strengths.keeps_delta:
            raise ValueError("these layers have no parts to be mixed")
        delta = self.delta if self.parts is None else self.parts.mix(strengths)
        change = delta * (self.matte * np.float32(blend))[..., None]
        if self.hair is not None and strengths.gray:
            gray = np.float32(strengths.gray * blend)
            change = change + self.hair.delta * (self.hair.matte * gray)[..., None]
        # Adding zero would still turn −0 into 0 and signal NaNs into quiet ones.
        return np.where(change == 0, plate, plate + change)

    def channels(self, wanted: tuple[str, ...]) -> dict[str, Pixels]:
        """EXR channel name → (h, w) float32, for "delta", "matte" and "parts" if wanted.

        "parts" are the delta's, and hair's with its matte and guess: zeros where there is none of
        it, so that a host may count on the channels.
        """
        out: dict[str, Pixels] = {}
        if "delta" in wanted:
            out |= dict(_colors("reage_delta", self.delta))
        if "matte" in wanted:
            out[MATTE_CHANNEL] = self.matte
        if "parts" in wanted and self.parts is not None:
            for name in PARTS:
                out |= dict(_colors(f"reage_delta_{name}", getattr(self.parts, name)))
            hair = self.hair or HairLayers.none(self.region.height, self.region.width)
            out |= dict(_colors("reage_delta_hair", hair.delta))
            out[HAIR_MATTE_CHANNEL] = hair.matte
            out[HAIR_GUESS_CHANNEL] = hair.guess
        return out


def _colors(layer: str, rgb: Pixels) -> Iterator[tuple[str, Pixels]]:
    return ((f"{layer}.{color}", rgb[..., i]) for i, color in enumerate(COLORS))


def _spread(pixels: Pixels, region: Region, larger: Region) -> Pixels:
    out = np.zeros((larger.height, larger.width, *pixels.shape[2:]), np.float32)
    out[region.slices(larger)] = pixels
    return out


def _spread_hair(hair: HairLayers, region: Region, larger: Region) -> HairLayers:
    each = (hair.delta, hair.matte, hair.guess)
    return HairLayers(*(_spread(pixels, region, larger) for pixels in each))


def header(metadata: Mapping[str, object]) -> dict[str, object]:
    """EXR attributes for a frame: `reage:` before each name, and the IPTC term."""
    named = {f"reage:{key}": value for key, value in metadata.items()}
    return {**named, "Iptc4xmpExt:DigitalSourceType": DIGITAL_SOURCE_TYPE}
