"""Nuke's expression language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fake_nuke import expression

RED = np.array([[0.5, np.nan, -2.0]], np.float32)


class Names:
    """A few names, and one knob with a value for each frame."""

    def value(self, name: str) -> Any:
        return {"r": RED, "frame": 7.0, "parent.blend": 0.25}[name]

    def value_at(self, name: str, time: float) -> float:
        return {"parent.age": time * 10}[name]

    def tcl(self, script: str) -> str:
        return {"value parent.n": "3", "value parent.name": "word"}[script]


def worth(text: str) -> Any:
    return expression.parse(text)(Names())


@pytest.mark.parametrize(
    "text, value",
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 ^ 3", 8),
        ("-2 * -3", 6),
        ("7 % 4", 3),
        ("1 / 0", np.inf),
        ("1 < 2 && 2 <= 1", 0),
        ("1 > 2 || 3 != 4", 1),
        ("!0 == 1", 1),
        ("0 ? 5 : 1 ? 6 : 7", 6),
        ("min(4, 2, 3) + max(1, 5)", 7),
        ("clamp(7) + clamp(7, 2, 3)", 4),
        ("int(-1.7) + rint(1.6)", 1),
        ("pow(2, 5) + sqrt(9)", 35),
        ("lerp(2, 4, 0.5) + step(1, 2)", 4),
        ("frame + parent.blend", 7.25),
        ("parent.age(frame - 1)", 60),
        ("[value parent.n] + 1", 4),
        ("1.5e2", 150),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert worth(text) == pytest.approx(value)


def test_pictures_stay_float32_and_nan_passes() -> None:
    result = worth("r * parent.blend + 1")
    assert result.dtype == np.float32
    assert np.array_equal(result, RED * np.float32(0.25) + np.float32(1), equal_nan=True)
    assert worth("r > 0 ? 1 : 0").tolist() == [[1, 0, 0]]


@pytest.mark.parametrize(
    "text, said",
    [
        ("1 +", "its end"),
        ("(1", "missing"),
        ("1 2", "not expected"),
        ("1 $ 2", "not understood"),
        ("[value x", "stays open"),
        ("nothing", "stands for nothing"),
        ("foo(1, 2)", "no function foo"),
        ("[value parent.name]", "no number"),
    ],
)
def test_what_is_no_expression_says_why(text: str, said: str) -> None:
    with pytest.raises(expression.ExpressionError, match=said):
        worth(text)
