"""What pip installs is enough: the sdist's wheel in an environment of its own, with no checkout.

The environment finds this one's libraries; ReAge it has from the wheel alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from reage import home
from reage.version import __version__

ROOT = home.root()
SOURCES = (
    "setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE",
    "inference", "nuke_plugin", "live", "training", "gizmos", "icons", "docs",
)  # fmt: skip
MEGABYTES = 20
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
BY_ITSELF = ("--no-deps", "--no-index", "--no-build-isolation")

IN_NUKE = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
import fake_nuke, in_nuke
from helpers import bakes
gui = fake_nuke.install(gui=True, plugins=["reage_nuke"])
bakes.start(gui, Path("gui").absolute())
assert list(gui.registered_panels) == ["reage.panel"], gui.said
gui.uninstall()
session = fake_nuke.install(plugins=["reage_nuke"])
folder = Path("terminal").absolute()
bakes.start(session, folder)
code = in_nuke.main(bakes.PLATE, folder.as_posix())
import reage_nuke.baking
from reage_host import engine
print(*session.plugins.world.plugin_path, reage_nuke.__file__, *engine.command())
reage_nuke.baking.ENGINE.close()
sys.exit(code)
"""
"""The fake Nuke, started by the wheel's init.py and menu.py, with the checks meant for Nuke."""

PLATES = """
from pathlib import Path
from reage import home
from reage.tools.bench import shots
from reage_live.synthetic import TestSource
print(len(home.demo_plate()), home.root(), home.gizmo().is_file())
print(TestSource().picture(0).shape)
shots.make_shot(Path("bench"), (960, 540), 1)
print(*Path("bench").glob("plate.*"))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built of the sdist, and that of a copy, as an sdist leaves its traces beside setup.py."""
    copy, out = _copy(tmp_path_factory.mktemp("copy")), tmp_path_factory.mktemp("dist")
    code = "import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])"
    _ran([sys.executable, "-c", code, str(out)], copy)
    (sdist,) = out.glob("*.tar.gz")
    _ran([*PIP, "wheel", *BY_ITSELF, str(sdist)], out)
    (made,) = out.glob("*.whl")
    return made


def _copy(copy: Path) -> Path:
    """What of the checkout a wheel is made of."""
    copy.mkdir(exist_ok=True)
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that the wheel was installed into."""
    prefix = tmp_path_factory.mktemp("studio") / "my env"
    _ran([sys.executable, "-m", "venv", "--without-pip", str(prefix)], prefix.parent)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(prefix)}))
    _ran([*PIP, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)], prefix)
    libraries = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (site / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    return home.engine_python(site / "reage" / "share")


def _ran(command: list[str], folder: Path, **environment: str) -> str:
    """What a command prints that ends well, in a surrounding that leads to no ReAge."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "REAGE", "NUKE"))}
    done = subprocess.run(
        command, cwd=folder, env={**kept, "PYTHONUTF8": "1", **environment},
        capture_output=True, text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _reage(python: Path, folder: Path, *arguments: str, **environment: str) -> str:
    return _ran([str(python), "-m", "reage.cli", *arguments], folder, **environment)


def test_building_it_leaves_nothing_in_the_checkout(tmp_path: Path, wheel: Path) -> None:
    """As docs/tds.md says it, and as `pip install -e .[panel]` does."""
    copy = _copy(tmp_path / "copy")
    before, out = set(copy.rglob("*")), tmp_path / "out"
    _ran([*PIP, "wheel", *BY_ITSELF, "-w", str(out), "."], copy)
    with zipfile.ZipFile(out / wheel.name) as one, zipfile.ZipFile(wheel) as other:
        assert set(one.namelist()) == set(other.namelist())
    code = "import sys; from setuptools import build_meta; build_meta.build_editable(sys.argv[1])"
    _ran([sys.executable, "-c", code, str(out)], copy)
    assert set(copy.rglob("*")) == before


def test_it_holds_what_nuke_loads_and_the_demo_plate_to_the_byte(wheel: Path) -> None:
    assert wheel.stat().st_size < MEGABYTES << 20
    shared = [*home.samples().glob("*.exr"), *home.plugin(ROOT).glob("*.py"), home.gizmo()]
    shared += [*(ROOT / "icons").glob("*.png"), *(ROOT / "icons").glob("*.jpg")]
    shared += [home.plugin(ROOT) / "ToolSets" / "ReAge.nk", *(ROOT / "docs").glob("*.md")]
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith("reage/share/")]
        assert len(names) == len(shared) == 8 + 2 + 1 + 4 + 1 + 18
        for file in shared:
            name = file.relative_to(ROOT).as_posix()
            assert archive.read(f"reage/share/{name}") == file.read_bytes()


