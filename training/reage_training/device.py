"""Where torch calculates, and in which precision."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from reage.errors import SettingsError

MULTIPLIES_BFLOAT16 = ("amx_bf16", "avx512_bf16")
"""What torch calls the instructions by which a CPU does: Intel's since Cooper Lake, AMD's since
Zen 4. AVX-512 alone, and AVX2, only emulate them and are slower than in float32."""


def pick_device(name: str) -> torch.device:
    """auto, cpu or cuda. Raises SettingsError where cuda is asked for and is not there."""
    if name not in ("auto", "cpu", "cuda"):
        raise SettingsError(f"The device must be auto, cpu or cuda, not {name}.")
    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise SettingsError("This torch sees no CUDA device; use --device cpu.")
    return torch.device("cuda" if there and name != "cpu" else "cpu")


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 where the device itself multiplies it, else nothing.

    On a CPU with AMX a step takes about 0.4 of its float32 time; where it is emulated, longer.
    """
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        library = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        fast = library and multiplies_bfloat16(cpu_flags())
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def multiplies_bfloat16(flags: Mapping[str, object]) -> bool:
    """Whether a CPU with these flags, as `cpu_flags` names them, multiplies bfloat16 itself."""
    return any(flags.get(name) is True for name in MULTIPLIES_BFLOAT16)


def cpu_flags() -> Mapping[str, object]:
    """What this machine's CPU can do, by torch's names; nothing where torch does not tell."""
    told: Mapping[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return told


def wait_for(device: torch.device) -> None:
    """Until all that was asked of it is done: for a clock that is to tell the truth."""
    if device.type == "cuda":
        torch.cuda.synchronize()
