"""The model in a bundle: its weights go from the default's to the actor's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reage.bundle import DEFAULT, MODEL, WEIGHTS, entry
from reage.errors import ModelError


@dataclass(frozen=True)
class BundledModel:
    """model: the ONNX file, whose tensors lie in a file named WEIGHTS; actor, default: its bytes
    for the actor, and for the model that learning began with, float32 little-endian."""

    model: bytes
    actor: bytes
    default: bytes

    @classmethod
    def read(cls, path: Path) -> BundledModel:
        """Raises ModelError where it is no bundle, or a broken one."""
        found = cls(*(entry(path, name) for name in (MODEL, WEIGHTS, DEFAULT)))
        if len(found.actor) != len(found.default) or len(found.actor) % 4:
            raise ModelError(f"The weights in the bundle {path} do not belong to each other.")
        return found

    def weights(self, person: float) -> Mapping[str, bytes]:
        """What the model's tensors are at a person strength: 0 gives the default's, 1 the actor's,
        both to the bit; 0.5 what lies between."""
        if person in (0, 1):
            return {WEIGHTS: self.actor if person else self.default}
        actor, default = (np.frombuffer(b, "<f4") for b in (self.actor, self.default))
        between = default + np.float32(person) * (actor - default)
        return {WEIGHTS: between.astype("<f4").tobytes()}
