"""Several processes that learn one network together, as `torchrun` starts them.

Each makes its own share of a step's pairs; gradients are averaged. Ranks of batch b give what one
process of batch (ranks × b) gives, as far as the loss is a mean over pairs (the form of strength
"banded" is one over a process's pairs).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import nn

_PATIENCE = timedelta(hours=2)
"""That a rank waits for another: the first one judges and saves while the others wait."""


@dataclass(frozen=True)
class Ranks:
    """number  which this process is, of `count`"""

    number: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        """Whether this is the process that judges, saves and speaks."""
        return self.number == 0

    def mean_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Put the mean of all ranks' gradients in place of this one's."""
        if self.count == 1:
            return
        grads = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([g.flatten() for g in grads])
        dist.all_reduce(flat)
        flat /= self.count
        means = torch.split(flat, [g.numel() for g in grads])
        for grad, mean in zip(grads, means, strict=True):
            grad.copy_(mean.view_as(grad))

    def anybody(self, asks: bool) -> bool:
        """Whether any rank asks, so that all of them end at one step."""
        if self.count == 1:
            return asks
        device = "cuda" if dist.get_backend() == "nccl" else "cpu"
        flag = torch.tensor(float(asks), device=device)
        dist.all_reduce(flag, dist.ReduceOp.MAX)
        return bool(flag.item())

    def wait(self) -> None:
        """Until all ranks have come here."""
        if self.count > 1:
            dist.barrier()


ALONE = Ranks()


@contextmanager
def joined() -> Iterator[Ranks]:
    """The ranks that `torchrun` started this process among; one alone without it."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ALONE
        return
    on_gpu = torch.cuda.is_available()
    if on_gpu:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    dist.init_process_group("nccl" if on_gpu else "gloo", timeout=_PATIENCE)
    ranks = Ranks(dist.get_rank(), dist.get_world_size())
    try:
        yield ranks
        ranks.wait()  # who leaves while another still works at it may be aborted by gloo
    finally:
        dist.destroy_process_group()
