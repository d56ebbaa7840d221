"""install.py --nuke, and the start of Nuke after it: real files, a fresh Python, ten lines of nuke.

The checkout under test is a copy of the files that take part, so that it can be moved and
broken; its reage_nuke only notes that it was started.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from helpers.checkouts import copy_parts
from reage import home
from reage.tools.nuke_setup import folder as folders
from reage.tools.nuke_setup.block import BlockEntry

ROOT = home.root()

PARTS = (
    "install.py",
    "pyproject.toml",
    "setup.py",
    "inference/reage/__init__.py",
    "inference/reage/errors.py",
    "inference/reage/home.py",
    "inference/reage/strict_json.py",
    "inference/reage/version.py",
    "inference/reage/tools/blender_setup.py",
    "inference/reage/tools/nuke_setup",
    "nuke_plugin/init.py",
    "nuke_plugin/menu.py",
)

REAGE_NUKE = """
import nuke, reage
def start(): nuke.tprint("started " + reage.__version__)
def start_gui(): nuke.tprint("started gui")
"""

# What Nuke does at its start with the paths that it is given, and no more.
NUKE = """
import os, runpy, sys
paths = []
GUI = True
said, commands = [], {}
def tprint(text): print(text)
def message(text): said.append(text)
def menu(name):
    nodes = type(sys)(name)
    nodes.addMenu = lambda name, icon="": nodes
    nodes.addCommand = lambda name, command, icon="": commands.update({name: command})
    return nodes
def pluginAddPath(args, addToSysPath=True):
    for path in [args] if isinstance(args, str) else args:
        paths[:] = [path, *(p for p in paths if p != path)]
        sys.path[:0] = [path] if addToSysPath else []
        if os.path.isfile(path + "/init.py"):
            runpy.run_path(path + "/init.py")
"""

SESSION = """
import json, os, runpy, sys
before = list(sys.path)
import nuke
for _ in range(int(sys.argv[2])):
    runpy.run_path(sys.argv[1])
for path in reversed(nuke.paths):
    if os.path.isfile(path + "/menu.py"):
        runpy.run_path(path + "/menu.py")
came = [p for p in sys.path if p not in before]
print(json.dumps([nuke.paths, came, os.environ.get("REAGE_PYTHON")]))
"""

NAMES = ["ReAge", "my shows/it's ReAge", "schön/ReAge 年", 'a "quoted" one']
if sys.platform == "win32":
    NAMES = [name.replace('"', "'") for name in NAMES]


class Place:
    """A user's home with a checkout in it, and what one does there."""

    def __init__(self, home: Path, name: str = "ReAge") -> None:
        self.home, self.checkout, self.folder = home, home / name, home / ".nuke"
        copy_parts(PARTS, self.checkout)
        self.write("nuke_plugin/reage_nuke/__init__.py", REAGE_NUKE)
        for name in ("gizmos", "icons"):
            (self.checkout / name).mkdir()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "REAGE"))},
            "HOME": str(home),
            "USERPROFILE": str(home),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    @property
    def init(self) -> Path:
        return self.folder / "init.py"

    @property
    def plugin(self) -> str:
        return (self.checkout / "nuke_plugin").as_posix()

    def write(self, name: str, text: str) -> None:
        path = self.checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def engine(self, prefix: Path | None = None) -> Path:
        """An environment that install.py finds up to date."""
        install = _load(self.checkout / "install.py")
        prefix = prefix or self.checkout / ".venv"
        python: Path = install.program(prefix, "python")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_bytes(b"")
        install.write_marker(install.Plan(prefix, "cpu", 0, (), "cpu"), "complete")
        return python

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """install.py, by a Python that sees the standard library alone."""
        command = [sys.executable, "-S", str(self.checkout / "install.py"), *arguments]
        return self._run(command)

    def start_nuke(self, times: int = 1, before: str = "", after: str = "") -> list[str]:
        """The lines that a start of Nuke prints, which must come to its end."""
        (self.home / "nuke.py").write_text(NUKE, encoding="utf-8")
        code = f"import sys; sys.path[0] = {str(self.home)!r}\n{before}\n{SESSION}\n{after}"
        done = self._run([sys.executable, "-S", "-c", code, str(self.init), str(times)])
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout.splitlines()

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("reage_install_copy", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path / "home")
    made.engine()
    return made


