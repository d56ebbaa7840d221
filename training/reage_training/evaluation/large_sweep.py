"""One person from 20 to 80 at the view's own size: the truth, and models from 20 and from the
middle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reage.faces import FaceFrame
from reage.models.model import Model
from reage.pixels.plate import Pixels
from reage_training.dataset import StoredView
from reage_training.evaluation.prediction import predict_picture
from reage_training.evaluation.stills import (
    Step,
    face_of,
    framed,
    image,
    main_conditioning,
    who,
)
from reage_training.pairs.encoding import code
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import AddedPattern, pictures
from reage_training.render.skin import Ages

AGES = (20.0, 35.0, 50.0, 65.0, 80.0)
SOURCES = (20.0, 50.0)
"""Ages that models start from: the youngest, and the middle."""


@dataclass(frozen=True)
class LargeSweep:
    """label: who it is; face: where in the picture; true: their pictures (h, w, 3) in ACEScct at
    AGES; made: what each model makes, by step from each of SOURCES to each other age."""

    label: str
    face: FaceFrame
    true: Mapping[float, Pixels]
    made: tuple[Mapping[Step, Pixels], ...]


def facing_most(views: Sequence[StoredView]) -> StoredView:
    """The view whose face is turned least."""
    return min(views, key=lambda view: abs(float(view.metadata["camera"]["yaw"])))


def large_sweep(models: Sequence[Model], view: StoredView, bank: Bank) -> LargeSweep:
    """Older, models are shown the person's own pattern; younger another one, as in `stills`."""
    window = framed(view, bank)
    look = Look.of(view.metadata, bank.count)
    lit = pictures(window, bank, look, [Ages.all(age) for age in AGES])
    other = AddedPattern((look.pattern + 1) % bank.count, AGES[0])
    conditionings = {
        "own": image(lit.conditioning),
        "other": image(pictures(window, bank, look, [Ages.all(AGES[0])], other).conditioning),
    }
    rgb = {age: image(light) for age, light in zip(AGES, lit.rgb, strict=True)}
    codes = {age: code().encode(light) for age, light in rgb.items()}
    landmarks = np.array(view.metadata["landmarks"], np.float64)

    def made(model: Model, step: Step) -> Pixels:
        shown = conditionings[main_conditioning(step)]
        delta = predict_picture(model, rgb[step[0]], landmarks, step, shown).delta
        return np.asarray(codes[step[0]] + delta, np.float32)

    steps = [(source, age) for source in SOURCES for age in AGES if age != source]
    each = tuple({step: made(model, step) for step in steps} for model in models)
    return LargeSweep(who(view.metadata), face_of(landmarks), codes, each)
