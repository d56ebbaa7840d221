"""Whether a change is as strong as the true one, wherever exactly it lies.

Where a line could lie here or there, the least error is half a line at both: error alone makes
a network timid. So the loss asks for strength as well, in one of two forms. Both take made and
truth (B, 3, H, W) and the weight of the pixels (B, 1, H, W), H and W divisible by 16.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from reage_training.bands import bands

FINEST, AROUND = 3, 8
"""local: levels of the pyramid whose strength counts, and the square's side, in their own pixels,
over which a strength is taken: wide enough for a line to lie elsewhere in it."""

CELLS = 8
"""banded: cells along a side, over each of which a strength is taken: a window shows about a
face, so that forehead, cheeks and mouth have some each."""

FLOOR = 0.003
"""banded: RMS in two stops, 0.4 % of the light, that nobody sees: what is well below counts as
nothing, so that it need not be matched."""

TOO_WEAK = 2.0
"""banded: what half the strength costs, against double. Error already holds back what is too
strong, as it lies beside its place twice."""


def local(made: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """Scalar: how far the local mean of |detail| is from the true one, at the finest levels."""
    both, total = torch.cat([made, truth], 1), made.new_zeros(())
    for _ in range(FINEST):
        coarse = F.avg_pool2d(both, 2)
        broad = F.interpolate(coarse, scale_factor=2.0, mode="bilinear", align_corners=False)
        mean = F.avg_pool2d((both - broad).abs() * weight, AROUND, ceil_mode=True)
        of_made, of_truth = mean.chunk(2, 1)
        total = total + (of_made - of_truth).abs().mean()
        both, weight = coarse, F.avg_pool2d(weight, 2)
    return total


def banded(made: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """Scalar: mean over bands and cells of |ln(RMS / true RMS)|, too weak at TOO_WEAK times.

    A ratio, so that a faint cheek counts as much as a deep crow's foot, and making younger,
    which changes more, as much as making older.
    """
    cell = [side // CELLS for side in weight.shape[-2:]]
    share = F.avg_pool2d(weight, cell)
    hidden = FLOOR**2 * share + 1e-12

    def strength(band: Tensor) -> Tensor:
        energy = F.avg_pool2d(band.square().mean(1, keepdim=True) * weight, cell)
        return (energy + hidden).log() / 2

    costs = []
    for of_made, of_truth in zip(bands(made.contiguous()), bands(truth.contiguous()), strict=True):
        over = strength(of_made) - strength(of_truth)
        costs.append(((F.relu(over) + TOO_WEAK * F.relu(-over)) * share).mean())
    return torch.stack(costs).mean() / share.mean().clamp(min=1e-6)


FORMS: dict[str, tuple[Callable[[Tensor, Tensor, Tensor], Tensor], float]] = {
    "local": (local, 2.5),
    "banded": (banded, 0.1),
}
"""By name: the form, and its weight in the loss. At the weights of model version 4 the one pulls a
third to all as hard as the error does, the other about as hard as the error."""
