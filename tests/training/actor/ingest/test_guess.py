"""Guesses of each photograph's age by the others."""

from __future__ import annotations

import numpy as np

from reage_training.actor.ingest.guess import guessed


def _seen(seed: int, noise: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Ages, and what tells them in ways of its own."""
    rng = np.random.default_rng(seed)
    ages = rng.uniform(22, 70, 60)
    table = (ages[:, None] - 45) / 15 * rng.uniform(-1, 1, 40) + rng.normal(0, noise, (60, 40))
    return ages, table - table.mean(0)


def test_a_guess_does_not_listen_to_what_is_said_of_itself() -> None:
    ages, table = _seen(0)
    for off in (3.0, 8.0, 15.0):
        said = ages.copy()
        said[7] += off
        assert abs(guessed(said, [table])[7] - guessed(ages, [table])[7]) < 0.05


def test_a_tenth_of_wrong_ages_hardly_moves_the_others() -> None:
    for seed in range(4):
        ages, table = _seen(seed)
        wrong = np.arange(60) % 10 == 3
        said = ages + np.where(wrong, np.where(ages > 46, -20, 20), 0)
        right = guessed(ages, [table])
        assert np.abs(guessed(said, [table]) - right)[~wrong].mean() < 1.5
        assert np.abs(guessed(said, [table]) - ages)[wrong].max() < 8


def test_what_shows_nothing_is_guessed_at_the_mean() -> None:
    ages, table = _seen(1)
    for nothing in (np.zeros((60, 5)), table[:, :0]):
        others = (ages.sum() - ages) / 59
        assert np.abs(guessed(ages, [nothing]) - others).max() < 1.0
        assert np.array_equal(guessed(ages, [table, nothing]), guessed(ages, [table]))
