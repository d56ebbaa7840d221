"""A value is of the kind that a class says, or it is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from reage.errors import PlateError
from reage.shaped import made


@dataclass(frozen=True)
class Inner:
    frame: int
    note: str | None = None


@dataclass(frozen=True)
class Outer:
    name: str
    size: tuple[int, float]
    inner: tuple[Inner, ...] = ()
    one: Inner | None = None
    on: bool = False
    rest: dict[str, Any] | None = None
    either: int | str = 0


def test_lists_become_tuples_and_objects_classes():
    data = {
        "name": "a", "size": [1, 2], "inner": [{"frame": 3}, {"frame": 4, "note": None}],
        "one": {"frame": 5, "note": "x"}, "on": True, "rest": {"a": [1]}, "either": "x",
    }  # fmt: skip
    want = Outer("a", (1, 2), (Inner(3), Inner(4)), Inner(5, "x"), True, {"a": [1]}, "x")
    assert made(Outer, data, "It", PlateError) == want
    assert made(Outer, {"name": "a", "size": [1, 2.5]}, "It", PlateError) == Outer("a", (1, 2.5))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": 5}, "It: name is 5; it must be text."),
        ({"name": None}, "It: name is None; it must be text."),
        ({"size": [1]}, "It: size is [1]; it must be [a whole number, a number]."),
        ({"size": [1.5, 2]}, "It: size, 0 is 1.5; it must be a whole number."),
        ({"size": [True, 2]}, "It: size, 0 is True; it must be a whole number."),
        ({"inner": {}}, "It: inner is {}; it must be a list."),
        ({"inner": [{"frame": 1}, {}]}, "It: inner, 1 lacks frame."),
        ({"inner": [7]}, "It: inner, 0 must be a JSON object."),
        ({"one": {"frame": "x" * 999}}, "it must be a whole number."),
        ({"on": 1}, "It: on is 1; it must be true or false."),
        ({"rest": []}, "It: rest is []; it must be a JSON object."),
        ({"either": 1.5}, "It: either is 1.5; it must be a whole number or text."),
        ({"other": 1}, "It has unknown fields: other. Known fields are either, inner, name,"),
    ],
)
def test_what_is_of_another_kind_is_named_in_a_sentence(change, says):
    with pytest.raises(PlateError) as refused:
        made(Outer, {"name": "a", "size": [1, 2]} | change, "It", PlateError)
    assert says in str(refused.value) and len(str(refused.value)) < 200
