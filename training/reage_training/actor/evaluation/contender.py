"""What is compared: models, each with the pattern that it is given, run as the engine runs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.faces import FaceFrame
from reage.frame.pipeline import reage_frame
from reage.models.model import Model
from reage.pixels.color import Encoder
from reage.pixels.plate import Plate
from reage.settings import Settings
from reage_training.synth.head import Floats

DEFAULT, ALBUM, ACTOR = "default", "album only", "actor's model"

PLATE = "plate as it is"
"""Doing nothing, which contenders are held against."""


@dataclass(frozen=True)
class Contender:
    """label: DEFAULT, ALBUM or ACTOR; pattern: a seed, or as `--pattern` takes it"""

    label: str
    model: Model
    pattern: int | str = 0

    def reaged(
        self, plate: Plate, space: str, face: FaceFrame, age: float, target: float
    ) -> Floats:
        """(h, w, 3) the plate, scene-linear in `space`, with its face at another age."""
        settings = Settings(source_age=age, target_age=target, pattern=self.pattern)
        encoder = Encoder(space, self.model.card.encoding)
        layers = reage_frame(plate, face, self.model, settings, encoder)
        return np.asarray(layers.spread(plate.region).over(plate.rgb), np.float32)
