"""The colorspace of the script's pixels, from the project settings."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import nuke

from reage.errors import SettingsError

NUKE_LINEAR = "Linear Rec.709 (sRGB)"
"""What Nuke's own color management works in, by its name in OpenColorIO's built-in configs."""


def working_space(node: Any) -> str:
    """OpenColorIO name of what the plate's values mean at the node. Raises SettingsError."""
    named = str(node["colorspace"].value()).strip()
    if named:
        return named
    if not uses_ocio():
        return NUKE_LINEAR
    role, space = _working()
    if not space and not engine_environment()["OCIO"]:
        raise SettingsError(
            f"{node.name()}: the project works in {role} of Nuke's own OCIO config, which the "
            "engine does not have; name the space under colorspace, such as ACEScg."
        )
    return space or role


def _working() -> tuple[str, str]:
    """(role, space) of the project: Nuke shows roles as "scene_linear (ACES - ACEScg)"."""
    text = str(nuke.root()["workingSpaceLUT"].value())
    if match := re.fullmatch(r"(\w+) \((.+)\)", text):
        return match[1], match[2]
    return (text, "") if re.fullmatch(r"\w*linear\w*|reference|default", text) else ("", text)


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
    role, space = _working()
    names = {str(nuke.root()["workingSpaceLUT"].value()), role, space} - {""}
    return chosen in names
