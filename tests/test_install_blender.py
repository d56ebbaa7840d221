"""install.py --blender: what is put where, what it leads to, and that exactly that goes again.

The checkout is a copy of the files that take part; tests/blender has real Blender start with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.checkouts import copy_parts
from helpers.get_bpy import WHEELS, python_of, reason
from helpers.in_blender import FOLDER
from reage import home
from reage.tools import blender_setup

ROOT = home.root()
PARTS = (
    "install.py", "pyproject.toml", "setup.py", "blender_plugin",
    "inference/reage/__init__.py", "inference/reage/errors.py", "inference/reage/home.py",
    "inference/reage/strict_json.py", "inference/reage/version.py",
    "inference/reage/tools/blender_setup.py", "inference/reage/tools/nuke_setup",
)  # fmt: skip
PUT = sorted((*blender_setup.FILES, blender_setup.WHERE))


class Studio:
    """A user's home with a checkout in it, whose engine is installed, and Blenders of some age."""

    def __init__(self, place: Path) -> None:
        self.home, self.checkout = place, place / "schön ReAge"
        copy_parts(PARTS, self.checkout)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "REAGE"))}
        self.environment = {
            **kept, "HOME": str(place), "USERPROFILE": str(place), "APPDATA": str(place / "App"),
            "XDG_CONFIG_HOME": str(place / "config"), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        self.environment.pop("BLENDER_USER_RESOURCES", None)
        self.engine(self.checkout / ".venv")

    def engine(self, prefix: Path) -> None:
        code = (
            "import install, sys; from pathlib import Path; prefix = Path(sys.argv[1]); "
            "python = install.program(prefix, 'python'); "
            "python.parent.mkdir(parents=True); python.write_bytes(b''); "
            "install.write_marker(install.Plan(prefix, 'cpu', 0, (), 'cpu'), 'complete')"
        )
        subprocess.run(
            [sys.executable, "-c", code, str(prefix)],
            cwd=self.checkout, env=self.environment, check=True, timeout=60,
        )  # fmt: skip

    def blender(self, version: str) -> Path:
        """Where a Blender that was once started looks for the user's extensions."""
        config = self.home / "config" / "blender"
        if sys.platform == "darwin":
            config = self.home / "Library" / "Application Support" / "Blender"
        elif os.name == "nt":
            config = self.home / "App" / "Blender Foundation" / "Blender"
        (config / version / "config").mkdir(parents=True)
        return config / version / "extensions" / "user_default"

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-S", str(self.checkout / "install.py"), *arguments]
        return subprocess.run(
            command, cwd=self.home, env=self.environment, capture_output=True, text=True,
            encoding="utf-8", timeout=60,
        )  # fmt: skip


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "home")


def test_each_blender_that_is_new_enough_gets_it(studio: Studio) -> None:
    old, lts, new = (studio.blender(version) for version in ("4.2", "4.5", "5.1"))
    done = studio.install("--blender")
    assert done.returncode == 0, done.stderr
    assert "switch it on" in done.stdout
    assert not old.exists()
    for folder in (lts, new):
        assert str(folder / "reage") in done.stdout
        assert sorted(p.name for p in (folder / "reage").iterdir()) == PUT
        where = json.loads((folder / "reage" / "where.json").read_text(encoding="utf-8"))
        assert where == {"root": studio.checkout.as_posix(), "python": ""}


def test_without_a_blender_it_says_what_to_do(studio: Studio) -> None:
    studio.blender("4.2")
    done = studio.install("--blender")
    assert done.returncode == 0
    assert "No Blender 4.5 or newer was found here" in done.stdout
    assert "--blender DIR" in done.stdout
    assert not (studio.checkout / blender_setup.RECORD).exists()


def test_uninstall_takes_away_exactly_that(studio: Studio) -> None:
    folders = [studio.blender("4.5"), studio.home / "studio extensions"]
    for folder in folders:
        (folder / "another").mkdir(parents=True)
    studio.install("--blender", *map(str, folders))
    (folders[1] / "reage" / "notes.txt").write_text("mine", encoding="utf-8")
    compiled = folders[0] / "reage" / "__pycache__"
    compiled.mkdir()
    (compiled / "without.cpython-311.pyc").write_bytes(b"")
    done = studio.install("--uninstall")
    assert done.returncode == 0, done.stderr
    assert [p.name for p in folders[0].iterdir()] == ["another"]
    assert [p.name for p in (folders[1] / "reage").iterdir()] == ["notes.txt"]
    assert (folders[1] / "another").is_dir()
    assert not (studio.checkout / blender_setup.RECORD).exists()
    assert not (studio.checkout / ".venv").exists()


