"""What is held out of a double is of every size and pattern, and so is what is learned from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from reage_training.actor.double.double import DoubleOptions
from reage_training.actor.fitting.fit import parted
from reage_training.dataset import StoredView
from reage_training.synth.view import PLANES

Kind = tuple[int, int]
"""Side of a view, and its pattern."""


def views_of(folder: Path, options: DoubleOptions) -> tuple[StoredView, ...]:
    out = []
    for k in range(options.sittings):
        side, pattern = options.side(k) // 64, k % options.patterns
        for view in range(options.views):
            path = folder / f"{k:05d}_{view}.npy"
            np.save(path, np.zeros((side, side, PLANES), np.float16))
            said = {"seed": k, "expression": {}, "look": {"pattern": pattern, "mirrored": False}}
            out.append(StoredView(path, said))
    return tuple(out)


def kind_of(view: StoredView) -> Kind:
    return len(view.planes()), view.metadata["look"]["pattern"]


@pytest.mark.parametrize("sittings", [16, 32])
def test_one_in_four_of_each_size_and_pattern_is_held_out(sittings: int, tmp_path: Path) -> None:
    options = DoubleOptions(None, sittings=sittings)
    every = views_of(tmp_path, options)
    learned, held = parted(every, options.patterns)
    assert {v.path for v in learned} | {v.path for v in held} == {v.path for v in every}
    whole, out = (Counter(map(kind_of, views)) for views in (every, held))
    assert {kind: count / 4 for kind, count in whole.items()} == out
    assert {len(v.planes()) for v in learned} == {8, 16}
    seeds = ({v.metadata["seed"] for v in views} for views in (learned, held))
    assert not set.intersection(*seeds)


def test_of_two_one_is_held_out_and_one_alone_is_both(tmp_path: Path) -> None:
    every = views_of(tmp_path, DoubleOptions(None, sittings=2, large=False))
    learned, held = parted(every, 2)
    assert len(learned) == len(held) == 2 and not {*map(id, learned)} & {*map(id, held)}
    assert parted(every[:2], 2) == (every[:2], every[:2])
