"""What the node's buttons do. Whatever goes wrong becomes a sentence, never a traceback."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from typing import Any

import nuke

from reage import home
from reage.errors import ReageError


def bake_range() -> None:
    _guarded(lambda node: _bake(node, None, None))


def bake_frame() -> None:
    _guarded(lambda node: _bake(node, nuke.frame(), nuke.frame()))


def submit() -> None:
    from reage_nuke import progress

    _guarded(progress.submit)


def cancel() -> None:
    from reage_nuke import baking

    _guarded(
        lambda node: None if baking.BAKES.cancel(node.fullName()) else _say(node, "not baking")
    )


def clear() -> None:
    from reage_nuke import clearing

    _guarded(lambda node: _say(node, clearing.clear(node)))


def export_track() -> None:
    from reage_nuke import tracker

    _guarded(lambda node: tracker.export(node))


def to_group() -> None:
    from reage_nuke import native

    _guarded(lambda node: native.to_group(node))


def selected_to_group() -> None:
    """The menu's: every ReAge node that is selected."""
    from reage_nuke import native, nodes

    chosen = [node for node in nuke.selectedNodes() if nodes.is_reage(node)]
    for node in chosen:
        native.to_group(node)
    if not chosen:
        _tell("Select the ReAge nodes that are to become Groups.")


def open_page() -> None:
    """The artist's page, in whatever this machine shows such files with."""
    page = home.artists_page()
    if not page.is_file():
        _tell(f"The page is missing: {page}. Install ReAge anew.")
    elif nuke.GUI:
        webbrowser.open(page.as_uri())
    else:
        nuke.tprint(str(page))


def troubleshoot() -> None:
    from reage_nuke import troubleshooting

    _tell(troubleshooting.report(nuke.thisNode()))


def _bake(node: Any, first: int | None, last: int | None) -> None:
    from reage_nuke import progress

    progress.bake(node, first, last)


def _say(node: Any, text: str) -> None:
    node["status"].setValue(text)


def _guarded(do: Callable[[Any], object]) -> None:
    """Errors go to the node's status line, and to a box where there is a GUI."""
    from reage_nuke import nodes

    node = nuke.thisNode()
    try:
        nodes.check_version(node)
        do(node)
    except Exception as e:
        text = str(e) if isinstance(e, ReageError) else f"{type(e).__name__}: {e}"
        _say(node, text)
        _tell(text if nuke.GUI else f"ReAge: {text}")


def _tell(text: str) -> None:
    (nuke.message if nuke.GUI else nuke.tprint)(text)
