"""Split a picture into overlapping tiles and join their results. Knows nothing of models.

A tile has a core, which it answers for, and is computed from a larger window, so that
every core pixel has the `halo` of neighbours it can depend on. Cores start on multiples of
the stride, so a network that halves its picture log2(stride) times sees each pixel in the
same phase as in one whole pass. Where both hold, the tile size changes no pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reage.errors import SettingsError
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels


@dataclass(frozen=True)
class Tile:
    """core ⊆ window, both in pixels of the picture that is tiled."""

    core: Region
    window: Region


def smallest_tile(halo: int, stride: int) -> int:
    """Least tile side that leaves a core of one stride."""
    return 2 * _up(halo, stride) + stride


def split(height: int, width: int, tile: int, halo: int, stride: int) -> Iterator[Tile]:
    """Tiles whose cores cover (height, width) exactly once, windows at most `tile` a side.

    height and width must be multiples of `stride`. Windows are all of one shape, as large as the
    tile allows (shifted inwards at the edges): a GPU prepares itself for each shape that it sees.
    Raises SettingsError where `tile` cannot hold the halo.
    """
    for core_y, window_y in _spans(height, tile, halo, stride):
        for core_x, window_x in _spans(width, tile, halo, stride):
            yield Tile(_region(core_x, core_y), _region(window_x, window_y))


def run_tiled(
    function: Callable[[Sequence[Region]], Sequence[Pixels]],
    height: int,
    width: int,
    tile: int,
    halo: int,
    stride: int,
    batch: int = 1,
) -> Pixels:
    """`function` of a whole picture of (height, width), computed tile by tile.

    function: takes windows of the picture, gives (window h, window w, c) of each
    batch:    most windows that it is given at once; always the same number, see `together`
    Law: for a function whose result at a pixel depends on at most `halo` pixels around it
    and on its place modulo `stride`, the result does not depend on `tile`.
    """
    whole, tiles = Region(0, 0, width, height), list(split(height, width, tile, halo, stride))
    out: Pixels | None = None
    count = together(len(tiles), batch)
    for begin in range(0, len(tiles), count):
        parts = tiles[begin : begin + count]
        for part, result in zip(parts, function([p.window for p in parts]), strict=True):
            if part.core == whole:
                return result
            if out is None:
                out = np.empty((height, width, *result.shape[2:]), np.float32)
            out[part.core.slices(whole)] = result[part.core.slices(part.window)]
    if out is None:
        raise ValueError("a picture of zero size cannot be tiled")
    return out


def together(count: int, most: int) -> int:
    """How many of `count` tiles are computed at once, `most` at most: as many each time, so that
    a device sees one shape, and nothing is computed in vain."""
    return next((n for n in range(min(count, most), 1, -1) if count % n == 0), 1)


def _spans(
    length: int, tile: int, halo: int, stride: int
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """((core start, stop), (window start, stop)) along one axis."""
    if length % stride:
        raise ValueError(f"side {length} is not a multiple of the stride {stride}")
    if length <= tile:
        yield (0, length), (0, length)
        return
    reach, side = _up(halo, stride), tile // stride * stride
    step = side - 2 * reach
    if step < stride:
        raise SettingsError(
            f"A tile of {tile} px is too small for this model's halo of {halo} px; "
            f"use --tile {smallest_tile(halo, stride)} or more."
        )
    start = 0
    while start < length:
        window = max(0, min(start - reach, length - side))
        stop = length if window + side >= length else window + side - reach
        yield (start, stop), (window, window + side)
        start = stop


def _region(x: tuple[int, int], y: tuple[int, int]) -> Region:
    return Region(x[0], y[0], x[1] - x[0], y[1] - y[0])


def _up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple
