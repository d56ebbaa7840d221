"""What a preview shows of the plate, before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reage.clock import Clock
from reage.faces import FaceFrame
from reage.geometry import Region
from reage.model import Model
from reage.pipeline import crop_for
from reage.plate import Pixels, Plate, PlateInfo
from reage.preview.source import PreviewSource
from reage.preview.tone import Picture, Tone, resized, shrunk

_FINER = 1.5
"""Working pixels for one of the crop's, at least: it is sampled from them once more."""


@dataclass(frozen=True)
class PreviewLook:
    """What is shown of a plate, at the resolution that is worked at.

    plate:  finite scene-linear pixels from (0, 0) on, small
    region: plate pixels that it shows
    space:  its color space
    face:   in its own pixels; None where there is none
    shown:  the same at the size that is returned
    view:   how it, before and after, is toned
    before: `shown`, toned
    """

    plate: Plate
    region: Region
    space: str
    face: FaceFrame | None
    shown: Pixels
    view: Tone
    before: Picture


def see(
    source: PreviewSource, face: FaceFrame | None, model: Model, crop: int, side: int, clock: Clock
) -> PreviewLook:
    """The plate around the face, as much as the model's crop shows of it; all of it where there
    is no face. `side`: longest side that is returned, px."""
    with clock("read"):
        region, finer = None, 0.0
        if face is not None:
            square = crop_for(face, model.card, crop)
            region = square.region.intersect(source.footage.info(source.frame).data)
            finer = _FINER / square.to_plate.scale
            if region.empty:
                region, face = None, None
        plate, space = source.cut(region)
    with clock("show"):
        region = plate.region
        longest = max(region.width, region.height)
        rgb = np.nan_to_num(plate.rgb, nan=0.0, posinf=65504.0, neginf=-65504.0)
        small = resized(rgb, shrunk(region, min(1.0, max(side / longest, finer))))
        shown = resized(rgb, shrunk(region, min(1.0, side / longest)))
        view = Tone.of(shown, space)
        here, clipped = Region(0, 0, small.shape[1], small.shape[0]), plate.clipped
        if clipped is not None:
            clipped = resized(clipped.astype(np.float32), small.shape) > 0
        return PreviewLook(
            plate=Plate(small, here, PlateInfo(here, here, ("R", "G", "B")), clipped),
            region=region,
            space=space,
            face=face and _moved(face, region, here),
            shown=shown,
            view=view,
            before=view.picture(shown),
        )


def _moved(face: FaceFrame, region: Region, here: Region) -> FaceFrame:
    """The face in the px of a picture that shows `region` as large as `here`.

    Both sides are whole px, so they shrink by factors that differ by less than a px in all.
    """
    x, y = here.width / region.width, here.height / region.height
    center = ((face.center[0] - region.x) * x, (face.center[1] - region.y) * y)
    return replace(face, center=center, size=face.size * (x * y) ** 0.5)
