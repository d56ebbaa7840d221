"""What is damaged or crafted is refused in a sentence: no traceback, no hang, no crash, no memory
beyond what the machine has. `REAGE_MUTATED=100000 pytest tests/test_mutated_files.py` is the long
form; each case is the same in every run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KINDS = (
    "card", "job", "line", "drag", "answer", "track", "host's track", "faces", "report", "take",
    "journal", "presets", "clipboard", "note", "record", "exr", "tiled exr", "png", "tif", "dpx",
    "jpg", "onnx", "mov",
)  # fmt: skip
"""Of helpers.readers."""

CASES = int(os.environ.get("REAGE_MUTATED", "1000"))
"""In all."""

SUPPORT = Path(__file__).parent / "support"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="limits memory as Linux does")
@pytest.mark.timeout(60 + CASES)
def test_no_mutated_file_does_more_than_be_refused(tmp_path: Path) -> None:
    """In a process of its own, which a crash ends: `now` is the case, then."""
    each = -(-CASES // len(KINDS))
    path = os.pathsep.join([str(SUPPORT), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "helpers.mutate", str(each), str(tmp_path), *KINDS]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    now = (tmp_path / "now").read_text() if (tmp_path / "now").exists() else "the beginning"
    assert done.returncode == 0, f"at {now}: {done.stdout[-2000:]} {done.stderr[-4000:]}"
    told = [line for line in done.stdout.splitlines() if " cases, " in line]  # libraries print, too
    print(*told, sep="\n")
    assert len(told) == len(KINDS)
