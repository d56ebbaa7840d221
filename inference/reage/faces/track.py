"""A face through a shot, and its readable file.

In the file, `center` is in the plate's own px, as a viewer tells them, counted from the top-left
corner; `size` in its rows, `degrees` as on a screen that shows the plate unsqueezed. A plate whose
pixels are not square is told by `pixel_aspect` beside its width and height.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard, get_args

from reage import strict_json
from reage.errors import TrackError
from reage.faces.frame import FARTHEST, LARGEST, MESH_POINTS, SMALLEST, FaceFrame, State
from reage.job import FARTHEST_FRAME
from reage.shaped import shown

_VERSION = 1

_REACH = 100.0
"""Face units that outline and mesh reach: a crop around them is no face's any more."""

_MOST_POINTS = 2 * MESH_POINTS
"""Of an outline; those that the engine makes have some forty."""


@dataclass(frozen=True)
class FaceTrack:
    """One face over a shot.

    width, height: of the plate's display window, in its own px
    frames:        every tracked frame by its number, those without a face included; square px
    aspect:        width over height of the plate's pixels
    cuts:          first frames of the shots after the first, ascending
    doubts:        frames without a face, ascending, where one was that might be another's
    """

    width: int
    height: int
    frames: Mapping[int, FaceFrame]
    aspect: float = 1.0
    cuts: tuple[int, ...] = ()
    doubts: tuple[int, ...] = ()

    def at(self, frame: int) -> FaceFrame | None:
        """The face in a frame; None where there is none or the frame was not tracked."""
        face = self.frames.get(frame)
        return None if face is None or face.state == "none" else face

    def to_json(self) -> str:
        """Text of a track file: JSON, one frame a line, made to be read and edited."""
        return "".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The same line by line, as the text of a long track takes much memory."""
        head = f'"reage_track": {_VERSION}, "width": {self.width}, "height": {self.height}'
        if self.aspect != 1.0:
            head += f', "pixel_aspect": {self.aspect:.17g}'
        for key, numbers in (("cuts", self.cuts), ("doubts", self.doubts)):
            if numbers:
                head += f', "{key}": {list(numbers)}'
        yield f'{{{head}, "frames": ['
        comma = ""
        for number in sorted(self.frames):
            face = _scaled(self.frames[number], 1 / self.aspect)
            yield f"{comma}\n{json.dumps(track_entry(face))}"
            comma = ","
        yield "\n]}\n"

    @classmethod
    def from_json(cls, text: str, where: str) -> FaceTrack:
        """Read a track file. `where` names it in errors. Raises TrackError."""
        return cls._from_data(
            strict_json.loads(text, f"the track {where}", TrackError, strict_json.LONG), where
        )

    @classmethod
    def load(cls, path: Path) -> FaceTrack:
        """Read a track's file. Raises TrackError."""
        what = f"the track {path}"
        return cls._from_data(strict_json.load(path, what, TrackError, strict_json.LONG), str(path))

    @classmethod
    def _from_data(cls, data: Any, where: str) -> FaceTrack:
        if not isinstance(data, dict) or data.get("reage_track") != _VERSION:
            raise TrackError(
                f'{where} is no face track: it must start with {{"reage_track": {_VERSION}, ….'
            )
        width, height = data.get("width"), data.get("height")
        if not (_is_whole(width) and _is_whole(height)):
            raise TrackError(f"The track {where} needs width and height, whole plate px above 0.")
        aspect = data.get("pixel_aspect", 1.0)
        if not _is_number(aspect) or not 0.01 <= aspect <= 100:
            raise TrackError(
                f"The track {where}: pixel_aspect must be from 0.01 to 100, not "
                f"{shown(aspect)}."
            )
        if not isinstance(data.get("frames"), list):
            raise TrackError(f"The track {where} needs frames, a list of one object a frame.")
        frames: dict[int, FaceFrame] = {}
        for place, entry in enumerate(data["frames"], 1):
            face = _parsed(entry, f"The track {where}", place)
            if face.frame in frames:
                raise TrackError(f"The track {where} holds frame {face.frame} twice.")
            frames[face.frame] = _scaled(face, aspect)
        cuts, doubts = (_numbers(data, key, f"The track {where}") for key in ("cuts", "doubts"))
        return cls(width, height, frames, float(aspect), cuts, doubts)


def _scaled(face: FaceFrame, across: float) -> FaceFrame:
    """The face with its center's x in other px."""
    return replace(face, center=(face.center[0] * across, face.center[1]))


def as_kept(face: FaceFrame, aspect: float = 1.0) -> FaceFrame:
    """A face as a track file of plates with this pixel aspect gives it back."""
    return _scaled(_rounded(_scaled(face, 1 / aspect)), aspect)


