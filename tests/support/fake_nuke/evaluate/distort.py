"""Nodes that fetch pixels from elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from fake_nuke.evaluate.asking import Asked, makes
from fake_nuke.evaluate.pictures import Picture


@makes("IDistort")
def idistort(asked: Asked) -> Picture:
    """Each pixel from u to the right and v up of itself, black from outside the box. "If pixel
    51, 23 has a U and V value of -1, 5, the pixel's value will come from 50, 28": Foundry's
    reference guide. Only the filter Keys is known, cubic convolution with a = -1/2 (the names of
    Nuke's filters are those of its "Choosing a Filtering Algorithm"); how Nuke widens it where a
    picture shrinks is not.
    """
    source = asked.input(0)
    uv = asked.channels("uv", ())
    if asked.word("filter") != "Keys":
        raise asked.refuse("the evaluator knows the filter Keys only.")
    if asked.word("blur") != "none" or asked.number("premultiplied"):
        raise asked.refuse("the evaluator distorts without blur, by channels as they are.")
    if asked.connected(1) or asked.word("maskChannel") != "none":
        raise asked.refuse("the evaluator distorts without a mask.")
    if len(uv) != 2:
        raise asked.refuse("uv must name two channels.")
    scale, off = (2 * asked.numbers(knob) for knob in ("uv_scale", "uv_offset"))  # one, or two
    u, v = (
        (source.over(name, source.box) - np.float32(off[i])) * np.float32(scale[i])
        for i, name in enumerate(uv)
    )
    moved = {
        name: _fetched(array, u, -v) if name in asked.channels("channels", list(source.channels))
        else array
        for name, array in source.channels.items()
    }  # fmt: skip
    return Picture(source.format, source.box, moved, source.metadata)


@makes("STMap")
def stmap(asked: Asked) -> Picture:
    """Each pixel from where the map, input 1, says: the first two channels of uv are shares of the
    source's width and height, from the bottom left corner. That input 0 is the source, public
    scripts show (`STMap(inputs=[image, map], uv="rgb")`)."""
    source, map = asked.input(0), asked.input(1)
    uv = asked.channels("uv", ())[:2]
    if asked.word("filter") != "Keys":
        raise asked.refuse("the evaluator knows the filter Keys only.")
    if asked.word("blur") != "none" or asked.number("premultiplied"):
        raise asked.refuse("the evaluator distorts without blur, by channels as they are.")
    if asked.connected(2) or asked.word("maskChannel") != "none":
        raise asked.refuse("the evaluator distorts without a mask.")
    if len(uv) != 2:
        raise asked.refuse("uv must name two channels.")
    width, height = source.format.width(), source.format.height()
    whole = (0, 0, width, height)
    if (map.format.width(), map.format.height()) != (width, height):
        raise asked.refuse("the evaluator takes a map of the source's own format.")
    s, t = (map.over(name, whole).astype(np.float64) for name in uv)
    row, column = np.mgrid[:height, :width]
    x, y = s * width - 0.5 - column, (1 - t) * height - 0.5 - row
    wanted = asked.channels("channels", list(source.channels))
    moved = {name: _fetched(source.over(name, whole), x, y) for name in wanted}
    return Picture(source.format, whole, moved, source.metadata)


def _fetched(array: Any, x: Any, y: Any) -> Any:
    """Rows count down, as y does here. A pixel that stays is itself, whatever is beside it."""
    height, width = array.shape
    black = np.zeros((height + 9, width + 9))
    black[4:-5, 4:-5] = array
    row, column = np.mgrid[:height, :width]
    at_x = np.clip(column + x.astype(np.float64), -3, width + 2)
    at_y = np.clip(row + y.astype(np.float64), -3, height + 2)
    left, top = np.floor(at_x).astype(int), np.floor(at_y).astype(int)
    total = np.zeros(array.shape)
    with np.errstate(all="ignore"):
        for i in range(-1, 3):
            for j in range(-1, 3):
                weight = _keys(at_x - left - i) * _keys(at_y - top - j)
                tap = black[top + j + 4, left + i + 4]
                total += np.where(weight == 0, 0, weight * tap)
    return np.where((x == 0) & (y == 0), array, total).astype(np.float32)


def _keys(d: Any) -> Any:
    d = np.abs(d)
    near, far = 1.5 * d**3 - 2.5 * d**2 + 1, -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
    return np.where(d < 1, near, np.where(d < 2, far, 0))
