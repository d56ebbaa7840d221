"""How a session of ONNX Runtime is run: on arrays of its own each time, or on buffers that are
kept, bound to it, and used again. Knows no onnxruntime: the session comes from outside.

A network's inputs are given by a function that fills arrays; its outputs are lent for as long as a
`with` block lasts, since the next run may overwrite them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from reage.pixels.plate import Pixels

Shapes = Mapping[str, tuple[int, ...]]
"""Of a network's inputs, by name."""

Fill = Callable[[Mapping[str, Pixels]], None]
"""Writes a network's inputs into float32 arrays, by name."""

Allocate = Callable[[tuple[int, ...]], Pixels]
"""A float32 array of a shape, of any values."""

MOST = 4
"""Sets of buffers that are kept; of 1024 px a set takes some 60 MB. Beyond that the ones that were
not used for longest go."""


class Runs(Protocol):
    """Runs one session. Thread-safe."""

    @property
    def buffers(self) -> str:
        """What memory it is run from, in words."""
        ...

    @contextmanager
    def run(self, shapes: Shapes, fill: Fill, options: Any) -> Iterator[list[Pixels]]:
        """The outputs in the file's order, valid inside the block. options: RunOptions. Raises
        what ONNX Runtime does."""
        ...


@dataclass(frozen=True)
class FreshRuns:
    """New arrays each time: what suits a device that computes in the CPU's memory."""

    session: Any
    buffers: str = "new ones for each run"

    @contextmanager
    def run(self, shapes: Shapes, fill: Fill, options: Any) -> Iterator[list[Pixels]]:
        """See `Runs.run`."""
        inputs = {name: np.empty(shape, np.float32) for name, shape in shapes.items()}
        fill(inputs)
        outputs = self.session.run(None, inputs, options)
        del inputs  # their memory is what the outputs are put together in
        yield outputs


@dataclass(eq=False)
class _Bound:
    """Buffers for one run at a time, of one size, and the binding that knows them."""

    key: tuple[tuple[str, tuple[int, ...]], ...]
    inputs: Mapping[str, Pixels]
    outputs: list[Pixels]
    binding: Any


@dataclass(eq=False)
class BoundRuns:
    """Buffers that are kept for each size: what suits a device with a memory of its own.

    Two runs at a time have two sets of buffers, and ONNX Runtime gives each a stream of its own on
    a CUDA GPU: so one's copies go on while the other computes (ADR 23). The first run of a size is
    a fresh one, which tells how large the outputs are.

    allocate: makes the buffers; page-locked ones where the device copies faster from such
    buffers: see `Runs`
    """

    session: Any
    allocate: Allocate
    buffers: str = "kept, and bound"
    _idle: list[_Bound] = field(default_factory=list)
    _sizes: dict[Any, list[tuple[int, ...]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def idle(self) -> int:
        """How many sets of buffers wait to be used again."""
        return len(self._idle)

    @contextmanager
    def run(self, shapes: Shapes, fill: Fill, options: Any) -> Iterator[list[Pixels]]:
        """See `Runs.run`."""
        key = tuple(sorted(shapes.items()))
        with self._lock:
            sizes = self._sizes.get(key)
        if sizes is None:
            with FreshRuns(self.session).run(shapes, fill, options) as outputs:
                with self._lock:
                    self._sizes[key] = [each.shape for each in outputs]
                yield outputs
            return
        bound = self._taken(key) or self._made(key, shapes, sizes)
        fill(bound.inputs)
        try:
            for name, pixels in bound.inputs.items():  # copies them to the device
                bound.binding.bind_cpu_input(name, pixels)
            self.session.run_with_iobinding(bound.binding, options)
        finally:
            bound.binding.clear_binding_inputs()  # what is idle holds nothing of the device
        yield bound.outputs
        self._give_back(bound)  # a set that failed, or whose reader did, is dropped

    def _taken(self, key: Any) -> _Bound | None:
        with self._lock:
            found = next((each for each in reversed(self._idle) if each.key == key), None)
            if found:
                self._idle.remove(found)
            return found

    def _give_back(self, bound: _Bound) -> None:
        with self._lock:
            self._idle.append(bound)
            del self._idle[:-MOST]

    def _made(self, key: Any, shapes: Shapes, sizes: list[tuple[int, ...]]) -> _Bound:
        binding = self.session.io_binding()
        inputs = {name: self.allocate(shape) for name, shape in shapes.items()}
        outputs = [self.allocate(shape) for shape in sizes]
        for given, pixels in zip(self.session.get_outputs(), outputs, strict=True):
            where = pixels.ctypes.data
            binding.bind_output(given.name, "cpu", 0, np.float32, pixels.shape, where)
        return _Bound(key, inputs, outputs, binding)
