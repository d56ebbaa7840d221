"""One picture for people: plate, younger, older, and the delta and matte behind them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from reage.errors import SettingsError
from reage.frame.layers import Layers
from reage.media.imagefile import read_info
from reage.media.png import write_png
from reage.media.sequence import open_shot
from reage.models.parts import Strengths
from reage.pixels.color import Encoder, plate_space, to_scene_linear
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate
from reage.settings import Settings
from reage.shot.image import read_layers

PANEL = 480
"""Width in px that each panel is shown at."""

DELTA_GAIN = 4.0
"""Deltas are shown as gray ± this much of their display-encoded value."""


def write_sheet(
    plate: str | Path,
    younger: Path,
    older: Path,
    output: Path,
    colorspace: str | None = None,
    shape: float = 0.0,
    frame: int | None = None,
) -> dict[str, float]:
    """Write a PNG of two rows: plate, younger, older; matte, and the two deltas. Returns the ages
    of the first row by those names, in years, as the layers' headers say them; none where they do
    not, as of several faces.

    plate: one frame, or a shot and which frame of it; younger, older: its layers as `reage render`
    wrote them, with delta and matte, and with shape where some of it is to show. Colors are shown
    through the sRGB curve, highlights clipped.
    Raises PlateError, ColorspaceError or OutputError, and SettingsError for a shape out of its
    limits, or one that layers do not have.
    """
    Settings(shape=shape)
    shown, space = _linear(plate, colorspace, frame)
    layers = [read_layers(path) for path in (younger, older)]
    for path, each in zip((younger, older), layers, strict=True):
        if shape and each.shape is None:
            raise SettingsError(
                f"{path} holds no shape for --shape to show; render it with "
                "--layers delta,matte,shape."
            )
    face = _around(layers, shown.region)
    rgb = shown.rgb[face.slices(shown.region)]
    view = Encoder(space, "sRGB").encode
    full = [each.spread(shown.region.union(each.region)) for each in layers]
    cut = [_cut(each, face) for each in full]
    results = [each.over(rgb, strengths=Strengths(shape=shape)) for each in cut]
    deltas = [
        0.5 + DELTA_GAIN * (view(np.nan_to_num(r)) - view(np.nan_to_num(rgb))) for r in results
    ]
    top = [view(np.nan_to_num(picture)) for picture in (rgb, *results)]
    bottom = [np.repeat(cut[0].matte[..., None], 3, 2), *deltas]
    ages = _ages(younger, older)
    shown_ages = {name: f"{name}, {age:g}" for name, age in ages.items()}
    names = [shown_ages.get(name, name) for name in ("plate", "younger", "older")]
    names += ["matte", "delta, younger", "delta, older"]
    wide = PANEL, shown.info.aspect
    panels = [panel(p, name, *wide) for p, name in zip((*top, *bottom), names, strict=True)]
    sheet = np.vstack([np.hstack(panels[:3]), np.hstack(panels[3:])])
    write_png(output, sheet)
    return ages


def _ages(younger: Path, older: Path) -> dict[str, float]:
    said = {
        "plate": (younger, "reage:source_age"),
        "younger": (younger, "reage:target_age"),
        "older": (older, "reage:target_age"),
    }
    found = {name: read_info(path).metadata.get(key) for name, (path, key) in said.items()}
    return {name: float(age) for name, age in found.items() if isinstance(age, int | float)}


def _linear(path: str | Path, colorspace: str | None, frame: int | None) -> tuple[Plate, str]:
    shot = open_shot(path)
    number = shot.frames[0] if frame is None else frame
    plate = shot.read(number)
    return to_scene_linear(plate, plate_space(plate.info, colorspace, shot.path(number)))


def _around(layers: list[Layers], whole: Region) -> Region:
    """Where the mattes are, with some room, inside the plate; all of it where none is."""
    found = [each.region for each in map(_tight, layers) if not each.region.empty]
    if not found:
        return whole
    region = found[0].union(found[-1])
    return region.expand(region.height // 4).intersect(whole)


def _tight(layers: Layers) -> Layers:
    return _cut(layers, layers.region.bounds(layers.matte > 0))


def _cut(layers: Layers, region: Region) -> Layers:
    inside = region.slices(layers.region)
    shape = None if layers.shape is None else layers.shape[inside]
    return Layers(region, layers.delta[inside], layers.matte[inside], shape=shape)


def panel(picture: Pixels, name: str, width: int = PANEL, aspect: float = 1.0) -> np.ndarray:
    """(h, w, 3) 0 … 1 → uint8 `width` px wide, with its name above; aspect: of the picture's px."""
    height = max(1, round(picture.shape[0] * width / (picture.shape[1] * aspect)))
    shrinks = picture.shape[1] > width
    way = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    small = cv2.resize(np.clip(picture, 0, 1), (width, height), interpolation=way)
    title = np.full((34, width, 3), 24, np.uint8)
    cv2.putText(title, name, (12, 23), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (225,) * 3, 1, cv2.LINE_AA)
    return np.vstack([title, (np.clip(small, 0, 1) * 255 + 0.5).astype(np.uint8)])
