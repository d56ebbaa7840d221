"""The colorspace of the script's pixels, and the OCIO config that says what it means."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import nuke

from reage.errors import SettingsError

NUKE_LINEAR = "Linear Rec.709 (sRGB)"
"""What Nuke's own color management works in, by its name in OpenColorIO's built-in configs."""

_OWN_CONFIG = "nuke-default"
"""Nuke's own color management as an OCIO config; it leads to no other config's spaces."""

_ROLES = frozenset(("scene_linear", "reference", "default", "rendering"))


def working_space(node: Any) -> str:
    """OpenColorIO name of what the plate's values mean at the node: of a role the space that it is
    here, where the script or the config says it in plain text. Raises SettingsError."""
    named = str(node["colorspace"].value()).strip()
    if named:
        return named
    if not uses_ocio():
        return NUKE_LINEAR
    working = _word(nuke.root()["workingSpaceLUT"])
    if working in _ROLES and not config_file():
        raise SettingsError(
            f"{node.name()}: the project works in {working} of the OCIO config "
            f"{_word(nuke.root()['OCIO_config'])}, whose file is not found; name the space under "
            "colorspace, such as ACEScg."
        )
    return _parts(working)[1]


def uses_ocio() -> bool:
    """Whether an OCIO config says what values mean, and it is not Nuke's own in that form."""
    root = nuke.root()
    if root["colorManagement"].value() != "OCIO":
        return False
    return bool(os.environ.get("OCIO")) or _word(root["OCIO_config"]) != _OWN_CONFIG


def config_file() -> str:
    """The OCIO config that the script is worked in; "" where its file is not found.

    The project's custom one; else $OCIO, which overrules its choice; else one that came with Nuke
    or lies on its plugin path.
    """
    root = nuke.root()
    chosen = _word(root["OCIO_config"])
    custom = str(root["customOCIOConfigPath"].getEvaluatedValue() or "")
    if chosen == "custom" and custom:
        return custom
    executable = Path(str(nuke.env["ExecutablePath"])).parent
    folders = (*nuke.pluginPath(), executable / "plugins", executable.parent / "Resources")
    return os.environ.get("OCIO") or _shipped(chosen, tuple(map(str, folders)))


@lru_cache(maxsize=8)
def _shipped(name: str, folders: tuple[str, ...]) -> str:
    """A config by its name in Nuke's menu: a folder, or since Nuke 14 a file. `Resources` is where
    a Mac's bundle has it."""
    for folder in folders:
        configs = Path(folder) / "OCIOConfigs" / "configs"
        for file in (configs / name / "config.ocio", configs / f"{name}.ocio"):
            if file.is_file():
                return file.as_posix()
    return ""


@lru_cache(maxsize=32)
def role_of(config: str, role: str) -> str:
    """The space that a config's text gives a role; "" where that is no role of it, or no text
    that can be read. Read once, as Nuke does. The engine knows roles by itself; but frames that
    were baked in another space are stale, so it is the space that they note."""
    try:
        text = Path(config).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    roles = re.search(r"^roles:(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    pattern = rf"""(?<!\w){re.escape(role)}[ \t]*:[ \t]*["']?([^"',}}\n#]+)"""
    found = re.search(pattern, roles[1]) if roles else None
    return found[1].strip() if found else ""


def engine_environment() -> Mapping[str, str]:
    """What the engine's environment must say so that it reads the script's own OCIO config."""
    return {"OCIO": config_file() if uses_ocio() else ""}


def reads_working_space(read: Any) -> bool:
    """Whether a Read puts its file's own values into the graph, with no transform."""
    if read["raw"].value():
        return True
    chosen = _word(read["colorspace"])
    if chosen.startswith("default"):
        chosen = _word(nuke.root()["floatLut"])
    if nuke.root()["colorManagement"].value() != "OCIO":
        return chosen == "linear"
    return bool({*_parts(chosen)} & {*_parts(_word(nuke.root()["workingSpaceLUT"]))})


def _parts(text: str) -> tuple[str, str]:
    """(what Nuke says, the space) of `name`, of `role`, and of older versions' `role (name)`; a
    space may be named like the last."""
    config = config_file()
    said = re.fullmatch(r"(\w+) \((.+)\)", text)
    if said and (role_of(config, said[1]) or not config):
        return said[1], said[2]
    return text, role_of(config, text) or text


def _word(knob: Any) -> str:
    """What a menu says; its entries are `name⇥label⇥…`, and a script may have it all."""
    return str(knob.value() or "").split("\t")[0].strip()
