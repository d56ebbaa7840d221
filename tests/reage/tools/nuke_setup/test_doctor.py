"""`reage doctor --nuke` on a copy of the checkout with a real, small environment in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from reage import home
from reage.tools.doctor import Finding
from reage.tools.nuke_setup import folder as folders
from reage.tools.nuke_setup import steps
from reage.tools.nuke_setup.block import BlockEntry
from reage.tools.nuke_setup.doctor import diagnose

ROOT = home.root()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout, less models and samples, with an environment; greeting needs no library."""
    checkout = tmp_path_factory.mktemp("whole") / "my ReAge"
    leave = shutil.ignore_patterns("__pycache__", "*.onnx", "samples")
    for name in ("inference", "nuke_plugin", "gizmos", "icons"):
        shutil.copytree(ROOT / name, checkout / name, ignore=leave)
    _environment(checkout / ".venv", checkout)
    return checkout


def _environment(prefix: Path, checkout: Path) -> Path:
    """A real environment with the engine of `checkout`, where it has one; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(prefix)], check=True)
    scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(prefix)}))
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(prefix)}))
    (site / "reage_test.pth").write_text(str(checkout / "inference"), encoding="utf-8")
    return scripts / ("python.exe" if os.name == "nt" else "python")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with no Nuke folder yet."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name in ("NUKE_PATH", "REAGE_PYTHON"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _found(checkout: Path) -> dict[str, Finding]:
    return {f.subject: f for f in diagnose(checkout).findings}


def test_what_was_installed_well_is_found_well(whole: Path, home: Path) -> None:
    steps.enter(whole, home / ".nuke", "")
    report = diagnose(whole)
    assert report.exit_code == 0, report.text()
    assert {f.verdict for f in report.findings} == {"ok"}
    text = report.text()
    assert str(home / ".nuke" / "init.py") in text
    assert "standard library alone" in text and " answers in " in text
    steps.take_out(whole, home / ".nuke")


def test_where_nothing_leads_to_it_the_way_is_told(whole: Path, home: Path) -> None:
    report = diagnose(whole)
    assert report.exit_code == 1
    assert [f.subject for f in report.findings if f.verdict == "fail"] == ["way to ReAge"]
    assert "install.py --nuke" in report.text() and "ReAge in Nuke will not work" in report.text()


def test_nuke_path_is_a_way_as_well(
    whole: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = (str(home), str(whole / "nuke_plugin"))
    monkeypatch.setenv("NUKE_PATH", os.pathsep.join(paths))
    found = _found(whole)
    assert "way to ReAge" not in found
    assert found["NUKE_PATH"].verdict == "ok" and paths[1] in found["NUKE_PATH"].says


def test_a_block_that_leads_nowhere_or_elsewhere_is_a_warning(whole: Path, home: Path) -> None:
    gone, other = home / "gone", home / "other"
    (other / "nuke_plugin").mkdir(parents=True)
    for checkout, says in ((gone, "is not there"), (other, "another ReAge")):
        folders.add(home / ".nuke", BlockEntry((checkout / "nuke_plugin").as_posix()))
        found = _found(whole)
        assert found["Nuke folder"].verdict == "warn" and says in found["Nuke folder"].says
        assert "install.py --nuke" in found["Nuke folder"].advice
        assert found["way to ReAge"].verdict == "fail"


def test_half_a_block_fails(whole: Path, home: Path) -> None:
    (home / ".nuke").mkdir()
    (home / ".nuke" / "init.py").write_bytes(b"# >>> ReAge >>>\n")
    found = _found(whole)
    assert found["Nuke folder"].verdict == "fail" and "by hand" in found["Nuke folder"].says


def test_a_missing_engine_fails_with_what_to_do(whole: Path, home: Path) -> None:
    (whole / ".venv").rename(home / "hidden")
    try:
        found = _found(whole)
    finally:
        (home / "hidden").rename(whole / ".venv")
    assert found["engine"].verdict == "fail" and "install.py" in found["engine"].says
    assert found["plugin"].verdict == "ok"


def test_an_engine_that_a_block_names_is_the_one_that_is_asked(whole: Path, home: Path) -> None:
    python = _environment(home / "envs", whole)
    steps.enter(whole, home / ".nuke", python.as_posix())
    found = _found(whole)
    assert Path(found["engine"].says.partition("start ")[2]) == python
    assert found["worker"].verdict == "ok"
    assert "REAGE_PYTHON" not in os.environ
    steps.take_out(whole, home / ".nuke")


def test_a_program_that_is_no_worker_fails(
    whole: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An environment without ReAge in it: Python starts, and ends at once."""
    monkeypatch.setenv("REAGE_PYTHON", str(_environment(home / "bare", home)))
    found = _found(whole)
    assert found["worker"].verdict == "fail"
    assert "reage" in found["worker"].says and "install.py" in found["worker"].advice


def _broken(whole: Path, where: Path, text: str) -> Path:
    """A copy of the checkout, without its environment, in which the plugin says `text`."""
    shutil.copytree(whole, where, ignore=shutil.ignore_patterns(".venv"))
    package = where / "nuke_plugin" / "reage_nuke" / "__init__.py"
    package.write_text(text, encoding="utf-8")
    return where


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("import numpy\ndef start(): ...\ndef start_gui(): ...\n", "numpy"),
        ("import no_such_module\n", "no_such_module"),
        ("def start(): ...\n", "start_gui() is missing"),
        ("import nuke\nnuke.root()\n", "root"),
    ],
    ids=["numpy", "missing", "half", "asks Nuke"],
)
def test_a_plugin_that_would_not_start_fails(whole: Path, home: Path, text: str, says: str) -> None:
    plugin = _found(_broken(whole, home / "broken", text))["plugin"]
    assert plugin.verdict == "fail" and says in plugin.says


def test_files_that_are_missing_are_named(whole: Path, home: Path) -> None:
    checkout = _broken(whole, home / "broken", "")
    (checkout / "icons" / "ReAge.png").unlink()
    (checkout / "nuke_plugin" / "menu.py").unlink()
    missing = [f.says for f in diagnose(checkout).findings if f.subject == "files"]
    assert missing == ["nuke_plugin/menu.py is missing", "icons/ReAge.png is missing"]


def test_the_command_says_it_without_the_libraries_of_the_engine(whole: Path, home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "reage.cli", "doctor", "--nuke"],
        env={**os.environ, "PYTHONPATH": str(whole / "inference"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "way to ReAge" in done.stdout and str(whole) in done.stdout
