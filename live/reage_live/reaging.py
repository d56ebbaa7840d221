"""One live picture re-aged, with the engine's own pieces.

    R'G'B' ▶ light, around the face, small ▶ prepare ▶ infer ▶ finish ▶ layers over light ▶ R'G'B'

Only pixels that the change reaches are made anew; all others are the camera's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reage.faces import FaceFrame
from reage.frame.layers import spread
from reage.frame.pipeline import finish, infer, prepare
from reage.frame.small import SmallPlate, enough, resized
from reage.models.model import Model
from reage.models.parts import Strengths
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_for, crop_side, pixels_for
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate, PlateInfo
from reage.settings import Settings
from reage.shape.ages import aged_offsets
from reage.shape.warp import warped
from reage_live.plate import LivePlate
from reage_live.recording import Picture

_TILE = 1024
"""Px; larger than any live crop, so that each is computed at once."""


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
    if settings.blend == 0 == settings.shape:
        return live.picture
    region = pixels_for(face, model.card, crop_size, live.region)
    if region.empty:
        return live.picture
    # On set there is no hair matte, whatever the settings say.
    mirrored = replace(settings, crop_size=crop_size, hair_matte=None)
    change = _change(live, region, face, mirrored, model)
    if change is None:
        return live.picture
    here, rgb = change
    if settings.shape:
        here, rgb = _moved(live, here, rgb, face, mirrored)
    result: Picture = live.picture.copy()
    live.light.add(result[here.slices(live.region)], rgb)
    return result


def _change(
    live: LivePlate, region: Region, face: FaceFrame, settings: Settings, model: Model
) -> tuple[Region, Pixels] | None:
    """What is to be added to the light, and where; None for nothing."""
    card, linear = model.card, live.light.linear
    seen = live.picture[region.slices(live.region)]
    red, green, blue = (seen[..., i] == np.iinfo(seen.dtype).max for i in range(3))
    white = red & green & blue
    info = PlateInfo(live.region, live.region, ("R", "G", "B"), linear)
    plate = Plate(live.read(0, region)[0], region, info, white)
    small = SmallPlate.of(plate, face, enough(crop_for(face, card, crop_side(card, settings))))
    assert small.face is not None
    strengths = Strengths.of(settings)
    ready = prepare(
        small.plate, small.face, card, settings, Encoder(linear, card.encoding),
        parts=strengths.mix_parts(card),
    )  # fmt: skip
    if ready is None:
        return None
    layers = finish(ready, infer(ready, model, _TILE))
    here = small.plate.region
    before = small.plate.rgb[layers.region.slices(here)]
    rgb = layers.over(before, settings.blend, replace(strengths, shape=0.0)) - before
    if here.width == region.width and here.height == region.height:
        return _at(layers.region, region), rgb
    spread = np.zeros_like(small.plate.rgb)
    spread[layers.region.slices(here)] = rgb
    whole = Region(0, 0, region.width, region.height)
    reach = Region.spanning(
        np.array([(layers.region.x - 1, layers.region.y - 1),
                  (layers.region.right + 1, layers.region.bottom + 1)])
        * (region.width / here.width, region.height / here.height)
    ).intersect(whole)  # fmt: skip
    large = resized(spread, (region.height, region.width))
    return _at(reach, region), large[reach.slices(whole)]


def _moved(
    live: LivePlate, here: Region, rgb: Pixels, face: FaceFrame, settings: Settings
) -> tuple[Region, Pixels]:
    """What is to be added to the light in all, and where, so that its change moves with it: at the
    picture's own resolution, for a small plate has not the grain of what it would move."""
    shape = aged_offsets(face, settings, live.region)
    if shape is None:
        return here, rgb
    both = here.union(shape.region)
    light = live.read(0, both)[0]
    changed = light + spread(rgb, here, both)
    moved = warped(changed, spread(shape.xy, shape.region, both), settings.shape)
    return both, moved - light


def _at(inside: Region, region: Region) -> Region:
    """A part of `region`, counted from its corner, in the picture's px."""
    return replace(inside, x=inside.x + region.x, y=inside.y + region.y)
