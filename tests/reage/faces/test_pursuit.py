"""Who was asked for is followed, and never another: people cross, hide, and are cut between."""

import pytest

from helpers.two_people import (
    Person,
    close_up,
    close_up_of_the_other,
    crossing_before,
    crossing_behind,
    cut_to_the_other,
    leaving,
    letters,
    passed_by_a_board,
    tracked,
)
from reage.faces import viewable
from reage.home import demo_plate
from reage.media.imagefile import read_plate


@pytest.fixture(scope="module")
def people(portrait):
    """A photograph's face and the demo plate's."""
    return {
        "A": [Person.of(portrait)],
        "B": [Person.of(viewable(read_plate(frame).rgb)) for frame in demo_plate()],
    }


@pytest.mark.parametrize(
    ("case", "cuts"),
    [
        (crossing_before, ()),
        (leaving, ()),
        (passed_by_a_board, ()),
        (cut_to_the_other, (8, 16)),
        (close_up, (10,)),
        (close_up_of_the_other, (8, 16)),
    ],
)
@pytest.mark.parametrize("turned_round", [False, True])
def test_whoever_is_to_be_seen_is_followed_and_nobody_else(people, case, cuts, turned_round):
    if turned_round:
        people = {"A": people["B"], "B": people["A"]}
    track = tracked(case, people)
    told = letters(case, track)
    assert set(told) <= {"A", ".", "-"}, told
    assert told.count("-") <= 2  # next to what hides it, it is not believed yet
    assert track.cuts == cuts


def test_behind_another_a_face_is_away_and_the_doubt_is_told(people):
    track = tracked(crossing_behind, people)
    told = letters(crossing_behind, track)
    assert "B" not in told and "x" not in told and "h" not in told
    assert told.startswith("A" * 8) and told.endswith("A" * 8)
    assert told.count("-") <= 4  # half hidden, it is not believed yet
    away = told.index("."), told.rindex(".")
    assert set(range(away[0], away[1] + 1)) & set(track.doubts)
    assert not any(track.at(n) for n in track.doubts)
