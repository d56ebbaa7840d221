"""The square that the model sees: cut out of the plate upright, and its result put back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reage.errors import SettingsError
from reage.pixels.crop_size import CropSize, auto_side, face_size
from reage.pixels.geometry import Region, Similarity, squeezed
from reage.pixels.plate import Pixels
from reage.pixels.resample import narrowed, turned
from reage.settings import Settings

if TYPE_CHECKING:
    from reage.faces import FaceFrame, FaceTrack
    from reage.models.model_card import ModelCard


@dataclass(frozen=True)
class Crop:
    """A turned, scaled square of the plate.

    to_plate: crop pixels (origin at its top-left corner) to the plate's square px
    size:     the crop's side in its own pixels
    aspect:   width of the plate's pixels over their height; the crop's own are square
    """

    to_plate: Similarity
    size: int
    aspect: float = 1.0

    @cached_property
    def region(self) -> Region:
        """Plate pixels that the crop touches; may leave the plate."""
        corners = self.to_plate.apply(self._square(self.size).corners)
        return Region.spanning(squeezed(corners, self.aspect))

    def sample(self, pixels: Pixels, region: Region) -> Pixels:
        """The crop's picture out of plate pixels that cover `region`.

        (h, w[, c]) → (size, size[, c]), float32. Where the crop leaves the region, the
        region's edge pixels go on: nothing is stretched.
        """
        here = self._square(self.size)
        return turned(pixels, region, here, self.to_plate, aspect=self.aspect, edges=True)

    def paste(self, pixels: Pixels, region: Region) -> Pixels:
        """Crop-shaped pixels seen from the plate: (size, size[, c]) → (h, w[, c]) of `region`.

        Zero outside the crop. `pixels` may be of another size than the crop's; it is
        taken to span the same square.
        """
        side = pixels.shape[0]
        to_crop = Similarity.of(self.size / side).then(self.to_plate).inverse()

        def pasted(square: Region) -> Pixels:
            return turned(pixels, self._square(side), square, to_crop)

        return pasted(region) if self.aspect == 1.0 else narrowed(pasted, region, self.aspect)

    @staticmethod
    def _square(side: int) -> Region:
        return Region(0, 0, side, side)


def crop_for(face: FaceFrame, card: ModelCard, side: int, aspect: float = 1.0) -> Crop:
    """The crop in which the model expects this face; aspect: of the plate's pixels."""
    to_face = Similarity.of(
        card.crop_scale / side, pivot=(side / 2, side / 2), to=card.crop_shift
    )
    return Crop(to_face.then(face.to_plate), side, aspect)


def pixels_for(
    face: FaceFrame, card: ModelCard, side: int, data: Region, aspect: float = 1.0
) -> Region:
    """The plate's pixels that a frame is made from, and no others: its crop, with two more on
    each side for resampling, inside the data window. Empty where the face is outside."""
    return crop_for(face, card, side, aspect).region.expand(2).intersect(data)


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
    return for_sizes(card, settings, (f.size for f in track.frames.values() if f.state != "none"))


def for_sizes(card: ModelCard, settings: Settings, sizes: Iterable[float]) -> CropSize:
    """The same by the sizes of a track's faces, in px of the plate."""
    side, auto = crop_side(card, settings), not isinstance(settings.crop_size, int)
    face = face_size(sizes)
    if not auto or face is None or card.face_sizes is None or card.fixed_size:
        return CropSize(side, auto)
    return CropSize(auto_side(card, face), auto, face)
