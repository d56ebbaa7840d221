"""Where torch calculates, and in which precision."""

from __future__ import annotations

import torch

from reage.errors import SettingsError


def pick_device(name: str) -> torch.device:
    """auto, cpu or cuda. Raises SettingsError where cuda is asked for and is not there."""
    if name not in ("auto", "cpu", "cuda"):
        raise SettingsError(f"The device must be auto, cpu or cuda, not {name}.")
    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise SettingsError("This torch sees no CUDA device; use --device cpu.")
    return torch.device("cuda" if there and name != "cpu" else "cpu")


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 where the device multiplies it fast (CUDA; CPUs with AMX), else nothing.

    On a CPU with AMX a step takes about 0.4 of its float32 time; without it, longer.
    """
    fast = device.type == "cuda" or torch.cpu._is_amx_tile_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def wait_for(device: torch.device) -> None:
    """Until all that was asked of it is done: for a clock that is to tell the truth."""
    if device.type == "cuda":
        torch.cuda.synchronize()
