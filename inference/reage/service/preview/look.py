"""What a preview shows of the plate, before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

import numpy as np

from reage.faces import FaceFrame
from reage.frame.small import SmallPlate, enough, resized, shrunk
from reage.models.model import Model
from reage.pixels.crop import crop_for
from reage.pixels.plate import Pixels
from reage.service.preview.source import PreviewSource
from reage.service.preview.tone import Picture, Tone
from reage.shot.clock import Clock


@dataclass(frozen=True)
class PreviewLook:
    """What is shown of a plate, at the resolution that is worked at.

    small:  finite scene-linear pixels, and the face in them
    space:  their color space
    shown:  the same at the size that is returned
    view:   how it, before and after, is toned
    before: `shown`, toned
    aspect: of the plate's own pixels; those of the pictures are square
    """

    small: SmallPlate
    space: str
    shown: Pixels
    view: Tone
    before: Picture
    aspect: float

    @cached_property
    def fingerprint(self) -> str:
        """Of `before` and its size."""
        size = b"%d %d" % self.before.shape[:2]
        return blake2b(self.before.tobytes(), person=size, digest_size=16).hexdigest()


def see(
    source: PreviewSource, face: FaceFrame | None, model: Model, crop: int, side: int, clock: Clock
) -> PreviewLook:
    """The plate around the face, as much as the model's crop shows of it; all of it where there
    is no face. `side`: longest side that is returned, px."""
    with clock("read"):
        region, finer = None, 0.0
        if face is not None:
            info = source.footage.info(source.frame)
            square = crop_for(face, model.card, crop, info.aspect)
            region = square.region.intersect(info.data)
            finer = enough(square)
            if region.empty:
                region, face = None, None
        plate, space = source.cut(region)
    with clock("show"):
        region, aspect = plate.region, plate.info.aspect
        scale = side / max(region.width * aspect, region.height)
        rgb = np.nan_to_num(plate.rgb, nan=0.0, posinf=65504.0, neginf=-65504.0)
        small = SmallPlate.of(replace(plate, rgb=rgb), face, max(scale, finer))
        shown = resized(rgb, shrunk(region, min(1.0, scale), aspect))
        view = Tone.of(shown, space)
        return PreviewLook(small, space, shown, view, view.picture(shown), aspect)
