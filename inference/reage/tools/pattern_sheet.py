"""One picture of the drawn patterns, to choose a seed by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from reage.media.png import write_png
from reage.pattern.maps import maps
from reage.pattern.picture import picture
from reage.tools.contact_sheet import panel

SEEDS = tuple(range(16))

_ACROSS, _THUMBNAIL = 4, 300
"""Thumbnails in a row, and px that each is wide."""


def write_sheet(path: Path, seeds: Sequence[int] = SEEDS) -> None:
    """A PNG of drawn patterns with their seeds, in rows. Raises OutputError."""
    panels = [panel(picture(maps(seed)), f"{seed}", _THUMBNAIL) for seed in seeds]
    panels += [np.zeros_like(panels[0])] * (-len(panels) % _ACROSS)
    rows = [np.hstack(panels[k : k + _ACROSS]) for k in range(0, len(panels), _ACROSS)]
    write_png(path, np.vstack(rows))
