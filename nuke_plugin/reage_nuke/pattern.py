"""File patterns as Nuke writes them: `shot.%04d.exr`, `shot.####.exr`, `%V` for the view."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_FRAME = re.compile(r"%0?\d*d|#+")
_VIEW = re.compile(r"%[vV]")


def of_knob(knob: Any) -> str:
    """What a file knob names, views and frames open, its Tcl worked out; "" where it is empty."""
    text = str(knob.getText() or "").strip()
    return with_percent(str(knob.getEvaluatedValue() or "") if "[" in text else text)


def has_frame(pattern: str) -> bool:
    """Whether the pattern names a file for each frame."""
    return bool(_FRAME.search(Path(pattern).name))


def has_view(pattern: str) -> bool:
    """Whether the pattern names a file, or a folder, for each view."""
    return bool(_VIEW.search(pattern))


def for_view(pattern: str, view: str) -> str:
    """`%V` is the view's name, `%v` its first letter."""
    return pattern.replace("%V", view).replace("%v", view[:1])


def with_percent(pattern: str) -> str:
    """`####` as `%04d`, which both Nuke and the engine read."""
    return re.sub(r"#+", lambda run: f"%0{len(run.group())}d", pattern)


def for_frame(pattern: str, frame: int) -> Path:
    """The file of one frame; the view is filled in already."""

    def number(token: re.Match[str]) -> str:
        text = token.group()
        width = len(text) if text[0] == "#" else int(text[1:-1] or 0)
        return f"{frame:0{width}d}"

    head, _, tail = pattern.rpartition("/")
    return Path(f"{head}/{_FRAME.sub(number, tail)}" if head else _FRAME.sub(number, tail))
