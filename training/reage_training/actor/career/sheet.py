"""A career on one picture: all photographs by age, and the pairs held back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from reage.media.imagefile import read_plate
from reage_training.actor.career import held
from reage_training.actor.career.career import GOOD, PHOTOGRAPHS, Truth
from reage_training.actor.career.files import read_picture
from reage_training.output import Shown, eight_bits
from reage_training.pairs.encoding import code, shown

_HEIGHT, _COLUMNS, _LABEL = 230, 8, 34


def sheet(career: Path, photographs: Sequence[Truth]) -> Shown:
    """(h, w, 3): a tile for each photograph, with its true age and what is the matter with it,
    then plate and truth of each pair."""
    tiles = [
        _tile(read_picture(career / PHOTOGRAPHS / t.file),
              f"{t.age:.0f}" + ("" if t.kind == GOOD else f" {t.kind}"),
              f"{t.said:.0f} by {t.said_by}, {t.face_px} px")
        for t in sorted(photographs, key=lambda t: t.age)
    ]  # fmt: skip
    for folder, pair in held.pairs(career) if (career / "held").is_dir() else ():
        for name, age in (("plate", pair.age), ("truth", pair.target)):
            picture = eight_bits(shown(code().encode(read_plate(folder / f"{name}.exr").rgb)))
            tiles.append(_tile(picture, f"held {folder.name} {name}", f"{age:.0f}"))
    blank = np.full_like(tiles[0], 255)
    tiles += [blank] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[k : k + _COLUMNS]) for k in range(0, len(tiles), _COLUMNS)]
    return np.vstack(rows)


def _tile(picture: Shown, first: str, second: str) -> Shown:
    """A square of _HEIGHT with two lines below."""
    height, width = picture.shape[:2]
    scale = _HEIGHT / max(height, width)
    size = (max(1, round(scale * width)), max(1, round(scale * height)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    tile = np.full((_HEIGHT + _LABEL, _HEIGHT, 3), 255, np.uint8)
    top, left = (_HEIGHT - size[1]) // 2, (_HEIGHT - size[0]) // 2
    tile[top : top + size[1], left : left + size[0]] = small
    for line, text in enumerate((first, second)):
        cv2.putText(tile, text, (3, _HEIGHT + 13 + 15 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.38,
                    (0, 0, 0), 1, cv2.LINE_AA)  # fmt: skip
    return tile
