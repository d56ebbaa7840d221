"""What this machine has: GPUs and free memory. Standard library only, asks and changes nothing."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Gpu:
    """An NVIDIA GPU as its driver tells it."""

    name: str
    driver: str
    memory: str


def nvidia_gpus() -> tuple[Gpu, ...]:
    """The NVIDIA GPUs that the driver's own `nvidia-smi` lists; empty where there is none."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return ()
    query = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        done = subprocess.run([command, *query], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ()  # a driver that does not answer offers no GPU
    return parse_gpus(done.stdout) if done.returncode == 0 else ()


def parse_gpus(csv: str) -> tuple[Gpu, ...]:
    """The GPUs in nvidia-smi's lines of `name, driver, memory`."""
    rows = [[cell.strip() for cell in line.split(",")] for line in csv.splitlines()]
    return tuple(Gpu(*row) for row in rows if len(row) == 3)


def available_memory() -> int:
    """Bytes that a new process can have without swapping.

    macOS has no such figure to ask for; there it is all the memory of the machine.
    """
    if sys.platform == "win32":
        return _windows_memory()
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        lines = meminfo.read_text(encoding="ascii").splitlines()
        values = dict(line.split(":", 1) for line in lines)
        return int(values["MemAvailable"].split()[0]) * 1024
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API (sysinfoapi.h)."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load_percent", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("total_page_file", ctypes.c_uint64),
        ("available_page_file", ctypes.c_uint64),
        ("total_virtual", ctypes.c_uint64),
        ("available_virtual", ctypes.c_uint64),
        ("available_extended_virtual", ctypes.c_uint64),
    )


def _windows_memory() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    if sys.platform == "win32":
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.available)
