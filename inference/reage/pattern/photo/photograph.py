"""A photograph of one face: its light, and the mesh found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import FaceError
from reage.faces import FaceChoice, FaceFrame, reader_of
from reage.faces.observation import faces_by_index, search
from reage.faces.skin import facing
from reage.media.imagefile import read_orientation, read_plate
from reage.pixels.color import plate_space, to_scene_linear
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate, PlateInfo

Floats = npt.NDArray[np.float64]

SMALLEST = 120
"""Px of a face, hairline to chin, below which a photograph shows no lines, only folds."""

_LARGEST = 1000
"""Px that a larger face is shrunk to: face UV has 640 texels for it."""

_ROOM = 0.8
"""How far around the face's center the photograph is kept, in face sizes."""

_BYSTANDER = 0.4
"""Share of the largest face's size below which another face is nobody's portrait."""


@dataclass(frozen=True)
class Photograph:
    """The surroundings of the one face in a photograph.

    name     for messages
    rgb      (h, w, 3) float32 scene-linear, finite, not below zero
    clipped  (h, w) bool: at the highest value that the file can hold
    mesh     (468, 3) landmarks in px of rgb, centers of pixels at .5: x, y, depth
    facing   (468,) 0 … 1: how much each looks at the camera
    face_px  hairline to chin in rgb, px
    taken_px the same in the photograph itself
    """

    name: str
    rgb: Pixels
    clipped: np.ndarray
    mesh: Floats
    facing: Floats
    face_px: float
    taken_px: float


def photograph(path: Path, colorspace: str | None = None) -> Photograph:
    """Read a photograph: any image file; turned as its EXIF orientation says.

    colorspace: by its OpenColorIO name; else what the file says
    Raises PlateError where it cannot be read, ColorspaceError where its colorspace is unknown,
    FaceError where it does not show one face, large enough.
    """
    plate = _upright(read_plate(path), read_orientation(path))
    linear, _ = to_scene_linear(plate, plate_space(plate.info, colorspace, path))
    return of_plate(linear, path.name)


def of_plate(plate: Plate, name: str) -> Photograph:
    """The photograph that a scene-linear plate is. Raises FaceError as `photograph` does."""
    read, region = reader_of(plate), plate.region
    found = faces_by_index(read, 0, region)
    if not found:
        raise FaceError(
            f"No face was found in {name}. Take a photograph that shows the face from the front "
            "or half turned, and upright."
        )
    large = [f for f in found.values() if f.size > _BYSTANDER * found[0].size]
    if len(large) > 1:
        raise FaceError(f"{name} shows {len(large)} faces; crop it to the one that is meant.")
    size = found[0].size
    if size < SMALLEST:
        raise FaceError(
            f"The face in {name} is {size:.0f} px high; from {SMALLEST} px on there is something "
            "to see of its skin."
        )
    seen = search(read, 0, region, None, FaceChoice(point=found[0].center))
    if seen is None:
        raise FaceError(f"The face in {name} is cut by the picture's edge; take a whole one.")
    x, y = seen.face.center
    room = _ROOM * size
    around = Region.spanning([[x - room, y - room], [x + room, y + room]])
    here = plate.cut(around)
    points = seen.points - [here.region.x, here.region.y, 0]
    return _shrunk(here, points, name, seen.face)


def _shrunk(plate: Plate, points: Floats, name: str, face: FaceFrame) -> Photograph:
    scale = min(1.0, _LARGEST / face.size)
    rgb = np.maximum(np.nan_to_num(plate.rgb, nan=0.0, posinf=0.0, neginf=0.0), np.float32(0))
    clipped = np.zeros(rgb.shape[:2], bool) if plate.clipped is None else plate.clipped
    if scale < 1:
        wanted = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
        rgb = np.asarray(cv2.resize(rgb, wanted, interpolation=cv2.INTER_AREA))
        clipped = cv2.resize(clipped.astype(np.float32), wanted) > 0.1
    looking = facing(np.array(face.mesh))
    return Photograph(name, rgb, clipped, points * scale, looking, face.size * scale, face.size)


_TURNS: Mapping[int, tuple[int, bool]] = {
    1: (0, False), 2: (0, True), 3: (2, False), 4: (2, True),
    5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False),
}  # fmt: skip
"""EXIF orientation → quarter turns against the clock, and whether mirrored left to right before
(Exif 2.32, tag 0x0112)."""


def _upright(plate: Plate, orientation: int) -> Plate:
    turns, mirrored = _TURNS.get(orientation, (0, False))
    if not turns and not mirrored:
        return plate

    def turned(array: np.ndarray) -> np.ndarray:
        flipped = array[:, ::-1] if mirrored else array
        return np.ascontiguousarray(np.rot90(flipped, turns))

    rgb = turned(plate.rgb)
    here = Region(0, 0, rgb.shape[1], rgb.shape[0])
    info = PlateInfo(here, here, plate.info.channels, plate.info.colorspace)
    return Plate(rgb, here, info, None if plate.clipped is None else turned(plate.clipped))
