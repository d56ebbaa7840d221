"""A photograph of one face: its light, and the mesh found in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import FaceError
from reage.faces import FaceChoice, detect_faces, reader_of, viewable
from reage.faces.observation import search
from reage.faces.sample import Picture
from reage.faces.skin import facing
from reage.faces.viewable import shrunk
from reage.media.imagefile import read_orientation, read_plate
from reage.pixels.color import plate_space, to_scene_linear
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate, PlateInfo
from reage.pixels.resample import widened

Floats = npt.NDArray[np.float64]

SMALLEST = 120
"""Px of a face, hairline to chin, below which a photograph shows no lines, only folds."""

_LARGEST = 1000
"""Px that a larger face is shrunk to: face UV has 640 texels for it."""

_ROOM = 0.9
"""How far around the face's center the photograph is kept, in face sizes."""

_SEARCHED = 1024
"""Px of a photograph's longer side, at least, in which the face is looked for first."""

_TO_HAIRLINE = 1.1
"""Of a face's height, what the detector's box has."""

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
    plate = _upright(_square(read_plate(path)), read_orientation(path))
    space = plate_space(plate.info, colorspace, path)
    return of_plate(plate, path.name, lambda part: to_scene_linear(part, space)[0])


def of_plate(
    plate: Plate, name: str, linear: Callable[[Plate], Plate] = lambda part: part
) -> Photograph:
    """The photograph that a plate is, whose parts `linear` makes scene-linear. Raises FaceError as
    `photograph` does."""
    region = plate.region
    factor = max(1, max(region.width, region.height) // _SEARCHED)
    small = linear(_anew(plate, shrunk(plate.rgb, factor), None))
    found, side = _one_face(viewable(small.rgb), name)
    center, size = factor * found, factor * side
    around = Region.spanning([center - _ROOM * size, center + _ROOM * size])
    inside = around.intersect(Region(0, 0, region.width, region.height))
    here = plate.cut(replace(inside, x=inside.x + region.x, y=inside.y + region.y))
    scale = min(1.0, _LARGEST / size)
    near = linear(_scaled(here, scale))
    point = (center - [inside.x, inside.y]) * scale
    choice = FaceChoice(point=(float(point[0]), float(point[1])))
    seen = search(reader_of(near), 0, near.region, None, choice)
    if seen is None:
        raise FaceError(f"The face in {name} is cut by the picture's edge; take a whole one.")
    taken = seen.face.size / scale
    if taken < SMALLEST:
        raise FaceError(
            f"The face in {name} is {taken:.0f} px high; from {SMALLEST} px on there is something "
            "to see of its skin."
        )
    clipped = np.zeros(near.rgb.shape[:2], bool) if near.clipped is None else near.clipped
    looking = facing(np.array(seen.face.mesh))
    rgb = np.maximum(near.rgb, np.float32(0))
    return Photograph(name, rgb, clipped, seen.points, looking, seen.face.size, taken)


def _one_face(picture: Picture, name: str) -> tuple[Floats, float]:
    """Center (2,) and about the size of the face in a picture, in its px. Raises FaceError where
    there is not one."""
    found = sorted(detect_faces(picture), key=lambda face: -face.side)
    if not found:
        raise FaceError(
            f"No face was found in {name}. Take a photograph that shows the face from the front "
            "or half turned, and upright."
        )
    large = [face for face in found if face.side > _BYSTANDER * found[0].side]
    if len(large) > 1:
        raise FaceError(f"{name} shows {len(large)} faces; crop it to the one that is meant.")
    return np.array(found[0].center), _TO_HAIRLINE * found[0].side


def _scaled(plate: Plate, scale: float) -> Plate:
    """Smaller, and finite."""
    rgb = np.nan_to_num(plate.rgb, nan=0.0, posinf=0.0, neginf=0.0)
    clipped = None if plate.clipped is None else plate.clipped.astype(np.float32)
    if scale < 1:
        wanted = tuple(max(1, round(side * scale)) for side in (rgb.shape[1], rgb.shape[0]))
        rgb = cv2.resize(rgb, wanted, interpolation=cv2.INTER_AREA)
        clipped = None if clipped is None else cv2.resize(clipped, wanted)
    return _anew(plate, np.asarray(rgb, np.float32), None if clipped is None else clipped > 0.1)


_TURNS: Mapping[int, tuple[int, bool]] = {
    1: (0, False), 2: (0, True), 3: (2, False), 4: (2, True),
    5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False),
}  # fmt: skip
"""EXIF orientation → quarter turns against the clock, and whether mirrored left to right before
(Exif 2.32, tag 0x0112)."""


def _square(plate: Plate) -> Plate:
    """The same in square px; a frame of an anamorphic plate is squeezed."""
    aspect = plate.info.aspect
    if aspect == 1.0:
        return plate
    rgb, _ = widened(plate.rgb, plate.region, aspect)
    clipped = plate.clipped
    if clipped is not None:
        clipped = widened(clipped.astype(np.float32), plate.region, aspect)[0] > 0
    return _anew(plate, rgb, clipped)


def _upright(plate: Plate, orientation: int) -> Plate:
    turns, mirrored = _TURNS.get(orientation, (0, False))
    if not turns and not mirrored:
        return plate

    def turned(array: np.ndarray) -> np.ndarray:
        flipped = array[:, ::-1] if mirrored else array
        return np.ascontiguousarray(np.rot90(flipped, turns))

    clipped = None if plate.clipped is None else turned(plate.clipped)
    return _anew(plate, turned(plate.rgb), clipped)


def _anew(plate: Plate, rgb: Pixels, clipped: np.ndarray | None) -> Plate:
    """A plate of other pixels in the same colorspace."""
    here = Region(0, 0, rgb.shape[1], rgb.shape[0])
    info = PlateInfo(here, here, plate.info.channels, plate.info.colorspace)
    return Plate(rgb, here, info, clipped)