def _state(lines: list[str]) -> Any:
    return json.loads(lines[-1])


# ---------------------------------------------------------------- in, and found by Nuke


@pytest.mark.parametrize("name", NAMES)
def test_nuke_finds_the_plugin_wherever_it_lies(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path / "home", name)
    place.engine()
    done = place.install("--nuke")
    assert done.returncode == 0, done.stderr
    assert str(place.init) in done.stdout
    *said, _ = lines = place.start_nuke()
    assert said == ["started " + _version(), "started gui"]
    paths, came, engine = _state(lines)
    root = place.checkout.as_posix()
    assert sorted(paths) == sorted([place.plugin, root + "/gizmos", root + "/icons"])
    assert set(came) == {place.plugin, root + "/inference"}
    assert engine is None


def _version() -> str:
    from reage.version import __version__

    return __version__


def test_a_second_run_changes_nothing(place: Place) -> None:
    place.install("--nuke")
    before = place.init.read_bytes(), place.init.stat().st_mtime_ns
    done = place.install("--nuke")
    assert "up to date" in done.stdout
    assert (place.init.read_bytes(), place.init.stat().st_mtime_ns) == before


def test_nuke_may_run_it_twice(place: Place) -> None:
    place.install("--nuke")
    lines = place.start_nuke(times=2)
    paths, came, _ = _state(lines)
    assert len(paths) == len(set(paths)) == 3
    assert set(came) == {place.plugin, place.checkout.as_posix() + "/inference"}


def test_an_engine_elsewhere_is_named_to_nuke_and_the_environment_wins(place: Place) -> None:
    elsewhere = place.home / "envs" / "schön"
    python = place.engine(elsewhere)
    assert place.install("--nuke", "--prefix", str(elsewhere)).returncode == 0
    assert _state(place.start_nuke())[2] == python.as_posix()
    place.environment["REAGE_PYTHON"] = "mine"
    assert _state(place.start_nuke())[2] == "mine"


def test_a_named_folder_is_used_and_the_users_own_is_not(place: Place) -> None:
    place.folder = place.home / "studio nuke"
    assert place.install("--nuke", str(place.folder)).returncode == 0
    assert place.start_nuke()[0].startswith("started")
    assert not (place.home / ".nuke").exists()


def test_without_the_engine_nothing_is_entered(place: Place) -> None:
    """The engine's folder is somebody else's, so the run ends before Nuke's turn."""
    taken = place.home / "taken"
    taken.mkdir()
    (taken / "file").write_bytes(b"")
    assert place.install("--nuke", "--prefix", str(taken)).returncode == 1
    assert not place.folder.exists()


def test_of_a_wheel_nuke_gets_its_packages_and_nothing_that_lies_beside_them(place: Place) -> None:
    site = place.home / "site-packages"
    plugin = site / "reage" / "share" / "nuke_plugin"
    shutil.copytree(place.checkout / "inference", site)
    shutil.copytree(place.checkout / "nuke_plugin", plugin)
    (plugin / "reage_nuke").rename(site / "reage_nuke")
    for name in ("numpy.py", "reage_ui.py"):
        (site / name).write_text("", encoding="utf-8")
    (site / "reage_nuke" / "__init__.py").write_text(
        "import nuke, reage, reage_ui\nfrom importlib.util import find_spec\n"
        "def start(): nuke.tprint(f'{reage.__file__} {find_spec(\"numpy\")}')\n"
        "def start_gui(): pass\n",
        encoding="utf-8",
    )
    folders.add(place.folder, BlockEntry(plugin.as_posix()))
    *said, _ = lines = place.start_nuke(times=2)
    assert said == [f"{site / 'reage' / '__init__.py'} None"] * 2
    assert _state(lines)[1] == [plugin.as_posix()] * 2


