"""The shots that are measured: the demo plate, with grain so that it compresses like footage."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np

from reage.home import demo_plate
from reage.media.exr import write_layers
from reage.media.imagefile import read_plate
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo

FACE = 330
"""px: about the height of the face in the demo plate, which a crop of 512 px shows at its size."""


def make_shot(
    folder: Path, size: tuple[int, int], count: int, tile: int = 0, scale: float = 1.0
) -> None:
    """Write `count` frames of the demo plate inside a plate of `size`, with grain.

    Eight frames are drawn, then linked to and fro: plate.0001.exr …
    scale: of the demo plate, and so of the FACE in all of them
    """
    folder.mkdir(parents=True, exist_ok=True)
    samples = demo_plate()
    grain = np.random.default_rng(0)
    to_and_fro = [*range(len(samples)), *range(len(samples) - 2, 0, -1)]
    for number, sample in enumerate(samples):
        _draw(sample, folder / f"drawn.{number}.exr", size, tile, scale, grain)
    for number, which in zip(range(1, count + 1), itertools.cycle(to_and_fro), strict=False):
        (folder / f"plate.{number:04d}.exr").hardlink_to(folder / f"drawn.{which}.exr")


def _draw(
    sample: Path,
    path: Path,
    size: tuple[int, int],
    tile: int,
    scale: float,
    grain: np.random.Generator,
) -> None:
    head = read_plate(sample).rgb
    if scale != 1.0:
        how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
        head = cv2.resize(head, None, fx=scale, fy=scale, interpolation=how)
    whole, (height, width) = Region(0, 0, *size), head.shape[:2]
    place = Region((size[0] - width) // 2, (size[1] - height) // 2, width, height)
    rgb = np.full((size[1], size[0], 3), 0.18, np.float32)
    rgb[place.slices(whole)] = head
    rgb += grain.standard_normal(rgb.shape, np.float32) * 0.01
    info = PlateInfo(whole, whole, ("R", "G", "B"))
    channels = {name: np.ascontiguousarray(rgb[..., i]) for i, name in enumerate("RGB")}
    write_layers(path, channels, whole, info, {"colorspace": "ACEScg"}, "zip", "half", tile)
