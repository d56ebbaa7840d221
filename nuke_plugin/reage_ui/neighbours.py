"""Frames whose change takes part in another frame's, where the change is steadied over time."""

from __future__ import annotations

from math import ceil

from reage.settings import STEADY_REACH


def neighbours(frame: int, steady: float) -> range:
    """The frames that `frame` is made from, itself among them; `steady` in frames."""
    reach = ceil(STEADY_REACH * steady)
    return range(frame - reach, frame + reach + 1)
