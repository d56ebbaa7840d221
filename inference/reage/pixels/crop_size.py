"""How large the model sees the face: the crop's side in px, one for all frames of a shot.

In a crop of any side the face is side / crop_scale px high, however high it is in the plate: the
side alone says how much of the plate's detail the model sees, and whether that is a size it knows.

`face_size` is read inside Nuke as well: nothing here may import more than the standard library.
Which crop a shot gets of all this, `reage.pixels.crop` says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reage.models.model_card import ModelCard

STEPS = (256, 384, 512, 768, 1024, 1536)
"""Sides in px that auto takes: few, so that a shot's and the next one's look alike."""

_SHARE = 0.9
"""Of a track's faces, those that are no larger than its face size: near the largest, as detail
that is not seen cannot be made, but not led astray by a few frames that were tracked badly."""

_FAR = 1.5
"""How many times larger or smaller than in the plate a face may be in the crop without a notice:
no less than between any two of the steps, so that its rounding alone tells nothing."""


@dataclass(frozen=True)
class CropSize:
    """What a shot's crop size is, and why.

    side  px
    auto  whether it was not set by the artist
    face  the face's size in the plate, px, where auto went by it
    """

    side: int
    auto: bool
    face: int | None = None

    def __str__(self) -> str:
        if not self.auto:
            return f"crop {self.side} px"
        if self.face is None:
            return f"crop {self.side} px (auto: the model's own)"
        return f"crop {self.side} px (auto: face of {self.face} px in the plate)"


def face_size(sizes: Iterable[float]) -> int | None:
    """The size in px that nine in ten of a track's faces keep within; None of no faces.

    To two digits: it holds still when a single frame's track is corrected. It does not depend
    on the order.
    """
    found = sorted(sizes)
    if not found:
        return None
    return max(1, round(float(f"{found[math.ceil(_SHARE * len(found)) - 1]:.2g}")))


def auto_side(card: ModelCard, face: float) -> int:
    """The step that shows a face of `face` px in the plate nearest to its own
    resolution, among those that show it at one of the card's face_sizes.

    Laws: a larger face never gets a smaller side; the face in the crop is one that the model
    knows, wherever there is such a step. Where there is none, the card's own size.
    """
    assert card.face_sizes is not None
    low, high = card.face_sizes
    steps = [
        side for side in STEPS
        if side % card.stride == 0 and low <= side / card.crop_scale <= high
    ]  # fmt: skip
    wanted = card.crop_scale * face
    return min(steps or [card.crop_size], key=lambda side: abs(math.log(side / wanted)))


def notices(card: ModelCard, size: CropSize) -> list[str]:
    """What an artist should know of a shot's crop size; nothing where the card has no face_sizes.

    Either that the model sees the face at a size it does not know, or that it knows none near
    the face's own.
    """
    if card.face_sizes is None:
        return []
    low, high = card.face_sizes
    seen = size.side / card.crop_scale
    learned = f"the model {card.name} learned from faces of {low:g} to {high:g} px"
    if not low <= seen <= high:
        advice = "" if size.auto else " --crop-size auto stays within."
        return [f"The crop of {size.side} px shows the face {seen:.0f} px high; {learned}.{advice}"]
    if size.face and size.face > _FAR * seen:
        return [
            f"The face is {size.face} px high in the plate, and the model sees it at {seen:.0f} "
            f"px: {learned}. The change is enlarged {size.face / seen:.1f} times, and its finest "
            "detail is missing."
        ]
    if size.face and size.face * _FAR < seen:
        return [
            f"The face is only {size.face} px high in the plate, and is enlarged to {seen:.0f} px "
            f"for the model: {learned}. Expect little fine detail."
        ]
    return []
