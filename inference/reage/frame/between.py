"""The layers of one frame at any age, out of those at a ladder's rungs.

    delta(age) = delta(lower) + (delta(upper) − delta(lower)) · share

and so are the parts, hair and shape. At a rung they are that rung's own bits, beyond the ends those
of the end, at the source age there are none. It is what the node in a comp does with native nodes.

Rungs of one frame have one matte, as it is the face's; the largest holds, as where nothing changes
there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from reage.frame.layers import HairLayers, Layers
from reage.ladder import place
from reage.models.parts import Parts
from reage.pixels.plate import Pixels


def at_age(rungs: Mapping[int, Layers], source_age: float, target_age: float) -> Layers | None:
    """rungs: target age → layers, all with parts or none; None where nothing changes."""
    at = place(tuple(sorted(rungs)), source_age, target_age)
    lower, upper = (None if age is None else rungs[age] for age in (at.lower, at.upper))
    if at.share == 0 or lower is upper:
        return lower
    if lower is None or upper is None:
        other = lower or upper
        assert other is not None, "one of two rungs is not the source age"
        lower, upper = (_still(other) if each is None else each for each in (lower, upper))
    return between(lower, upper, at.share)


def between(lower: Layers, upper: Layers, share: float) -> Layers:
    """`share` of the way, 0 … 1, from one rung's layers to another's, over what both cover."""
    region = lower.region.union(upper.region)
    one, other = lower.spread(region), upper.spread(region)

    def mixed(a: Pixels, b: Pixels) -> Pixels:
        return np.asarray(a + (b - a) * np.float32(share))

    matte = np.maximum(one.matte, other.matte)
    if one.parts is None or other.parts is None:
        layers = Layers(region, mixed(one.delta, other.delta), matte)
    else:
        names = ("detail", "form", "tone")
        pairs = ((getattr(one.parts, n), getattr(other.parts, n)) for n in names)
        layers = Layers.of_parts(region, Parts(*(mixed(*pair) for pair in pairs)), matte)
    if one.hair is not None and other.hair is not None:
        layers = replace(layers, hair=HairLayers(
            mixed(one.hair.delta, other.hair.delta),
            np.maximum(one.hair.matte, other.hair.matte),
            np.maximum(one.hair.guess, other.hair.guess),
        ))  # fmt: skip
    if one.shape is None and other.shape is None:
        return layers
    still = np.zeros((region.height, region.width, 2), np.float32)
    shapes = (still if each.shape is None else each.shape for each in (one, other))
    return replace(layers, shape=mixed(*shapes))


def _still(like: Layers) -> Layers:
    """No change, with the same layers."""
    return Layers.none(like.region, like.parts is not None, like.hair is not None)
