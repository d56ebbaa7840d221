"""What a model makes of a picture, whatever its encoding, size and parts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reage.models.model import Model, ModelInput
from reage.models.parts import Parts
from reage.models.residual import Residual
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_for
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage_training.evaluation.stills import Step, Still, face_of
from reage_training.pairs.encoding import code
from reage_training.textures import Plane


@dataclass(frozen=True)
class Prediction:
    """(h, w, 3) each, to be added in ACEScct; hair and its matte (h, w) where the model has
    them."""

    parts: Parts
    hair: Pixels | None = None
    matte: Plane | None = None

    @property
    def delta(self) -> Pixels:
        return self.parts.total


def predict(model: Model, still: Still) -> Prediction:
    """The model on a still."""
    return predict_picture(model, still.rgb, still.landmarks, still.step, still.shown)


def predict_picture(
    model: Model, rgb: Pixels, landmarks: np.ndarray, step: Step, shown: Pixels | None
) -> Prediction:
    """The model alone on scene-linear ACEScg (h, w, 3).

    A model that takes any size sees the picture as it is, so that nothing is resampled. One of
    a fixed size, or whose stride does not divide the picture, sees the crop that its card asks
    for, by the true landmarks, and is laid back on the picture.
    """
    card = model.card
    encoder = Encoder("ACEScg", card.encoding)
    e = encoder.encode(rgb)
    face = face_of(landmarks)
    height, width = rgb.shape[:2]
    if card.fixed_size is None and height % card.stride == 0 and width % card.stride == 0:
        made, size = _run(model, e, step, shown), face.size

        def laid(pixels: Pixels) -> Pixels:
            return pixels

    else:
        side = card.fixed_size or card.crop_size
        region, crop = Region(0, 0, width, height), crop_for(face, card, side)
        pattern = None if shown is None else crop.sample(shown, region)
        made, size = _run(model, crop.sample(e, region), step, pattern), side / card.crop_scale

        def laid(pixels: Pixels) -> Pixels:
            return crop.paste(pixels, region)

    parts = made.parts(size).each(laid)
    hair = laid(made.hair) if card.hair else None
    matte = np.clip(laid(made.hair_matte), 0, 1) if card.hair else None
    if card.encoding == "ACEScct":
        return Prediction(parts, hair, matte)
    hair = None if hair is None else _codes(encoder, e, hair)[0]
    tone, form, detail = _codes(encoder, e, parts.tone, parts.form, parts.detail)
    return Prediction(Parts(detail, form, tone), hair, matte)


def _run(model: Model, picture: Pixels, step: Step, pattern: Pixels | None) -> Residual:
    return model.run(ModelInput.of(model.card, np.ascontiguousarray(picture), *step, pattern))


def _codes(encoder: Encoder, e: Pixels, *parts: Pixels) -> list[Pixels]:
    """Parts in another encoding, each laid on top of those before it, as ACEScct."""
    steps = [e]
    for part in parts:
        steps.append(steps[-1] + part)
    codes = [code().encode(encoder.decode(each)) for each in steps]
    return [after - before for before, after in pairwise(codes)]
