"""Patterns of a dataset as photographs give them: kept, complete or not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from reage_training.render.bank import open_bank
from reage_training.synth import seen as module
from reage_training.synth.patterns import PATTERNS, SHAPES, read_seen, seen_file
from reage_training.synth.seen import landmark_uv, write_seen
from reage_training.synth.small_head import rough_landmarks, small_head


def test_the_landmarks_lie_where_the_head_has_them() -> None:
    off = np.linalg.norm(landmark_uv(small_head()) - rough_landmarks(), axis=1)
    assert np.percentile(off, 90) < 0.005 and off.max() < 0.03  # some lie past its chart's edge


def test_a_dataset_has_all_of_its_patterns_seen_or_none(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    np.save(tmp_path / PATTERNS, rng.normal(0, 1, (2, 32, 32, 4)).astype(np.float16))
    np.save(tmp_path / SHAPES, np.zeros((3, 8, 8), np.float32))
    cpu = torch.device("cpu")
    maps = [rng.normal(0, 1, (64, 64, 3)).astype(np.float16) for _ in range(2)]
    for k, one in enumerate(maps):
        assert read_seen(tmp_path, 2) is None and open_bank(tmp_path, cpu).seen == ()
        seen_file(tmp_path, k).parent.mkdir(exist_ok=True)
        np.save(seen_file(tmp_path, k), one)
    levels = open_bank(tmp_path, cpu).seen
    np.testing.assert_array_equal(levels[0].numpy(), np.stack(maps))
    assert [tuple(level.shape) for level in levels[:2]] == [(2, 64, 64, 3), (2, 32, 32, 3)]


def test_only_what_is_missing_is_photographed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The photographing itself is `photographs`' to test; here it is only counted."""
    made: list[int] = []

    def noted(_: object, seed: int) -> np.ndarray:
        made.append(seed)
        return np.full((4, 4, 3), seed, np.float16)

    monkeypatch.setattr(module, "seen", noted)
    told: list[tuple[int, int]] = []
    write_seen(tmp_path, small_head(), 0, 2)
    write_seen(tmp_path, small_head(), 0, 4, progress=lambda *done: told.append(done))
    assert made == [0, 1, 2, 3] and told == [(3, 4), (4, 4)]
    found = read_seen(tmp_path, 4)
    assert found is not None and found[:, 0, 0, 0].tolist() == [0, 1, 2, 3]
