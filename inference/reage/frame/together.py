"""The layers of several faces in one: the rule by which changes add up.

Each face's change is worked out from the plate alone, so no order matters. The result holds them
all, `plate + Σ deltaᵢ × matteᵢ × blend`, and so do the layers, whose one matte is the largest:

    matte = max matteᵢ      delta = Σ deltaᵢ × matteᵢ / matte

Where no more than one face's matte is above zero, delta and matte are that face's own bits. So it
is for each part, and for hair by its own mattes; the guess is the largest. Shapes add up as well:
where two faces move one pixel, it comes from as far as both say. Blend, strengths, gray and shape
act on the sum: they are the shot's. Two renders, one for each face, add up to the same in the
comp, `plate + delta₁ × matte₁ × blend₁ + delta₂ × matte₂ × blend₂`, and each has its own blend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from reage.frame.layers import HairLayers, Layers
from reage.models.parts import Parts
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.pixels.weighted import weighted


def together(layers: Sequence[Layers]) -> Layers:
    """One frame's layers of one or more faces, all with parts or none, as one; over what all
    mattes cover. Of a single face they are those very layers."""
    shown = [each for each in layers if _shows(each)] or [layers[0]]
    if len(shown) == 1:
        return shown[0]
    region = reduce(Region.union, (each.region for each in shown))
    spread = [each.spread(region) for each in shown]
    mattes = [each.matte for each in spread]
    matte = reduce(np.maximum, mattes)
    found = [each.parts for each in spread if each.parts is not None]
    if found:
        parts = Parts(*(
            _summed([getattr(each, name) for each in found], mattes, matte)
            for name in ("detail", "form", "tone")
        ))  # fmt: skip
        whole = Layers.of_parts(region, parts, matte)
    else:
        whole = Layers(region, _summed([each.delta for each in spread], mattes, matte), matte)
    hair = [each.hair for each in spread if each.hair is not None]
    if hair:
        whole = whole.with_hair(region, _hair(hair))
    moves = [each.shape for each in spread if each.shape is not None]
    return replace(whole, shape=reduce(np.add, moves)) if moves else whole


def _shows(layers: Layers) -> bool:
    hair, shape = layers.hair, layers.shape
    moves = shape is not None and shape.any()
    return bool(layers.matte.any() or moves or (hair and (hair.matte.any() or hair.guess.any())))


def _hair(hair: Sequence[HairLayers]) -> HairLayers:
    mattes = [each.matte for each in hair]
    matte = reduce(np.maximum, mattes)
    guess = reduce(np.maximum, [each.guess for each in hair])
    return HairLayers(_summed([each.delta for each in hair], mattes, matte), matte, guess)


def _summed(deltas: Sequence[Pixels], mattes: Sequence[Pixels], matte: Pixels) -> Pixels:
    """(h, w, 3): what times `matte` is the sum of deltas times their mattes."""
    below = np.where(matte > 0, matte, np.float32(1))
    out = np.zeros_like(deltas[0])
    for delta, own in zip(deltas, mattes, strict=True):
        out += weighted(delta, np.asarray(own / below, np.float32))  # own / own is exactly 1
    return out
