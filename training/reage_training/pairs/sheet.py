"""A sheet of training pairs: what the network is shown, and what it has to say to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from reage.plate import Pixels
from reage_training.network import DETAIL, FORM, HAIR, HAIR_COVER, PATTERN, PICTURE, TONE, change_of
from reage_training.output import Shown, eight_bits
from reage_training.pairs.batches import Batch
from reage_training.pairs.encoding import shown

GAIN = 6.0
"""Parts are shown as gray ± this much of their ACEScct difference."""


def pairs_sheet(batches: Sequence[Batch]) -> Shown:
    """A row for each pair, left to right: the picture as given, with the change, the change's
    detail, form and tone as gray ± GAIN times themselves, with hair gray, the pattern's guide,
    and the covers (skin red, hair green)."""
    return np.vstack(
        [
            _row(*(t[k].float().cpu() for t in batch))
            for batch in batches
            for k in range(len(batch.picture))
        ]
    )


def _row(picture: Tensor, parts: Tensor, covers: Tensor) -> Shown:
    given, pattern = picture[PICTURE], picture[PATTERN]
    hair = given + parts[HAIR] * covers[HAIR_COVER]
    codes = [given, given + change_of(parts[None])[0], hair]
    as_given, changed, gray = (shown(_image(code)) for code in codes)
    detail, form, tone = (_image(0.5 + GAIN * parts[part]) for part in (DETAIL, FORM, TONE))
    cover = _image(torch.cat([covers, torch.zeros_like(covers[:1])]))
    panels = [as_given, changed, detail, form, tone, gray, _image(0.5 + pattern / 2), cover]
    return eight_bits(np.hstack(panels))


def _image(planes: Tensor) -> Pixels:
    image: Pixels = np.ascontiguousarray(planes.permute(1, 2, 0).numpy())
    return image
