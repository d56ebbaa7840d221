"""Gets Blender as a Python module, of both lines that ReAge is for, each in an environment of its
own: bpy wants numpy 1, the engine takes any.

    python3 tests/support/helpers/get_bpy.py FOLDER    # FOLDER/4.5 and FOLDER/5.0

A line that cannot be had leaves its reason in FOLDER/LINE.reason, which its tests then say.
Standard library only; install.py --test runs it. 700 MB of wheels, once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

WHEELS = {"4.5": "bpy==4.5.15", "5.0": "bpy==5.0.1"}

PYTHON = "3.11"
"""The only one that these wheels are for."""

_SECONDS = 420.0
"""For all of it: the checks wait no longer for what they can do without."""

_NO_NETWORK = ("Connection", "Temporary failure", "Max retries", "timed out", "ReadTimeout")
"""What pip says where it cannot reach an index: it will not for the next line either."""

_LIBRARIES = "libgl1 libsm6 libxi6 libxkbcommon0 libxrender1 libxfixes3 libxext6"


class NoBlenderError(Exception):
    """Why a line is not there, in a sentence."""


class NoNetworkError(NoBlenderError):
    """It could not be asked for."""


def python_of(folder: Path, line: str) -> Path:
    """The Python that has a line's bpy."""
    ends = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return (folder / line).joinpath(*ends)


def reason(folder: Path, line: str) -> str:
    """Why a line is not there; "" where it is."""
    if (noted := folder / f"{line}.reason").is_file():
        return noted.read_text(encoding="utf-8")
    if not python_of(folder, line).is_file():
        return f"Blender {line} is not installed; install.py --test gets it"
    return ""


def is_there(folder: Path, line: str) -> bool:
    """Whether a line is there, of the wheel that is wanted today."""
    noted = folder / f"{line}.wheel"
    same = noted.is_file() and noted.read_text(encoding="utf-8") == WHEELS[line]
    return same and not reason(folder, line)


def get(folder: Path, line: str, until: float) -> None:
    """until: by `time.monotonic`, when to give up. Raises NoBlenderError."""
    starter = sys.executable if f"{sys.version_info[0]}.{sys.version_info[1]}" == PYTHON else ""
    starter = starter or shutil.which(f"python{PYTHON}") or ""
    if not starter:
        raise NoBlenderError(f"bpy is for Python {PYTHON}, which is not here")
    python = str(python_of(folder, line))
    _run(until, "no environment can be made", starter, "-I", "-m", "venv", str(folder / line))
    pip = ("-I", "-m", "pip", "install", "--no-input", "--retries", "1", "--timeout", "15")
    wheel = ("--only-binary=:all:", WHEELS[line])
    _run(until, f"pip has no {WHEELS[line]} for this machine", python, *pip, *wheel)
    trouble = f"bpy does not start; on Debian: apt-get install {_LIBRARIES}"
    _run(until, trouble, python, "-c", "import bpy")


def _run(until: float, trouble: str, *command: str) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        done = subprocess.run(
            command, env=kept, capture_output=True, text=True, errors="replace",
            timeout=max(0.0, until - time.monotonic()),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as e:
        raise NoBlenderError(f"{trouble}: {e}") from e
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        away = next((s for s in said if any(word in s for word in _NO_NETWORK)), "")
        if away:
            raise NoNetworkError(f"{trouble}: {away}")
        raise NoBlenderError(f"{trouble}: {said[-1]}")


def main() -> int:
    """Always 0: without Blender its tests are skipped."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    until, away = time.monotonic() + _SECONDS, ""
    for line, wheel in WHEELS.items():
        if is_there(folder, line):
            print(f"Blender {line} is here.", flush=True)
            continue
        print(f"Getting Blender {line} ({wheel}) …", flush=True)
        noted = folder / f"{line}.reason"
        noted.write_text(f"Getting Blender {line} was interrupted.", encoding="utf-8")
        try:
            if away:
                raise NoBlenderError(away)
            get(folder, line, until)
        except NoBlenderError as e:
            away = str(e) if isinstance(e, NoNetworkError) else away
            noted.write_text(f"Blender {line} is not here: {e}", encoding="utf-8")
            print(noted.read_text(encoding="utf-8"), flush=True)
        else:
            (folder / f"{line}.wheel").write_text(wheel, encoding="utf-8")
            noted.unlink()
            print(f"Blender {line} is here now.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
