# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a node group's bake lies: beside the saved file, and no two groups at one place."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import bpy

from reage.errors import SettingsError
from reage.media.patterns import has_frame_token
from reage_blender import group, nodes
from reage_host.baked_folder import NAME
from reage_host.patterns import with_percent
from reage_host.versions import next_version


def pattern(tree: Any) -> str:
    """The absolute pattern of a group's layers, "" where it was never baked. Raises
    SettingsError."""
    text = str(tree.reage.files)
    if not text:
        return ""
    named = Path(_padded(_absolute(tree, text)))
    if named.suffix.lower() != ".exr" or not has_frame_token(named.name):
        raise SettingsError(
            f"{tree.name}: its files are {text}; name a pattern such as "
            "//reage_layers/face.####.exr."
        )
    image = tree.nodes[group.LAYERS].image
    if image is None or not text.startswith("//") or text != tree.reage.files_shown:
        return named.as_posix()
    # Saving elsewhere, Blender leads what it knows to be a path to where it was: the image's.
    shown = Path(bpy.path.abspath(image.filepath, library=image.library))
    return (shown.parent / named.name if shown.parent.is_dir() else named).as_posix()


def claim(tree: Any) -> str:
    """The same for a bake: chosen where nothing was, another where the group is a copy of one
    that has these files. Raises SettingsError."""
    chosen = tree.reage
    if not chosen.files:
        chosen.files = _free(tree, _default(tree))
    elif sharing(tree):
        if chosen.files_of == tree.name:
            other = sharing(tree)[0].name
            raise SettingsError(
                f"{tree.name} and {other} have the same files, {chosen.files}; give one of them "
                "its own."
            )
        chosen.files = _free(tree, _padded(chosen.files))
    chosen.files_of = tree.name
    return pattern(tree)


def relative(path: str) -> str:
    """A path as Blender names it from beside the file, where it can: on Windows not on another
    drive."""
    try:
        return str(bpy.path.relpath(path)) if bpy.data.filepath else path
    except ValueError:
        return path


def _default(tree: Any) -> str:
    stem = bpy.path.clean_name(Path(bpy.data.filepath).stem or "untitled")
    return f"//{NAME}/{stem}_{bpy.path.clean_name(tree.name)}.%04d.exr"


def _free(tree: Any, text: str) -> str:
    """`text`, or the next version of it that no group has."""
    taken = _others(tree).values()
    while Path(_absolute(tree, text)).as_posix() in taken:
        text = next_version(text)
    return text


def sharing(tree: Any) -> list[Any]:
    """The other groups that have a group's files. Raises SettingsError."""
    own = pattern(tree)
    return [other for other, its in _others(tree).items() if own and its == own]


def _others(tree: Any) -> dict[Any, str]:
    """The patterns of all other groups that have one."""
    found = {}
    for other in nodes.groups():
        if other != tree and other.reage.files:
            with suppress(SettingsError):  # its own bake says what is wrong with it
                found[other] = pattern(other)
    return found


def _padded(path: str) -> str:
    """A pattern with %04d for ####; what its folders are called stays."""
    start = 1 + max(path.rfind(sep) for sep in ("/", os.sep))
    return path[:start] + with_percent(path[start:])


def _absolute(tree: Any, text: str) -> str:
    if text.startswith("//") and not bpy.data.filepath and tree.library is None:
        raise SettingsError(
            f"Save the file first: what {tree.name} bakes goes into the folder {NAME} beside it."
        )
    return os.path.normpath(str(bpy.path.abspath(text, library=tree.library)))
