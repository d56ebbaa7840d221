"""What the engine hands to the comp: delta and matte, their parts, and how they make the result.

The contract, for every pixel, scene-linear: `plate + delta × matte × blend == result`. Where
the delta comes in parts, whose sum it is, each may have its strength, and hair is beside them:

    picture = plate + (detail × D + form × F + tone × T) × matte × blend
                    + hair delta × hair matte × gray × blend
    result(p) = picture(p + (u, −v)(p) × shape)

The shape moves last, and moves what was added along with the plate: u and v are px that a pixel
comes from, right and up, as Nuke's IDistort takes them. With strengths of 1, no shape and no gray
that is the first line, to the bit. Where delta, matte or
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
from reage.pixels.halves import floats, halves
from reage.pixels.plate import Pixels
from reage.pixels.weighted import weighted
from reage.shape.offsets import Offsets
from reage.shape.warp import warped

COLORS = ("red", "green", "blue")
DELTA_CHANNELS = tuple(f"reage_delta.{color}" for color in COLORS)
MATTE_CHANNEL = "reage_matte.alpha"
HAIR_MATTE_CHANNEL = "reage_matte_hair.alpha"
HAIR_GUESS_CHANNEL = "reage_guess_hair.alpha"
SHAPE_CHANNELS = ("reage_shape.u", "reage_shape.v")
ST_CHANNELS = ("reage_st.u", "reage_st.v")

DIGITAL_SOURCE_TYPE = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
)
"""IPTC's term for a picture of which a trained model made a part."""


def part_of(channel: str) -> str:
    """The part of a multi-part file that a channel stands in: what a comp reads together is
    together, so that what nobody asks for is not decoded. That is the delta with its matte, its
    parts, hair, and each other layer by itself."""
    layer = channel.rpartition(".")[0]
    if layer in ("reage_delta", "reage_matte"):
        return "delta"
    if layer.endswith("_hair"):
        return "hair"
    if layer.startswith("reage_delta_"):
        return "parts"
    return layer.removeprefix("reage_") or "rgba"


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
    shape:  (h, w, 2) float32, px, x right and y down: where each pixel of the re-shaped result
            comes from, less where it is; None where nothing moves
    """

    region: Region
    delta: Pixels
    matte: Pixels
    parts: Parts | None = None
    hair: HairLayers | None = None
    shape: Pixels | None = None

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

    def with_shape(self, shape: Offsets | None) -> Layers:
        """The same with a warp; they go on over what both cover."""
        if shape is None:
            return self
        both = self.region.union(shape.region)
        return replace(self.spread(both), shape=spread(shape.xy, shape.region, both))

    def spread(self, region: Region) -> Layers:
        """The same over a larger region, zero where there was nothing."""

        def wider(pixels: Pixels) -> Pixels:
            return spread(pixels, self.region, region)

        return Layers(
            region,
            wider(self.delta),
            wider(self.matte),
            self.parts and self.parts.each(wider),
            self.hair and _spread_hair(self.hair, self.region, region),
            None if self.shape is None else wider(self.shape),
        )

    def in_halves(self) -> Layers:
        """For files of half floats: the parts as those hold them, and the delta their sum, so that
        strengths of 0 leave nothing of it."""
        if self.parts is None:
            return self
        parts = self.parts.each(lambda part: floats(halves(part)))
        return replace(self, delta=parts.total, parts=parts)

    def over(self, plate: Pixels, blend: float = 1.0, strengths: Strengths = WHOLE) -> Pixels:
        """The result: plate (h, w, 3) over the same region, any values, plus the change.

        Raises ValueError for strengths that need parts where there are none; gray does nothing
        where there is no hair.
        """
        if self.parts is None and not strengths.keeps_delta:
            raise ValueError("these layers have no parts to be mixed")
        delta = self.delta if self.parts is None else self.parts.mix(strengths)
        change = weighted(delta, self.matte * np.float32(blend))
        if self.hair is not None and strengths.gray:
            gray = np.float32(strengths.gray * blend)
            change = change + weighted(self.hair.delta, self.hair.matte * gray)
        # Adding zero would still turn −0 into 0 and signal NaNs into quiet ones.
        return self.moved(np.where(change == 0, plate, plate + change), strengths)

    def moved(self, picture: Pixels, strengths: Strengths) -> Pixels:
        """A picture (h, w, C) over the same region, as the shape moves it; itself without one."""
        if self.shape is None or not strengths.shape:
            return picture
        return warped(picture, self.shape, strengths.shape)

    def channels(self, wanted: tuple[str, ...]) -> dict[str, Pixels]:
        """EXR channel name → (h, w) float32, for "delta", "matte", "parts", "shape" if wanted.

        "parts" are the delta's, and hair's with its matte and guess; "shape" is as Nuke counts,
        v up. Zeros where there is none of it, so that a host may count on the channels.
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
        if "shape" in wanted:
            u, v = self._moved()
            out |= dict(zip(SHAPE_CHANNELS, (u, -v), strict=True))
        return out

    def st_map(self, display: Region) -> dict[str, Pixels]:
        """The shape as an ST map, over the layers' region: where each pixel comes from as a share
        of the display window's width and height, from its bottom-left corner, as Nuke's STMap
        takes it."""
        u, v = self._moved()
        x = np.arange(self.region.x, self.region.right, dtype=np.float32) + np.float32(0.5)
        y = np.arange(self.region.y, self.region.bottom, dtype=np.float32) + np.float32(0.5)
        s = (x + u) / np.float32(display.width)
        t = 1 - (y[:, None] + v) / np.float32(display.height)
        return dict(zip(ST_CHANNELS, (s, t), strict=True))

    def _moved(self) -> tuple[Pixels, Pixels]:
        if self.shape is None:
            still = np.zeros(self.matte.shape, np.float32)
            return still, still
        return self.shape[..., 0], self.shape[..., 1]


def _colors(layer: str, rgb: Pixels) -> Iterator[tuple[str, Pixels]]:
    return ((f"{layer}.{color}", rgb[..., i]) for i, color in enumerate(COLORS))


def spread(pixels: Pixels, region: Region, larger: Region) -> Pixels:
    """Pixels of a region over a larger one, zero where there was nothing; themselves where both
    are one."""
    if region == larger:
        return pixels
    out = np.zeros((larger.height, larger.width, *pixels.shape[2:]), np.float32)
    out[region.slices(larger)] = pixels
    return out


def _spread_hair(hair: HairLayers, region: Region, larger: Region) -> HairLayers:
    each = (hair.delta, hair.matte, hair.guess)
    return HairLayers(*(spread(pixels, region, larger) for pixels in each))


PREFIX = "reage:"
"""Begins the names of our attributes in headers and in movies' tags."""


def header(metadata: Mapping[str, object]) -> dict[str, object]:
    """EXR attributes for a frame: `reage:` before each name, and the IPTC term."""
    named = {f"{PREFIX}{key}": value for key, value in metadata.items()}
    return {**named, "Iptc4xmpExt:DigitalSourceType": DIGITAL_SOURCE_TYPE}


def said(attributes: Mapping[str, object]) -> dict[str, object]:
    """What `header` wrote, out of all that a file says."""
    return {k.removeprefix(PREFIX): v for k, v in attributes.items() if k.startswith(PREFIX)}
