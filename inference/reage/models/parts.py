"""A residual in its parts, detail, form and tone, whether the model gives them or not.

    detail   wrinkles, lines, pores
    form     folds, bags, jowls, hollows: the shading of the face's shape
    tone     pigment, redness, spots, sallowness

Their sum is the delta. The graying of hair is no part of it; it stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from reage.pixels.plate import Pixels
from reage.settings import Settings

if TYPE_CHECKING:
    from reage.models.model_card import ModelCard

TONE = 0.06
"""Standard deviation, in face sizes, of the low-pass that is tone: wider than a bag or a fold."""

FORM = 0.012
"""The same below which form ends and detail begins: wider than a wrinkle."""

_SIGMA = 6.0
"""px; a wider low-pass is computed on a smaller picture, where it looks the same."""


@dataclass(frozen=True)
class Strengths:
    """How much of each part a result takes; 1, 1, 1, no gray and no shape is the delta alone."""

    detail: float = 1.0
    form: float = 1.0
    tone: float = 1.0
    gray: float = 0.0
    shape: float = 0.0

    @classmethod
    def of(cls, settings: Settings) -> Strengths:
        """What settings ask for: no gray without a hair matte."""
        gray = 0.0 if settings.hair_matte is None else settings.gray
        return cls(settings.detail, settings.form, settings.tone, gray, settings.shape)

    @property
    def keeps_delta(self) -> bool:
        """Whether detail, form and tone come to the delta as it is."""
        return self.detail == self.form == self.tone == 1.0

    def mix_parts(self, card: ModelCard) -> bool:
        """Whether a result of this model is more than plate and delta: needs parts or hair."""
        return not self.keeps_delta or (card.hair and self.gray > 0.0)


WHOLE = Strengths()


@dataclass(frozen=True)
class Parts:
    """detail, form, tone: float32 of one shape, (h, w, 3); in the encoding or scene-linear."""

    detail: Pixels
    form: Pixels
    tone: Pixels

    @property
    def total(self) -> Pixels:
        """Their sum in float32, in this order: what `mix` gives for WHOLE, to the bit."""
        return np.asarray(self.detail + self.form + self.tone, np.float32)

    def mix(self, strengths: Strengths) -> Pixels:
        """Their sum, each times its strength."""
        d, f, t = (np.float32(s) for s in (strengths.detail, strengths.form, strengths.tone))
        return np.asarray(self.detail * d + self.form * f + self.tone * t, np.float32)

    def each(self, function: Callable[[Pixels], Pixels]) -> Parts:
        return Parts(function(self.detail), function(self.form), function(self.tone))


def by_frequency(residual: Pixels, face_size: float) -> Parts:
    """Wide, middling and fine structure of a residual (h, w, 3) as tone, form and detail."""
    tone = _low_pass(residual, TONE * face_size)
    form = _low_pass(residual, FORM * face_size) - tone
    return Parts(residual - (form + tone), form, tone)


def _low_pass(pixels: Pixels, sigma: float) -> Pixels:
    height, width = pixels.shape[:2]
    small, shrink = pixels, max(1, int(sigma / _SIGMA))
    if shrink > 1:
        size = (-(-width // shrink), -(-height // shrink))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    edge = cv2.BORDER_REPLICATE
    soft = cv2.GaussianBlur(small, (0, 0), max(sigma / shrink, 0.1), borderType=edge)
    if shrink > 1:
        soft = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(soft, np.float32)
