"""The textures of an invented actor: a pattern with creases of their own, and marks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reage.pattern.crease import crease
from reage.pattern.groove import groove
from reage.pattern.layout import CHEEK, FOREHEAD, KINDS, MENTOLABIAL, NASION, NASOLABIAL_2
from reage.pattern.noise import Field
from reage.pattern.regions import through
from reage.pattern.spots import blot
from reage_training.actor.career.invented import MOLE, Invented, InventedMark
from reage_training.synth.patterns import KIND, MOLES, pattern

_OWN = (
    (CHEEK, ((0.290, 0.640), (0.300, 0.560), (0.318, 0.490), (0.335, 0.430)), 2.2),
    (CHEEK, ((0.715, 0.620), (0.705, 0.550), (0.690, 0.480)), 2.4),
    (FOREHEAD, ((0.310, 0.905), (0.345, 0.860), (0.365, 0.815)), 1.5),
    (FOREHEAD, ((0.530, 0.930), (0.545, 0.885), (0.540, 0.840)), 1.5),
    (MENTOLABIAL, ((0.500, 0.320), (0.503, 0.290), (0.499, 0.255)), 0.8),
    (NASION, ((0.470, 0.715), (0.500, 0.722), (0.535, 0.712)), 1.6),
    (NASOLABIAL_2, ((0.655, 0.540), (0.680, 0.480), (0.672, 0.410), (0.645, 0.360)), 1.6),
    (NASOLABIAL_2, ((0.330, 0.520), (0.322, 0.455), (0.345, 0.385)), 1.6),
)
"""Creases that no default face has: how they age, their course in face UV on one side, strength."""

_WAY = 40
"""Blots along a scar."""


def skins(actor: Invented, size: int) -> np.ndarray:
    """(stages, size, size, CHANNELS) float16 as `synth.patterns` has them: one for each of the
    actor's stages."""
    own = pattern(900_000_000 + actor.seed, size).astype(np.float32)
    gains = np.array(actor.gains, np.float32)
    left = _left(size)[..., None]
    own[..., KIND] *= left * gains[:, 0] + (1 - left) * gains[:, 1]
    _add_creases(own, actor.seed)
    out = []
    for since in actor.stages:
        skin = own.copy()
        skin[..., MOLES] = coverage(actor.there(since), size)
        out.append(skin.astype(np.float16))
    return np.stack(out)


def coverage(marks: Sequence[InventedMark], size: int) -> Field:
    """(size, size) in −1 … 1: moles above zero, scars below."""
    moles, scars = np.zeros((2, size, size), np.float32)
    still = np.zeros((size, size), np.float32)
    for mark in marks:
        many = np.array(mark.points) if mark.kind == MOLE else through(mark.points, _WAY)
        into = moles if mark.kind == MOLE else scars
        for k, (u, v) in enumerate(many):
            # A scar is narrower at its ends.
            end = 1.0 if mark.kind == MOLE else 0.5 + np.sin(np.pi * (k + 0.5) / len(many)) / 2
            patch = blot(u, v, mark.radius * end, size, still, 1.0, 0.0)
            if patch is not None:
                h, w = patch.height.shape
                here = np.s_[patch.top : patch.top + h, patch.left : patch.left + w]
                into[here] = np.maximum(into[here], mark.strength * patch.height)
    return np.asarray(moles - scars, np.float32)


def _add_creases(skin: Field, seed: int) -> None:
    """Three to five of the actor's own, in place."""
    rng = np.random.default_rng([seed, 181])
    index = {kind.name: k for k, kind in enumerate(KINDS)}
    size = len(skin)
    for k in rng.permutation(len(_OWN))[: int(rng.integers(3, 6))]:
        kind, course, strength = _OWN[k]
        line = crease(rng, kind, course, loose=0.003, strength=strength)
        patch = groove(line.points, line.widths, line.depths, size, kind.shoulder, kind.lean)
        if patch is not None:
            patch.add_to(skin[..., index[kind.name]], line.gain)


def _left(size: int) -> Field:
    """(size, size): 1 at u = 0, 0 at u = 1, soft in the middle."""
    u = (np.arange(size, dtype=np.float32) + 0.5) / size
    return np.broadcast_to(1 / (1 + np.exp((u - 0.5) / 0.02)), (size, size)).astype(np.float32)
