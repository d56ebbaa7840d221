"""Frames of one shot that are not like its first: of another size, in another color space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reage.shot.footage import Footage
from reage.shot.render_frame import Frame


def other_sizes(footage: Footage, frames: Sequence[Frame]) -> tuple[int, ...]:
    """Frames whose display window is not as large as the shot's; those that were read alone."""
    return tuple(f.number for f in frames if f.size not in (None, footage.size))


def other_spaces(space: str, frames: Sequence[Frame]) -> Mapping[str, tuple[int, ...]]:
    """Color space → the frames that were written in it, where it is not `space`."""
    others = dict.fromkeys(f.space for f in frames if f.space not in ("", space))
    return {name: tuple(f.number for f in frames if f.space == name) for name in others}
