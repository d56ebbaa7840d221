"""Many points in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Pair = tuple[float, float]


class Points(Sequence[Pair]):
    """Points (u, v), never changed. Like a tuple of pairs, which it equals, hashes and tells of
    itself as; in a sixth of that one's memory, as a long track holds a mesh for each frame."""

    __slots__ = ("_flat",)

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._flat: array[float]
        if isinstance(pairs, Points):
            self._flat = pairs._flat
        else:
            self._flat = array("d", chain.from_iterable((u, v) for u, v in pairs))

    def __len__(self) -> int:
        return len(self._flat) // 2

    def __iter__(self) -> Iterator[Pair]:
        return zip(self._flat[::2], self._flat[1::2], strict=True)

    @overload
    def __getitem__(self, at: int) -> Pair: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Pair, ...]: ...

    def __getitem__(self, at: int | slice) -> Pair | tuple[Pair, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        n = range(len(self))[at]  # IndexError, as of a tuple
        return self._flat[2 * n], self._flat[2 * n + 1]

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        return np.array(self._flat, dtype or np.float64).reshape(-1, 2)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Points):
            return self._flat == other._flat
        return tuple(self) == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
