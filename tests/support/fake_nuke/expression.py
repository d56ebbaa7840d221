"""Nuke's expression language: `r + parent.blend * (a > 0 ? 1 : 0)`, of numbers or of pictures.

`parse(text)` gives a Formula; `formula(names)` works it out. Names are asked of `names`, which
gives a float or a float32 array for each; a picture stays float32 throughout, NaN and infinity
pass. Comparisons give 1 or 0. `[…]` is Tcl, and what it says must be a number; so is `$gui`, 1
where there is a GUI (Foundry, "Bypassing Nodes During Renders").
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

Value = Any
"""A float, or a float32 array."""


class ExpressionError(Exception):
    """What is wrong with an expression, in a sentence."""


class Names(Protocol):
    """What an expression may refer to."""

    def value(self, name: str) -> Value:
        """`parent.blend`, `frame`, `r`; KeyError for a name that stands for nothing."""

    def value_at(self, name: str, time: float) -> float:
        """`parent.blend(1001)`; KeyError as above."""

    def tcl(self, script: str) -> str:
        """What the Tcl between brackets says."""


Formula = Callable[[Names], Value]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>\$?[A-Za-z_]\w*(?:\.[A-Za-z_0-9]\w*)*)"
    r"|(?P<operator>&&|\|\||==|!=|<=|>=|\*\*|[-+*/%^<>!?:(),]))"
)


def _whole(function: Callable[..., Value]) -> Callable[..., Value]:
    """The function in float32 for arrays, as a plain float for floats."""

    def of(*values: Value) -> Value:
        with np.errstate(all="ignore"):
            result = function(*values)
        return float(result) if np.ndim(result) == 0 else result.astype(np.float32)

    return of


def _clamp(value: Value, low: Value = 0.0, high: Value = 1.0) -> Value:
    return np.minimum(np.maximum(value, low), high)


def _smoothstep(low: Value, high: Value, value: Value) -> Value:
    t = _clamp((np.subtract(value, low)) / (np.subtract(high, low)))
    return t * t * (3 - 2 * t)


def _many(function: Callable[[Value, Value], Value]) -> Callable[..., Value]:
    def of(first: Value, *others: Value) -> Value:
        for other in others:
            first = function(first, other)
        return first

    return of


FUNCTIONS: dict[str, Callable[..., Value]] = {
    name: _whole(function)
    for name, function in {
        "abs": np.abs,
        "fabs": np.abs,
        "atan2": np.arctan2,
        "ceil": np.ceil,
        "clamp": _clamp,
        "cos": np.cos,
        "exp": np.exp,
        "floor": np.floor,
        "fmod": np.fmod,
        "hypot": np.hypot,
        "int": np.trunc,
        "lerp": lambda a, b, x: a + (np.subtract(b, a)) * x,
        "log": np.log,
        "log10": np.log10,
        "max": _many(np.maximum),
        "min": _many(np.minimum),
        "pow": np.power,
        "pow2": lambda x: np.multiply(x, x),
        "rint": np.rint,
        "sin": np.sin,
        "smoothstep": _smoothstep,
        "sqrt": np.sqrt,
        "step": lambda edge, x: np.greater_equal(x, edge).astype(np.float32),
        "tan": np.tan,
        "trunc": np.trunc,
    }.items()
}

_BINARY: tuple[dict[str, Callable[..., Value]], ...] = (
    {"||": _whole(lambda a, b: np.logical_or(a, b).astype(np.float32))},
    {"&&": _whole(lambda a, b: np.logical_and(a, b).astype(np.float32))},
    {
        "==": _whole(lambda a, b: np.equal(a, b).astype(np.float32)),
        "!=": _whole(lambda a, b: np.not_equal(a, b).astype(np.float32)),
    },
    {
        "<": _whole(lambda a, b: np.less(a, b).astype(np.float32)),
        ">": _whole(lambda a, b: np.greater(a, b).astype(np.float32)),
        "<=": _whole(lambda a, b: np.less_equal(a, b).astype(np.float32)),
        ">=": _whole(lambda a, b: np.greater_equal(a, b).astype(np.float32)),
    },
    {"+": _whole(np.add), "-": _whole(np.subtract)},
    {"*": _whole(np.multiply), "/": _whole(np.divide), "%": _whole(np.fmod)},
)
"""From what binds least to what binds most; powers and signs come after."""

_NEGATE = _whole(np.negative)
_NOT = _whole(lambda a: np.logical_not(a).astype(np.float32))
_CHOOSE = _whole(lambda test, yes, no: np.where(np.not_equal(test, 0), yes, no))
_POWER = _whole(np.power)


def parse(text: str) -> Formula:
    """Raises ExpressionError where the text is no expression."""
    return _Parser(text).whole()


class _Parser:
    """Recursive descent over one text; each method reads one rule and returns its formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.kind = self.token = ""
        self.next()

    def next(self) -> None:
        if not self.text[self.at :].strip():
            self.kind, self.token = "end", ""
        elif self.text[self.at :].lstrip().startswith("["):
            self.kind, self.token = "tcl", self.bracket()
        else:
            match = _TOKEN.match(self.text, self.at)
            if match is None:
                raise self.wrong(f"{self.text[self.at :].strip()[0]!r} is not understood")
            self.kind, self.token = match.lastgroup or "", match.group().strip()
            self.at = match.end()

    def bracket(self) -> str:
        start = self.text.index("[", self.at)
        depth = 0
        for i in range(start, len(self.text)):
            depth += {"[": 1, "]": -1}.get(self.text[i], 0)
            if depth == 0:
                self.at = i + 1
                return self.text[start + 1 : i]
        raise self.wrong("a bracket stays open")

    def wrong(self, why: str) -> ExpressionError:
        return ExpressionError(f"Expression {self.text!r}: {why}.")

    def take(self, token: str) -> bool:
        if self.kind == "operator" and self.token == token:
            self.next()
            return True
        return False

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise self.wrong(f"{token!r} is missing before {self.token or 'its end'!r}")

    def whole(self) -> Formula:
        formula = self.ternary()
        if self.kind != "end":
            raise self.wrong(f"{self.token!r} was not expected")
        return formula

    def ternary(self) -> Formula:
        test = self.binary(0)
        if not self.take("?"):
            return test
        yes = self.ternary()
        self.expect(":")
        no = self.ternary()
        return lambda names: _CHOOSE(test(names), yes(names), no(names))

    def binary(self, level: int) -> Formula:
        if level == len(_BINARY):
            return self.unary()
        left = self.binary(level + 1)
        while self.kind == "operator" and self.token in _BINARY[level]:
            operate = _BINARY[level][self.token]
            self.next()
            left = _pair(operate, left, self.binary(level + 1))
        return left

    def unary(self) -> Formula:
        for sign, operate in (("-", _NEGATE), ("!", _NOT), ("+", lambda v: v)):
            if self.take(sign):
                inner = self.unary()
                return lambda names, f=operate: f(inner(names))
        return self.power()

    def power(self) -> Formula:
        base = self.atom()
        if self.take("^") or self.take("**"):
            return _pair(_POWER, base, self.unary())
        return base

    def atom(self) -> Formula:
        kind, token = self.kind, self.token
        if self.take("("):
            inner = self.ternary()
            self.expect(")")
            return inner
        self.next()
        if kind == "number":
            number = float(token)
            return lambda names: number
        if kind == "tcl":
            return lambda names: self.number_of(token, names)
        if kind == "name":
            return self.call(token) if self.take("(") else lambda names: self.named(token, names)
        raise self.wrong(f"{token or 'its end'!r} was not expected")

    def call(self, name: str) -> Formula:
        arguments: list[Formula] = []
        while not self.take(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.ternary())
        function = FUNCTIONS.get(name)
        if function is not None:
            return lambda names: function(*(a(names) for a in arguments))
        if len(arguments) != 1:
            raise self.wrong(f"there is no function {name}")
        return lambda names: self.asked(lambda: names.value_at(name, arguments[0](names)), name)

    def named(self, name: str, names: Names) -> Value:
        return math.pi if name == "pi" else self.asked(lambda: names.value(name), name)

    def asked(self, ask: Callable[[], Value], name: str) -> Value:
        try:
            return ask()
        except KeyError:
            raise self.wrong(f"{name} stands for nothing here") from None

    def number_of(self, script: str, names: Names) -> float:
        said = names.tcl(script)
        try:
            return float(said)
        except ValueError:
            raise self.wrong(f"[{script}] says {said!r}, which is no number") from None


def _pair(operate: Callable[..., Value], left: Formula, right: Formula) -> Formula:
    return lambda names: operate(left(names), right(names))
