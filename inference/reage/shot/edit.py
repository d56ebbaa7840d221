"""One edit of a face track, and the face that it makes of a frame's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reage.errors import SettingsError, TrackError
from reage.faces import FaceFrame, FaceTrack
from reage.faces.frame import FARTHEST, LARGEST, SMALLEST
from reage.faces.typical import fitted, looking, typical_face


@dataclass(frozen=True)
class Edit:
    """What is set at some frames; lengths in the plate's own px, but sizes, which are in rows.

    center, shift, size, degrees: of the face there; of the nearest frame's face where it has none
    place:  a box (x, y, width, height) around the face from hairline to chin, or a point (x, y)
            between the two, which takes size and roll of the nearest face where none are given.
            A frame that has no face gets a typical one
    yaw, pitch: where a placed face looks, degrees; straight on where it is new and none are given
    no_face: the plate passes through
    Raises SettingsError where that makes no sense.
    """

    frames: tuple[int, ...]
    center: tuple[float, float] | None = None
    shift: tuple[float, float] | None = None
    size: float | None = None
    degrees: float | None = None
    place: tuple[float, ...] | None = None
    yaw: float | None = None
    pitch: float | None = None
    no_face: bool = False

    def __post_init__(self) -> None:
        looks = (self.yaw, self.pitch)
        given = (self.center, self.shift, self.size, self.degrees, self.place, *looks)
        if not self.no_face and all(each is None for each in given):
            raise SettingsError(
                "Nothing to edit: give --place, --center, --shift, --size, --degrees, --yaw, "
                "--pitch or --no-face."
            )
        if self.no_face and any(each is not None for each in given):
            raise SettingsError("--no-face takes the face away; nothing else can be set with it.")
        lengths = [*(self.center or ()), *(self.shift or ()), *(self.place or ())]
        numbers = [self.size, self.degrees, self.yaw, self.pitch, *lengths]
        if not all(math.isfinite(number) for number in numbers if number is not None):
            raise SettingsError("An edit of a track holds a number that is none; give finite ones.")
        if self.size is not None and not SMALLEST <= self.size <= LARGEST:
            raise SettingsError(
                f"--size is {self.size:g}; a face is from {SMALLEST:g} to {LARGEST:g} px high."
            )
        if any(abs(each) > FARTHEST for each in lengths):
            raise SettingsError(f"An edit of a track goes beyond {FARTHEST:g} px.")
        if self.degrees is not None and abs(self.degrees) > 360:
            raise SettingsError(f"--degrees is {self.degrees:g}; it must be from -360 to 360.")
        if self.place is not None:
            self._check_place(self.place)
        if any(abs(angle) > 90 for angle in looks if angle is not None):
            raise SettingsError("--yaw and --pitch are from -90 to 90 degrees.")

    def _check_place(self, place: tuple[float, ...]) -> None:
        if self.center is not None or self.shift is not None:
            raise SettingsError("--place says where the face is; leave --center and --shift away.")
        if len(place) not in (2, 4) or (len(place) == 4 and min(place[2:]) <= 0):
            raise SettingsError(
                "--place wants a point, such as 960,540, or a box with a width and a height above "
                "0, such as 800,300,400,500."
            )


def face_set(
    track: FaceTrack, there: Mapping[int, FaceFrame], edit: Edit, number: int
) -> FaceFrame:
    """The face of a frame as an edit sets it."""
    aspect, own = track.aspect, there.get(number)
    near = own or min(there.values(), key=lambda f: abs(f.frame - number), default=None)
    if edit.place is not None and own is None:
        return _placed(edit, edit.place, number, near, aspect)
    if near is None:
        raise TrackError(
            "The track has no face in any frame, so there is none to edit; set one with --place."
        )
    face = _looking(replace(near, frame=number, confidence=1.0, state="edited"), edit)
    degrees = face.degrees if edit.degrees is None else edit.degrees
    if edit.place is not None and len(edit.place) == 4:
        return fitted(face, _unsqueezed(edit.place, aspect), degrees)
    at = edit.center or edit.place
    x, y = face.center if at is None else (at[0] * aspect, at[1])
    dx, dy = edit.shift or (0.0, 0.0)
    size = face.size if edit.size is None else edit.size
    return replace(face, center=(x + dx * aspect, y + dy), size=size, degrees=degrees)


def _looking(face: FaceFrame, edit: Edit) -> FaceFrame:
    if edit.yaw is None and edit.pitch is None:
        return face
    if face.placed is None:
        raise SettingsError(
            f"--yaw and --pitch turn placed faces; that of frame {face.frame} was seen as it looks."
        )
    yaw, pitch = face.placed
    return looking(
        face, yaw if edit.yaw is None else edit.yaw, pitch if edit.pitch is None else edit.pitch
    )


def _placed(
    edit: Edit, place: tuple[float, ...], number: int, near: FaceFrame | None, aspect: float
) -> FaceFrame:
    """A typical face where there is none."""
    face = typical_face(number, edit.yaw or 0.0, edit.pitch or 0.0)
    degrees = edit.degrees
    if len(place) == 4:
        return fitted(face, _unsqueezed(place, aspect), degrees or 0.0)
    size = edit.size or (near.size if near else None)
    if size is None:
        raise SettingsError("A point does not say how large the face is; give --size, or a box.")
    degrees = (near.degrees if near else 0.0) if degrees is None else degrees
    return replace(face, center=(place[0] * aspect, place[1]), size=size, degrees=degrees)


def _unsqueezed(box: tuple[float, ...], aspect: float) -> tuple[float, float, float, float]:
    return box[0] * aspect, box[1], box[2] * aspect, box[3]
