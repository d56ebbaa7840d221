"""One typed door to numba, so that compiled kernels keep their signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """`kernel` compiled to machine code at its first call and cached beside its file."""
    return cast(Kernel, numba.njit(cache=True, error_model="numpy")(kernel))
