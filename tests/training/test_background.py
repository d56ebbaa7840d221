"""Work in the background has the lowest priority there is, in a process of its own here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no niceness")

PROGRAM = """
import os, threading, time
from pathlib import Path
from reage_training.background import background

def niceness():
    tasks = Path("/proc/self/task")
    ids = [int(t.name) for t in tasks.iterdir()] if tasks.is_dir() else [0]
    return {os.getpriority(os.PRIO_PROCESS, i) for i in ids}

def session():
    file = Path("/proc/self/autogroup")
    return file.read_text().split()[-1] if file.exists() else None

threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print(niceness() != {19}, session())
with background() as said:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    print(niceness(), session())
    print(said)
print(niceness(), session())
"""


def test_all_threads_step_aside_and_the_session_comes_back() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True, text=True, check=True, start_new_session=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    before, inside, said, after = ended.stdout.splitlines()
    assert inside.startswith("{19}") and after.startswith("{19}")
    assert before.endswith(" 0") or not Path("/proc/self/autogroup").exists()
    if Path("/proc/self/autogroup").exists() and "session" in said:
        assert inside == "{19} 19"
        assert said == "In the background: nice 19, its session's too, which was 0."
    else:
        assert said == "In the background: nice 19."
    assert after.split()[-1] == before.split()[-1]
