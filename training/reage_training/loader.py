"""Batches made ahead of time by threads, and a folder that may still be growing."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from reage_training.dataset import Group, Sample, find_groups, sample

RESCAN = 30.0
"""Seconds between two looks for new groups."""


class Batch(NamedTuple):
    """Sample's three arrays as tensors (B, C, H, W), channels last in memory."""

    picture: Tensor
    delta: Tensor
    skin: Tensor


class GrowingSet:
    """The groups of a folder, looked for anew from time to time. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._groups = find_groups(folder)
        self._looked = time.monotonic()

    def groups(self) -> tuple[Group, ...]:
        if time.monotonic() - self._looked > RESCAN:
            self._groups = find_groups(self._folder, self._groups)
            self._looked = time.monotonic()
        return self._groups


def collate(samples: list[Sample]) -> Batch:
    """Samples of one size to a batch."""

    def tensor(name: str) -> Tensor:
        stacked = np.stack([getattr(s, name) for s in samples])
        return torch.from_numpy(stacked).permute(0, 3, 1, 2)

    return Batch(tensor("picture"), tensor("delta"), tensor("skin"))


def batches(
    groups: Callable[[], tuple[Group, ...]],
    seed: int,
    batch: int,
    size: int,
    first: int,
    workers: int,
) -> Generator[Batch, None, None]:
    """Batches number `first`, `first` + 1 … without end, made ahead by `workers` threads.

    Batch k holds the samples k × batch … of the row that `seed` names, whatever `workers`.
    Threads suffice: nearly all of a sample's time is spent in OpenCV, OCIO and numpy calls
    that let others run.
    """

    def make(k: int, known: tuple[Group, ...]) -> Batch:
        return collate([sample(known, seed, k * batch + i, size) for i in range(batch)])

    with ThreadPoolExecutor(workers, thread_name_prefix="samples") as pool:
        waiting: deque[Future[Batch]] = deque()
        try:
            while True:
                while len(waiting) < workers + 2:
                    waiting.append(pool.submit(make, first, groups()))
                    first += 1
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
