"""What comes along with `reage_host`, told by a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import reage_host

OWN = {"reage", "reage_host"}


def test_it_brings_the_standard_library_alone() -> None:
    modules = sorted(path.stem for path in Path(reage_host.__file__).parent.glob("*.py"))
    assert "graph" in modules
    names = [f"reage_host.{each}" for each in modules if each != "__init__"]
    code = (
        "import sys; before = set(sys.modules)\n"
        f"import {', '.join(names)}\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before}"
        " - sys.stdlib_module_names)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == OWN