def test_uninstall_with_blender_leaves_the_engine_and_other_folders(studio: Studio) -> None:
    folders = [studio.home / name for name in ("one", "two")]
    studio.install("--blender", *map(str, folders))
    done = studio.install("--uninstall", "--blender", str(folders[0]))
    assert done.returncode == 0 and "was taken out of" in done.stdout
    assert not (folders[0] / "reage").exists() and (folders[1] / "reage").is_dir()
    assert (studio.checkout / ".venv").exists()
    assert "is not in" in studio.install("--uninstall", "--blender", str(folders[0])).stdout
    studio.install("--uninstall", "--nuke", str(studio.home / "nuke"))
    assert (folders[1] / "reage").is_dir()


def test_what_another_has_put_there_is_left_alone(studio: Studio) -> None:
    other = studio.home / "extensions" / "reage"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("mine", encoding="utf-8")
    done = studio.install("--blender", str(other.parent))
    assert done.returncode == 1 and "was not put there by install.py" in done.stderr
    assert "Traceback" not in done.stderr
    studio.install("--uninstall", "--blender", str(other.parent))
    assert (other / "__init__.py").read_text(encoding="utf-8") == "mine"


def test_half_a_copy_can_be_completed_and_taken_away(studio: Studio) -> None:
    """The second of its files could not be read; and what went well before that is told."""
    whole, half = studio.home / "one", studio.home / "two"
    studio.install("--blender", str(whole))
    (half / "reage").mkdir(parents=True)
    source = studio.checkout / "blender_plugin" / "LICENSE"
    kept = source.rename(source.with_name("kept"))
    done = studio.install("--blender", str(half))
    assert done.returncode == 1 and "cannot be put into" in done.stderr
    assert sorted(p.name for p in (half / "reage").iterdir()) != PUT
    kept.rename(source)
    assert studio.install("--blender", str(half)).returncode == 0
    assert sorted(p.name for p in (half / "reage").iterdir()) == PUT
    (half / "reage" / "LICENSE").unlink()
    studio.install("--uninstall")
    assert not (half / "reage").exists() and not (whole / "reage").exists()


def test_a_folder_that_fails_does_not_hide_those_before_it(studio: Studio) -> None:
    good, taken = studio.home / "good", studio.home / "taken"
    (taken / "reage").mkdir(parents=True)
    (taken / "reage" / "theirs.py").write_text("mine", encoding="utf-8")
    done = studio.install("--blender", str(good), str(taken))
    assert done.returncode == 1 and str(taken / "reage") in done.stderr
    assert f"ReAge's extension is in {good / 'reage'}." in done.stdout
    assert blender_setup.recorded(studio.checkout) == [good]


def test_an_engine_elsewhere_is_named(studio: Studio) -> None:
    elsewhere, folder = studio.home / "an env", studio.home / "extensions"
    studio.engine(elsewhere)
    done = studio.install("--blender", str(folder), "--prefix", str(elsewhere))
    assert done.returncode == 0, done.stderr
    where = json.loads((folder / "reage" / "where.json").read_text(encoding="utf-8"))
    assert Path(where["python"]).parent.parent == elsewhere
    studio.install("--uninstall")
    assert (folder / "reage").is_dir(), "it is of the other environment"
    studio.install("--uninstall", "--prefix", str(elsewhere))
    assert not (folder / "reage").exists()


def test_of_a_checkout_that_moved_its_extension_is_taken_away(studio: Studio) -> None:
    folder = studio.home / "extensions"
    studio.install("--blender", str(folder))
    studio.checkout = studio.checkout.rename(studio.home / "moved")
    studio.install("--uninstall")
    assert not (folder / "reage").exists()


@pytest.mark.parametrize("line", WHEELS)
def test_blenders_own_checks_of_an_extension_pass(line: str) -> None:
    if why := reason(FOLDER, line):
        pytest.skip(why)
    command = next((FOLDER / line).rglob("bl_pkg/cli/blender_ext.py"))
    done = subprocess.run(
        [str(python_of(FOLDER, line)), "-I", str(command), "validate", "blender_plugin"],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
