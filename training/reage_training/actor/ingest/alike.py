"""Photographs of one moment: found by a hash of what they show, whatever their size or format."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from reage.faces.sample import Picture, sample, square

Bits = npt.NDArray[np.uint8]
"""(HASH // 8,) packed bits."""

HASH = 256

_SIDE, _KEPT, _AROUND = 64, 16, 1.5
"""Px of the upright face, cosines kept each way, and what is shown around its center, in face
sizes."""

_ROWS = 1024


def face_hash(picture: Picture, center: tuple[float, float], size: float, degrees: float) -> Bits:
    """The signs of the low cosines of a face that is brought upright and to one size (after
    Zauner 2010, "Implementation and benchmarking of perceptual image hash functions"): of the
    face, not of the frame, so that a crop of a photograph is found as well."""
    face = sample(picture, square(center, _AROUND * size, degrees, _SIDE), _SIDE)
    light = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)
    waves = cv2.dct(light)[:_KEPT, :_KEPT].ravel()
    return np.packbits(waves > np.median(waves))


def pairs(hashes: Bits, most: int) -> Iterator[tuple[int, int, int]]:
    """(i, j, bits that differ) for all pairs i < j of hashes (n, HASH // 8) that differ by `most`
    bits at most; memory grows with n, not with its square."""
    signs = np.unpackbits(hashes, axis=1).astype(np.float32) * 2 - 1
    for start in range(0, len(signs), _ROWS):
        differ = (HASH - signs[start : start + _ROWS] @ signs[start:].T) / 2
        for i, j in zip(*np.nonzero(differ <= most), strict=True):
            if j > i:
                yield start + int(i), start + int(j), int(differ[i, j])
