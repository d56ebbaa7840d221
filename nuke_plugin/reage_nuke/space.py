"""The colorspace of the script's pixels, from the project settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import nuke

NUKE_LINEAR = "Linear Rec.709 (sRGB)"
"""What Nuke's own color management works in, by its name in OpenColorIO's built-in configs."""


def working_space(node: Any) -> str:
    """OpenColorIO name of what the plate's values mean at the node."""
    named = str(node["colorspace"].value()).strip()
    if named:
        return named
    if not uses_ocio():
        return NUKE_LINEAR
    # Nuke shows roles as "scene_linear (ACES - ACEScg)".
    role, _, space = str(nuke.root()["workingSpaceLUT"].value()).partition(" (")
    return space.rstrip(")") if space else role


def uses_ocio() -> bool:
    return bool(nuke.root()["colorManagement"].value() == "OCIO")


def engine_environment() -> Mapping[str, str]:
    """What the engine's environment must say so that it reads the script's own OCIO config."""
    if not uses_ocio():
        return {"OCIO": ""}
    custom = str(nuke.root()["customOCIOConfigPath"].value() or "")
    if nuke.root()["OCIO_config"].value() == "custom" and custom:
        return {"OCIO": custom}
    return {"OCIO": os.environ.get("OCIO", "")}


def reads_working_space(read: Any) -> bool:
    """Whether a Read puts its file's own values into the graph, with no transform."""
    if read["raw"].value():
        return True
    chosen = str(read["colorspace"].value())
    if chosen.startswith("default"):
        chosen = str(nuke.root()["floatLut"].value())
    if not uses_ocio():
        return chosen == "linear"
    working = str(nuke.root()["workingSpaceLUT"].value())
    role, _, space = working.partition(" (")
    return chosen in {working, role, space.rstrip(")"), "scene_linear"}
