"""How much of each field a face gets between two ages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from reage.pixels.ramps import smoothstep
from reage.settings import ALL, AVERAGE, Settings
from reage.shape.fields import FIELDS, GROUPS, Floats

AMOUNTS_FILE = Path(__file__).with_name("amounts.txt")
"""A line for each of FIELDS, a column for each of KINDS: its strength in the oldest years. Written
by `reage_training.synth.pack_amounts` from the shape targets of MakeHuman (CC0)."""

SEXES = ("female", "male")
ORIGINS = ("african", "asian", "caucasian")

KINDS = tuple((sex, origin) for origin in ORIGINS for sex in SEXES)

STEERED_BY = tuple(s.name for s in ALL if s.name.startswith("shape_") and not s.live)
"""Settings, ages aside, that change what a face gains."""


def amounts(settings: Settings, target_age: float) -> Floats:
    """(F,) what a face of the settings' source age gains of each field by `target_age`; below zero
    where it gets younger."""
    grown = _grown(target_age) - _grown(settings.source_age)
    chosen = [
        settings.shape_sex in (AVERAGE, sex) and settings.shape_origin in (AVERAGE, origin)
        for sex, origin in KINDS
    ]
    strength = {group: getattr(settings, f"shape_{group}") for group in GROUPS} | {"": 1.0}
    groups = np.array([strength[field.group] for field in FIELDS])
    return np.asarray(grown * _table()[:, chosen].mean(1) * groups)


def _grown(age: float) -> Floats:
    """(F,) 0 … 1: a smooth step over each field's years."""
    return np.array([smoothstep(age, f.onset, f.onset + f.ramp) for f in FIELDS])


@cache
def _table() -> Floats:
    return np.loadtxt(AMOUNTS_FILE)
