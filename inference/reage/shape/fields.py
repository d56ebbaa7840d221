"""How a head's shape changes with the years: smooth fields of displacement in head space.

Judged by eye on renders, against the old-less-young shape targets of MakeHuman (CC0), and with
what is published of lips, mouth and ears (Sforza 2010: the red of the lips falls, the mouth widens;
noses are about 15 % larger at 65 to 80; ears grow .22 mm a year).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

GROUPS = ("lids", "jowls", "lips", "nose")
"""What an artist turns up and down by itself."""


@dataclass(frozen=True)
class Field:
    """One change of shape.

    group           one of GROUPS; "" with none
    center, radius  cm; a Gaussian around the center, mirrored to the other side if paired
    shift           cm at full strength: outward from the middle plane, up, forward
    onset, ramp     years at which it starts, and that it takes to full strength
    shaded          whether the training's skin is lit as if so shaped
    """

    name: str
    group: str
    center: tuple[float, float, float]
    radius: tuple[float, float, float]
    shift: tuple[float, float, float]
    onset: float
    ramp: float
    paired: bool = True
    shaded: bool = True


FIELDS = (
    Field("jowl", "jowls", (4.6, -5.3, 7.4), (1.9, 1.8, 2.6), (0.54, -0.70, 0.12), 40, 40),
    Field("prejowl", "jowls", (3.0, -5.7, 9.3), (1.0, 1.2, 1.6), (0.0, -0.10, -0.38), 42, 40),
    Field(
        "cheek hollow", "jowls", (4.7, -0.6, 8.6), (1.8, 1.9, 2.2), (-0.16, -0.12, -0.48), 38, 44
    ),
    Field("nasolabial", "jowls", (3.0, -0.8, 10.3), (0.85, 1.2, 1.2), (0.10, -0.20, 0.42), 34, 44),
    Field("temple", "", (6.6, 6.2, 6.2), (1.3, 1.8, 2.2), (-0.40, 0.0, -0.16), 42, 40),
    Field("lid bag", "lids", (3.1, 2.15, 9.5), (1.1, 0.42, 0.9), (0.0, -0.06, 0.33), 36, 40),
    Field("tear trough", "lids", (2.9, 1.25, 9.7), (1.2, 0.45, 0.9), (0.0, 0.0, -0.25), 36, 44),
    Field("hooding", "lids", (4.1, 4.75, 9.2), (1.1, 0.42, 0.8), (0.0, -0.26, 0.25), 40, 40),
    Field("brow", "lids", (4.8, 6.0, 9.0), (1.4, 0.8, 1.4), (0.0, -0.26, 0.06), 40, 44),
    Field("nose tip", "nose", (0, 0.2, 12.8), (1.1, 0.9, 1.4), (0.0, -0.24, 0.08), 35, 50, False),
    Field("nose wing", "nose", (1.2, -0.6, 11.3), (0.7, 0.7, 1.0), (0.09, -0.06, 0.04), 35, 50),
    Field("upper lip", "lips", (0, -2.7, 11.7), (2.2, 0.5, 1.2), (0.0, 0.05, -0.19), 45, 40, False),
    Field("lower lip", "lips", (0, -4.1, 11.3), (2.0, 0.5, 1.2), (0.0, 0.04, -0.19), 45, 40, False),
    Field("mouth corner", "lips", (2.6, -3.6, 10.1), (0.8, 0.8, 1.0), (0.0, -0.10, -0.10), 42, 40),
    Field("marionette", "jowls", (2.75, -5.0, 9.9), (0.65, 1.3, 1.2), (0.0, 0.0, -0.30), 42, 40),
    Field("mouth mound", "jowls", (3.6, -4.4, 9.3), (0.75, 1.4, 1.2), (0.10, -0.05, 0.25), 44, 40),
    Field("upper lid", "lids", (2.9, 4.35, 9.7), (1.0, 0.38, 0.8), (0.0, 0.0, -0.13), 44, 40),
    Field(
        "under chin", "jowls", (0, -9.5, 7.0), (1.6, 2.2, 2.6), (0.0, -0.65, 0.22), 48, 40, False
    ),
    Field("ear lobe", "", (8.6, -0.4, 0.5), (1.0, 1.6, 2.0), (0.0, -0.35, 0.0), 40, 50),
    Field(
        "upper lip's red",
        "lips",
        (0, -2.5, 11.8),
        (2.2, 0.45, 1.5),
        (0.0, -0.22, 0.0),
        40,
        45,
        False,
        False,
    ),
    Field(
        "lower lip's red",
        "lips",
        (0, -4.3, 11.5),
        (1.9, 0.5, 1.5),
        (0.0, 0.22, 0.0),
        40,
        45,
        False,
        False,
    ),
    Field(
        "mouth's width",
        "lips",
        (2.4, -3.4, 10.4),
        (1.3, 0.8, 1.6),
        (0.15, 0.0, 0.0),
        35,
        50,
        True,
        False,
    ),
    Field(
        "nose's width",
        "nose",
        (1.6, -0.4, 10.8),
        (0.9, 0.9, 1.3),
        (0.13, -0.05, 0.0),
        35,
        50,
        True,
        False,
    ),
    Field(
        "cheek's fat",
        "jowls",
        (4.6, 0.6, 8.9),
        (2.0, 1.7, 2.4),
        (0.0, -0.28, 0.0),
        36,
        44,
        True,
        False,
    ),
)


_CHUNK = 1024
"""Points in one matrix product: small ones stay on their thread, see `reage.faces.skin.spline`."""


def displaced(points: Any, amounts: Floats) -> Any:
    """(…, 3) displacement in cm of points (…, 3) by amounts (F,) of each field."""
    each = _gaussians()
    x = points.reshape(-1, 3)
    squares = each.squares.astype(x.dtype)
    shifts = (each.shift * amounts[each.field][:, None]).astype(x.dtype)

    def moved(some: Any) -> Any:
        terms = np.concatenate([some * some, some, np.ones_like(some[:, :1])], 1)
        return np.exp(-np.maximum(terms @ squares, 0)) @ shifts

    chunks = [moved(x[at : at + _CHUNK]) for at in range(0, len(x), _CHUNK)]
    return np.concatenate(chunks).reshape(points.shape)


@dataclass(frozen=True)
class _Gaussians:
    """All fields' Gaussians, mirrored ones by themselves.

    squares: (7, G) with x², y², z², x, y, z, 1 it gives the squared distance in radii
    shift: (G, 3); field: (G,) its index in FIELDS
    """

    squares: Floats
    shift: Floats
    field: npt.NDArray[np.intp]


@cache
def _gaussians() -> _Gaussians:
    sides = [(i, side) for i, f in enumerate(FIELDS) for side in ((1, -1) if f.paired else (1,))]
    mirror = np.array([(side, 1, 1) for _, side in sides], np.float64)
    center = np.array([FIELDS[i].center for i, _ in sides]) * mirror
    inverse = np.array([FIELDS[i].radius for i, _ in sides]) ** -2.0
    constant = (center**2 * inverse).sum(1, keepdims=True)
    squares = np.concatenate([inverse, -2 * center * inverse, constant], 1).T
    shift = np.array([FIELDS[i].shift for i, _ in sides]) * mirror
    return _Gaussians(squares, shift, np.array([i for i, _ in sides]))
