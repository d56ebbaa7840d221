"""What this machine has, and what this process holds of it. Asks and changes nothing.

Importing it takes the standard library alone, so that the doctor can start without psutil.
"""

from __future__ import annotations

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
    return parse_gpus(_nvidia_smi("name,driver_version,memory.total", "csv,noheader"))


def gpu_memory() -> list[int]:
    """MiB that are in use on each NVIDIA GPU, by whomever; empty where there is none."""
    said = _nvidia_smi("memory.used", "csv,noheader,nounits").splitlines()
    return [int(each) if each.strip().isdecimal() else 0 for each in said]


def _nvidia_smi(query: str, form: str) -> str:
    """What it prints; nothing where a driver is not there, or does not answer."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return ""
    words = [command, f"--query-gpu={query}", f"--format={form}"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def parse_gpus(csv: str) -> tuple[Gpu, ...]:
    """The GPUs in nvidia-smi's lines of `name, driver, memory`."""
    rows = [[cell.strip() for cell in line.split(",")] for line in csv.splitlines()]
    return tuple(Gpu(*row) for row in rows if len(row) == 3)


def resident_memory() -> int:
    """Bytes that this process holds now."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def peak_memory() -> int:
    """Most bytes that this process has held so far. psutil tells it on Windows alone."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":  # getrusage hands a parent's peak on to its children
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
