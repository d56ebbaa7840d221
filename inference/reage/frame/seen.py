"""What a frame shows of a face, whatever its ages: cut and encoded once for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from reage.faces import FaceFrame
from reage.frame.broken import Told, broken, counted, untold, without
from reage.frame.clipped import ending, patches, plateau
from reage.frame.matte import face_matte
from reage.models.model_card import ModelCard
from reage.pixels.color import Encoder
from reage.pixels.crop import Crop, crop_for, crop_side
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate
from reage.settings import Settings


@dataclass(frozen=True)
class Seen:
    """All of `pipeline.Prepared` that no target age has a part in, and what the rest is made of.

    picture   (size, size, 3) the crop, in the card's encoding
    frozen    (h, w) bool: pixels that are not finite
    patterns  by the mix that is asked for, as they are laid on the face
    """

    plate: Plate
    face: FaceFrame
    card: ModelCard
    parts: bool
    crop: Crop
    picture: Pixels
    region: Region
    around: Region
    encoded: Pixels
    matte: Pixels
    hair_matte: Pixels | None
    frozen: np.ndarray
    ends: Pixels | None
    encoder: Encoder
    patterns: dict[int | str, Pixels] = field(default_factory=dict, compare=False)


def see(
    plate: Plate,
    face: FaceFrame,
    card: ModelCard,
    settings: Settings,
    encoder: Encoder,
    parts: bool = False,
    hair_matte: Pixels | None = None,
    told: Told = untold,
) -> Seen | None:
    """Cut and encode; None where nothing of the face is in the plate. Arguments as for
    `pipeline.prepare`; of the settings the crop size alone counts."""
    if plate.region.empty:
        return None
    crop = crop_for(face, card, crop_side(card, settings), plate.info.aspect)
    matte = np.clip(crop.paste(face_matte(face, crop), plate.region), 0.0, 1.0)
    region = plate.region.bounds(matte > 0)
    if region.empty:
        return None
    odd = broken(plate.rgb)
    encoded = encoder.encode(without(plate.rgb, odd))
    around = crop.region.intersect(plate.region) if parts and card.hair else region
    here = around.slices(plate.region)
    return Seen(
        plate=plate,
        face=face,
        card=card,
        parts=parts,
        crop=crop,
        picture=crop.sample(encoded, plate.region),
        region=region,
        around=around,
        encoded=encoded[here],
        matte=matte[here],
        hair_matte=None if hair_matte is None else _drawn_matte(hair_matte[here], told),
        frozen=np.zeros((around.height, around.width), bool) if odd is None else odd[here],
        ends=_ends(plate, crop, around),
        encoder=encoder,
    )


def _ends(plate: Plate, crop: Crop, around: Region) -> Pixels | None:
    """Prepared.ends. What is clipped is looked for in the crop's whole square, however much of
    the plate was read and whatever layers are written."""
    square = plate.cut(crop.region)
    clipped = plateau(square.rgb) if square.clipped is None else square.clipped
    ends = ending(patches(clipped), max(1.0, crop.to_plate.scale))
    return None if ends is None else ends[around.slices(square.region)]


def _drawn_matte(matte: Pixels, told: Told) -> Pixels:
    """An artist's matte between 0 and 1; zero where it is broken."""
    return np.clip(without(matte, counted("hair matte", matte, told)), 0.0, 1.0)
