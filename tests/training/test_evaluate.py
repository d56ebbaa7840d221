"""Figures of models whose figures are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from reage.errors import SettingsError
from reage.model import ModelCard, NullModel
from reage.plate import Pixels
from reage_training.dataset import Group, encoder
from reage_training.evaluate import PAIRS, evaluate, pair_name, table_text, third
from reage_training.sheet import held_sheet


@dataclass(frozen=True)
class Oracle:
    """A model that knows the groups and answers `change(true delta)`."""

    groups: tuple[Group, ...]
    change: Callable[[Pixels], Pixels]
    card: ModelCard = field(default_factory=lambda: NullModel().card)
    sha256: str = "0" * 64

    def run(self, rgb: Pixels, source_age: Pixels, target_age: Pixels) -> Pixels:
        for group in self.groups:
            codes = encoder().encode(group.pictures()[..., :3].astype(np.float32))
            a, b = (group.ages.index(float(m[0, 0])) for m in (source_age, target_age))
            if np.array_equal(codes[a], rgb):
                return self.change(codes[b] - codes[a])
        raise AssertionError("an unknown picture")


def test_doing_nothing_reduces_nothing(groups: tuple[Group, ...]) -> None:
    table = evaluate(NullModel(), groups)
    assert list(table) == [pair_name(pair) for pair in PAIRS]
    for name in ("65→30", "20→80"):
        all_ = table[name]["all"]
        assert all_["reduction"] == 0 and all_["error"] == all_["nothing"] > 0
        assert all_["outside"] == all_["detail_amplitude"] == 0
    assert table["45→45"]["all"]["change"] == 0


def test_the_truth_is_perfect_and_half_of_it_half(groups: tuple[Group, ...]) -> None:
    pair = ((65.0, 30.0),)
    whole = evaluate(Oracle(groups, lambda d: d), groups, pair)["65→30"]["all"]
    assert whole["reduction"] == whole["detail_amplitude"] == whole["detail_correlation"] == 1
    half = evaluate(Oracle(groups, lambda d: d / 2), groups, pair)["65→30"]["all"]
    assert half["reduction"] == half["detail_amplitude"] == pytest.approx(0.5, abs=1e-4)
    against = evaluate(Oracle(groups, lambda d: -d), groups, pair)["65→30"]["all"]
    assert against["reduction"] == pytest.approx(-1, abs=1e-4)
    assert against["detail_correlation"] == pytest.approx(-1, abs=1e-4)


def test_what_spills_beside_the_skin_is_seen(groups: tuple[Group, ...]) -> None:
    table = evaluate(NullModel(strength=0.1), groups, ((45.0, 65.0),))
    assert table["45→65"]["all"]["outside"] == pytest.approx(0.02, abs=1e-4)


def test_figures_are_split_by_tone(groups: tuple[Group, ...]) -> None:
    toned = tuple(replace(g, tone=t) for g, t in zip(groups, (0.1, 0.5, 1.0), strict=True))
    table = evaluate(NullModel(), toned, ((65.0, 30.0),))
    assert set(table["65→30"]) == {"all", "light", "medium", "dark"}
    assert [third(t) for t in (0.0, 0.34, 0.67, 1.0)] == ["light", "medium", "dark", "dark"]
    assert "65→30" in table_text(table) and "medium" in table_text(table)


def test_ages_that_the_set_lacks_are_said(groups: tuple[Group, ...]) -> None:
    with pytest.raises(SettingsError, match="25→55"):
        evaluate(NullModel(), groups, ((25.0, 55.0),))


def test_the_sheet_has_a_row_each_way_for_each_person(groups: tuple[Group, ...]) -> None:
    sheet = held_sheet(Oracle(groups, lambda d: d), groups, people=2)
    assert sheet.shape == (2 * 2 * 96, 5 * 96, 3) and sheet.dtype == np.uint8
    made, true = sheet[40:, 96:192], sheet[40:, 192:288]  # below the first row's labels
    np.testing.assert_array_equal(made[:56], true[:56])
