"""Where a staying mark lies in a crop, by the mesh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from reage.faces import FaceFrame
from reage.pattern.conditioning import skin_of
from reage.pattern.maps import SIZE
from reage.pattern.staying import PageMark
from reage.pixels.crop import Crop
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels

_STEP = 8
"""Crop px between two places at which the mesh is asked for face UV."""

_MOST = 8
"""Places along a px, each way, at which a patch is looked at."""


@dataclass(frozen=True)
class PlacedMark:
    """A mark, as it is laid on the crop around it.

    window     of the crop, wide enough to look for the mark in, within it
    now, then  (h, w) float32 tone, as of the mark
    texel      px of the crop
    """

    window: Region
    now: Pixels
    then: Pixels
    texel: float


def placed(
    marks: Sequence[PageMark], face: FaceFrame, crop: Crop, margin: float
) -> Iterator[PlacedMark]:
    """The marks that are in sight, around each `margin` crop px at least; none without a mesh."""
    skin = skin_of(face, crop) if marks else None
    if skin is None:
        return
    whole = Region(0, 0, crop.size, crop.size)
    texels = skin.over(whole, _STEP).astype(np.float64) * SIZE
    texels[..., 1] = SIZE - texels[..., 1]
    for mark in marks:
        way = _way(mark, texels)
        if way is None:
            continue
        window = _window(mark, way, margin).intersect(whole)
        if min(window.width, window.height) > 2:
            texel = float(1 / np.sqrt(abs(np.linalg.det(way[:, :2]))))
            now = then = _laid(mark.now, mark, way, window)
            if mark.then is not mark.now:
                then = _laid(mark.then, mark, way, window)
            if now.any() or then.any():
                yield PlacedMark(window, now, then, texel)


def _way(mark: PageMark, texels: np.ndarray) -> np.ndarray | None:
    """(2, 3) from crop px to texels, straight, as it is at the mark; None where it is out of sight.

    texels: (h, w, 2) at each _STEP px of the crop
    """
    weight = np.abs(mark.either)
    y, x = np.indices(weight.shape)
    middle = np.array([(weight * axis).sum() / weight.sum() for axis in (x + mark.x, y + mark.y)])
    away = np.linalg.norm(texels - (middle + 0.5), axis=-1)
    row, column = (int(n) for n in np.unravel_index(away.argmin(), away.shape))
    if not (1 < row < len(away) - 2 and 1 < column < away.shape[1] - 2):
        return None
    at = np.array([column, row], np.float64)
    for _ in range(2):  # to the very place, or what is drawn would jump with the nearest step
        turn = np.stack([_slope(texels, at, [1, 0]), _slope(texels, at, [0, 1])], 1)
        if abs(np.linalg.det(turn)) < 1e-3:
            return None
        off = np.linalg.solve(turn, middle + 0.5 - _between(texels, at)) / _STEP
        if np.abs(off).max() > 2:
            return None
        at = np.clip(at + off, [column - 1, row - 1], [column + 0.999, row + 0.999])
    px = at * _STEP + 0.5
    return np.hstack([turn, (_between(texels, at) - turn @ px)[:, None]])


def _slope(texels: np.ndarray, at: np.ndarray, way: Sequence[int]) -> np.ndarray:
    """(2,) texels a crop px."""
    ahead, behind = _between(texels, at + way), _between(texels, at - way)
    return np.asarray((ahead - behind) / (2 * _STEP))


def _between(texels: np.ndarray, at: np.ndarray) -> np.ndarray:
    """(2,) texels at (x, y) steps."""
    column, row = (int(n) for n in at)
    right, down = at - [column, row]
    cell = texels[row : row + 2, column : column + 2]
    upper, lower = cell[:, 0] * (1 - right) + cell[:, 1] * right
    return np.asarray(upper * (1 - down) + lower * down)


def _window(mark: PageMark, way: np.ndarray, margin: float) -> Region:
    height, width = mark.now.shape
    right, low = mark.x + width, mark.y + height
    corners = np.array([[mark.x, mark.y], [right, mark.y], [mark.x, low], [right, low]])
    px = np.linalg.solve(way[:, :2], (corners - way[:, 2]).T).T
    return Region.spanning(px).expand(int(np.ceil(margin)))


def _laid(tone: Pixels, mark: PageMark, way: np.ndarray, window: Region) -> Pixels:
    """(h, w): a tone of the mark's patch in the window, each px the mean of the texels it covers,
    which of skin that turns away are more one way than the other."""
    n = int(np.clip(np.ceil(np.linalg.norm(way[:, :2], 2)), 1, _MOST))
    step = way[:, :2] / n
    start = way @ [window.x, window.y, 1.0] - [mark.x, mark.y] + step @ [0.5, 0.5]
    to_patch = np.hstack([step, (start - 0.5)[:, None]])
    size = window.width, window.height
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    fine = cv2.warpAffine(tone, to_patch, (size[0] * n, size[1] * n), flags=how)
    return np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA))
