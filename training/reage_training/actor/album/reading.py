"""What an album keeps of one photograph, in face UV: some megabytes, made once.

    BOOK/album/readings/SHA256.npz

The name is the photograph's own hash, so that another one is read anew, and the same one never.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import cv2
import numpy as np

from reage.errors import OutputError
from reage.faces.skin import places
from reage.media.replacing import replacing
from reage.pattern.maps import SIZE
from reage.pattern.photo.light import Slopes
from reage.pattern.photo.photograph import Floats, Photograph
from reage.pattern.photo.reading import Reading, read
from reage.pattern.photo.solve import Evidence
from reage.pattern.photo.unwrap import unwrapped
from reage.pixels.plate import Pixels
from reage_training.actor.album.tone import tone_of

FORMAT = 1
"""Another one is read anew."""

FIRST_LOOK = SIZE // 2
"""Side at which photographs are laid over each other."""

_COARSE = SIZE // 4
"""Side of what has no detail: how light falls, and how finely skin is seen."""


@dataclass(frozen=True)
class Kept:
    """A reading of SIZE texels and what else an album needs; see `Reading`.

    light, skin, marks (SIZE, SIZE); fine, right, down (SIZE / 4, SIZE / 4)
    relief, seen  (FIRST_LOOK, FIRST_LOOK) the relief of this photograph alone in 0.1 mm, and where
    tone          (M, M, 4) log2 of the skin's color, without its light, and its weight
    mesh, facing  (468, 3) px and (468,)
    face_px       hairline to chin in the photograph
    """

    light: Pixels
    skin: Pixels
    marks: Pixels
    fine: Pixels
    right: Pixels
    down: Pixels
    relief: Pixels
    seen: Pixels
    tone: Pixels
    mesh: Floats
    facing: Floats
    face_px: Floats

    @classmethod
    def of(cls, photo: Photograph) -> Kept:
        """Read a photograph. Raises as `reage.pattern.photo.reading` does."""
        unrolled = unwrapped(photo, places(), SIZE)
        made = read(unrolled, photo)
        seen = halved(made.skin)
        half = np.float32(0.5)  # a texel is twice as wide
        small = Slopes(halved(made.slopes.right) * half, halved(made.slopes.down) * half)
        relief = Evidence.of(halved(made.light), small, seen).relief()
        right, down = (_coarse(s) for s in (made.slopes.right, made.slopes.down))
        return cls(
            made.light, made.skin, made.marks, _coarse(made.fine), right, down, relief, seen,
            tone_of(unrolled.rgb, unrolled.points, made.skin), photo.mesh, photo.facing,
            np.array(photo.taken_px),
        )  # fmt: skip

    @property
    def quality(self) -> Pixels:
        """(SIZE / 4, SIZE / 4) 0 … 1: how well each place is shown."""
        return np.asarray(_coarse(self.skin) * self.fine)

    def write(self, path: Path) -> None:
        """Raises OutputError."""
        planes = {f.name: _packed(f.name, getattr(self, f.name)) for f in fields(self)}
        planes["format"] = np.array(FORMAT)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as draft, draft.open("wb") as file:
                np.savez_compressed(file, allow_pickle=False, **planes)
        except OSError as e:
            raise OutputError(f"The reading {path} cannot be written: {e.strerror}.") from e

    @classmethod
    def read(cls, path: Path) -> Kept | None:
        """None where there is none of this format, or a broken one."""
        try:
            with np.load(path) as stored:
                if int(stored["format"]) != FORMAT:
                    return None
                return cls(**{f.name: _unpacked(stored[f.name]) for f in fields(cls)})
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None


def halved(field: Pixels) -> Pixels:
    """A field (SIZE, SIZE) at FIRST_LOOK."""
    side = (FIRST_LOOK, FIRST_LOOK)
    return np.asarray(cv2.resize(field, side, interpolation=cv2.INTER_AREA), np.float32)


def enlarged(field: Pixels) -> Pixels:
    """A coarse field at SIZE."""
    return np.asarray(cv2.resize(field, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR), np.float32)


def reading_of(kept: Kept) -> Reading:
    """As it was read."""
    slopes = Slopes(enlarged(kept.right), enlarged(kept.down))
    return Reading(kept.light, slopes, kept.skin, enlarged(kept.fine), kept.marks)


def _coarse(field: Pixels) -> Pixels:
    side = (_COARSE, _COARSE)
    return np.asarray(cv2.resize(field, side, interpolation=cv2.INTER_AREA), np.float32)


_SKIN = ("skin", "seen")


def _packed(name: str, plane: Pixels | Floats) -> np.ndarray:
    if name in _SKIN:
        return np.asarray(plane * 255 + 0.5, np.uint8)
    exact = name in ("mesh", "facing", "face_px")
    return np.asarray(plane, np.float64 if exact else np.float16)


def _unpacked(plane: np.ndarray) -> Any:
    if plane.dtype == np.uint8:
        return np.asarray(plane, np.float32) / np.float32(255)
    kind = np.float64 if plane.dtype == np.float64 else np.float32
    return np.asarray(plane.astype(kind))
