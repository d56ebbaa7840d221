"""The knob of numbers that all numeric knobs are: one to six channels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from fake_nuke.animation import Channel, channels_from
from fake_nuke.knobs.keyed import Keyed

_BOOLEANS = {"true": 1.0, "false": 0.0, "on": 1.0, "off": 0.0, "yes": 1.0, "no": 0.0}


class Array_Knob(Keyed):
    """`_held` is a tuple of channels."""

    _size = 1
    _words = _BOOLEANS

    def __init__(self, name: str, label: str | None = None, size: int | None = None) -> None:
        self._held = (Channel(),) * (size or self._size)
        self._range: tuple[float, float] | None = None
        super().__init__(name, label)

    # ------------------------------------------------------------ reading
    def value(self, index: int | None = None, view: Any = None, time: float | None = None) -> Any:
        return self._shown(self._numbers(time), index)

    def valueAt(self, time: float, index: int | None = None, view: Any = None) -> Any:
        return self._shown(self._numbers(time), index)

    def getValue(self, index: int | None = None, view: Any = None) -> Any:
        return self._plain(self._numbers(None), index)

    def getValueAt(self, time: float, index: int | None = None, view: Any = None) -> Any:
        return self._plain(self._numbers(time), index)

    def _numbers(self, time: float | None) -> list[float]:
        when = float(self._now() if time is None else time)
        return [self._number(channel, when) for channel in self._held]

    def _number(self, channel: Channel, time: float) -> float:
        if channel.expression is not None:
            if self._node is None:
                raise RuntimeError(f"{self._name} has an expression, and is on no node.")
            return self._node._number(self, channel.expression, time)
        if channel.curve is not None and channel.curve.keys:
            return channel.curve.at(time)
        return channel.number

    def _plain(self, numbers: list[float], index: int | None) -> Any:
        if index is not None:
            return numbers[index]
        return numbers[0] if len(numbers) == 1 else numbers

    def _shown(self, numbers: list[float], index: int | None) -> Any:
        """What value() gives; subclasses make whole numbers or words of it."""
        return self._plain(numbers, index)

    def array(self) -> list[float]:
        if any(channel.live for channel in self._held):
            raise RuntimeError(f"{self._name}.array() is unsafe where keys or expressions are.")
        return self._numbers(None)

    vect = array

    def arraySize(self) -> int:
        return len(self._held)

    # ------------------------------------------------------------ writing
    def setValue(
        self,
        value: Any,
        index: int | None = None,
        time: float | None = None,
        view: Any = None,
    ) -> bool:
        """Numbers lose an expression; animated channels get a key at the time."""
        numbers = self._read(value)
        picked = range(len(self._held)) if index is None else [index]
        if len(numbers) == 1:
            numbers = numbers * len(picked)
        if len(numbers) != len(picked):
            raise TypeError(f"{self._name} takes {len(picked)} number(s), not {value!r}.")
        held = list(self._held)
        for i, number in zip(picked, numbers, strict=True):
            held[i] = self._set(held[i], number, time)
        return self._put(tuple(held))

    def setValueAt(self, value: Any, time: float, index: int = 0, view: Any = None) -> bool:
        """A key at the time where the channel is animated; else it just sets the number."""
        return self.setValue(value, index, time)

    def _set(self, channel: Channel, number: float, time: float | None) -> Channel:
        if channel.curve is None:
            return Channel(number)
        when = float(self._now() if time is None else time)
        return Channel(curve=channel.curve.with_key(when, number))

    def _read(self, value: Any) -> list[float]:
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        if not all(isinstance(v, (int, float)) for v in values):
            raise TypeError(f"{self._name} takes numbers, not {value!r}.")
        return [float(v) for v in values]

    def setRange(self, low: float, high: float) -> None:
        self._range = (float(low), float(high))

    def min(self) -> float:
        return self._range[0] if self._range else 0.0

    def max(self) -> float:
        return self._range[1] if self._range else 1.0

    def setDefaultValue(self, values: Iterable[float]) -> None:
        numbers = [float(v) for v in values]
        fresh = self._held == self._default
        self._default = tuple(Channel(n) for n in numbers) * (len(self._held) // len(numbers))
        if fresh:
            self._held = self._default

    def defaultValue(self) -> float:
        return float(self._default[0].number)

    def notDefault(self) -> bool:
        return not self._is_default()

    # ------------------------------------------------------------ expressions
    def setExpression(self, expression: str, channel: int = -1, view: Any = None) -> bool:
        self._allow_animation()
        held = list(self._held)
        for i in range(len(held)) if channel < 0 else [channel]:
            held[i] = Channel(expression=str(expression))
        return self._put(tuple(held))

    def hasExpression(self, index: int = -1) -> bool:
        return any(c.expression is not None for c in self._picked(index))

    # ------------------------------------------------------------ scripts
    def _script(self) -> str:
        parts = [channel.script() for channel in self._held]
        return parts[0] if len(set(parts)) == 1 and not self._held[0].live else " ".join(parts)

    def _from_script(self, script: str) -> None:
        try:
            channels = channels_from(script, len(self._held), self._words)
        except ValueError as error:
            raise ValueError(f"{self._name}: {error}") from None
        self._put(tuple(channels))

    def _line(self) -> str:
        script = self._script()
        return script if not re.search(r"[\s{]", script) else "{" + script + "}"
