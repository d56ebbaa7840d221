"""Which faces a shot has: a line each, and one picture with a thumbnail of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from reage.errors import FaceError
from reage.faces import FaceFrame, reader_of
from reage.faces.observation import faces_by_index
from reage.job import RenderJob
from reage.media.png import write_png
from reage.pixels.color import Encoder
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate
from reage.shot.footage import Footage
from reage.shot.tracking import NO_FACE
from reage.tools.contact_sheet import PANEL, panel

_ACROSS = 3
"""Thumbnails in a row; the frame above them is as wide."""

_ROOM = 1.8
"""Side of a thumbnail in face sizes: the face and its hair."""

_MARK = (0.16, 0.62, 1.0)


@dataclass(frozen=True)
class FaceList:
    """The faces of the first frame of a shot that has any.

    faces  index, as `--face` takes it → the face; larger ones first
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
            found = faces_by_index(reader_of(plate), number, whole)
            if found:
                return cls(number, found, plate, space)
        raise FaceError(NO_FACE)

    def text(self) -> str:
        """A line for each face, with what `--face` takes for it in any frame."""
        lines = [f"frame {self.frame}, {len(self.faces)} found; largest first"]
        for index, face in self.faces.items():
            x, y, w, h = _box(face)
            lines.append(
                f"--face {index}: {face.size:.0f} px high, confidence {face.confidence:.2f}; "
                f"by a point --face {face.center[0]:.0f},{face.center[1]:.0f}; "
                f"by a box --face {x},{y},{w},{h}"
            )
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """The same for programs; lengths in plate px, boxes as x, y, width, height."""
        faces = [
            {
                "index": index,
                "center": [round(c, 1) for c in face.center],
                "size": round(face.size, 1),
                "degrees": round(face.degrees, 1),
                "confidence": round(face.confidence, 3),
                "box": list(_box(face)),
            }
            for index, face in self.faces.items()
        ]
        return {"frame": self.frame, "faces": faces}

    def write_sheet(self, path: Path) -> None:
        """Write a PNG: the frame with every face in its box, and each by itself. Colors are shown
        through the sRGB curve, highlights clipped. Raises OutputError."""
        shown = Encoder(self.space, "sRGB").encode(np.nan_to_num(self.plate.rgb))
        marked = np.ascontiguousarray(np.clip(shown, 0, 1))
        thick = max(1, round(marked.shape[1] / 500))
        for index, face in self.faces.items():
            x, y, w, h = _box(face)
            x, y = x - self.plate.region.x, y - self.plate.region.y
            cv2.rectangle(marked, (x, y), (x + w, y + h), _MARK, thick)
            corner, font = (x + 3 * thick, y + 14 * thick), cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(marked, str(index), corner, font, thick / 2, _MARK, thick, cv2.LINE_AA)
        whole = panel(marked, f"frame {self.frame}", _ACROSS * PANEL)
        thumbnails = [
            panel(self._square(shown, face), f"{index}: {face.size:.0f} px")
            for index, face in self.faces.items()
        ]
        empty = np.full_like(thumbnails[0], 24)
        thumbnails += [empty] * (-len(thumbnails) % _ACROSS)
        rows = [
            np.hstack(thumbnails[i : i + _ACROSS]) for i in range(0, len(thumbnails), _ACROSS)
        ]
        write_png(path, np.vstack([whole, *rows]))

    def _square(self, shown: Pixels, face: FaceFrame) -> Pixels:
        """(n, n, 3) about a face; black where that leaves the plate."""
        side = max(1, round(_ROOM * face.size))
        x, y = (round(c - side / 2) for c in face.center)
        square = Region(x, y, side, side)
        out = np.zeros((side, side, 3), np.float32)
        inside = square.intersect(self.plate.region)
        if not inside.empty:
            out[inside.slices(square)] = shown[inside.slices(self.plate.region)]
        return out


def _box(face: FaceFrame) -> tuple[int, int, int, int]:
    """x, y, width, height of the smallest upright box around a face's outline."""
    oval = face.oval()
    (x, y), (right, bottom) = np.floor(oval.min(0)), np.ceil(oval.max(0))
    return int(x), int(y), int(right - x), int(bottom - y)
