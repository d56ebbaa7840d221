"""Which faces a shot has: a line each, and one picture with a thumbnail of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from reage.errors import FaceError
from reage.faces import FaceFrame, reader_of
from reage.faces.observation import faces_by_index
from reage.faces.view import unsqueezed_reader
from reage.job import RenderJob
from reage.pixels.color import Encoder
from reage.pixels.geometry import Region, squeezed
from reage.pixels.plate import Pixels, Plate
from reage.pixels.resample import widened
from reage.shot.footage import Footage
from reage.shot.tracking import NO_FACE
from reage.tools.contact_sheet import PANEL, panel, write_png

_ACROSS = 3
"""Thumbnails in a row; the frame above them is as wide."""

_ROOM = 1.8
"""Side of a thumbnail in face sizes: the face and its hair."""

_MARK = (0.16, 0.62, 1.0)


@dataclass(frozen=True)
class FaceList:
    """The faces of the first frame of a shot that has any.

    faces  index, as `--face` takes it → the face, in square px; larger ones first
    plate  that frame, scene-linear in `space`
    """

    frame: int
    faces: dict[int, FaceFrame]
    plate: Plate
    space: str

    @classmethod
    def of(cls, job: RenderJob) -> FaceList:
        """Raises FaceError where no frame of the job has a face, and what reading raises."""
        footage = Footage.open(job)
        for number in footage.frames:
            plate, space = footage.read(number)
            display = plate.info.display
            whole = Region(0, 0, display.width, display.height)
            aspect = plate.info.aspect
            read = unsqueezed_reader(reader_of(plate), aspect, whole)
            wide = replace(whole, width=round(whole.width * aspect))
            found = faces_by_index(read, number, wide)
            if found:
                return cls(number, found, plate, space)
        raise FaceError(NO_FACE)

    def text(self) -> str:
        """A line for each face, with what `--face` takes for it in any frame."""
        lines = [f"frame {self.frame}, {len(self.faces)} found; largest first"]
        for index, face in self.faces.items():
            (cx, cy), (x, y, w, h) = self._center(face), _box(face, self._aspect)
            lines.append(
                f"--face {index}: {face.size:.0f} px high, confidence {face.confidence:.2f}; "
                f"by a point --face {cx:.0f},{cy:.0f}; "
                f"by a box --face {x},{y},{w},{h}"
            )
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """The same for programs; lengths in plate px, boxes as x, y, width, height."""
        faces = [
            {
                "index": index,
                "center": [round(c, 1) for c in self._center(face)],
                "size": round(face.size, 1),
                "degrees": round(face.degrees, 1),
                "confidence": round(face.confidence, 3),
                "box": list(_box(face, self._aspect)),
            }
            for index, face in self.faces.items()
        ]
        return {"frame": self.frame, "faces": faces}

    def write_sheet(self, path: Path) -> None:
        """Write a PNG: the frame with every face in its box, and each by itself, unsqueezed. Colors
        are shown through the sRGB curve, highlights clipped. Raises OutputError."""
        rgb, region = np.nan_to_num(self.plate.rgb), self.plate.region
        if self._aspect != 1.0:
            rgb, region = widened(rgb, region, self._aspect)
        shown = Encoder(self.space, "sRGB").encode(rgb)
        marked = np.ascontiguousarray(np.clip(shown, 0, 1))
        thick = max(1, round(marked.shape[1] / 500))
        for index, face in self.faces.items():
            x, y, w, h = _box(face)
            x, y = x - region.x, y - region.y
            cv2.rectangle(marked, (x, y), (x + w, y + h), _MARK, thick)
            corner, font = (x + 3 * thick, y + 14 * thick), cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(marked, str(index), corner, font, thick / 2, _MARK, thick, cv2.LINE_AA)
        whole = panel(marked, f"frame {self.frame}", _ACROSS * PANEL)
        thumbnails = [
            panel(_square(shown, region, face), f"{index}: {face.size:.0f} px")
            for index, face in self.faces.items()
        ]
        empty = np.full_like(thumbnails[0], 24)
        thumbnails += [empty] * (-len(thumbnails) % _ACROSS)
        rows = [
            np.hstack(thumbnails[i : i + _ACROSS]) for i in range(0, len(thumbnails), _ACROSS)
        ]
        write_png(path, np.vstack([whole, *rows]))

    @property
    def _aspect(self) -> float:
        return self.plate.info.aspect

    def _center(self, face: FaceFrame) -> tuple[float, float]:
        x, y = squeezed(face.center, self._aspect)
        return float(x), float(y)


def _square(shown: Pixels, region: Region, face: FaceFrame) -> Pixels:
    """(n, n, 3) about a face of a picture of `region`; black where that leaves it."""
    side = max(1, round(_ROOM * face.size))
    x, y = (round(c - side / 2) for c in face.center)
    square = Region(x, y, side, side)
    out = np.zeros((side, side, 3), np.float32)
    inside = square.intersect(region)
    if not inside.empty:
        out[inside.slices(square)] = shown[inside.slices(region)]
    return out


def _box(face: FaceFrame, aspect: float = 1.0) -> tuple[int, int, int, int]:
    """x, y, width, height of the smallest upright box around a face's outline, in the px of a
    plate with such pixels."""
    oval = squeezed(face.oval(), aspect)
    (x, y), (right, bottom) = np.floor(oval.min(0)), np.ceil(oval.max(0))
    return int(x), int(y), int(right - x), int(bottom - y)
