# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's colors, told to the engine: it reads plates and writes layers by the same config."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import bpy


def environment() -> dict[str, str]:
    """What the worker needs to know of Blender's OCIO config; $OCIO wins, as in Blender."""
    folder = bpy.utils.system_resource("DATAFILES", path="colormanagement")
    config = Path(folder) / "config.ocio" if folder else None
    if os.environ.get("OCIO") or config is None or not config.is_file():
        return {}
    return {"OCIO": config.as_posix()}


def knows(image: Any, space: str) -> bool:
    """Whether Blender has a color space of this name."""
    names = image.colorspace_settings.bl_rna.properties["name"].enum_items
    return any(name.identifier == space for name in names)
