"""What a network's outputs are together: one picture of named channels.

Each output holds some of the channels, all of them in the card's order one after the other, at the
input's side or at a half or a quarter of it: what is broad need not be computed in every pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate

import cv2
import numpy as np

from reage.errors import ModelError
from reage.models.channels import PARTS, ChannelLayout
from reage.models.model import ModelInput
from reage.models.residual import Residual
from reage.pixels.plate import Pixels

FACTORS = (1, 2, 4)
"""How many times smaller than the input an output may be."""

DELTA = ChannelLayout(("delta",))


def divided(counts: Sequence[int], layout: ChannelLayout) -> bool:
    """Whether outputs of so many channels each can hold the layout, no name cut in two."""
    ends = set(accumulate(counts))
    stops = {layout.at(name).stop for name in layout.names}
    return sum(counts) == layout.count and ends <= stops


def assembled(
    planes: Sequence[Pixels], layout: ChannelLayout, input: ModelInput, who: str
) -> Residual:
    """A residual out of a model's outputs (1, c, h, w), told by `layout`; smaller ones are made
    larger bilinearly, their pixel centers being the input's: the same bits whatever the tile.

    Where the input does not want its parts apart, their sum alone: the delta.
    who: the model, in errors. Raises ModelError where they are of another shape.
    """
    size = input.picture.shape[:2]
    if not all(_fits(each, size) for each in planes) or not divided(
        [each.shape[1] for each in planes], layout
    ):
        shapes = " and ".join(str(np.shape(each)) for each in planes)
        raise ModelError(
            f"{who} answered with the shape {shapes} where {(1, layout.count, *size)} was to come: "
            "it is broken, or its card's stride is wrong."
        )
    given = [np.asarray(each, np.float32)[0] for each in planes]
    if input.apart or not set(PARTS) <= set(layout.names):
        whole = [_enlarged(_last(each), size) for each in given]
        return Residual(whole[0] if len(whole) == 1 else np.concatenate(whole, -1), layout)
    return Residual(_total(given, layout, size), DELTA)


def _total(given: Sequence[Pixels], layout: ChannelLayout, size: tuple[int, ...]) -> Pixels:
    """(h, w, 3): detail, form and tone together; those of one output are added before it is made
    larger."""
    spans, begun, sums = [layout.at(name) for name in PARTS], 0, []
    for each in given:
        end = begun + len(each)
        here = [each[s.start - begun : s.stop - begun] for s in spans if begun <= s.start < end]
        if here:
            sums.append(_enlarged(_last(reduce(np.add, here)), size))
        begun = end
    return np.asarray(reduce(np.add, sums), np.float32)


def _fits(plane: Pixels, size: tuple[int, ...]) -> bool:
    smaller = [tuple(side // f for side in size) for f in FACTORS]
    return np.ndim(plane) == 4 and plane.shape[0] == 1 and plane.shape[2:] in smaller


def _last(planes: Pixels) -> Pixels:
    """(c, h, w) → (h, w, c)."""
    return np.asarray(cv2.merge(list(planes)), np.float32).reshape(*planes.shape[1:], len(planes))


def _enlarged(pixels: Pixels, size: tuple[int, ...]) -> Pixels:
    """(h, w, c) at (height, width)."""
    if pixels.shape[:2] == tuple(size):
        return pixels
    larger = cv2.resize(pixels, (size[1], size[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(larger, np.float32).reshape(*size, -1)
