"""Which points of a mesh look at the camera."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from reage.faces.skin.places import places

Floats = npt.NDArray[np.float64]

_NEIGHBOURS = 8
_EDGE_ON, _SQUARE = 0.15, 0.45
"""Face sizes per unit of face UV to which the skin is squeezed where it looks away, and where
it does well. Faces seen straight on have about 1.4 in the middle and 0.5 at the cheeks' edge."""

_SAME_PLACE, _NEAR, _FAR, _WIDER = 0.05, 0.10, 0.16, 0.3
"""Two landmarks within _SAME_PLACE face sizes in the picture, and _NEAR to _FAR apart in face UV:
the one whose skin is seen less wide, by up to _WIDER, is behind."""

HIDDEN = 1e-3
"""Weight of a point that looks away: too little to pull, enough to decide where no other is."""


def facing(mesh: Floats) -> Floats:
    """(468,) HIDDEN … 1: how much each point of a mesh (468, 2), in face units, is to be believed.

    Around each point, how the face's texture lies in the picture is a 2 × 2 matrix. Its
    smaller singular value, below zero where the texture lies mirrored, tells the slant.
    """
    neighbours, solve = _around()
    spread = mesh[neighbours] - mesh[:, None]
    a = np.einsum("pkc,pkd->pcd", spread, solve)
    det, norm = np.linalg.det(a), (a**2).sum((1, 2))
    root = np.sqrt(np.maximum(norm + 2 * det, 0)) - np.sqrt(np.maximum(norm - 2 * det, 0))
    width = root / 2
    seen = _soft((width - _EDGE_ON) / (_SQUARE - _EDGE_ON)) * (1 - _behind(mesh, width))
    return HIDDEN + (1 - HIDDEN) * seen


def _behind(mesh: Floats, width: Floats) -> Floats:
    """(468,) 0 … 1: points at the place of skin from elsewhere on the face that is seen wider, as
    the far cheek is behind the nose."""
    at = (mesh / _SAME_PLACE).astype(np.float32)
    close = np.float32(1)
    for axis in at.T:
        away = np.subtract.outer(axis, axis)
        close = close - away * away
    scaled = (width / _WIDER).astype(np.float32)
    wider = np.subtract.outer(-scaled, -scaled)
    np.clip(wider, 0, 1, out=wider)
    np.clip(close, 0, 1, out=close)
    close *= wider
    close *= _elsewhere()
    return np.asarray(close.max(1), np.float64)


def _soft(share: Floats) -> Floats:
    clipped = np.clip(share, 0.0, 1.0)
    return np.asarray(clipped * clipped * (3 - 2 * clipped))


@cache
def _elsewhere() -> npt.NDArray[np.float32]:
    """(468, 468) 0 … 1: how surely two landmarks are no neighbours on the face."""
    apart = np.linalg.norm(places()[:, None] - places()[None], axis=2)
    return _soft((apart - _NEAR) / (_FAR - _NEAR)).astype(np.float32)


@cache
def _around() -> tuple[npt.NDArray[np.intp], Floats]:
    """Each landmark's neighbours in face UV, (468, 8), and what takes their offsets in a picture
    to the matrix of least squares, (468, 8, 2); v counts down here, as y does."""
    down = places() * [1.0, -1.0]
    distance = np.linalg.norm(down[:, None] - down[None], axis=2)
    nearest = np.argsort(distance, axis=1)[:, 1 : _NEIGHBOURS + 1]
    offsets = down[nearest] - down[:, None]
    return nearest, np.linalg.pinv(offsets).transpose(0, 2, 1)
