"""Frame ranges, as Python in Nuke has them."""

from __future__ import annotations

from collections.abc import Iterator


class FrameRange:
    """first to last, both included, every `increment`."""

    def __init__(self, first: int | str, last: int | None = None, increment: int = 1) -> None:
        if isinstance(first, str):
            span, _, step = first.partition("x")
            low, _, high = span.partition("-")
            first, last, increment = int(low), int(high or low), int(step or 1)
        if increment == 0:
            raise ValueError("A frame range has a step.")
        self._first, self._last, self._increment = int(first), int(last or first), int(increment)

    def first(self) -> int:
        return self._first

    def last(self) -> int:
        return self._last

    def increment(self) -> int:
        return self._increment

    def frames(self) -> int:
        return len(list(self))

    def __iter__(self) -> Iterator[int]:
        end = self._last + (1 if self._increment > 0 else -1)
        return iter(range(self._first, end, self._increment))


class FrameRanges:
    """Several of them: "1-10 20-30x2"."""

    def __init__(self, text: str | list[FrameRange] = "") -> None:
        self._ranges = [FrameRange(w) for w in text.split()] if isinstance(text, str) else text

    def add(self, frames: FrameRange) -> None:
        self._ranges.append(frames)

    def size(self) -> int:
        return len(self._ranges)

    def __iter__(self) -> Iterator[FrameRange]:
        return iter(self._ranges)
