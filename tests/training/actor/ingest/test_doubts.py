"""Ages that do not suit are doubted, where the face tells ages at all."""

from __future__ import annotations

import numpy as np

from reage_training.actor.ingest.doubts import FEWEST, LIMIT, of_ages
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.odds import odds
from reage_training.actor.ingest.skin import NAMES
from reage_training.actor.ingest.years import FILE, learned, score, told

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
    assert len(of_ages(list(ages), blind)) == COUNT


def test_who_does_not_change_while_young_is_not_doubted_then() -> None:
    """A look that ages alike have tells none of them apart."""
    rng = np.random.default_rng(5)
    said = rng.uniform(22, 70, 60)
    looks = np.maximum(said, 40) + rng.normal(0, 2, 60)
    said[:2], looks[:2] = (24, 60), (41, 50)
    against = odds(said, looks).against
    assert against[0] < LIMIT < against[1]
    assert (against[said < 28] < LIMIT).all()
    assert (against[2:] > LIMIT).mean() < 0.1


def test_years_are_learned_within_a_career() -> None:
    """Who is older by one thing ages by another: only the latter tells years."""
    rng = np.random.default_rng(6)
    careers = []
    for _ in range(12):
        ages, own = rng.uniform(22, 70, 20), rng.normal(0, 3)
        table = np.stack([ages / 15 + own, np.full(20, own), rng.normal(0, 1, 20)], 1)
        table[0, 2] = np.nan
        careers.append((ages, table))
    _, weight = learned(careers, ridge=1.0)
    assert abs(weight[0] - 15) < 1
    assert np.abs(weight[1:]).max() < 0.5


def test_the_shipped_table_suits_what_is_measured() -> None:
    _, faces = _career(3, 0.4)
    assert score(told(faces)).shape == (COUNT,)
    assert FILE.stat().st_size < 100_000
