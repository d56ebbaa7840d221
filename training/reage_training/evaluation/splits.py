"""Which groups of people and pictures a view belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reage_training.synth.said import traits_of
from reage_training.synth.view import LUMA

TURNED = 20.0
"""Degrees of yaw from which a view is turned."""

HARD = 0.55
"""Share of the key lights in the light on a surface that faces the camera, from which the light
is hard."""

BEHIND = -0.15
"""Cosine between a light and the camera below which it stands behind the face."""

SPLITS: Mapping[str, tuple[str, ...]] = {
    "skin tone": ("light", "medium", "dark"),
    "pose": ("below 20°", "above 20°"),
    "light": ("hard", "soft", "back light"),
    "sex": ("female", "male"),
}
"""The groups, by what they split."""


def groups(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The groups of a view. One lit from behind counts as hard or soft as well."""
    traits = traits_of(metadata)
    thirds = SPLITS["skin tone"]
    lights = metadata["lights"]
    behind = min((toward[2] for toward in lights["direction"]), default=1.0) < BEHIND
    return (
        thirds[min(2, int(traits.tone * 3))],
        SPLITS["pose"][abs(float(metadata["camera"]["yaw"])) >= TURNED],
        "hard" if key_share(lights) >= HARD else "soft",
        *(("back light",) if behind else ()),
        "male" if traits.male else "female",
    )


def key_share(lights: Mapping[str, Any]) -> float:
    """0 … 1: what the key lights give of the light on a surface that faces the camera."""
    around = 0.282095 * float(np.array(lights["ambient"][0]) @ LUMA)
    keys = sum(
        float(np.array(color) @ LUMA) * max(float(toward[2]), 0.0)
        for color, toward in zip(lights["color"], lights["direction"], strict=True)
    )
    return keys / max(keys + around, 1e-9)
