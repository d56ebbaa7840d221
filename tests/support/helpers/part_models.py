"""An exact model with parts, and cards for real little networks, for tests."""

from dataclasses import dataclass

import numpy as np

from helpers.onnx_files import CARD, delta_network
from reage.models.channels import PARTS
from reage.models.model_card import ModelCard
from reage.models.onnx_model import OnnxModel
from reage.models.residual import Residual

CARD_IN_PARTS = CARD | {"halo": 1, "crop_size": 256, "parts": [*PARTS, "hair"]}


def network_in_parts(path, pattern=False, seed=0):
    """A real ONNX network with detail, form, tone, hair and its matte; halo 1."""
    card = CARD_IN_PARTS | {"pattern": pattern}
    return OnnxModel.load(delta_network(path, None, card, 8 if pattern else 5, 13, seed), "cpu")


_CARD = ModelCard(
    "parts", "Apache-2.0", "nothing", "ReAge contributors", halo=0,
    outputs=(*PARTS, "hair", "hair_matte"),
)  # fmt: skip


@dataclass(frozen=True)
class PartsModel:
    """Each part is a number everywhere, times (target − source age) / 100; hair too, and its
    matte is a number."""

    detail: float = 0.05
    form: float = -0.2
    tone: float = 0.1
    hair: float = 0.3
    hair_matte: float = 1.0
    card: ModelCard = _CARD
    sha256: str = "1" * 64

    def run(self, input):
        change = (input.target_age - input.source_age)[..., None] / np.float32(self.card.age_scale)
        each = np.repeat(np.float32([self.detail, self.form, self.tone, self.hair]), 3)
        matte = np.full_like(change, self.hair_matte)
        values = np.concatenate([change * each, matte], -1).astype(np.float32)
        return Residual(values, self.card.output_channels)
