"""Frames' numbers, told by the names of files that belong together."""

from pathlib import Path

import pytest

from reage.trail.numbering import last_number, numbers_of


@pytest.mark.parametrize(("names", "numbers"), [
    (["l.0001.exr", "l.0003.exr"], [1, 3]),
    (["cam2.0001_v3.exr", "cam2.0010_v3.exr"], [1, 10]),
    (["l.9.exr", "l.10.exr"], [9, 10]),
    (["l.-001.exr", "l.0001.exr"], [-1, 1]),
    (["l.age30.0001.exr", "l.age30.0002.exr"], [1, 2]),
    (["a1.0001.exr", "a2.0002.exr"], []),  # which of the two is it?
    (["a.0001.exr", "b.0002.exr"], []),
    (["l.0001.exr"], []),
    ([], []),
])  # fmt: skip
def test_the_number_is_the_one_in_which_names_differ(names, numbers):
    assert numbers_of(names) == numbers


def test_a_name_alone_may_end_on_one():
    assert last_number(Path("out/d.0012.png")) == 12 and last_number(Path("d_-3.png")) == -3
    assert last_number(Path("face.png")) is None and last_number(Path("0012.png")) is None
