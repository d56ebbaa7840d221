"""A picture as ten-bit Y'CbCr 4:2:2: the way back is `reage.media.yuv.to_rgb`."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from reage.media.yuv import LUMA
from reage_live.recording import Picture

BT709 = 1
"""MatrixCoefficients of ITU-T H.273 that is used whatever the picture's size."""

Plane = npt.NDArray[np.uint16]


def even(size: tuple[int, int]) -> tuple[int, int]:
    """(width, height) of the movie for pictures of that size: no codec here takes an odd side."""
    return size[0] + size[0] % 2, size[1] + size[1] % 2


def to_422(picture: Picture) -> tuple[Plane, Plane, Plane]:
    """Luma (h, w), Cb and Cr (h, w/2) of R'G'B' (h, w, 3); uint16 of ten bits, limited range.

    A chroma sample sits on the left luma sample of its two and is the mean of what is around
    it, weighted 1 2 1. An odd width or height is filled up with the last column or row once
    more. Done here, as FFmpeg's converter makes 16-bit pictures
    two ten-bit levels too bright (measured with PyAV 18) and rounds chroma more coarsely.
    """
    h, w = picture.shape[:2]
    filled = np.pad(picture, ((0, h % 2), (0, w % 2), (0, 0)), mode="edge")
    peak = np.iinfo(picture.dtype).max
    whole = cv2.transform(filled.astype(np.uint16, copy=False), _matrix(peak))
    y, cb, cr = (np.ascontiguousarray(whole[..., i]) for i in range(3))
    return y, _halved(cb), _halved(cr)


def _matrix(peak: int) -> npt.NDArray[np.float64]:
    """(3, 4): R'G'B' of 0 … peak and 1, to ten-bit Y'CbCr."""
    kr, kb = LUMA[BT709]
    luma = np.array([kr, 1 - kr - kb, kb])
    cb = (np.array([0, 0, 1]) - luma) / (2 * (1 - kb))
    cr = (np.array([1, 0, 0]) - luma) / (2 * (1 - kr))
    scaled = np.stack([876 * luma, 896 * cb, 896 * cr]) / peak
    return np.hstack([scaled, [[64.0], [512.0], [512.0]]])


def _halved(chroma: Plane) -> Plane:
    """(h, w) → (h, w/2)."""
    left = np.pad(chroma[:, 1:-1:2], ((0, 0), (1, 0)), mode="edge")
    total: Plane = 2 * chroma[:, ::2] + left + chroma[:, 1::2] + 2
    return np.right_shift(total, 2, dtype=np.uint16)
