"""The folder that bakes go to where nobody has named another."""

from __future__ import annotations

import glob
from pathlib import Path

NAME = "reage_layers"
"""Not `reage`: a folder of that name where Python starts hides an installed package `reage`."""

BEFORE = "reage"
"""What it was called once. What was baked there is found, and goes on there."""


def beside(folder: Path, name: str) -> Path:
    """Where the layers `name`.####.exr of a plate in `folder` are, or are to go."""
    before = folder / BEFORE
    return before if any(before.glob(f"{glob.escape(name)}.*.exr")) else folder / NAME
