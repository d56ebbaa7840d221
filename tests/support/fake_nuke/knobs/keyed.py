"""Keys on numeric knobs, and the curves that Python sees of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from fake_nuke.animation import Channel, Curve
from fake_nuke.constants import NO_ANIMATION
from fake_nuke.knobs.base import Knob


class Keyed(Knob):
    """The part of a numeric knob that deals in keys. `_held` is a tuple of channels."""

    _held: tuple[Channel, ...]

    def _numbers(self, time: float | None) -> list[float]:
        """One number a channel, at a time or now."""
        raise NotImplementedError

    def _now(self) -> float:
        return self._world.frame if self._world is not None else 0.0

    def _picked(self, index: int | None) -> Sequence[Channel]:
        return [self._held[i] for i in self._places(index)]

    def _places(self, index: int | None) -> Iterable[int]:
        return range(len(self._held)) if index is None or index < 0 else [index]

    def _allow_animation(self) -> None:
        if self._flags & NO_ANIMATION:
            raise RuntimeError(f"{self._name} has the flag NO_ANIMATION.")

    def setAnimated(self, index: int | None = None, view: Any = None) -> bool:
        """Ready for keys; holds none until a value is set."""
        self._allow_animation()
        now = self._numbers(None)
        held = list(self._held)
        for i in self._places(index):
            if held[i].curve is None:
                held[i] = Channel(now[i], Curve())
        return self._put(tuple(held))

    def isAnimated(self, channel: int | None = None, view: Any = None) -> bool:
        return any(c.live for c in self._picked(channel))

    def clearAnimated(self, index: int | None = None, view: Any = None) -> bool:
        """The value at the current frame stays."""
        now = self._numbers(None)
        held = list(self._held)
        for i in self._places(index):
            held[i] = Channel(now[i])
        return self._put(tuple(held))

    def setKeyAt(self, time: float, index: int | None = None, view: Any = None) -> None:
        self._allow_animation()
        now = self._numbers(time)
        held = list(self._held)
        for i in self._places(index):
            held[i] = Channel(curve=(held[i].curve or Curve()).with_key(float(time), now[i]))
        self._put(tuple(held))

    def removeKeyAt(self, time: float, index: int | None = None, view: Any = None) -> bool:
        held = list(self._held)
        for i in self._places(index):
            curve = held[i].curve
            if curve is not None:
                left = curve.without_key(float(time))
                held[i] = Channel(curve=left) if left.keys else Channel(curve.at(float(time)))
        return self._put(tuple(held))

    def removeKey(self, index: int | None = None, view: Any = None) -> bool:
        return self.removeKeyAt(self._now(), index)

    def isKeyAt(self, time: float, index: int | None = None, view: Any = None) -> bool:
        return float(time) in {t for c in self._picked(index) for t in _times(c)}

    def isKey(self, index: int | None = None, view: Any = None) -> bool:
        return self.isKeyAt(self._now(), index)

    def getNumKeys(self, index: int = 0) -> int:
        return len(_times(self._held[index]))

    def getKeyTime(self, key: int, index: int = 0) -> float:
        return _times(self._held[index])[key]

    def getKeyList(self) -> list[float]:
        return sorted({t for channel in self._held for t in _times(channel)})

    def animation(self, channel: int, view: Any = None) -> AnimationCurve | None:
        return AnimationCurve(self, channel) if self._held[channel].curve is not None else None

    def animations(self, view: Any = None) -> list[AnimationCurve]:
        return [AnimationCurve(self, i) for i, c in enumerate(self._held) if c.curve is not None]


def _times(channel: Channel) -> list[float]:
    return [time for time, _ in channel.curve.keys] if channel.curve is not None else []


class AnimationKey:
    """One key of a curve: x is the time, y the value."""

    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y


class AnimationCurve:
    """The keys of one channel, as Python sees them."""

    def __init__(self, knob: Keyed, channel: int) -> None:
        self._knob = knob
        self._channel = channel

    def _curve(self) -> Curve:
        curve = self._knob._held[self._channel].curve
        if curve is None:
            raise ValueError("The curve was deleted.")
        return curve

    def knob(self) -> Keyed:
        return self._knob

    def knobIndex(self) -> int:
        return self._channel

    def keys(self) -> list[AnimationKey]:
        return [AnimationKey(x, y) for x, y in self._curve().keys]

    def size(self) -> int:
        return len(self._curve().keys)

    def evaluate(self, time: float) -> float:
        return self._curve().at(time)

    def setKey(self, time: float, value: float) -> AnimationKey:
        held = list(self._knob._held)
        held[self._channel] = replace(
            held[self._channel], curve=self._curve().with_key(float(time), float(value))
        )
        self._knob._put(tuple(held))
        return AnimationKey(float(time), float(value))

    def clear(self) -> None:
        held = list(self._knob._held)
        held[self._channel] = replace(held[self._channel], curve=Curve())
        self._knob._put(tuple(held))
