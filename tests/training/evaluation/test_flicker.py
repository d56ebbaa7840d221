"""What is still on the skin does not flicker; what is new in every frame does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from reage.models.model import NullModel
from reage_training.evaluation.flicker import drift, flicker, jitter
from reage_training.evaluation.moving import Moment, moving_head, noisy
from reage_training.evaluation.steadiness import Takes, steadiness
from reage_training.render.bank import Bank
from reage_training.synth.small_head import small_head

SIDE = 32
SEEN = [np.ones((SIDE, SIDE), bool)] * 12


@pytest.fixture(scope="module")
def shot(bank: Bank) -> list[Moment]:
    return moving_head(small_head(), bank, (30.0, 65.0), 128, 6)


def fields(count: int = 12) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.normal(0, 1, (SIDE, SIDE, 3)).astype(np.float32) for _ in range(count)]


def test_a_change_that_lies_still_does_not_flicker() -> None:
    still = [fields(1)[0]] * 12
    assert flicker(still, SEEN) == drift(still, SEEN) == 0
    nothing = [np.zeros_like(still[0])] * 12
    assert flicker(nothing, SEEN) == drift(nothing, SEEN) == 0


def test_a_change_that_grows_steadily_drifts_but_does_not_flicker() -> None:
    field = fields(1)[0]
    growing = [field * np.float32(1 + 0.05 * t) for t in range(12)]
    assert flicker(growing, SEEN) == pytest.approx(0, abs=1e-6)
    assert drift(growing, SEEN) > 0.1


def test_noise_flickers_by_its_share_of_the_strength() -> None:
    field = fields(1)[0]
    restless = [field + np.float32(0.1) * noise for noise in fields()]
    assert flicker(restless, SEEN) == pytest.approx(0.1, rel=0.03)
    assert flicker(fields(), SEEN) == pytest.approx(1, rel=0.03)


def test_what_is_not_seen_does_not_count() -> None:
    still = [fields(1)[0].copy() for _ in range(12)]
    seen = [s.copy() for s in SEEN]
    still[5][:8] = 100
    seen[5][:8] = False
    assert flicker(still, seen) == 0


def test_landmarks_that_shake_are_told_in_px() -> None:
    true = [np.full((468, 2), 3.0 * t) for t in range(40)]
    steady = [points + np.array([7, 0]) for points in true]
    assert jitter(steady, true) == 0
    rng = np.random.default_rng(0)
    shaken = [points + rng.normal(0, 0.5, (468, 2)) for points in true]
    assert jitter(shaken, true) == pytest.approx(0.5 * 2**0.5, rel=0.05)


def test_the_true_motion_is_known(shot: list[Moment]) -> None:
    """The person's folds, which are painted on the skin, lie still in face UV; a picture that
    stays where it is on the screen does not. Lines are finer than so small a view shows."""
    seen = [m.skin.seen for m in shot]
    assert min(s.sum() for s in seen) > 3000
    folds = np.array([0, 1, 0], np.float32)
    painted = [m.skin.carried(m.shown * folds) for m in shot]
    on_screen = [m.skin.carried(shot[0].shown * folds) for m in shot]
    assert flicker(painted, seen) < 0.2
    assert drift(painted, seen) < 0.6 * drift(on_screen, seen)


def test_landmarks_of_the_shot_move_every_frame(shot: list[Moment]) -> None:
    steps = [np.abs(b.landmarks - a.landmarks).max() for a, b in pairwise(shot)]
    assert min(steps) > 0.5


def test_a_model_that_does_nothing_does_not_flicker(shot: list[Moment]) -> None:
    table = steadiness(NullModel(), Takes.of(shot))
    for rows in table.values():
        assert rows["model"] == rows["model, noise"] == {"flicker": 0, "drift": 0}
        # So small a view resamples fine lines roughly: as much as the turning light changes them.
        assert 0 < rows["truth"]["flicker"] < 1.5 * rows["truth"]["drift"]


def test_noise_grows_with_the_root_of_light() -> None:
    dark, bright = (np.full((200, 200, 3), light, np.float32) for light in (0.04, 0.36))
    assert noisy(dark, 0.01, 1).std() == pytest.approx(0.002, rel=0.05)
    assert noisy(bright, 0.01, 1).std() == pytest.approx(0.006, rel=0.05)
