"""What a bundle's person strength does: error on pairs, or distance from held-out photographs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from reage.models.onnx_model import OnnxModel
from reage_training.actor.evaluation.contender import Contender
from reage_training.actor.evaluation.pairs import SPACE, OpenPair, error
from reage_training.actor.evaluation.photographs import Case, mean_distance, trials

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)

_ON = 4
"""Pairs or cases that it is measured on at most."""


def curve(
    bundle: Path, contender: Contender, pairs: Sequence[OpenPair], cases: Sequence[Case]
) -> dict[float, float]:
    """Error on skin of pairs, where there are any; else distance in relief. By strength."""
    some = cases[:: max(1, -(-len(cases) // _ON))]
    out = {}
    for strength in STRENGTHS:
        one = replace(contender, model=OnnxModel.load(bundle, person=strength))
        if pairs:
            out[strength] = float(np.mean([
                error(one.reaged(p.plate, SPACE, p.face, p.said.age, p.said.target), p)
                for p in pairs[:_ON]
            ]))  # fmt: skip
        else:
            out[strength] = mean_distance(trials(some, [one]), one.label).relief
    return out

