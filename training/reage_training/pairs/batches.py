"""Batches of pairs, made ahead of time by threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from reage_training.pairs.pair import Pair
from reage_training.parallel import ALONE, Ranks
from reage_training.schedule import FitSettings

KEPT = 48
"""Of the newest batches, so many may be seen again where a pair is used more than once."""


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
    pairs: Callable[[], Callable[[int], Pair]],
    device: torch.device,
    settings: FitSettings,
    first: int,
    workers: int,
    ranks: Ranks = ALONE,
) -> Generator[Batch, None, None]:
    """Batches number `first`, `first` + 1 … without end, made ahead by `workers` threads.

    pairs gives, for each batch anew, what draws pair k of an endless row; it is called by one
    thread at a time, what it gives by many.

    With `uses` above 1 only each uses-th batch is new; the others are seen again, mirrored,
    some time later: where making pairs costs as much as learning from them, learning gains. Which
    ones follows from the step alone; a row that begins late makes those again that it lacks.
    Fresh batch n of all ranks holds the pairs n × ranks × batch … of the row, rank r the r-th part.
    """
    seed, batch, uses = settings.seed, settings.batch, settings.uses

    def make(n: int, draw: Callable[[int], Pair]) -> Batch:
        if device.type == "cpu":
            torch.set_num_threads(1)  # the network has the others
        start = (n * ranks.count + ranks.number) * batch
        return collate([draw(start + i) for i in range(batch)])

    made: dict[int, Batch] = {}
    with ThreadPoolExecutor(workers, thread_name_prefix="pairs") as pool:
        waiting: deque[Future[Batch]] = deque()
        number = -(-first // uses)
        try:
            for step in _count(first):
                while len(waiting) < workers + 2:
                    waiting.append(pool.submit(make, number, pairs()))
                    number += 1
                newest = step // uses
                if step % uses == 0:
                    fresh = waiting.popleft().result()
                    if uses > 1:
                        made[newest] = fresh
                        made.pop(newest - KEPT, None)
                    yield fresh
                    continue
                oldest = max(0, newest + 1 - KEPT)
                pick = int(np.random.default_rng((seed, 1, step)).integers(oldest, newest + 1))
                if pick not in made:
                    made[pick] = pool.submit(make, pick, pairs()).result()
                yield made[pick].mirrored()
        finally:
            for future in waiting:
                future.cancel()


def _count(first: int) -> Generator[int, None, None]:
    while True:
        yield first
        first += 1
