"""Statistics of a skin tell one person's ages apart, whatever the light; laws of their distance."""

from __future__ import annotations

import numpy as np
import pytest

from reage.pattern.photo.photograph import Photograph, photograph
from reage_training.actor.career.career import GOOD, Career
from reage_training.actor.statistics import (
    BANDS,
    REGIONS,
    SkinStatistics,
    distance,
    mean_of,
    shape_of,
    skin_statistics,
)


@pytest.fixture(scope="module")
def read(career) -> list[tuple[float, Photograph, SkinStatistics]]:
    """(age, photograph, its statistics) of some, from young to old."""
    made = Career.read(career)
    good = sorted((t for t in made.photographs if t.kind == GOOD), key=lambda t: t.age)
    out = []
    for truth in [*good[:2], *good[-2:]]:
        photo = photograph(made.path(truth))
        out.append((truth.age, photo, skin_statistics(photo)))
    return out


def test_old_skin_has_more_relief(read) -> None:
    young, old = (mean_of([s for *_, s in read[k : k + 2]]) for k in (0, 2))
    both = np.isfinite(young.relief) & np.isfinite(old.relief)
    assert both.sum() >= 6
    assert np.median(old.relief[both] / young.relief[both]) > 1.2


def test_photographs_of_one_age_are_nearer_than_of_two(read) -> None:
    (_, _, a), (_, _, b), (_, _, c), (_, _, d) = read
    same = [distance(a, b).relief, distance(c, d).relief]
    other = [distance(one, two).relief for one in (a, b) for two in (c, d)]
    assert np.mean(same) < np.mean(other)
    assert distance(mean_of([a, b]), mean_of([c, d])).strength < -0.1


def test_the_distance_is_nought_of_itself_and_the_same_either_way(read) -> None:
    one, other = read[0][2], read[3][2]
    assert vars(distance(one, one)) == {"relief": 0, "strength": 0, "tone": 0, "shape": 0}
    there, back = distance(one, other), distance(other, one)
    assert there.strength == pytest.approx(-back.strength)
    for name in ("relief", "tone", "shape"):
        assert getattr(there, name) == pytest.approx(getattr(back, name))
    assert one.relief.shape == (len(REGIONS), len(BANDS)) and one.tone.shape == (len(REGIONS), 2)


def test_shape_knows_no_place_size_or_turn(read) -> None:
    mesh = read[0][1].mesh
    c, s = np.cos(0.4), np.sin(0.4)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    np.testing.assert_allclose(shape_of(1.7 * mesh @ turn + [3, -9, 2]), shape_of(mesh), atol=1e-4)


def test_what_one_photograph_does_not_show_is_known_from_another() -> None:
    shape = np.zeros((468, 3))
    relief = np.full((len(REGIONS), len(BANDS)), np.nan)
    one = SkinStatistics(relief.copy(), np.zeros((len(REGIONS), 2)), shape)
    other = SkinStatistics(relief.copy(), np.ones((len(REGIONS), 2)), shape)
    one.relief[0], other.relief[1] = 2.0, 3.0
    both = mean_of([one, other])
    assert (both.relief[0] == 2).all() and (both.relief[1] == 3).all()
    assert np.isnan(both.relief[2:]).all() and (both.tone == 0.5).all()
    assert np.isnan(distance(one, other).relief)
