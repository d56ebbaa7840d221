"""One picture in memory, and layers that stand in a file: for scripts, with no shot around them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from reage.errors import FaceError, PlateError, SettingsError
from reage.faces import TrackOptions, reader_of, track_shot
from reage.frame.layers import (
    COLORS,
    DELTA_CHANNELS,
    HAIR_GUESS_CHANNEL,
    HAIR_MATTE_CHANNEL,
    MATTE_CHANNEL,
    SHAPE_CHANNELS,
    HairLayers,
    Layers,
)
from reage.frame.pipeline import reage_frame
from reage.media.imagefile import read_channel_names, read_channels
from reage.models.channels import PARTS
from reage.models.consents import permitted
from reage.models.model import Model
from reage.models.onnx_model import OnnxModel
from reage.models.parts import Parts, Strengths
from reage.pixels.color import Encoder, plate_space, to_scene_linear
from reage.pixels.crop import for_shot, pixels_for
from reage.pixels.geometry import Region
from reage.pixels.ocio import convert
from reage.pixels.plate import Pixels, Plate, PlateInfo
from reage.settings import Settings
from reage.shot.tracking import parse_face

SRGB = "srgb_rec709_scene"
"""OCIO's name of what an untagged 8-bit picture is in."""


def reage_image(
    rgb: np.ndarray,
    source_age: float,
    target_age: float,
    colorspace: str = SRGB,
    model: Model | None = None,
    device: str = "auto",
    past_consent: str = "",
    **settings: Any,
) -> np.ndarray:
    """One picture with its face re-aged: a new array of the same shape, type and color space.

    rgb        (h, w, 3): float, or uint8 or uint16 whose highest code value is white
    colorspace of rgb, by its OpenColorIO name
    model      a loaded model; else the one that `settings` name, or the default one. Give it for
               many pictures, so that it is loaded once
    device     as `RenderJob.device`, where no model is given
    past_consent   as `RenderJob.past_consent`
    settings   of `Settings`: blend, detail, form, tone, pattern, face, crop_size …; age maps and
               hair mattes are files, which only `render` takes

    Pixels that nothing is added to keep their bits. Whole numbers are rounded. Raises PlateError
    where the array is no picture, FaceError where no face is found, and what `Settings`, the model
    and the color space raise. For a shot, whose face must not jump, use `render`.
    """
    plate, code = _plate(np.asarray(rgb))
    asked = Settings(source_age, target_age, **settings)
    if asked.pixel_aspect not in (None, 1.0):
        raise SettingsError("reage_image takes square pixels only; use render for others.")
    if asked.age_map or asked.hair_matte:
        raise SettingsError(
            "reage_image takes no age map and no hair matte, which are files; use render."
        )
    space = plate_space(plate.info, colorspace, Path("the array"))
    linear, linear_space = to_scene_linear(plate, space)
    loaded = model or OnnxModel.load(
        asked.model, device, person=asked.person, past_consent=past_consent
    )
    permitted(loaded.card, asked.pattern, past_consent)
    size, alone = (plate.region.width, plate.region.height), TrackOptions(sigma=0.0)
    track = track_shot(reader_of(linear), (0,), size, parse_face(asked.face), alone)
    face = track.at(0)
    if face is None:
        raise FaceError(
            "No face was found in the picture. Point at it with face='X,Y', or draw a box with "
            "face='X,Y,WIDTH,HEIGHT'."
        )
    crop = for_shot(loaded.card, asked, track)
    strengths = Strengths.of(asked)
    around = pixels_for(face, loaded.card, crop.side, plate.region)
    if around.empty:
        return np.array(rgb)
    layers = reage_frame(
        linear.cut(around), face, loaded, replace(asked, crop_size=crop.side),
        Encoder(linear_space, loaded.card.encoding), parts=strengths.mix_parts(loaded.card),
        shape=strengths.shape > 0,
    ).spread(plate.region)  # fmt: skip
    result = layers.over(linear.rgb, asked.blend, strengths)
    changed = (result != linear.rgb).any(-1)
    out = np.array(rgb)
    back = result[changed]
    if space != linear_space:
        back = convert(back, linear_space, space)
    if code is not None:
        back = np.clip(back, 0, 1) * code + 0.5
    else:
        largest = np.finfo(out.dtype).max
        back = np.clip(back, -largest, largest)
    out[changed] = back.astype(out.dtype)
    return out


def _plate(rgb: np.ndarray) -> tuple[Plate, int | None]:
    """The array as a plate, and the highest code value of whole numbers."""
    if rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise PlateError(f"The picture has the shape {rgb.shape}; it must be (height, width, 3).")
    code = None
    if rgb.dtype in (np.uint8, np.uint16):
        code = int(np.iinfo(rgb.dtype).max)
    elif rgb.dtype.kind != "f":
        raise PlateError(f"The picture holds {rgb.dtype}; it must hold float, uint8 or uint16.")
    pixels = np.asarray(rgb, np.float32) / np.float32(code or 1)
    here = Region(0, 0, rgb.shape[1], rgb.shape[0])
    clipped = None if code is None else (rgb == code).all(-1)
    return Plate(pixels, here, PlateInfo(here, here, ("R", "G", "B")), clipped), code


def read_layers(path: Path, parts: bool = False) -> Layers:
    """Delta and matte, and shape where it is there, of a frame that `render` wrote; with `parts`
    the delta's parts and hair as well. Raises PlateError where they are not there."""
    moves = set(SHAPE_CHANNELS) <= set(read_channel_names(Path(path)))
    wanted = (*DELTA_CHANNELS, MATTE_CHANNEL, *(SHAPE_CHANNELS if moves else ()))
    pixels, region, _ = read_channels(Path(path), wanted)
    delta, matte = np.ascontiguousarray(pixels[..., :3]), pixels[..., 3].copy()
    down = np.array([1, -1], np.float32)
    shape = pixels[..., 4:] * down if moves else None
    if not parts:
        return Layers(region, delta, matte, shape=shape)
    detail, form, tone, hair = (_color(path, f"reage_delta_{name}") for name in (*PARTS, "hair"))
    mattes = read_channels(Path(path), (HAIR_MATTE_CHANNEL, HAIR_GUESS_CHANNEL))[0]
    grayed = HairLayers(hair, mattes[..., 0].copy(), mattes[..., 1].copy())
    mixed = Layers.of_parts(region, Parts(detail, form, tone), matte)
    return replace(mixed, hair=grayed, shape=shape)


def _color(path: Path, layer: str) -> Pixels:
    return read_channels(Path(path), tuple(f"{layer}.{color}" for color in COLORS))[0]
