"""A sheet of training pairs: what the network is shown, and what it has to say to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from reage.pixels.plate import Pixels
from reage_training.network import (
    DETAIL,
    FORM,
    HAIR,
    HAIR_COVERAGE,
    PATTERN,
    PICTURE,
    TONE,
    residual_of,
)
from reage_training.output import Shown, eight_bits
from reage_training.pairs.batches import Batch
from reage_training.pairs.encoding import shown

GAIN = 6.0
"""Parts are shown as gray ± this much of their ACEScct difference."""


def pairs_sheet(batches: Sequence[Batch]) -> Shown:
    """A row for each pair, left to right: the picture as given, with the change, the change's
    detail, form and tone as gray ± GAIN times themselves, with hair gray, the pattern's
    conditioning map, and the coverage (skin red, hair green)."""
    return np.vstack(
        [
            _row(*(t[k].float().cpu() for t in batch))
            for batch in batches
            for k in range(len(batch.picture))
        ]
    )


def _row(picture: Tensor, parts: Tensor, coverage: Tensor) -> Shown:
    given, pattern = picture[PICTURE], picture[PATTERN]
    hair = given + parts[HAIR] * coverage[HAIR_COVERAGE]
    codes = [given, given + residual_of(parts[None])[0], hair]
    as_given, changed, gray = (shown(_image(code)) for code in codes)
    detail, form, tone = (_image(0.5 + GAIN * parts[part]) for part in (DETAIL, FORM, TONE))
    coverage_image = _image(torch.cat([coverage, torch.zeros_like(coverage[:1])]))
    panels = [
        as_given,
        changed,
        detail,
        form,
        tone,
        gray,
        _image(0.5 + pattern / 2),
        coverage_image,
    ]
    return eight_bits(np.hstack(panels))


def _image(planes: Tensor) -> Pixels:
    image: Pixels = np.ascontiguousarray(planes.permute(1, 2, 0).numpy())
    return image
