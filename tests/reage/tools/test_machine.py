"""What the driver's own tool says of GPUs; here a script in its place, by its name on the PATH."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reage.tools.machine import gpu_memory, nvidia_gpus

SMI = """#!/bin/sh
case "$1" in
  --query-gpu=memory.used) [ "$2" = "--format=csv,noheader,nounits" ] && printf '1234\\n[N/A]\\n' ;;
  --query-gpu=name,driver_version,memory.total) echo 'NVIDIA RTX A6000, 550.54, 49140 MiB' ;;
  *) exit 6 ;;
esac
"""


@pytest.mark.skipif(os.name == "nt", reason="a script of sh")
def test_memory_in_use_is_read_of_each_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nvidia-smi").write_text(SMI)
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert gpu_memory() == [1234, 0]
    assert [gpu.name for gpu in nvidia_gpus()] == ["NVIDIA RTX A6000"]
    (tmp_path / "nvidia-smi").write_text("#!/bin/sh\necho 5\nexit 9\n")
    assert gpu_memory() == [] and nvidia_gpus() == ()


def test_where_there_is_no_driver_there_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert gpu_memory() == [] and nvidia_gpus() == ()
