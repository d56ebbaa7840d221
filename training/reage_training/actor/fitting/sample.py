"""Sample pictures of a training: before, as the network makes it, and as it truly is."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import nn

from reage_training.events import Events
from reage_training.network import PICTURE, residual_of
from reage_training.output import Shown, eight_bits
from reage_training.pairs.batches import Batch
from reage_training.pairs.encoding import light, srgb

_MOST, _SIDE = 3, 256
"""Held views that are shown, and how large at most, px: event files are to stay small."""


def show(held: tuple[Batch, ...], net: nn.Module, events: Events, step: int) -> None:
    """A picture of each of the first held batches: a row older, a row younger."""
    for k, batch in enumerate(held[:_MOST]):
        shown = rows(net, batch)
        scale = min(1.0, _SIDE / batch.picture.shape[-1])
        small = cv2.resize(shown, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        events.picture(step, f"double {k}", small.astype(np.uint8))


@torch.no_grad()
def rows(net: nn.Module, batch: Batch) -> Shown:
    """(B h, 3 w, 3): of each pair what is given, made and true, as sRGB."""
    given = batch.picture[:, PICTURE]
    made = given + residual_of(net(batch.picture)[0].float())
    true = given + residual_of(batch.parts)
    columns = [eight_bits(srgb(light(p)).permute(0, 2, 3, 1).cpu().numpy()) for p in
               (given, made, true)]  # fmt: skip
    return np.vstack(list(np.concatenate(columns, 2)))
