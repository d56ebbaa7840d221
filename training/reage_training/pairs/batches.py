"""Batches of pairs, made ahead of time by threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from reage_training.dataset import StoredView
from reage_training.pairs.pair import Pair, draw_pair
from reage_training.render.bank import Bank

KEPT = 48
"""Batches that are kept to be seen again where a pair is used more than once."""


class Batch(NamedTuple):
    """`Pair`'s tensors as (B, C, h, w), channels last in memory."""

    picture: Tensor
    parts: Tensor
    coverage: Tensor

    def mirrored(self) -> Batch:
        return Batch(*(t.flip(-1) for t in self))


def collate(pairs: list[Pair]) -> Batch:
    """Pairs of one size to a batch."""
    return Batch(
        *(
            torch.stack([getattr(p, name) for p in pairs]).to(memory_format=torch.channels_last)
            for name in Batch._fields
        )
    )


def batches(
    views: Callable[[], tuple[StoredView, ...]],
    bank: Bank,
    seed: int,
    batch: int,
    size: int,
    first: int,
    workers: int,
    uses: int = 1,
) -> Generator[Batch, None, None]:
    """Batches number `first`, `first` + 1 … without end, made ahead by `workers` threads.

    With `uses` above 1 only each uses-th batch is new; the others are seen again, mirrored,
    some time later: where making pairs costs as much as learning from them, learning gains.
    Fresh batch n holds the pairs n × batch … of the row that `seed` names.
    """

    def make(n: int, known: tuple[StoredView, ...]) -> Batch:
        if bank.device.type == "cpu":
            torch.set_num_threads(1)  # the network has the others
        return collate([draw_pair(known, bank, seed, n * batch + i, size) for i in range(batch)])

    old: deque[Batch] = deque(maxlen=KEPT)
    with ThreadPoolExecutor(workers, thread_name_prefix="pairs") as pool:
        waiting: deque[Future[Batch]] = deque()
        number = -(-first // uses)
        try:
            for step in _count(first):
                while len(waiting) < workers + 2:
                    waiting.append(pool.submit(make, number, views()))
                    number += 1
                if step % uses and old:
                    pick = np.random.default_rng((seed, 1, step)).integers(len(old))
                    yield old[int(pick)].mirrored()
                    continue
                fresh = waiting.popleft().result()
                if uses > 1:
                    old.append(fresh)
                yield fresh
        finally:
            for future in waiting:
                future.cancel()


def _count(first: int) -> Generator[int, None, None]:
    while True:
        yield first
        first += 1
