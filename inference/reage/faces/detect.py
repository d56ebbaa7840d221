"""Where faces are in one square window: BlazeFace.

Network and decoding: Bazarevsky et al. 2019, "BlazeFace" (arXiv 1907.05047), and the
parameters of MediaPipe's face_detection_short_range graph: 128 px input in -1..1; two
anchors on each cell of a 16 x 16 grid and six on each of an 8 x 8 grid, at the cell
centers and of unit size; offsets in input pixels; logits clipped at +-100; a score of .5
keeps a box, an overlap (intersection over union) of .3 merges two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reage.faces import models
from reage.faces.sample import Picture, sample, square
from reage.pixels.geometry import Similarity

_INPUT = 128
_GRIDS = ((16, 2), (8, 6))
_LOGIT_LIMIT = 100.0
_MIN_SCORE = 0.5
SAME_FACE = 0.3
"""Boxes that overlap more than this are one face."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Detection:
    """One face.

    box:       (x, y, width, height) in picture px; brows to chin, roughly. May leave the picture
    score:     0..1
    keypoints: (6, 2) picture px: the eye on the left of an upright picture, the one on the
               right, nose tip, mouth, then the two ears in the eyes' order
    """

    box: tuple[float, float, float, float]
    score: float
    keypoints: Floats

    @property
    def center(self) -> tuple[float, float]:
        x, y, w, h = self.box
        return x + w / 2, y + h / 2

    @property
    def side(self) -> float:
        """The longer side of the box."""
        return max(self.box[2:])


def detect_in(picture: Picture, to_picture: Similarity) -> list[Detection]:
    """Faces in one square window (`sample.square`, 128 px), in picture px, best first."""
    pixels = sample(picture, to_picture, _INPUT)
    blob = pixels.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(127.5) - 1
    offsets, logits = models.run_network(models.DETECTOR, blob)
    score = 1 / (1 + np.exp(-logits.clip(-_LOGIT_LIMIT, _LOGIT_LIMIT).astype(np.float64)))
    keep = np.flatnonzero(score >= _MIN_SCORE)
    values = offsets.reshape(-1, 8, 2)[keep].astype(np.float64)
    points = values + (_anchors()[keep] * _INPUT)[:, None]
    points[:, 1] = values[:, 1]  # a width and a height, not a place
    return [_placed(p, s, to_picture) for p, s in _merge(points, score[keep])]


def window(center: tuple[float, float], side: float, degrees: float = 0.0) -> Similarity:
    """A window for `detect_in`: a square of `side` picture px, turned clockwise."""
    return square(center, side, degrees, _INPUT)


def overlap(a: Detection, b: Detection) -> float:
    """Intersection over union of two boxes, 0..1."""
    (ax, ay, aw, ah), (bx, by, bw, bh) = a.box, b.box
    w = min(ax + aw, bx + bw) - max(ax, bx)
    h = min(ay + ah, by + bh) - max(ay, by)
    both = max(0.0, w) * max(0.0, h)
    return both / max(aw * ah + bw * bh - both, 1e-9)


def _anchors() -> Floats:
    """(896, 2) centers in units of the input side, in the network's order."""
    grids = []
    for cells, per_cell in _GRIDS:
        row, column = np.mgrid[:cells, :cells].reshape(2, -1).repeat(per_cell, axis=1)
        grids.append(np.stack([column + 0.5, row + 0.5], axis=1) / cells)
    return np.concatenate(grids)


def _merge(points: Floats, scores: Floats) -> Iterator[tuple[Floats, float]]:
    """Weighted non-maximum suppression: overlapping boxes become their mean by score.

    points: (n, 8, 2) in input px: center, (width, height), six keypoints
    """
    left = list(np.argsort(-scores))
    while left:
        best = points[left[0]]
        same = [i for i in left if _iou(best, points[i]) > SAME_FACE] or left[:1]
        yield np.average(points[same], axis=0, weights=scores[same]), float(scores[left[0]])
        left = [i for i in left if i not in same]


def _iou(a: Floats, b: Floats) -> float:
    low = np.maximum(a[0] - a[1] / 2, b[0] - b[1] / 2)
    high = np.minimum(a[0] + a[1] / 2, b[0] + b[1] / 2)
    both = np.prod((high - low).clip(0, None))
    return float(both / max(np.prod(a[1]) + np.prod(b[1]) - both, 1e-9))


def _placed(points: Floats, score: float, to_picture: Similarity) -> Detection:
    x, y = to_picture.apply(points[0])
    w, h = points[1] * to_picture.scale
    box = (float(x - w / 2), float(y - h / 2), float(w), float(h))
    return Detection(box, score, to_picture.apply(points[2:]))
