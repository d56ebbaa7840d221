"""Frames whose change takes part in another frame's, where the change is steadied over time."""

from __future__ import annotations

from math import ceil

_REACH = 4.0
"""In units of `steady`: beyond it a Gaussian's weight is below one in two thousand."""


def neighbours(frame: int, steady: float) -> range:
    """The frames that `frame` is made from, itself among them; `steady` in frames."""
    reach = ceil(_REACH * steady)
    return range(frame - reach, frame + reach + 1)
