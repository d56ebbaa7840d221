"""What the node's buttons do. Whatever goes wrong becomes a sentence, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nuke

from reage.errors import ReageError


def bake_range() -> None:
    _guarded(lambda node: _bake(node, None, None))


def bake_frame() -> None:
    _guarded(lambda node: _bake(node, nuke.frame(), nuke.frame()))


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


def to_native() -> None:
    from reage_nuke import native

    _guarded(lambda node: native.convert(node))


def troubleshoot() -> None:
    from reage_nuke import troubleshooting

    text = troubleshooting.report(nuke.thisNode())
    if nuke.GUI:
        nuke.message(text)
    else:
        nuke.tprint(text)


def _bake(node: Any, first: int | None, last: int | None) -> None:
    from reage_nuke import progress

    progress.bake(node, first, last)


def _say(node: Any, text: str) -> None:
    node["status"].setValue(text)


def _guarded(do: Callable[[Any], object]) -> None:
    """Errors go to the node's status line, and to a box where there is a GUI."""
    node = nuke.thisNode()
    try:
        do(node)
    except Exception as e:
        text = str(e) if isinstance(e, ReageError) else f"{type(e).__name__}: {e}"
        _say(node, text)
        if nuke.GUI:
            nuke.message(text)
        else:
            nuke.tprint(f"ReAge: {text}")
