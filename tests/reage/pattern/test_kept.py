"""Patterns on the disk: the very ones that were drawn, and never a damaged one."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from reage.pattern.kept import _MOST, kept

SHAPE = (8, 8, 3)


class Pen:
    """Draws noise by a seed, and counts."""

    def __init__(self, seed: int = 0) -> None:
        self.seed, self.drawn = seed, 0

    def __call__(self) -> np.ndarray:
        self.drawn += 1
        return np.random.default_rng(self.seed).normal(size=SHAPE).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "patterns"


def test_what_is_read_is_what_was_drawn_to_the_bit(folder: Path) -> None:
    pen = Pen()
    first, again = kept(7, SHAPE, pen), kept(7, SHAPE, pen)
    assert pen.drawn == 1 and first.tobytes() == again.tobytes() and again.dtype == np.float32
    kept(8, SHAPE, pen)
    assert pen.drawn == 2 and len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"abc", None])
def test_a_damaged_one_is_drawn_anew(folder: Path, damage: bytes | None) -> None:
    pen = Pen()
    whole = kept(7, SHAPE, pen)
    (file,) = folder.iterdir()
    text = file.read_bytes()
    file.write_bytes(text[:300] + bytes(len(text) - 300) if damage is None else damage)
    assert kept(7, SHAPE, pen).tobytes() == whole.tobytes() and pen.drawn == 2
    assert file.read_bytes() == text


def test_only_the_last_ones_used_stay(folder: Path) -> None:
    for seed in range(_MOST):
        kept(seed, SHAPE, Pen(seed))
        for file in folder.glob(f"{seed}.*"):
            os.utime(file, (seed, seed))
    kept(0, SHAPE, Pen(0))  # used once more
    kept(99, SHAPE, Pen(99))
    seeds = {int(file.name.split(".")[0]) for file in folder.iterdir()}
    assert seeds == {0, 99, *range(2, _MOST)}


@pytest.mark.parametrize("where", ["", "file"])
def test_where_nothing_can_be_kept_it_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path / where) if where else "")
    pen = Pen()
    assert kept(7, SHAPE, pen).tobytes() == kept(7, SHAPE, pen).tobytes() and pen.drawn == 2
