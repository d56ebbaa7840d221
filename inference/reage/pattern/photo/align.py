"""Readings laid over each other: where a place of one is found in another."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage.pixels.plate import Pixels

_CONTRAST, _AROUND, _FAINT = 40.0, 0.03, 0.5
"""Relief as the flow sees it: 8-bit values for as much of it as there is around, within a sigma in
face UV; and 0.1 mm that are not to be enlarged."""

_EVEN = 0.03
"""Sigma in face UV over which neighbours move alike. So true lines of synthetic people, unrolled by
the networks' meshes, correlate by .34 … .50 between two views, and by −.2 … .0 before."""

_FARTHEST = 0.03
"""In face UV; the mesh is never off by more, where it holds at all."""

_BANDS = ((0.6 / 512, 2.5 / 512), (2 / 512, 8 / 512))
"""Sigmas between which reliefs are compared, in face UV: fine, and broad."""

_ENOUGH = 0.012
"""Share of face UV that two photographs must both show, to be compared."""

_AGREES = 1.0 / 512
"""In face UV: how near the way back must end for a way to be believed wholly."""


def moved(field: Pixels, shift: Pixels) -> Pixels:
    """A field (N, N) or (N, N, C) as it is at the places that a shift (N, N, 2) leads to."""
    y, x = np.indices(shift.shape[:2], np.float32)
    at = (x + shift[..., 0], y + shift[..., 1])
    return np.asarray(cv2.remap(field, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


@dataclass(frozen=True)
class Flow:
    """How two reliefs are looked at.

    patch  texels that are looked at as one
    even   sigma in face UV over which neighbours move alike
    band   sigmas in texels of what is compared
    """

    patch: int = 8
    even: float = _EVEN
    band: tuple[float, float] = (1.0, 10.0)


def shift_to(
    relief: Pixels, skin: Pixels, other: Pixels, other_skin: Pixels, how: Flow = Flow()
) -> Pixels:
    """(N, N, 2) texels right and down: where each place of `relief` (N, N) lies in `other`.

    skin, other_skin: (N, N) 0 … 1, where they are known. Both are relief in 0.1 mm, so that it
    does not matter whence the light came. DIS flow (Kroeger et al. 2016), there and back, where
    both agree; evened out over what is around.
    """
    size = len(relief)
    one, two = _shown(relief, skin, how.band), _shown(other, other_skin, how.band)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow.setPatchSize(how.patch)
    flow.setPatchStride(3 * how.patch // 8)
    there, back = flow.calc(one, two, None), flow.calc(two, one, None)
    y, x = np.indices(skin.shape, np.float32)
    ends = (x + there[..., 0], y + there[..., 1])
    off = np.linalg.norm(there + cv2.remap(back, *ends, cv2.INTER_LINEAR), axis=-1)
    both = skin * cv2.remap(other_skin, *ends, cv2.INTER_LINEAR)
    near = np.linalg.norm(there, axis=-1) < _FARTHEST * size
    trust = (both * near / (1 + (off / (_AGREES * size)) ** 2) + 1e-3).astype(np.float32)
    sigma = how.even * size
    total = cv2.GaussianBlur(there * trust[..., None], (0, 0), sigma)
    # What nothing is known of stays where the mesh puts it.
    return np.asarray(total / (cv2.GaussianBlur(trust, (0, 0), sigma) + 0.02)[..., None])


def agreement(relief: Pixels, skin: Pixels, other: Pixels, other_skin: Pixels) -> float:
    """How far two reliefs that lie over each other are of one face: what their fine and their
    broad bands correlate by, −2 … 2, where both are known; 2 where that is too little to tell.
    Measured in `extract`."""
    size = len(relief)
    both = (skin > 0.5) & (other_skin > 0.5)
    if np.count_nonzero(both) < _ENOUGH * size * size:
        return 2.0
    total = 0.0
    for narrow, wide in _BANDS:
        bands = []
        for each in (relief, other):
            finer = cv2.GaussianBlur(each, (0, 0), narrow * size)
            bands.append((finer - cv2.GaussianBlur(each, (0, 0), wide * size))[both])
        total += float(np.corrcoef(*bands)[0, 1])
    return total


def _shown(relief: Pixels, skin: Pixels, between: tuple[float, float]) -> np.ndarray:
    """Fine and broad relief, faint and deep alike, as 8 bits."""
    finer, wider = (cv2.GaussianBlur(relief, (0, 0), sigma) for sigma in between)
    band = finer - wider
    sigma = _AROUND * len(relief)
    power, area = (cv2.GaussianBlur(f, (0, 0), sigma) for f in (band * band * skin, skin))
    even = band * skin / (np.sqrt(power / (area + 0.05)) + _FAINT)
    return np.asarray(np.clip(128 + _CONTRAST * even, 0, 255), np.uint8)
