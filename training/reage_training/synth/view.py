"""A view: one person, expression, light and camera, with the skin still to be lit.

It holds for each pixel where on the face it lies and what light falls there, and, finished,
everything that is not skin. So skin of any age can be lit in it, on whatever device trains,
and nothing but the face differs between two ages of a view: its skin, and eyes, teeth and lashes,
which are there as they are in youth and in old age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

KEYS = 3
"""Key lights at most."""

UV, NORMAL, AMBIENT, OPENNESS, HAIR_OVER = slice(0, 2), slice(2, 4), slice(4, 7), 7, 8
KEY, SKIN, HAIR, FEATURES = slice(9, 12), 12, 13, 14
STILL, STILL_GRAY, STILL_OLD = slice(15, 18), slice(18, 21), slice(21, 24)
"""Planes of a view, see `View`."""
PLANES = 24
STILLS = (STILL, STILL_GRAY, STILL_OLD)
COVERAGE = (SKIN, HAIR, FEATURES)

REC709_TO_ACESCG = np.array(
    [
        [0.6130974024, 0.3395231462, 0.0473794514],
        [0.0701937225, 0.9163538791, 0.0134523985],
        [0.0206155929, 0.1095697729, 0.8698146342],
    ],
    np.float32,
)
"""Linear Rec.709 to ACEScg, Bradford adapted D65 to D60 (ACES, aces-dev utility matrices)."""
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Luminance of linear Rec.709 (ITU-R BT.709-6)."""

Planes = npt.NDArray[np.float16]


@dataclass(frozen=True)
class View:
    """planes (h, w, PLANES) float16:

    UV         face texture u and v, each as 65535ths in a uint16's bits
    NORMAL     x to the right and y up, as the camera sees it; z is toward the camera
    AMBIENT    irradiance over π from all around, with shadows, linear Rec.709
    OPENNESS   share of the sky that is seen, HAIR_OVER root hair over the skin, 0 … 1
    KEY        share 0 … 1 of each key light that is seen
    SKIN       coverage by visible facial skin; HAIR by hair strands; FEATURES by eyes, teeth, gums
               and lashes
    STILL      everything that is not skin, times its coverage: scene-linear ACEScg, exposed
    STILL_GRAY the same, were the hair gray
    STILL_OLD  the same with eyes, teeth and lashes of an old face, the hair as it is

    metadata: how it came about: seed, expression, camera, lights as the camera sees them,
           scalp color, cm_per_px, exposure (factor from light to scene-linear), landmarks
    """

    planes: Planes
    metadata: Mapping[str, Any]
