"""What one channel of a numeric knob holds: a number, keys, or an expression.

Values are frozen; a knob swaps one for another, which is what makes undo simple. Between keys
the fake Nuke draws straight lines (K: holds), Nuke's own default is smooth: tests look at keys,
or only for a change.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from fake_nuke import tcl

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"


@dataclass(frozen=True)
class Curve:
    """Keys as (time, value) in the order of time; `steps` where each is held until the next."""

    keys: tuple[tuple[float, float], ...] = ()
    steps: bool = False

    def at(self, time: float) -> float:
        times = [key[0] for key in self.keys]
        i = bisect_right(times, time)
        if i == 0 or i == len(times):
            return self.keys[max(i - 1, 0)][1]
        (t0, v0), (t1, v1) = self.keys[i - 1], self.keys[i]
        return v0 if self.steps else v0 + (v1 - v0) * (time - t0) / (t1 - t0)

    def with_key(self, time: float, value: float) -> Curve:
        others = [key for key in self.keys if key[0] != time]
        return replace(self, keys=tuple(sorted([*others, (time, value)])))

    def without_key(self, time: float) -> Curve:
        return replace(self, keys=tuple(key for key in self.keys if key[0] != time))


@dataclass(frozen=True)
class Channel:
    """One number of a knob. An expression wins over keys, keys over the number."""

    number: float = 0.0
    curve: Curve | None = None
    expression: str | None = None

    @property
    def live(self) -> bool:
        return self.expression is not None or self.curve is not None

    def script(self) -> str:
        if self.expression is not None:
            return "{" + quoted_expression(self.expression) + "}"
        if self.curve is not None:
            keys = [f"x{number(t)} {number(v)}" for t, v in self.curve.keys]
            return "{" + " ".join(["curve", *(["K"] if self.curve.steps else []), *keys]) + "}"
        return number(self.number)


def quoted_expression(text: str) -> str:
    """An expression as one word of a list."""
    return tcl.quote(text) if re.search(r'[\s"\[\]\\{}]', text) else text


def number(value: float) -> str:
    """A number as scripts write it."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def channels_from(script: str, size: int, words: dict[str, float] | None = None) -> list[Channel]:
    """A knob's raw value → its channels. ValueError where it says neither.

    `words` are what else may stand for a number (true, an enumeration's words). One number
    stands for all channels.
    """
    parts = _parts(script)
    if len(parts) not in (1, size):
        raise ValueError(f"{script!r} holds {len(parts)} values; the knob has {size}.")
    channels = [_channel(part, braced, words or {}) for part, braced in parts]
    return channels * size if len(channels) == 1 else channels


def _parts(script: str) -> list[tuple[str, bool]]:
    """The list's elements, and whether each stands in braces."""
    found, at = [], 0
    while at < len(script):
        start = at
        if script[at] == "{":
            at = _closing(script, at) + 1
            found.append((script[start + 1 : at - 1], True))
        elif script[at].isspace():
            at += 1
        else:
            while at < len(script) and not script[at].isspace():
                at += 1
            found.append((script[start:at], False))
    return found


def _closing(script: str, opening: int) -> int:
    """Where the brace that opens there is closed."""
    depth, at = 0, opening
    while at < len(script):
        if script[at] == "\\":
            at += 1
        elif script[at] in "{}":
            depth += 1 if script[at] == "{" else -1
            if depth == 0:
                return at
        at += 1
    raise ValueError(f"{script!r}: a brace stays open.")


def _channel(text: str, braced: bool, words: dict[str, float]) -> Channel:
    if text in words:
        return Channel(words[text])
    try:
        return Channel(float(int(text, 16)) if text.lower().startswith("0x") else float(text))
    except ValueError:
        if not braced:
            raise ValueError(f"{text!r} is no number; an expression reads {{{{…}}}}.") from None
    first, *rest = tcl.split(text) or [""]
    if first == "curve":
        return Channel(curve=_curve(rest))
    if rest and not all(re.fullmatch(rf"i|x?{_NUMBER}", word) for word in rest):
        raise ValueError(f"{text!r}: an expression with blanks stands in quotes.")
    return Channel(expression=first)


def _curve(words: list[str]) -> Curve:
    """x1001 0 x1050 0.5: keys; a value without x is one frame later; K holds."""
    keys: list[tuple[float, float]] = []
    time, steps = 0.0, False
    for word in words:
        if word == "K":
            steps = True
        elif re.fullmatch(f"x{_NUMBER}", word):
            time = float(word[1:])
        elif re.fullmatch(_NUMBER, word):
            keys.append((time, float(word)))
            time += 1
        elif not re.fullmatch(f"[A-Z]|[stuvl](?:{_NUMBER})?", word):
            raise ValueError(f"{word!r} is no part of a curve.")
    return Curve(tuple(keys), steps)