# ---------------------------------------------------------------- nothing stops Nuke


def _moved(place: Place) -> None:
    place.checkout.rename(place.home / "moved")


def _without_the_engine(place: Place) -> None:
    shutil.rmtree(place.checkout / "inference")


def _writes(name: str, text: str) -> Callable[[Place], None]:
    return lambda place: place.write(name, text)


PACKAGE = "nuke_plugin/reage_nuke/__init__.py"
BROKEN = {
    "moved": (_moved, "no folder"),
    "no engine": (_without_the_engine, "No module named 'reage'"),
    "no such name": (_writes(PACKAGE, ""), "start"),
    "syntax": (_writes(PACKAGE, "def start(:"), "invalid syntax"),
    "exit": (_writes(PACKAGE, "raise SystemExit(3)"), "SystemExit"),
    "raises": (_writes(PACKAGE, REAGE_NUKE.replace("nuke.tprint", "int")), "ValueError"),
    "syntax of init.py": (_writes("nuke_plugin/init.py", "def ("), "SyntaxError"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_checkout_costs_one_line_and_nuke_goes_on(place: Place, case: str) -> None:
    spoil, reason = BROKEN[case]
    place.folder.mkdir()
    place.init.write_text("import nuke\n", encoding="utf-8")
    place.install("--nuke")
    with place.init.open("a", encoding="utf-8") as init:
        init.write("nuke.tprint('the rest of init.py')\n")
    spoil(place)
    said, rest, _ = place.start_nuke()
    assert said.startswith("ReAge: Nuke starts without it: ") and reason in said
    assert rest == "the rest of init.py"


def test_no_letter_of_a_message_stops_a_terminal_that_lacks_it(tmp_path: Path) -> None:
    place = Place(tmp_path / "home", "schön/ReAge 年")
    place.engine()
    place.install("--nuke")
    place.write(PACKAGE, "raise RuntimeError(__file__)")
    place.environment["PYTHONIOENCODING"] = "ascii"
    assert "sch\\xf6n" in place.start_nuke()[0]
    _moved(place)
    assert "sch\\xf6n" in place.start_nuke()[0]


def test_a_menu_that_fails_costs_one_line(place: Place) -> None:
    place.install("--nuke")
    place.write(PACKAGE, REAGE_NUKE + "def start_gui(): raise RuntimeError('no pane')\n")
    _, said, _ = place.start_nuke()
    assert said.startswith("ReAge: Nuke starts without its menu") and "no pane" in said


PRESSED = """
nuke.commands["Why nothing can be baked"]()
for code in {buttons!r}:
    exec(code)
print(*nuke.said, sep="\\n")
"""
"""The menu's entry, and all buttons of the node with the text that the gizmo gives them."""

BUTTONS = [
    text.replace("\\n", "\n")
    for text in re.findall(r'T "(import reage_nuke[^"]+)"', home.gizmo().read_text("utf-8"))
]


@pytest.mark.parametrize("times", [1, 2])
def test_an_old_nuke_finds_the_gizmo_and_is_told_why_it_cannot_bake(
    place: Place, times: int
) -> None:
    place.install("--nuke")
    before = "sys.version_info = (3, 7, 9)"
    lines = place.start_nuke(times, before, PRESSED.format(buttons=BUTTONS))
    said, last, entry, buttons = lines[:times], lines[times], lines[times + 1], lines[times + 2 :]
    assert said == [f"ReAge: Nuke starts without it: {TOO_OLD}"] * times
    gizmos, icons = ((place.checkout / name).as_posix() for name in ("gizmos", "icons"))
    paths, came, _ = json.loads(last)
    assert set(paths) == {gizmos, icons, place.plugin} and set(came) == {place.plugin}
    assert entry == f"ReAge shows what was baked, but cannot bake here: {TOO_OLD}."
    assert buttons == [entry] * len(BUTTONS) and len(BUTTONS) == 9


TOO_OLD = "it needs Nuke 15 or newer; this one's Python is 3.7"


def test_a_broken_engine_leaves_the_gizmo_and_a_second_start_is_whole(place: Place) -> None:
    place.install("--nuke")
    whole = (place.checkout / PACKAGE).read_text(encoding="utf-8")
    place.write(PACKAGE, "raise RuntimeError('broken')")
    _, last, entry = place.start_nuke(after=PRESSED.format(buttons=[]))
    assert "RuntimeError('broken')" in entry
    assert (place.checkout / "gizmos").as_posix() in json.loads(last)[0]
    mended = f"open({str(place.checkout / PACKAGE)!r}, 'w').write({whole!r})"
    said = place.start_nuke(after=f"{mended}\nrunpy.run_path(nuke.paths[-1] + '/init.py')")
    assert said[-1].startswith("started ")


@pytest.mark.parametrize("name", ["init.py", "menu.py"])
def test_an_old_python_can_still_read_the_start_files(name: str) -> None:
    import ast

    path = ROOT / "nuke_plugin" / name
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 4))


