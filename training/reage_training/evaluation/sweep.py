"""A face of twenty taken older in steps: the change must only grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reage.models.model import Model
from reage.pixels.plate import Pixels
from reage_training.dataset import StoredView
from reage_training.evaluation.figures import mean_change
from reage_training.evaluation.prediction import predict_picture
from reage_training.evaluation.stills import framed, image
from reage_training.pairs.encoding import code
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.textures import Plane

SOURCE = 20.0
TARGETS = (20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0)
TRUE_AT = (20.0, 40.0, 60.0, 80.0)
"""Ages at which the truth is rendered beside it."""

SLACK = 0.005
"""Of a sweep's largest change: a fall that nobody sees."""

LAW = (
    "The mean |change| on the skin, of a face of 20 taken to a target age, never falls as the "
    f"target rises in steps of five years; falls below {SLACK:.1%} of its largest do not count."
)

Means = tuple[float, ...]
"""Mean |change| on one person's skin at each of TARGETS."""


@dataclass(frozen=True)
class Seat:
    """A view at SOURCE that every model is swept on; true: mean |change| at TRUE_AT."""

    view: StoredView
    rgb: Pixels
    skin: Plane
    shown: Pixels
    true: tuple[float, ...]


def seat(view: StoredView, bank: Bank, stride: int) -> Seat:
    """Render a person for sweeps."""
    window = framed(view, bank, stride)
    lit = pictures(window, bank, Look.of(view.metadata, bank.count), [Ages.all(a) for a in TRUE_AT])
    rgb = [image(light) for light in lit.rgb]
    skin = lit.skin.float().cpu().numpy()
    codes = [code().encode(light) for light in rgb]
    true = tuple(mean_change(c - codes[0], skin) for c in codes)
    return Seat(view, rgb[0], skin, image(lit.conditioning), true)


def sweep(model: Model, at: Seat) -> Means:
    landmarks = np.array(at.view.metadata["landmarks"], np.float64)
    made = (
        predict_picture(model, at.rgb, landmarks, (SOURCE, target), at.shown) for target in TARGETS
    )
    return tuple(mean_change(each.delta, at.skin) for each in made)


def worst_step(rows: Sequence[Sequence[float]]) -> float:
    """The least growth between neighbouring targets in any row, as a share of the row's largest;
    below −SLACK breaks LAW."""
    return float(min(np.diff(row).min() / max(*row, 1e-9) for row in rows))
