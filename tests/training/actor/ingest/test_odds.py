"""How likely ages are to be wrong, by what others of those ages look like."""

from __future__ import annotations

import numpy as np

from reage_training.actor.ingest.doubts import LIMIT
from reage_training.actor.ingest.odds import odds


def test_who_does_not_change_while_young_is_not_doubted_then() -> None:
    """A look that ages alike have tells none of them apart."""
    rng = np.random.default_rng(5)
    said = rng.uniform(22, 70, 60)
    guessed = np.maximum(said, 40) + rng.normal(0, 2, 60)
    said[:2], guessed[:2] = (24, 60), (41, 50)
    against = odds(said, guessed).against
    assert against[0] < LIMIT < against[1]
    assert (against[said < 28] < LIMIT).all()
    assert (against[2:] > LIMIT).mean() < 0.1


def test_the_same_years_off_are_doubted_less_the_less_a_look_changes() -> None:
    """… and the more looks of one age lie apart."""
    rng = np.random.default_rng(6)
    said, noise = np.linspace(22, 70, 60), rng.normal(0, 1, 60)
    noise[30] = 0

    def doubt(slope: float, sigma: float, off: float) -> float:
        guessed = 46 + slope * (said - 46) + sigma * noise
        guessed[30] += off
        return float(odds(said, guessed).against[30])

    for off in (-8.0, 8.0):
        by_slope = [doubt(slope, 2.0, off) for slope in (0.0, 0.3, 0.6, 0.9)]
        by_sigma = [doubt(0.9, sigma, off) for sigma in (6.0, 4.0, 3.0, 2.0)]
        assert by_slope == sorted(by_slope) and by_slope[0] < LIMIT < by_slope[-1]
        assert by_sigma == sorted(by_sigma) and by_sigma[0] < LIMIT < by_sigma[-1]


def test_years_off_are_those_from_what_others_of_the_age_are_guessed_at() -> None:
    """Guesses that are all drawn to the mean, as guesses are, are not off."""
    said = np.linspace(22, 70, 60)
    guessed = 46 + 0.5 * (said - 46)
    assert np.abs(odds(said, guessed).off).max() < 1.5
    guessed[30] += 12
    found = odds(said, guessed)
    assert abs(found.off[30] - 12) < 0.5
    assert int(np.argmax(found.against)) == 30


def test_nobody_is_held_against_itself() -> None:
    rng = np.random.default_rng(6)
    said = np.linspace(22, 70, 60)
    guessed = 46 + 0.5 * (said - 46) + rng.normal(0, 2, 60)
    moved = guessed + (np.arange(60) == 30)
    assert abs((odds(said, moved).off - odds(said, guessed).off)[30] - 1) < 0.01
