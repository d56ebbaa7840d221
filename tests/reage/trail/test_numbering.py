"""Frames' numbers, told by the names of files that belong together."""

from pathlib import Path

import pytest

from reage.trail.numbering import grouped, numbers_of, pattern_of


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


def groups(*names):
    return [[*each.values()] for each in grouped(Path("out") / name for name in names)]


@pytest.mark.parametrize(("names", "numbers"), [
    (["d1001.png", "d1003.png", "d1002.png"], [[1001, 1002, 1003]]),
    (["s-1001.exr", "s-1002.exr"], [[1001, 1002]]),
    (["d.1001_v2.png", "d.1002_v2.png"], [[1001, 1002]]),
    (["d.-001.png", "d.-002.png", "d.0001.png"], [[-2, -1, 1]]),
    (["d.1001.png", "d.01003.png", "d.001002.png"], [[1001, 1002, 1003]]),
    (["a1.0001.exr", "a2.0002.exr", "a1.0002.exr"], [[1, 2], [2]]),
    (["l.age30.0001.exr", "l.age50.0001.exr"], [[1], [1]]),
    (["face.age30.exr", "face.age50.exr", "face.exr"], [[None]] * 3),
    (["d_v1.0001.exr", "d_v2.0002.exr"], [[1], [2]]),
    (["d.1001.png", "d.1002.exr"], [[1001], [1002]]),
])  # fmt: skip
def test_files_that_differ_in_their_number_are_one_group(names, numbers):
    assert groups(*names) == numbers


@pytest.mark.parametrize(("name", "pattern"), [
    ("d.0012.png", "d.%04d.png"), ("d1_v1.png", "d%01d_v1.png"), ("d.-001.png", "d.%04d.png"),
])  # fmt: skip
def test_a_group_has_its_pattern(name, pattern):
    assert pattern_of(Path(name)) == pattern
