"""Page-locked memory: a GPU copies to and from it by itself, at the full speed of its bus, while
the CPU goes on. Asked of NVIDIA's driver, which is there wherever its GPUs work.

cuMemHostAlloc and its flag: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__MEM.html
"""

from __future__ import annotations

import ctypes
import math
import os
import weakref
from functools import cache

import numpy as np

from reage.pixels.plate import Pixels

_PORTABLE = 1
"""CU_MEMHOSTALLOC_PORTABLE: locked for all GPUs."""


def empty(shape: tuple[int, ...], gpu: int) -> Pixels | None:
    """float32 of any values, in memory that is page-locked for as long as it lives; None where the
    driver of that GPU gives none."""
    count, found = math.prod(shape), _context(gpu)
    if found is None or not count:
        return None
    driver, context = found
    address, size = ctypes.c_void_p(), ctypes.c_size_t(4 * count)
    if driver.cuCtxPushCurrent_v2(context):
        return None
    failed = driver.cuMemHostAlloc(ctypes.byref(address), size, _PORTABLE)
    driver.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))
    if failed or not address.value:
        return None
    memory = (ctypes.c_float * count).from_address(address.value)
    # Not at the process's end: the driver has gone by then, and its memory with it.
    weakref.finalize(memory, _free, driver, context, address).atexit = False
    return np.asarray(np.ctypeslib.as_array(memory), np.float32).reshape(shape)


def _free(driver: ctypes.CDLL, context: ctypes.c_void_p, address: ctypes.c_void_p) -> None:
    if not driver.cuCtxPushCurrent_v2(context):
        driver.cuMemFreeHost(address)
        driver.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))


@cache
def _context(gpu: int) -> tuple[ctypes.CDLL, ctypes.c_void_p] | None:
    """The driver, and that context of a GPU that all of CUDA's libraries share. It is theirs, and
    kept: ONNX Runtime holds it anyway."""
    device, context = ctypes.c_int(), ctypes.c_void_p()
    try:
        driver = ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
        failed = (
            driver.cuInit(0)
            or driver.cuDeviceGet(ctypes.byref(device), gpu)
            or driver.cuDevicePrimaryCtxRetain(ctypes.byref(context), device)
        )
    except (OSError, AttributeError):  # no such library, or another one of its name
        return None
    return None if failed else (driver, context)
