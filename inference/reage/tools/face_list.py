"""Which faces a shot has: a line each, and one picture with a thumbnail of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from reage.errors import OutputError
from reage.faces import FaceFrame
from reage.job import RenderJob
from reage.media.patterns import set_aside
from reage.media.png import write_png
from reage.media.replacing import replacing
from reage.pixels.color import Encoder
from reage.pixels.geometry import Region, squeezed
from reage.pixels.plate import Pixels
from reage.pixels.resample import widened
from reage.shot.faces_file import template
from reage.shot.footage import Footage
from reage.shot.tracking import FoundFaces, first_faces, in_plate
from reage.tools.contact_sheet import PANEL, panel

_ACROSS = 3
"""Thumbnails in a row; the frame above them is as wide."""

_ROOM = 1.8
"""Side of a thumbnail in face sizes: the face and its hair."""

_MARK = (0.16, 0.62, 1.0)


@dataclass(frozen=True)
class FaceList:
    """The faces of the first frame of a shot that has any, as they are told."""

    job: RenderJob
    found: FoundFaces

    @classmethod
    def of(cls, job: RenderJob) -> FaceList:
        """Raises FaceError where no frame of the job has a face, and what reading raises."""
        return cls(job, first_faces(Footage.open(job)))

    def text(self) -> str:
        """A line for each face, with what `--face` takes for it in any frame."""
        faces = self.found.faces
        lines = [f"frame {self.found.frame}, {len(faces)} found; largest first"]
        for index, face in faces.items():
            (cx, cy), (x, y, w, h) = in_plate(face, self._aspect), _box(face, self._aspect)
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
                "center": [round(c, 1) for c in in_plate(face, self._aspect)],
                "size": round(face.size, 1),
                "degrees": round(face.degrees, 1),
                "confidence": round(face.confidence, 3),
                "box": list(_box(face, self._aspect)),
            }
            for index, face in self.found.faces.items()
        ]
        return {"frame": self.found.frame, "faces": faces}

    def write_faces_file(self, path: Path) -> str:
        """Write a faces file of them, for `--faces`, to be edited. Another that stands there may
        have been edited already: it is set aside, and the sentence given says where, else "".
        Raises OutputError."""
        points = [in_plate(face, self._aspect) for face in self.found.faces.values()]
        text, said = template(self.job, points).encode(), ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as draft:
                draft.write_bytes(text)
                if path.is_file() and path.read_bytes() != text:
                    aside = set_aside(path)
                    said = f"What stood in {path}, perhaps edited by hand, is in {aside} now."
        except OSError as e:
            raise OutputError(f"{path} cannot be written: {e.strerror}.") from e
        return said

    def write_sheet(self, path: Path) -> None:
        """Write a PNG: the frame with every face in its box, and each by itself, unsqueezed. Colors
        are shown through the sRGB curve, highlights clipped. Raises OutputError."""
        plate = self.found.plate
        rgb, region = np.nan_to_num(plate.rgb), plate.region
        if self._aspect != 1.0:
            rgb, region = widened(rgb, region, self._aspect)
        shown = Encoder(self.found.space, "sRGB").encode(rgb)
        marked = np.ascontiguousarray(np.clip(shown, 0, 1))
        thick = max(1, round(marked.shape[1] / 500))
        for index, face in self.found.faces.items():
            x, y, w, h = _box(face)
            x, y = x - region.x, y - region.y
            cv2.rectangle(marked, (x, y), (x + w, y + h), _MARK, thick)
            corner, font = (x + 3 * thick, y + 14 * thick), cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(marked, str(index), corner, font, thick / 2, _MARK, thick, cv2.LINE_AA)
        whole = panel(marked, f"frame {self.found.frame}", _ACROSS * PANEL)
        thumbnails = [
            panel(_square(shown, region, face), f"{index}: {face.size:.0f} px")
            for index, face in self.found.faces.items()
        ]
        empty = np.full_like(thumbnails[0], 24)
        thumbnails += [empty] * (-len(thumbnails) % _ACROSS)
        rows = [
            np.hstack(thumbnails[i : i + _ACROSS]) for i in range(0, len(thumbnails), _ACROSS)
        ]
        write_png(path, np.vstack([whole, *rows]))

    @property
    def _aspect(self) -> float:
        return self.found.plate.info.aspect


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