def test_it_holds_the_data_that_packages_read(wheel: Path) -> None:
    tops = [ROOT / name for name in ("inference", "training", "nuke_plugin", "live")]
    data = {
        str(file.relative_to(top))
        for top in tops for package in top.glob("reage*") for file in package.rglob("*")
        if file.is_file() and file.suffix not in (".py", ".nk") and "__pycache__" not in file.parts
    }  # fmt: skip
    with zipfile.ZipFile(wheel) as archive:
        missing = data - set(archive.namelist())
    assert len(data) > 5 and not missing, sorted(missing)


def test_the_engine_works_and_its_picture_is_the_checkouts(python: Path, tmp_path: Path) -> None:
    assert _reage(python, tmp_path, "--version").split() == ["reage", __version__]
    assert "Everything that is needed works." in _reage(python, tmp_path, "doctor")
    lines = _ran([str(python), "-c", PLATES], tmp_path).splitlines()
    share = Path(lines[0][2:].rpartition(" ")[0])
    assert lines[0].startswith("8 ") and lines[0].endswith(" True")
    assert python.parent.parent in share.parents
    assert lines[1:] == ["(720, 1280, 3)", str(Path("bench", "plate.0001.exr"))]
    ages = ("--source-age", "50", "--target-age", "70", "--frames", "1004", "--crop-size", "256")
    for program, root, name in ((python, share, "wheel"), (Path(sys.executable), ROOT, "here")):
        plate = root / "inference" / "samples" / "demo.%04d.exr"
        _reage(program, tmp_path, "render", str(plate), *ages, "-o", f"{name}.%04d.exr")
    assert _pixels(tmp_path / "wheel.1004.exr") == _pixels(tmp_path / "here.1004.exr")


def _pixels(path: Path) -> bytes:
    import OpenImageIO as oiio

    data: bytes = oiio.ImageBuf(str(path)).get_pixels(oiio.FLOAT).tobytes()
    assert any(data)
    return data


def test_nuke_starts_it_and_bakes_with_its_own_engine(python: Path, tmp_path: Path) -> None:
    folders = (ROOT / "tests" / "support", ROOT / "tests" / "nuke")
    said = _ran([str(python), "-c", IN_NUKE, *map(str, folders)], tmp_path)
    *checks, places = said.splitlines()
    assert [line for line in checks if line.startswith("NOT WELL")] == []
    assert sum(line.startswith("well ") for line in checks) >= 10
    site = str(Path(sysconfig.get_path("purelib", "venv", {"base": str(python.parent.parent)})))
    assert f"{site}/reage/share/gizmos" in places and f"{site}/reage_nuke/__init__.py" in places
    assert places.endswith(f"{python} -m reage.cli worker")
    assert str(ROOT) not in places


def test_nuke_is_led_to_it_and_away(python: Path, tmp_path: Path) -> None:
    user = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    assert "added to" in _reage(python, tmp_path, "nuke", "install", **user)
    assert "up to date" in _reage(python, tmp_path, "nuke", "install", **user)
    report = _reage(python, tmp_path, "doctor", "--nuke", **user)
    assert "Everything that is needed works." in report and "standard library alone" in report
    assert "taken out" in _reage(python, tmp_path, "nuke", "uninstall", **user)
    assert not any(tmp_path.iterdir())
    studio = tmp_path / "studio"
    assert "added to" in _reage(python, tmp_path, "nuke", "install", str(studio), **user)
    assert str(studio / "init.py") in _reage(python, tmp_path, "doctor", "--nuke", **user)
    noted = python.parent.parent / "nuke-folders.json"
    noted.unlink()  # as where the environment was nobody's to write in
    found = _reage(python, tmp_path, "doctor", "--nuke", **user, NUKE_PATH=str(studio))
    assert str(studio / "init.py") in found
    assert "taken out" in _reage(python, tmp_path, "nuke", "uninstall", str(studio), **user)
    assert not any(tmp_path.iterdir()) and not noted.exists()
    (line,) = _reage(python, tmp_path, "nuke", "path").splitlines()
    plugin = line.partition("=")[2].partition('"')[0].strip("'")
    assert (Path(plugin) / "init.py").is_file()
    assert "Everything" in _reage(python, tmp_path, "doctor", "--nuke", **user, NUKE_PATH=plugin)