def _rounded(face: FaceFrame) -> FaceFrame:
    """A face in as many digits as a file holds: a thousandth of a pixel, of a degree, and a tenth
    of that of a face's size."""
    if face.state == "none":
        return FaceFrame.none(face.frame)
    x, y = face.center
    return replace(
        face,
        center=(round(x, 3), round(y, 3)),
        size=round(face.size, 3),
        degrees=round(face.degrees, 3),
        confidence=round(face.confidence, 3),
        outline=tuple((round(u, 4), round(v, 4)) for u, v in face.outline),
        mesh=tuple((round(u, 4), round(v, 4)) for u, v in face.mesh),
        placed=face.placed and (round(face.placed[0], 3), round(face.placed[1], 3)),
    )


def track_entry(face: FaceFrame) -> dict[str, Any]:
    """A face as a track file's entry for its frame; `center` as the face has it."""
    entry: dict[str, Any] = {"frame": face.frame, "state": face.state}
    if face.state != "none":
        kept = _rounded(face)
        entry |= {
            "center": list(kept.center),
            "size": kept.size,
            "degrees": kept.degrees,
            "confidence": kept.confidence,
            "outline": [list(point) for point in kept.outline],
        }
        if kept.mesh:
            entry["mesh"] = [list(point) for point in kept.mesh]
        if kept.placed:
            entry["placed"] = list(kept.placed)
        if kept.key:
            entry["key"] = True
    return entry


def _parsed(entry: Any, who: str, place: int) -> FaceFrame:
    number = entry.get("frame") if isinstance(entry, dict) else None
    if type(number) is not int or abs(number) > FARTHEST_FRAME:
        raise TrackError(f"{who}: entry {place} of frames needs frame, a whole number.")
    who = f"{who}, frame {entry['frame']}"
    known = (
        "frame", "state", "center", "size", "degrees", "confidence", "outline", "mesh", "placed",
        "key",
    )  # fmt: skip
    if unknown := sorted(set(entry) - set(known)):
        raise TrackError(f"{who}: unknown {shown(unknown[0])}; known are {', '.join(known)}.")
    states = get_args(State)
    if entry.get("state") not in states:
        raise TrackError(f"{who}: state must be one of {', '.join(states)}.")
    if entry["state"] == "none":
        return FaceFrame.none(entry["frame"])
    size = _number(entry, "size", who)
    if not SMALLEST <= size <= LARGEST:
        raise TrackError(
            f"{who}: size must be from {SMALLEST:g} px up to {LARGEST:g}, not {size:g}."
        )
    confidence = _number(entry, "confidence", who)
    if not 0 < confidence <= 1:
        raise TrackError(f"{who}: confidence must be above 0 and at most 1, not {confidence:g}.")
    outline = entry.get("outline")
    if not _is_line(outline) or not 3 <= len(outline) <= _MOST_POINTS:
        raise TrackError(
            f"{who}: outline must be a list of three or more [u, v] points, {_MOST_POINTS} at "
            f"most, none beyond {_REACH:g}."
        )
    mesh = entry.get("mesh", [])  # tracks of before it was kept have none
    if not _is_line(mesh) or len(mesh) not in (0, MESH_POINTS):
        raise TrackError(
            f"{who}: mesh must be a list of {MESH_POINTS} [u, v] points, none beyond {_REACH:g}."
        )
    if not isinstance(entry.get("key", False), bool):
        raise TrackError(f"{who}: key must be true or false.")
    placed = entry.get("placed")
    if placed is not None and not _is_pair(placed, 360.0):
        raise TrackError(f"{who}: placed must be [yaw, pitch] in degrees.")
    if not _is_pair(entry.get("center"), FARTHEST):
        raise TrackError(f"{who}: center must be [x, y] in plate px, up to {FARTHEST:g}.")
    degrees = _number(entry, "degrees", who)
    if abs(degrees) > 3600:
        raise TrackError(f"{who}: degrees must be from -180 to 180, not {degrees:g}.")
    return FaceFrame(
        frame=entry["frame"],
        center=(float(entry["center"][0]), float(entry["center"][1])),
        size=size,
        degrees=degrees,
        confidence=confidence,
        outline=tuple((float(u), float(v)) for u, v in outline),
        state=entry["state"],
        mesh=tuple((float(u), float(v)) for u, v in mesh),
        key=entry.get("key", False),
        placed=placed and (float(placed[0]), float(placed[1])),
    )


def _number(entry: dict[str, Any], key: str, who: str) -> float:
    value: Any = entry.get(key)
    if not _is_number(value):
        raise TrackError(f"{who}: {key} must be a number, not {shown(value)}.")
    return float(value)


def _numbers(data: dict[str, Any], key: str, who: str) -> tuple[int, ...]:
    values = data.get(key, [])
    if not isinstance(values, list) or any(type(v) is not int for v in values):
        raise TrackError(f"{who}: {key} must be a list of frame numbers.")
    return tuple(sorted(set(values)))


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _is_whole(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 < value <= LARGEST


def _is_pair(value: Any, most: float) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(v) in (int, float) and -most <= v <= most for v in value)
    )


def _is_line(value: Any) -> bool:
    """Whether it is a list of points in face units."""
    return isinstance(value, list) and all(_is_pair(point, _REACH) for point in value)
