"""A ladder's words, and where an age stands on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.errors import SettingsError
from reage.ladder import MOST, place, rungs, wanting

LADDERS = st.lists(st.integers(0, 100), min_size=1, max_size=MOST, unique=True).map(
    lambda ages: tuple(sorted(ages))
)
AGES = st.floats(0, 100)


@given(LADDERS)
def test_any_order_and_any_commas_say_the_same(ages):
    words = [str(age) for age in reversed(ages)]
    assert rungs(",".join(words)) == rungs(" ,  ".join(words)) == rungs(" ".join(words)) == ages
    assert rungs(",".join([*words, words[0]])) == ages


@pytest.mark.parametrize(
    "text", ["", "20,x", "20,,30", "-5", "20.5", "101", "1,2,3,4,5,6,7,8,9", 20, None, ["20"]]
)
def test_what_is_no_ladder_is_refused_in_a_sentence(text):
    with pytest.raises(SettingsError, match=r"^--ladder .*\.$"):
        rungs(text)


@given(LADDERS, AGES, AGES)
def test_an_age_lies_between_the_rungs_beside_it(ages, source, target):
    at = place(ages, source, target)
    lower, upper = (source if age is None else age for age in (at.lower, at.upper))
    assert {at.lower, at.upper} <= {*ages, None}
    assert 0 <= at.share <= 1
    stops = [*ages, source]
    inside = min(max(target, min(stops)), max(stops))
    assert lower + at.share * (upper - lower) == pytest.approx(inside, abs=1e-9)
    assert not any(lower < stop < upper for stop in stops)


@given(LADDERS, AGES)
def test_a_rung_is_itself_and_the_source_age_is_none(ages, source):
    assert place(ages, source, source).share == 0
    assert place(ages, source, source).lower is None
    for age in ages:
        if age != source:
            assert place(ages, source, age) == place((age,), source, age)
            assert (place(ages, source, age).lower, place(ages, source, age).share) == (age, 0)


@given(LADDERS, AGES)
def test_what_is_wanting_lies_inside_and_once_it_is_there_nothing_is(ages, source):
    lacks = wanting(ages, source)
    assert all(min(*ages, source) < age < max(*ages, source) for age in lacks)
    assert wanting(tuple(sorted({*ages, *lacks})), source) == ()
    sides = [[s - source for s in ages if s > source], [source - s for s in ages if s < source]]
    assert len(lacks) == sum(min(side) > 7.5 for side in sides if side)


def test_five_years_to_either_side_are_asked_for():
    assert wanting((20, 30, 40, 50, 60, 70), 50) == (45, 55)
    assert wanting((20, 30, 40, 45, 55, 60, 70), 50) == ()
    assert wanting((60, 70), 50) == (55,) and wanting((20, 30), 50.4) == (45,)
