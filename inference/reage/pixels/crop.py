"""The square that the model sees: cut out of the plate upright, and its result put back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import SettingsError
from reage.pixels.crop_size import CropSize, auto_side, face_size
from reage.pixels.geometry import Region, Similarity
from reage.pixels.plate import Pixels
from reage.settings import Settings

if TYPE_CHECKING:
    from reage.faces import FaceFrame, FaceTrack
    from reage.models.model_card import ModelCard


@dataclass(frozen=True)
class Crop:
    """A turned, scaled square of the plate.

    to_plate: crop pixels (origin at its top-left corner) to plate pixels
    size:     the crop's side in its own pixels
    """

    to_plate: Similarity
    size: int

    @cached_property
    def region(self) -> Region:
        """Plate pixels that the crop touches; may leave the plate."""
        s = self.size
        return Region.spanning(self.to_plate.apply([(0, 0), (s, 0), (0, s), (s, s)]))

    def sample(self, pixels: Pixels, region: Region) -> Pixels:
        """The crop's picture out of plate pixels that cover `region`.

        (h, w[, c]) → (size, size[, c]), float32. Where the crop leaves the region, the
        region's edge pixels go on: nothing is stretched.
        """
        matrix = _between_centers(self.to_plate, Region(0, 0, self.size, self.size), region)
        return _warp(pixels, matrix, (self.size, self.size), cv2.BORDER_REPLICATE)

    def paste(self, pixels: Pixels, region: Region) -> Pixels:
        """Crop-shaped pixels seen from the plate: (size, size[, c]) → (h, w[, c]) of `region`.

        Zero outside the crop. `pixels` may be of another size than the crop's; it is
        taken to span the same square.
        """
        side = pixels.shape[0]
        to_plate = Similarity.of(self.size / side).then(self.to_plate)
        matrix = _between_centers(to_plate.inverse(), region, Region(0, 0, side, side))
        return _warp(pixels, matrix, (region.width, region.height), cv2.BORDER_CONSTANT)


def crop_for(face: FaceFrame, card: ModelCard, side: int) -> Crop:
    """The crop in which the model expects this face."""
    to_face = Similarity.of(
        card.crop_scale / side, pivot=(side / 2, side / 2), to=card.crop_shift
    )
    return Crop(to_face.then(face.to_plate), side)


def pixels_for(face: FaceFrame, card: ModelCard, side: int, data: Region) -> Region:
    """The plate's pixels that a frame is made from, and no others: its crop, with two more on
    each side for resampling, inside the data window. Empty where the face is outside."""
    return crop_for(face, card, side).region.expand(2).intersect(data)


def crop_side(card: ModelCard, settings: Settings) -> int:
    """Side of the crop in px where no shot is at hand: a number as it is, auto the model's own.

    Raises SettingsError where the model cannot take the asked one.
    """
    own = card.fixed_size or card.crop_size
    side = settings.crop_size if isinstance(settings.crop_size, int) else own
    if card.fixed_size not in (None, side):
        raise SettingsError(
            f"The model {card.name} takes crops of {card.fixed_size} px only; "
            f"leave --crop-size away."
        )
    if side % card.stride:
        raise SettingsError(
            f"--crop-size must be a multiple of {card.stride} for the model {card.name}; "
            f"{side // card.stride * card.stride} would do."
        )
    return side


def for_shot(card: ModelCard, settings: Settings, track: FaceTrack) -> CropSize:
    """The crop size for all frames of a shot.

    A number is taken as it is. Auto goes by the whole track, whichever of its frames are
    rendered, so each machine with the same track takes the same; by the model's own size where
    the card has no face_sizes or takes no other, and where the track has no face.
    Raises SettingsError where the model cannot take the asked one.
    """
    side, auto = crop_side(card, settings), not isinstance(settings.crop_size, int)
    face = face_size(f.size for f in track.frames.values() if f.state != "none")
    if not auto or face is None or card.face_sizes is None or card.fixed_size:
        return CropSize(side, auto)
    return CropSize(auto_side(card, face), auto, face)


def _between_centers(
    target_to_source: Similarity, target: Region, source: Region
) -> npt.NDArray[np.float64]:
    """The map as cv2 wants it: (2, 3), from target to source array indices.

    cv2 counts from pixel centers, we from pixel corners.
    """
    into = Similarity(1, 0, target.x + 0.5, target.y + 0.5)
    out_of = Similarity(1, 0, -source.x - 0.5, -source.y - 0.5)
    return into.then(target_to_source).then(out_of).matrix


def _warp(
    pixels: Pixels, matrix: npt.NDArray[np.float64], size: tuple[int, int], border: int
) -> Pixels:
    """Bicubic resampling with a Gaussian against aliasing where the picture shrinks."""
    shrink = math.hypot(matrix[0, 0], matrix[1, 0])
    if shrink > 1.0:
        # A Gaussian of σ = ½·√(shrink² − 1) source pixels brings a picture that was sharp
        # at its own sampling to about the same sharpness at the coarser one.
        sigma = 0.5 * math.sqrt(shrink * shrink - 1.0)
        edge = cv2.BORDER_REPLICATE
        pixels = cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=edge)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP

    def warped(part: Pixels) -> Pixels:
        here = np.ascontiguousarray(part)
        return np.asarray(
            cv2.warpAffine(here, matrix, size, flags=flags, borderMode=border, borderValue=0),
            np.float32,
        )

    if pixels.ndim == 2 or pixels.shape[2] <= 3:
        return warped(pixels)
    # cv2 warps four channels at most; three by three each color is warped as it is alone.
    return np.dstack([warped(pixels[..., i : i + 3]) for i in range(0, pixels.shape[2], 3)])
