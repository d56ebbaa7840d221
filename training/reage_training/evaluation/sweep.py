"""A face of twenty taken older in steps: the change must only grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reage.model import Model
from reage.plate import Pixels
from reage_training.evaluation.answer import ask
from reage_training.evaluation.stills import code
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.textures import Plane
from reage_training.viewset import StoredView

SOURCE = 20.0
TARGETS = (20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0)
SHOWN = (20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0)
"""Ages in the strip of pictures."""

TRUE_AT = (20.0, 40.0, 60.0, 80.0)
"""Ages at which the truth is rendered beside it."""

SLACK = 0.005
"""Of a sweep's largest change: a fall that nobody sees."""

LAW = (
    "The mean |change| on the skin, of a face of 20 taken to a target age, never falls as the "
    f"target rises in steps of five years; falls below {SLACK:.1%} of its largest do not count."
)


@dataclass(frozen=True)
class Sweep:
    """One person. codes: SOURCE's picture (h, w, 3) ACEScct; deltas: the model's at SHOWN;
    means: mean |change| on skin at each of TARGETS."""

    codes: Pixels
    deltas: tuple[Pixels, ...]
    means: tuple[float, ...]


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
    planes = view.planes()
    side = planes.shape[0] // stride * stride
    window = whole(planes[:side, :side], view.story, bank.device)
    lit = pictures(window, bank, Look.of(view.story, bank.count), [Ages.all(a) for a in TRUE_AT])
    rgb = [p.permute(1, 2, 0).float().cpu().numpy() for p in lit.rgb]
    skin = lit.skin.float().cpu().numpy()
    codes = [code().encode(np.ascontiguousarray(p)) for p in rgb]
    true = tuple(mean_change(c - codes[0], skin) for c in codes)
    guide = np.ascontiguousarray(lit.guide.permute(1, 2, 0).float().cpu().numpy())
    return Seat(view, np.ascontiguousarray(rgb[0]), skin, guide, true)


def sweep(model: Model, at: Seat) -> Sweep:
    landmarks = np.array(at.view.story["landmarks"], np.float64)
    deltas, means = [], []
    for target in TARGETS:
        made = ask(model, at.rgb, landmarks, (SOURCE, target), at.shown).delta
        means.append(mean_change(made, at.skin))
        if target in SHOWN:
            deltas.append(made)
    return Sweep(code().encode(at.rgb), tuple(deltas), tuple(means))


def mean_change(delta: Pixels, skin: Plane) -> float:
    """Mean |delta| (h, w, 3) under a cover (h, w)."""
    weight = float(skin.sum(dtype=np.float64)) * 3
    return float((np.abs(delta) * skin[..., None]).sum(dtype=np.float64)) / max(weight, 1e-9)


def worst_step(rows: Sequence[Sequence[float]]) -> float:
    """The least growth between neighbouring targets in any row, as a share of the row's largest;
    below −SLACK breaks LAW."""
    return float(min(np.diff(row).min() / max(*row, 1e-9) for row in rows))
