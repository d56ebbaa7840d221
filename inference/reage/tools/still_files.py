"""What stands beside the ST maps of a still face."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from reage.media.patterns import beside_all
from reage.media.rate import exact_rate, rate_of
from reage.media.replacing import write_text
from reage.shot.marks import RATE
from reage.shot.stabilizing import StillFace
from reage.tools.still_nuke import toolset


def nodes_file(output: str) -> Path:
    """Where Nuke's nodes go: `out/still.nk` of `out/still.%04d.exr`."""
    return beside_all(output, ".nk")


def write_nodes(path: Path, still: StillFace) -> None:
    """Write Nuke's nodes, whole or not at all. Raises OutputError."""
    write_text(path, toolset(still))


def rate_of_shot(still: StillFace, asked: float | None) -> Fraction:
    """Frames a second: a movie's own, else what was asked for, what the files say, or 24."""
    movie = still.shot.movie
    said = exact_rate(asked) if asked else rate_of(still.info.metadata)
    return (movie.header.rate if movie else said) or RATE
