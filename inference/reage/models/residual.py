"""What a model says is to be added to a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.models.channels import PARTS, ChannelLayout
from reage.models.parts import Parts, by_frequency
from reage.pixels.plate import Pixels


@dataclass(frozen=True)
class Residual:
    """A model's prediction for a picture, to be added to it in the card's encoding.

    values    (h, w, channels.count) float32; NaN where broken
    channels  what they are, by name
    """

    values: Pixels
    channels: ChannelLayout

    @classmethod
    def zero(cls, side: int, channels: ChannelLayout) -> Residual:
        """Nothing to add to a square of `side` px. Takes no memory; not to be written to."""
        return cls(np.broadcast_to(np.float32(0), (side, side, channels.count)), channels)

    def __getitem__(self, name: str) -> Pixels:
        """(h, w, c): the channels of one name. Raises ValueError where there are none."""
        return self.values[..., self.channels.at(name)]

    @property
    def delta(self) -> Pixels:
        """(h, w, 3): what is added in all; hair stands beside it."""
        return self["delta"] if "delta" in self.channels.names else self._named_parts.total

    def parts(self, face_size: float) -> Parts:
        """The delta in its parts; by frequency where the model names none.

        face_size: in the picture's px
        """
        if "delta" in self.channels.names:
            return by_frequency(self["delta"], face_size)
        return self._named_parts

    @property
    def hair(self) -> Pixels:
        """(h, w, 3): the graying of hair, of a model that has it."""
        return self["hair"]

    @property
    def hair_matte(self) -> Pixels:
        """(h, w), about 0 … 1: what the model takes for hair."""
        return self["hair_matte"][..., 0]

    @property
    def _named_parts(self) -> Parts:
        return Parts(**{name: self[name] for name in PARTS})
