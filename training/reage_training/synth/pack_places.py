"""Write the engine's table of landmark places: `python -m reage_training.synth.pack_places DIR`.

DIR holds ICT-FaceKit as packed by `pack_ict`. Both sides are averaged, for the face UV is
symmetric and no skin lies nearer to its landmark on one side than on the other.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from reage.faces.skin import PLACES_FILE
from reage_training.synth.head import load_ict
from reage_training.synth.landmark_places import own_side, views

_FAR = 0.2
"""In UV; beyond it one view's word against a pair counts no more."""


def symmetric_places(found: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """(468, 2) places out of `views`, the same on both sides."""
    places = own_side(found)
    return np.asarray((places + _mirrored(places)[partners(found)]) / 2)


def partners(found: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """(468,) for each landmark the one on the other side; it may be itself.

    A view from one side is the mirror of the view from the other, landmark by landmark.
    """
    cost = np.zeros((found.shape[1],) * 2)
    for one, other in zip(found, found[::-1], strict=True):
        off = np.linalg.norm(_mirrored(one)[:, None] - other[None], axis=2)
        cost += np.minimum(off, _FAR)
    return np.asarray(linear_sum_assignment(cost + cost.T)[1])


def _mirrored(places: npt.NDArray) -> npt.NDArray[np.float64]:
    return np.asarray(places * [-1.0, 1.0] + [1.0, 0.0])


if __name__ == "__main__":
    table = symmetric_places(views(load_ict(Path(sys.argv[1]))))
    np.savetxt(PLACES_FILE, table, "%.4f")
