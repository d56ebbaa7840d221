"""One face's pattern of ageing: the unit relief of each kind of crease, fine lines, spots.

A seed names a pattern. How deep each part of it is at an age is up to whoever draws it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.pattern.dense import crepe, fine_lines, weave
from reage.pattern.groove import groove
from reage.pattern.layout import KINDS, creases
from reage.pattern.noise import Field, as_field, smooth_noise
from reage.pattern.spots import age_spots

SPREAD, DENSE_SPREAD = 0.38, 0.28
"""Deviation of the logarithm of a kind's strength between people, and of the dense relief's."""

SPOT_ONSETS = (38.0, 53.0, 66.0, 90.0)
"""Years between which the three generations of age spots appear."""


@dataclass(frozen=True)
class Relief:
    """(N, N) float32 textures in face UV, row 0 at v = 1 (forehead), column 0 at u = 0.

    kinds  (K, N, N), of `layout.KINDS`: relief at depth 1, grooves below zero; times a depth
           in 0.1 mm it is a height in 0.1 mm
    weave  secondary creases at full age, 0.1 mm
    fine   fine lines at full age, 0.1 mm
    crepe  cross-hatching of loose skin at full age, 0.1 mm
    spots  (3, N, N) extra tone of the age spots of each generation at full age
    """

    kinds: Field
    weave: Field
    fine: Field
    crepe: Field
    spots: Field


def relief(seed: int, size: int) -> Relief:
    """The pattern of a seed; equal seeds and sizes give equal bits."""
    rng = np.random.default_rng([seed, 12])
    strengths = np.exp(np.clip(rng.normal(0.0, SPREAD, len(KINDS)), -0.8, 0.6))
    gains = {kind.name: float(g) for kind, g in zip(KINDS, strengths, strict=True)}
    gains["cheek"] *= float(rng.uniform(0.0, 1.0))
    gain_of = [np.float32(g) for g in np.exp(np.clip(rng.normal(0.0, DENSE_SPREAD, 3), -0.5, 0.5))]
    kinds = np.zeros((len(KINDS), size, size), np.float32)
    index = {kind.name: k for k, kind in enumerate(KINDS)}
    for line in creases(rng):
        kind = line.kind
        patch = groove(line.points, line.widths, line.depths, size, kind.shoulder, kind.lean)
        if patch is not None:
            patch.add_to(kinds[index[kind.name]], line.gain * gains[kind.name])
    kinds *= 1.0 + 0.16 * smooth_noise(rng, size, 0.010)
    spots = np.zeros((len(SPOT_ONSETS) - 1, size, size), np.float32)
    for spot in age_spots(rng, size):
        born = int(np.searchsorted(SPOT_ONSETS, spot.onset, "right")) - 1
        spot.patch.add_to(spots[min(max(born, 0), len(spots) - 1)], spot.strength)
    return Relief(
        kinds=as_field(kinds),
        weave=as_field(weave(rng, size) * gain_of[0]),
        fine=as_field(fine_lines(rng, size) * gain_of[1]),
        crepe=as_field(crepe(rng, size) * gain_of[2]),
        spots=spots,
    )
