"""One live picture re-aged, with the engine's own pieces.

    R'G'B' ▶ light, around the face ▶ prepare ▶ infer ▶ finish ▶ layers over light ▶ R'G'B'

Only pixels that the change reaches are made anew; all others are the camera's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from reage.colour import Encoder
from reage.faces import FaceFrame
from reage.geometry import Region
from reage.model import Model
from reage.parts import Strengths
from reage.pipeline import crop_for, finish, infer, prepare
from reage.plate import Pixels, Plate, PlateInfo
from reage.settings import Settings
from reage_live.plate import LivePlate
from reage_live.recording import Picture

_TILE = 1024
"""Px; larger than any live crop, so that each is computed at once."""


_FINER = 1.5
"""Working px for one of the crop's: it is sampled from them once more."""


def reaged(
    live: LivePlate, faces: Sequence[tuple[FaceFrame, Settings]], model: Model, crop_size: int
) -> Picture:
    """The picture with each face re-aged by its own settings; the very same array where nothing
    changes. Raises what `pipeline` raises."""
    result = live.picture
    for face, settings in faces:
        result = _one(LivePlate(result, live.light), face, settings, model, crop_size)
    return result


def _one(
    live: LivePlate, face: FaceFrame, settings: Settings, model: Model, crop_size: int
) -> Picture:
    if settings.blend == 0:
        return live.picture
    crop = crop_for(face, model.card, crop_size)
    region = crop.region.expand(2).intersect(live.region)
    if region.empty:
        return live.picture
    change = _change(live, region, face, replace(settings, crop_size=crop_size), model)
    if change is None:
        return live.picture
    here, rgb = change
    result: Picture = live.picture.copy()
    live.light.add(result[here.slices(live.region)], rgb)
    return result


def _change(
    live: LivePlate, region: Region, face: FaceFrame, settings: Settings, model: Model
) -> tuple[Region, Pixels] | None:
    """What is to be added to the light, and where; None for nothing.

    Computed at the resolution that the crop has, as a preview is: from there on a frame costs
    what its crop size says, however large the face. So it is near to what a bake gives, but for
    its finest grain.
    """
    assert not isinstance(settings.crop_size, str)
    finest = _FINER * settings.crop_size / (face.size * model.card.crop_scale)
    scale = min(1.0, finest)
    here = Region(0, 0, max(1, round(region.width * scale)), max(1, round(region.height * scale)))
    small = _resized(live.read(0, region)[0], here)
    info = PlateInfo(here, here, ("R", "G", "B"), live.light.linear)
    seen = live.picture[region.slices(live.region)]
    white = (seen == np.iinfo(seen.dtype).max).all(-1)
    clipped = _resized(white.astype(np.float32), here) > 0
    encoder = Encoder(live.light.linear, model.card.encoding)
    moved = _moved(face, region, here)
    strengths = Strengths.of(settings)
    parts = not strengths.keeps_delta
    ready = prepare(
        Plate(small, here, info, clipped), moved, model.card, settings, encoder, parts=parts
    )
    if ready is None:
        return None
    layers = finish(ready, infer(ready, model, _TILE))
    before = small[layers.region.slices(here)]
    rgb = layers.over(before, settings.blend, strengths) - before
    if here.width == region.width and here.height == region.height:
        return _at(layers.region, region), rgb
    whole = np.zeros_like(small)
    whole[layers.region.slices(here)] = rgb
    reach = Region.spanning(
        np.array([(layers.region.x - 1, layers.region.y - 1),
                  (layers.region.right + 1, layers.region.bottom + 1)])
        * (region.width / here.width, region.height / here.height)
    ).intersect(Region(0, 0, region.width, region.height))  # fmt: skip
    return _at(reach, region), _resized(whole, region)[reach.slices(
        Region(0, 0, region.width, region.height))]


def _at(inside: Region, region: Region) -> Region:
    """A part of `region`, counted from its corner, in the picture's px."""
    return replace(inside, x=inside.x + region.x, y=inside.y + region.y)


def _moved(face: FaceFrame, region: Region, here: Region) -> FaceFrame:
    """The face in a picture that shows `region` as large as `here`.

    Both sides are whole px, so they shrink by factors that differ by less than a px in all.
    """
    x, y = here.width / region.width, here.height / region.height
    center = ((face.center[0] - region.x) * x, (face.center[1] - region.y) * y)
    return replace(face, center=center, size=face.size * (x * y) ** 0.5)


def _resized(pixels: Pixels, like: Region) -> Pixels:
    """Averaged where it shrinks, linear between samples where it grows."""
    if pixels.shape[:2] == (like.height, like.width):
        return pixels
    how = cv2.INTER_AREA if like.width < pixels.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (like.width, like.height), interpolation=how), np.float32)
