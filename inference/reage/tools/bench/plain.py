"""A re-aging network run with no engine around it, as FaceFusion 3.6 runs its age modifier.

    8-bit picture ▶ the face's square, warped to a fixed size ▶ ONNX Runtime, one pass
                  ▶ 8 bits ▶ warped back through a blurred box ▶ 8-bit picture

What that does is from its public source (facefusion/processors/modules/age_modifier); the code is
our own. Left out, as all who are measured here are told where the face is: its detector,
landmarks, classifier and occlusion network.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from reage.pixels.crop import Crop

Bytes = npt.NDArray[np.uint8]
Run = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]

_BLUR = 0.3
"""Of the box, as a share of half its side: FaceFusion's default."""


def plain_frame(
    run: Run, source: Path, destination: Path, crop: Crop, ages: tuple[float, float]
) -> float:
    """Re-age the face of an 8-bit picture and write another one; gives the model's own seconds.

    run: (1, 5, size, size) of sRGB from 0 to 1 and both ages / 100 → (1, 3, size, size) to be added
    """
    frame = np.asarray(cv2.imread(str(source), cv2.IMREAD_COLOR), np.uint8)
    size, matrix = (crop.size, crop.size), _from_crop(crop)
    face = cv2.warpAffine(
        frame, matrix, size, flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    planes = (face[..., ::-1] / 255.0).transpose(2, 0, 1)
    maps = [np.full(size, age / 100.0) for age in ages]
    seen = np.concatenate([planes, np.stack(maps)])[None].astype(np.float32)
    start = time.perf_counter()
    added = run(seen)[0]
    seconds = time.perf_counter() - start
    aged = (planes + added).clip(0, 1).transpose(1, 2, 0)[..., ::-1] * 255
    cv2.imwrite(str(destination), _pasted(frame, aged, matrix))
    return seconds


def _from_crop(crop: Crop) -> npt.NDArray[np.float64]:
    """(2, 3) from a crop's array indices to the picture's, as cv2 has it."""
    matrix = np.array(crop.to_plate.matrix)
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return matrix


def _pasted(frame: Bytes, aged: npt.NDArray[np.float64], matrix: npt.NDArray[np.float64]) -> Bytes:
    height, width = frame.shape[:2]
    side = aged.shape[0]
    corners = matrix @ np.array([[0, side, 0, side], [0, 0, side, side], [1, 1, 1, 1]])
    left, top = np.floor(corners.min(1)).astype(int).clip(0, (width, height))
    right, bottom = np.ceil(corners.max(1)).astype(int).clip(0, (width, height))
    here = matrix.copy()
    here[:, 2] -= left, top
    size = (int(right - left), int(bottom - top))
    mask = cv2.warpAffine(_box(side), here, size).clip(0, 1)[..., None]
    back = cv2.warpAffine(aged, here, size, borderMode=cv2.BORDER_REPLICATE)
    whole = np.array(frame)
    under = whole[top:bottom, left:right]
    whole[top:bottom, left:right] = (under * (1 - mask) + back * mask).astype(np.uint8)
    return whole


def _box(side: int) -> npt.NDArray[np.float32]:
    """(side, side), 1 inside and blurred to 0 at its edge."""
    blur = int(side * 0.5 * _BLUR)
    edge = max(blur // 2, 1)
    box = np.zeros((side, side), np.float32)
    box[edge:-edge, edge:-edge] = 1
    return np.asarray(cv2.GaussianBlur(box, (0, 0), blur * 0.25), np.float32)