# ---------------------------------------------------------------- and out again

ORIGINALS = [b"import nuke\n", b"import nuke\r\nx = 1", b"\xef\xbb\xbf# caf\xc3\xa9\r\n", b""]


@pytest.mark.parametrize("original", [None, *ORIGINALS], ids=range(len(ORIGINALS) + 1))
def test_uninstall_leaves_nuke_as_it_was(place: Place, original: bytes | None) -> None:
    if original is not None:
        place.folder.mkdir()
        place.init.write_bytes(original)
    studio = place.home / "studio"
    place.install("--nuke")
    place.install("--nuke", str(studio))
    assert b"ReAge" in place.init.read_bytes() and (studio / "init.py").exists()
    done = place.install("--uninstall")
    assert done.returncode == 0, done.stderr
    assert str(place.init) in done.stdout and str(studio) in done.stdout
    assert not studio.exists()
    assert place.folder.exists() is (original is not None)
    assert original is None or place.init.read_bytes() == original
    assert not (place.checkout / ".venv").exists()
    assert not (place.checkout / "nuke-folders.json").exists()


def test_uninstall_names_what_it_leaves_elsewhere(place: Place) -> None:
    """The demo's pictures, and the patterns that renders drew into the user's cache."""
    kept = [place.checkout / "demo_out", place.home / "cache"]
    place.environment["REAGE_CACHE"] = str(kept[1])
    assert "Left are" not in place.install("--uninstall").stdout
    for folder in kept:
        (folder / "patterns").mkdir(parents=True)
        (folder / "patterns" / "file").write_bytes(bytes(1_500_000))
    place.engine()
    said = place.install("--uninstall").stdout
    assert all(f"{folder} (2 MB)" in said for folder in kept)
    assert all(folder.is_dir() for folder in kept)


def test_uninstall_survives_a_lost_environment_and_a_moved_checkout(place: Place) -> None:
    place.folder = place.home / "studio"
    place.install("--nuke", str(place.folder))
    shutil.rmtree(place.checkout / ".venv")
    place.checkout = place.checkout.rename(place.home / "moved")
    assert place.install("--uninstall").returncode == 0
    assert not place.folder.exists()


def test_a_moved_checkout_is_entered_anew_in_the_same_place(place: Place) -> None:
    place.install("--nuke")
    with place.init.open("ab") as init:
        init.write(b"mine = 1\n")
    place.checkout = place.checkout.rename(place.home / "moved")
    place.engine()
    assert "brought up to date" in place.install("--nuke").stdout
    assert place.init.read_bytes().count(b"# >>> ReAge") == 1
    assert place.init.read_bytes().endswith(b"mine = 1\n")
    assert place.start_nuke()[0].startswith("started")


