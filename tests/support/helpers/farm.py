"""A farm of one machine: bundles by openjd-cli, step after step, each task a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import reage

_START = (sys.executable, "-c", "import sys, openjd.cli as c; sys.exit(c.main())")


def openjd(*words: str, code: int = 0) -> str:
    """What openjd-cli says."""
    done = subprocess.run([*_START, *words], capture_output=True, text=True)
    log = done.stdout + done.stderr
    assert done.returncode == code, log
    return log


def run_bundle(
    bundle: Path,
    given: Mapping[str, object] | None = None,
    mapped: Mapping[Path, Path] | None = None,
    more: Sequence[str] = (),
    code: int = 0,
) -> str:
    """The log of all tasks. given: parameters that win over those that were submitted; mapped:
    folder as it was submitted → where this machine has it"""
    values = json.loads((bundle / "openjd_parameters.json").read_text("utf-8"))
    values |= {"ReAge": str(_program(bundle)), **(given or {})}
    words = ["run", str(bundle / "template.json"), "-p", json.dumps(values), *more,
             "--extensions", "TASK_CHUNKING"]  # fmt: skip
    if mapped:
        rules = [
            {"source_path_format": "POSIX", "source_path": str(a), "destination_path": str(b)}
            for a, b in mapped.items()
        ]
        said = {"version": "pathmapping-1.0", "path_mapping_rules": rules}
        words += ["--path-mapping-rules", json.dumps(said)]
    return openjd(*words, code=code)


def _program(bundle: Path) -> Path:
    """The `reage` that the machine has: this Python's, also where ReAge is not installed."""
    program = bundle.parent / "reage"
    home = Path(reage.__file__).parent.parent
    start = f'PYTHONPATH="{home}" exec "{sys.executable}" -m reage.cli "$@"'
    program.write_text(f"#!/bin/sh\n{start}\n")
    program.chmod(0o755)
    return program
