# SPDX-License-Identifier: GPL-3.0-or-later
"""The Troubleshoot button: what is there, what works, what to do where it does not."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from typing import Any

import bpy

from reage import home
from reage.version import __version__
from reage_blender import color, files, look, plate
from reage_host import troubleshooting
from reage_host.troubleshooting import said


def report(tree: Any) -> str:
    """A page of plain text, made to be copied into a mail."""
    return "\n".join(_lines(tree))


def _lines(tree: Any) -> Iterator[str]:
    yield f"ReAge {__version__} in Blender {bpy.app.version_string}"
    yield f"Python: {platform.python_version()}"
    yield f"extension: {home.root()}"
    yield said("engine", troubleshooting.command)
    yield f"OCIO config: {color.environment().get('OCIO', 'as $OCIO says')}"
    yield said("worker", lambda: troubleshooting.worker(color.environment()))
    if tree is None:
        yield "node: none"
        return
    yield said("model", lambda: _model(tree))
    yield said("plate", lambda: str(plate.of(tree).files))
    yield said("colorspace", lambda: plate.of(tree).colorspace)
    yield said("files", lambda: files.pattern(tree) or "chosen at the first bake")
    yield said("frames", lambda: look.states_of(tree).text())


def _model(tree: Any) -> str:
    named = bpy.path.abspath(tree.reage.model, library=tree.library) or None
    return troubleshooting.model(color.environment(), named, tree.reage.device)
