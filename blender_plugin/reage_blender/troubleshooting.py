# SPDX-License-Identifier: GPL-3.0-or-later
"""The Troubleshoot button: what is there, what works, what to do where it does not."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from typing import Any

import bpy

from reage import home
from reage.errors import ReageError
from reage.version import __version__
from reage_blender import color, files, look, plate
from reage_host import engine


def report(tree: Any) -> str:
    """A page of plain text, made to be copied into a mail."""
    return "\n".join(_lines(tree))


def _lines(tree: Any) -> Iterator[str]:
    yield f"ReAge {__version__} in Blender {bpy.app.version_string}"
    yield f"Python: {platform.python_version()}"
    yield f"extension: {home.root()}"
    yield _said("engine", lambda: " ".join(engine.command()))
    yield f"OCIO config: {color.environment().get('OCIO', 'as $OCIO says')}"
    yield _said("worker", _hello)
    if tree is None:
        yield "node: none"
        return
    yield _said("model", lambda: _model(tree))
    yield _said("plate", lambda: str(plate.of(tree).files))
    yield _said("colorspace", lambda: plate.of(tree).colorspace)
    yield _said("files", lambda: files.pattern(tree) or "chosen at the first bake")
    yield _said("frames", lambda: look.states_of(tree).text())


def _said(what: str, find: Callable[[], str]) -> str:
    try:
        return f"{what}: {find()}"
    except ReageError as e:
        return f"{what}: NOT WELL. {e}"


def _hello() -> str:
    said = engine.ask("hello", color.environment())
    return f"ReAge {said['version']}, Python {said['python']}"


def _model(tree: Any) -> str:
    named = bpy.path.abspath(tree.reage.model, library=tree.library) or None
    said = engine.ask("model", color.environment(), model=named, device=tree.reage.device)
    return f"{said['name']} {said['version']} on {said['device']}"
