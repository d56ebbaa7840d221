"""Which of several faces a track follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.errors import SettingsError
from reage.faces.detect import Detection, window
from reage.faces.landmarks import landmarks_of
from reage.faces.sample import Picture
from reage.faces.search import confirmed, detect_faces, faces_at
from reage.pixels.geometry import Similarity

_TURNS = (0, 90, 180, 270)


@dataclass(frozen=True)
class FaceChoice:
    """Applies in the first frame that shows such a face; at most one of point and box.

    index: place in the order of size, 0 the largest; used where neither other is given
    point: (x, y) in plate px, on the face
    box:   (x, y, width, height) in plate px, drawn around the face by hand
    Raises SettingsError where the values make no sense.
    """

    index: int = 0
    point: tuple[float, float] | None = None
    box: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        if self.index < 0:
            raise SettingsError(f"A face's index counts from 0, the largest; got {self.index}.")
        if self.point is not None and self.box is not None:
            raise SettingsError("Choose the face by a point or by a box, not by both.")
        if self.box is not None and not (self.box[2] > 0 and self.box[3] > 0):
            raise SettingsError(f"A face box needs a width and a height above 0; got {self.box}.")

    def unsqueezed(self, aspect: float) -> FaceChoice:
        """The same choice in square px, of a plate whose pixels are so much wider than high."""
        point = self.point and (self.point[0] * aspect, self.point[1])
        if (box := self.box) is not None:
            box = (box[0] * aspect, box[1], box[2] * aspect, box[3])
        return FaceChoice(self.index, point, box)

    def through(self, change: Similarity) -> FaceChoice:
        """The same choice in a picture whose px are those, shifted and scaled."""
        point, box = self.point, self.box
        if point is not None:
            x, y = change.apply(point)
            point = (float(x), float(y))
        if box is not None:
            x, y = change.apply(box[:2])
            box = (float(x), float(y), box[2] * change.scale, box[3] * change.scale)
        return FaceChoice(self.index, point, box)


def chosen(picture: Picture, choose: FaceChoice, smallest: float = 0.0) -> Detection | None:
    """The chosen face of a whole picture, or None where it is not there.

    picture:  (h, w, 3) uint8 sRGB, the choice in its own px
    smallest: of faces that an index is looked up among, see `detect_faces`
    """
    if choose.box is not None:
        return _in_box(picture, choose.box)
    if choose.point is not None:
        near = faces_at(picture, choose.point)
        return min(near, key=lambda d: _distance(d, choose.point), default=None)
    faces = detect_faces(picture, choose.index + 1, smallest)
    faces.sort(key=lambda d: -d.side)
    return faces[choose.index] if choose.index < len(faces) else None


def _in_box(picture: Picture, box: tuple[float, float, float, float]) -> Detection | None:
    """The face nearest to the box's middle; failing that, the box's own word for it."""
    x, y, w, h = box
    center, side = (x + w / 2, y + h / 2), max(w, h)
    windows = [window(center, side * grown, t) for t in _TURNS for grown in (1.5, 2.5)]
    inside = [d for d in confirmed(picture, windows) if _distance(d, center) < side / 2]
    if inside:
        return min(inside, key=lambda d: _distance(d, center))
    upright = np.zeros((6, 2))
    upright[:2, 0] = -side / 4, side / 4  # of the keypoints only the eyes' line counts here
    turned = [Similarity.of(degrees=t, to=center).apply(upright) for t in _TURNS]
    guesses = [Detection(box, 0.5, keypoints) for keypoints in turned]
    return max(guesses, key=lambda d: landmarks_of(picture, d).presence)


def _distance(face: Detection, point: tuple[float, float] | None) -> float:
    return float(np.hypot(*np.subtract(face.center, point or (0, 0))))
