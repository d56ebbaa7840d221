"""Ages that do not suit are doubted, where the face tells ages at all."""

from __future__ import annotations

import numpy as np

from reage_training.actor.ingest.doubts import FEWEST, against, of_ages, shown
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.skin import NAMES

COUNT = 48


def _career(seed: int, noise: float) -> tuple[np.ndarray, list[Measures]]:
    """Skin that gets rougher with the years, each reading by a way of its own, and noise."""
    rng = np.random.default_rng(seed)
    ages = rng.uniform(22, 70, COUNT)
    slope = rng.uniform(0.2, 1.0, len(NAMES)) / 15
    found = []
    for age in ages:
        skin = slope * (age - 45) + rng.normal(0, noise, len(NAMES))
        skin[rng.uniform(size=len(NAMES)) < 0.1] = np.nan
        found.append(Measures(skin=skin.astype(np.float32), detail_px=300.0))
    return ages, found


def test_wrong_ages_are_found_and_right_ones_left_alone() -> None:
    found = alarms = 0
    for seed in range(4):
        ages, faces = _career(seed, 0.4)
        said, wrong = ages.copy(), np.arange(COUNT) % 12 == 5
        said[wrong] += np.where(ages[wrong] > 46, -10, 10)
        doubted = np.array([bool(d) for d in of_ages(list(said), faces)])
        found += int(doubted[wrong].sum())
        alarms += int(doubted[~wrong].sum())
    assert found >= 0.8 * 4 * 4
    assert alarms <= 0.05 * 4 * (COUNT - 4)


def test_a_doubt_says_which_way() -> None:
    ages, faces = _career(1, 0.5)
    said = ages.copy()
    young = int(np.argmin(ages))
    said[young] += 25
    doubts = of_ages(list(said), faces)
    assert "younger than" in doubts[young]


def test_nothing_is_doubted_where_nothing_is_told() -> None:
    ages, faces = _career(2, 0.4)
    assert not any(of_ages(list(ages[: FEWEST - 1]), faces[: FEWEST - 1]))
    assert not any(of_ages([45.0] * COUNT, faces))
    assert of_ages([], []) == []
    blind = [Measures(skin=np.full(len(NAMES), np.nan, np.float32))] * COUNT
    assert not any(of_ages(list(ages), blind))


def test_what_is_not_seen_is_as_in_the_actors_other_photographs() -> None:
    """So it says nothing, whatever the actor's own level of it is."""
    ages, faces = _career(3, 0.4)
    skin, identity = shown(faces)
    skin[::5, :40] = np.nan
    filled = np.where(np.isnan(skin), np.nanmean(skin, 0), skin)
    assert np.allclose(against(ages, skin, identity).off, against(ages, filled, identity).off)
    assert np.allclose(against(ages, skin + 3, identity).off, against(ages, skin, identity).off)
