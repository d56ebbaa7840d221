"""mix and mask, which many nodes share."""

from __future__ import annotations

from typing import Any

import numpy as np

from fake_nuke.evaluate.asking import Asked
from fake_nuke.evaluate.pictures import Box, Picture, channel


def mixed(asked: Asked, before: Picture, after: Picture, mask: int) -> Picture:
    """`after` where mask and mix are 1, `before` where either is 0, over after's box.

    mask: the number of the node's mask input.
    """
    share = mask_of(asked, after.box, mask) * np.float32(asked.number("mix"))
    if np.ndim(share) == 0 and share == 1:
        return after
    channels = {
        name: lerp(before.over(name, after.box), array, share)
        for name, array in after.channels.items()
    }
    return Picture(after.format, after.box, channels, after.metadata)


def mask_of(asked: Asked, box: Box, mask: int) -> Any:
    """The mask's pixels over a box; 1 where no mask is used."""
    invert = bool(asked.number("invert_mask"))
    if asked.connected(mask):
        found = asked.input(mask).over(channel(asked.word("maskChannelMask")), box)
    elif asked.word("maskChannelInput") != "none":
        found = asked.input(0).over(channel(asked.word("maskChannelInput")), box)
    else:
        return np.float32(1)
    return 1 - found if invert else found


def lerp(before: Any, after: Any, share: Any) -> Any:
    """Bit for bit one or the other at share 0 and 1, whatever they hold."""
    between = before * (1 - share) + after * share
    exact = np.where(np.equal(share, 1), after, between)
    return np.where(np.equal(share, 0), before, exact).astype(np.float32)
