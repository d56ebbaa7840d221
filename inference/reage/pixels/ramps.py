"""Smooth steps from 0 to 1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reage.pixels.plate import Pixels


def smoothstep(x: float, low: float, high: float) -> float:
    """0 below `low`, 1 above `high`, a cubic with flat ends between; `high` > `low`."""
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


def smooth_ramp(x: npt.NDArray[np.floating], low: float, high: float) -> Pixels:
    """`smoothstep` of every sample; `low` may stand above `high` for a falling ramp."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)
