"""`reage-train pairs` shows what `fit` learns from, and tells how fast it comes."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from reage_training.cli import main
from reage_training.dataset import StoredView
from reage_training.pairs.pair import draw_pair
from reage_training.render.bank import Bank

SIDE = 64


def test_each_row_is_a_pair_of_the_row_that_fit_learns_from(
    small_dataset: Path, views: tuple[StoredView, ...], bank: Bank, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "pairs.png"
    words = ["pairs", small_dataset, "-o", out, "--count", 3, "--window", SIDE, "--seed", 4]
    assert main([str(word) for word in words]) == 0
    rate = re.fullmatch(r"([\d.]+) pairs a second: 3 of 64 px in [\d.]+ s on .*\n",
                        capsys.readouterr().out)  # fmt: skip
    assert rate and float(rate[1]) > 0
    sheet = cv2.imread(str(out))[..., ::-1].astype(float)
    assert sheet.shape == (3 * SIDE, 8 * SIDE, 3)
    for k in range(3):
        pair = draw_pair(views, bank, 4, k + 1, SIDE)  # the first one is not shown
        panels = np.split(sheet[k * SIDE : (k + 1) * SIDE], 8, 1)
        given, changed, skin = panels[0], panels[1], panels[7][..., 0] / 255
        np.testing.assert_allclose(skin, pair.coverage[0], atol=0.003)
        step = float((pair.picture[4] - pair.picture[3]).abs().mean())
        assert step < 0.1 or np.abs(changed - given).mean() > 0.05
        assert not np.abs(changed - given)[pair.parts[:9].abs().sum(0) == 0].any()


@pytest.mark.parametrize(
    ("option", "said"), [("--count", "one or more"), ("--workers", "one or more")]
)
def test_none_is_not_a_number_of_pairs(
    small_dataset: Path, option: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pairs", str(small_dataset), "-o", "never.png", option, "0"]) == 2
    assert said in capsys.readouterr().err
