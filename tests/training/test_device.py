"""The precision that a device is given."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from reage.errors import SettingsError
from reage_training.device import autocast, cpu_flags, multiplies_bfloat16, pick_device

ZEN_3 = {"architecture": "x86_64", "cpu_name": "AMD EPYC", "avx": True, "avx2": True}
SKYLAKE = {**ZEN_3, "avx512_f": True, "avx512_bw": True, "avx512_vl": True, "avx512_bf16": False}
COOPER_LAKE = {**SKYLAKE, "avx512_bf16": True}
SAPPHIRE_RAPIDS = {**COOPER_LAKE, "amx_tile": True, "amx_int8": True, "amx_bf16": True}


@pytest.mark.parametrize(
    ("flags", "itself"),
    [
        ({}, False),
        (ZEN_3, False),
        (SKYLAKE, False),
        (COOPER_LAKE, True),
        (SAPPHIRE_RAPIDS, True),
        ({**ZEN_3, "amx_tile": True, "amx_int8": True}, False),
        ({"architecture": "aarch64", "neon": True}, False),
    ],
)
def test_bfloat16_only_where_the_cpu_multiplies_it_itself(
    flags: dict[str, object], itself: bool
) -> None:
    assert multiplies_bfloat16(flags) is itself


def test_torch_tells_of_this_cpu_what_the_kernel_tells() -> None:
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists() or "\nflags" not in cpuinfo.read_text():
        pytest.skip("this system lists no flags of an x86 CPU")
    flags = next(f for f in cpuinfo.read_text().splitlines() if f.startswith("flags")).split()
    assert cpu_flags()["avx2"] is ("avx2" in flags)
    itself = "avx512_bf16" in flags or "amx_bf16" in flags
    assert multiplies_bfloat16(cpu_flags()) is itself
    cast = autocast(torch.device("cpu"))
    assert cast.fast_dtype is torch.bfloat16
    assert not cast._enabled or itself


def test_a_device_that_is_not_there_is_refused() -> None:
    assert pick_device("cpu").type == "cpu"
    with pytest.raises(SettingsError, match="must be auto, cpu or cuda"):
        pick_device("tpu")
