"""Whether moles and scars are there in a picture, and where they should be.

A mark's matte says where it lies. Its contrast is the mean log2 luminance under the matte, less
that of the skin in a ring around it: below zero where it is dark. Its place is where the matte,
slid over the picture, fits best: where its correlation with log2 luminance, from which what is
broader than the ring was taken, is the greatest. Slid along itself a scar fits everywhere alike, so
that of a long mark only how far it lies off across itself is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage_training.synth.head import Floats

LUMA = np.array([0.27222872, 0.67408177, 0.05368952], np.float32)
"""Luminance of ACEScg (ACES TB-2014-004)."""

PRESENT, NEAR = 0.5, 0.008
"""Share of its true contrast from which a mark is there, and how far off it may lie, in face
heights: 4 px of a face of 480."""

LONG = 3.0
"""So many times as long as wide, and a mark is a long one."""

_SEEN = 0.05
"""log2 of light that a mark must truly make to be looked for."""

_RING, _GAP, _REACH = 0.022, 0.006, 0.014
"""In face heights: how far the ring goes, what it leaves out around the matte, and how far off a
mark is looked for."""


@dataclass(frozen=True)
class FoundMark:
    """true, made: contrasts, log2 of light; off: from its place, in face heights, see `off`"""

    true: float
    made: float
    off: float

    @property
    def there(self) -> bool:
        """Law: a mark of the truth itself is there."""
        return self.made / self.true >= PRESENT and self.off <= NEAR


def contrast(light: Floats, matte: Floats, skin: Floats, face_px: float) -> float:
    """Of a mark; light (h, w) log2 luminance, matte and skin (h, w) 0 … 1."""
    inner = cv2.dilate(matte, _disk(_GAP * face_px)) > 0.05
    ring = (cv2.dilate(matte, _disk(_RING * face_px)) > 0.05) & ~inner & (skin > 0.9)
    if not ring.any():
        return 0.0
    return float(np.average(light, weights=matte) - np.median(light[ring]))


def place(light: Floats, matte: Floats, face_px: float, sign: float) -> tuple[float, float]:
    """(x, y) px from where the matte lies to where it fits best."""
    rows, columns = np.nonzero(matte > 0.02)
    reach = max(2, round(_REACH * face_px))
    top, left = rows.min(), columns.min()
    template = matte[top : rows.max() + 1, left : columns.max() + 1]
    fine = light - cv2.GaussianBlur(light, (0, 0), _RING * face_px / 2)
    padded = cv2.copyMakeBorder(fine, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    part = padded[top : top + template.shape[0] + 2 * reach,
                  left : left + template.shape[1] + 2 * reach]  # fmt: skip
    fits = sign * cv2.matchTemplate(part, template - template.mean(), cv2.TM_CCORR)
    _, _, _, (x, y) = cv2.minMaxLoc(np.asarray(fits, np.float32))
    return float(x - reach), float(y - reach)


def off(way: tuple[float, float], matte: Floats) -> float:
    """px of a way (x, y) from a mark's place; across the mark alone where its matte is LONG."""
    y, x = np.nonzero(matte > 0.02)
    spread = np.cov(np.stack([x, y]), aweights=matte[y, x]) + np.eye(2) / 12  # a px is a square
    (narrow, wide), axes = np.linalg.eigh(spread)
    if wide < LONG**2 * narrow:
        return float(np.hypot(*way))
    return float(abs(axes[:, 0] @ way))


def look_for(
    made: Floats, truth: Floats, matte: Floats, skin: Floats, face_px: float
) -> FoundMark | None:
    """A mark of the truth in a picture, both (h, w, 3) scene-linear ACEScg; None where the truth
    hardly shows it."""
    lights = [log_light(rgb) for rgb in (truth, made)]
    true, now = (contrast(light, matte, skin, face_px) for light in lights)
    if abs(true) < _SEEN:
        return None
    sign = float(np.sign(true))
    wanted, found = (place(light, matte, face_px, sign) for light in lights)
    way = (found[0] - wanted[0], found[1] - wanted[1])
    return FoundMark(true, now, off(way, matte) / face_px)


def left_of(
    made: Floats, plate: Floats, truth: Floats, matte: Floats, skin: Floats, face_px: float
) -> float | None:
    """Share that is left of a mark that the plate shows and the truth does not, yet; None where
    the plate hardly shows it."""
    pictures = (plate, truth, made)
    before, wanted, now = (contrast(log_light(p), matte, skin, face_px) for p in pictures)
    if abs(before - wanted) < _SEEN:
        return None
    return (now - wanted) / (before - wanted)


def log_light(rgb: Floats) -> Floats:
    """(h, w) log2 luminance of ACEScg."""
    return np.asarray(np.log2(np.maximum(rgb @ LUMA, 0) + 1e-3), np.float32)


def _disk(radius: float) -> np.ndarray:
    side = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