def test_uninstall_of_another_environment_leaves_the_block(place: Place) -> None:
    place.install("--nuke")
    before = place.init.read_bytes()
    place.engine(place.home / "second")
    assert place.install("--uninstall", "--prefix", str(place.home / "second")).returncode == 0
    assert place.init.read_bytes() == before
    assert place.install("--uninstall").returncode == 0
    assert not place.folder.exists()


def test_uninstall_leaves_the_block_of_another_checkout(place: Place) -> None:
    place.install("--nuke")
    other = Place(place.home, "other")
    other.engine()
    assert "brought up to date" in other.install("--nuke").stdout
    before = place.init.read_bytes()
    assert place.install("--uninstall").returncode == 0
    assert place.init.read_bytes() == before
    assert other.install("--uninstall").returncode == 0
    assert not place.folder.exists()


def test_uninstall_with_nuke_takes_out_that_block_alone(place: Place) -> None:
    place.install("--nuke")
    done = place.install("--uninstall", "--nuke")
    assert done.returncode == 0 and str(place.init) in done.stdout
    assert not place.folder.exists()
    assert (place.checkout / ".venv").exists()
    assert "no block" in place.install("--uninstall", "--nuke").stdout


def test_a_file_that_cannot_be_changed_is_told_and_the_rest_is_done(place: Place) -> None:
    place.install("--nuke")
    place.init.chmod(0o444)
    before = place.init.read_bytes()
    done = place.install("--uninstall")
    assert done.returncode == 1
    assert "read-only" in done.stderr and "Traceback" not in done.stderr
    assert place.init.read_bytes() == before
    assert not (place.checkout / ".venv").exists()
    place.init.chmod(0o644)
    assert place.install("--uninstall").returncode == 0
    assert not place.folder.exists()


def test_a_folder_that_cannot_be_is_one_sentence(place: Place) -> None:
    done = place.install("--nuke", str(place.home / "no" / "where"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "no folder" in done.stderr
    assert not (place.checkout / "nuke-folders.json").exists()


# ---------------------------------------------------------------- by the environment


def test_nuke_path_is_printed_for_a_shell_and_no_file_is_touched(tmp_path: Path) -> None:
    place = Place(tmp_path / "home", "it's a ReAge")
    elsewhere = place.home / "an env"
    python = place.engine(elsewhere)
    done = place.install("--nuke-path", "--prefix", str(elsewhere))
    assert done.returncode == 0, done.stderr
    assert not place.folder.exists()
    lines = [line for line in done.stdout.splitlines() if line.startswith(("export", "set"))]
    assert len(lines) == 2
    if sys.platform == "win32":
        assert place.plugin in lines[0] and python.as_posix() in lines[1]
        return
    script = "\n".join([*lines, 'printf "%s\\n" "$NUKE_PATH" "$REAGE_PYTHON"'])
    for studio, tail in (("", ""), ("/studio/nuke", ":/studio/nuke")):
        said = subprocess.run(
            ["sh", "-c", script],
            env={"NUKE_PATH": studio},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        assert said.stdout.splitlines() == [place.plugin + tail, python.as_posix()]


def test_a_path_that_nuke_path_cannot_hold_is_refused(tmp_path: Path) -> None:
    from reage.errors import OutputError
    from reage.tools.nuke_setup.steps import environment

    with pytest.raises(OutputError, match="NUKE_PATH"):
        environment(tmp_path / "a:b", "", windows=False)
    with pytest.raises(OutputError, match="NUKE_PATH"):
        environment(tmp_path / "a;b", "", windows=True)
    (line,) = environment(Path("C:/ReAge"), "", windows=True)
    assert line == 'set "NUKE_PATH=C:/ReAge/nuke_plugin;%NUKE_PATH%"'
