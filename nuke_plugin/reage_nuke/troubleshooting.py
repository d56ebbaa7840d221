"""The Troubleshoot button: what is there, what works, what to do where it does not."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from typing import Any

import nuke

from reage import home
from reage.version import __version__
from reage_host import troubleshooting
from reage_host.troubleshooting import said
from reage_nuke import edition, nodes, space, state
from reage_nuke.main_thread import without_undo


def report(node: Any) -> str:
    """A page of plain text, made to be copied into a mail."""
    return "\n".join(_lines(node))


def show_in_panel(node: Any) -> None:
    """The Info tab's line: which ReAge and Nuke, and whether it can bake. No edit of the script:
    the knob is not saved."""
    root = nuke.root()
    was_modified = root.modified()
    with without_undo():
        node["info_engine"].setValue(f"{_here()}\n{_engine()}")
    root.setModified(was_modified)


def _here() -> str:
    return f"ReAge {__version__} in {edition.limited() or 'Nuke'} {nuke.NUKE_VERSION_STRING}"


def _engine() -> str:
    return said("engine", troubleshooting.command)


def _lines(node: Any) -> Iterator[str]:
    yield _here()
    yield f"Python: {platform.python_version()}"
    yield f"plugin: {home.root()}"
    yield _engine()
    yield said("worker", lambda: troubleshooting.worker(space.engine_environment()))
    yield said("model", lambda: _model(node))
    yield said("colorspace", lambda: space.working_space(node))
    yield said("files", lambda: nodes.pattern_of(node["cache"]) or "chosen at the first bake")
    yield said("frames", lambda: state.states(node).text())


def _model(node: Any) -> str:
    named = node["model"].value() or None
    return troubleshooting.model(space.engine_environment(), named, node["device"].value())
