"""install.py: what it decides, what it refuses, and what it leaves behind."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reage import home

ROOT = home.root()


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reage_install", ROOT / "install.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


install = _load()


def _plan(prefix: Path, **changes: object) -> Any:
    plan = install.Plan(prefix=prefix, device="cpu", cuda=0, extras=())
    return plan._replace(**changes)


def _made(prefix: Path, state: str = "complete") -> Any:
    """A folder that looks as after a run of install.py, with something in it."""
    plan = _plan(prefix)
    prefix.mkdir(parents=True)
    python = install.program(prefix, "python")
    python.parent.mkdir()
    python.write_bytes(b"")
    install.write_marker(plan, state)
    return plan


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "install.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_names_every_option() -> None:
    said = _run("--help").stdout
    for option in ("--demo", "--test", "--nuke", "--nuke-path", "--uninstall"):
        assert option in said
    for option in ("--prefix", "--out", "--device"):
        assert option in said


def test_two_actions_at_once_are_refused() -> None:
    assert _run("--demo", "--test").returncode == 2
    assert _run("--nuke-path", "--uninstall").returncode == 2


@pytest.mark.parametrize("version", [(3, 10), (3, 11), (3, 12, 4)])
def test_supported_pythons_pass(version: tuple[int, ...]) -> None:
    assert install.python_problem(version) is None


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 9), (3, 13)])
def test_other_pythons_are_told_which_to_use(version: tuple[int, ...]) -> None:
    said = install.python_problem(version)
    assert "{}.{}".format(*version) in said
    assert any(name in said for name in ("python3.12", "python3.11", "python3.10"))


def test_an_old_python_can_still_read_the_file() -> None:
    """Python 3.6 must come as far as the sentence that says it is too old."""
    import ast

    tree = ast.parse((ROOT / "install.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert "__future__" not in imported and "dataclasses" not in imported


def test_only_the_standard_library_is_imported() -> None:
    """And ReAge's own modules that need no more; test_install_nuke.py runs them so."""
    import ast

    tree = ast.parse((ROOT / "install.py").read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, "reage"}


@pytest.mark.parametrize(
    ("asked", "cuda", "system", "device"),
    [
        ("auto", 0, "Linux", "cpu"),
        ("auto", 11080, "Linux", "cpu"),
        ("auto", 12040, "Linux", "gpu"),
        ("auto", 13000, "Windows", "gpu"),
        ("auto", 0, "Darwin", "cpu"),
        ("cpu", 13000, "Linux", "cpu"),
        ("gpu", 0, "Linux", "gpu"),
    ],
)
def test_device_follows_the_driver(asked: str, cuda: int, system: str, device: str) -> None:
    assert install.choose_device(asked, cuda, system) == device


def test_no_gpu_build_on_macos() -> None:
    with pytest.raises(install.InstallError, match="macOS"):
        install.choose_device("gpu", 0, "Darwin")


def test_a_new_or_empty_folder_is_made(tmp_path: Path) -> None:
    assert install.what_to_do(_plan(tmp_path / "new")) == "make"
    assert install.what_to_do(_plan(tmp_path)) == "make"


def test_a_finished_environment_is_left_alone(tmp_path: Path) -> None:
    assert install.what_to_do(_made(tmp_path / "env")) == "nothing"


def test_an_interrupted_one_is_made_afresh(tmp_path: Path) -> None:
    assert install.what_to_do(_made(tmp_path / "env", "unfinished")) == "make"


def test_a_lost_python_is_made_afresh(tmp_path: Path) -> None:
    plan = _made(tmp_path / "env")
    install.program(tmp_path / "env", "python").unlink()
    assert install.what_to_do(plan) == "make"


def test_another_device_needs_a_fresh_environment(tmp_path: Path) -> None:
    """The two builds of ONNX Runtime must never meet in one environment."""
    _made(tmp_path / "env")
    assert install.what_to_do(_plan(tmp_path / "env", device="gpu")) == "make"


def test_new_extras_and_changed_inputs_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _made(tmp_path / "env")
    assert install.what_to_do(_plan(tmp_path / "env", extras=("test",))) == "upgrade"
    monkeypatch.setattr(install, "FACE_WHEEL", "mediapipe==0")
    assert install.what_to_do(plan) == "upgrade"


def test_extras_once_installed_are_kept(tmp_path: Path) -> None:
    install.write_marker(_made(tmp_path / "env")._replace(extras=("test", "training")), "complete")
    assert install.make_plan(tmp_path / "env", "cpu", False).extras == ("test", "training")
    assert install.make_plan(tmp_path / "other", "cpu", False).extras == ()


def test_a_device_once_named_is_kept_by_auto(tmp_path: Path) -> None:
    install.write_marker(_made(tmp_path / "env")._replace(device="gpu", asked="gpu"), "complete")
    assert install.make_plan(tmp_path / "env", "auto", False).device == "gpu"
    assert install.make_plan(tmp_path / "env", "cpu", False).device == "cpu"


@pytest.mark.parametrize(
    ("device", "cuda", "pinned"),
    [("gpu", 12080, True), ("gpu", 13000, False), ("gpu", 0, False), ("cpu", 12080, False)],
)
def test_an_older_driver_gets_the_last_build_for_it(
    tmp_path: Path, device: str, cuda: int, pinned: bool
) -> None:
    assert bool(_plan(tmp_path, device=device, cuda=cuda).pins) is pinned


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"made_by": "someone"}', "\x00not json"])
def test_a_marker_that_is_not_ours_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / install.MARKER).write_text(content, encoding="utf-8")
    assert install.read_marker(tmp_path) is None
    with pytest.raises(install.InstallError, match="left alone"):
        install.what_to_do(_plan(tmp_path))


def test_a_foreign_folder_is_neither_used_nor_removed(tmp_path: Path) -> None:
    precious = tmp_path / "mine" / "shot.exr"
    precious.parent.mkdir()
    precious.write_bytes(b"pixels")
    for arguments in (["--uninstall"], []):
        done = _run(*arguments, "--prefix", str(precious.parent))
        assert done.returncode == 1
        assert str(precious.parent) in done.stderr
        assert "Traceback" not in done.stderr
    assert precious.read_bytes() == b"pixels"


def test_uninstall_removes_all_that_it_made_and_nothing_else(tmp_path: Path) -> None:
    prefix, outside = tmp_path / "env", tmp_path / "outside"
    _made(prefix)
    outside.mkdir()
    (outside / "kept").write_bytes(b"")
    try:
        (prefix / "link").symlink_to(outside, target_is_directory=True)
    except OSError:
        assert sys.platform == "win32", "only Windows asks for a right to make links"
    install.note_made(prefix, set())
    assert _run("--uninstall", "--prefix", str(prefix)).returncode == 0
    assert not prefix.exists()
    assert (outside / "kept").exists()


def test_uninstall_of_nothing_says_so(tmp_path: Path) -> None:
    done = _run("--uninstall", "--prefix", str(tmp_path / "none"))
    assert done.returncode == 0
    assert "nothing to remove" in done.stdout


def test_a_failed_command_is_quoted_and_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = install.Steps(2, tmp_path / "log")
    steps.quiet("Say hello", [sys.executable, "-c", "print('hello')"])
    with pytest.raises(install.CommandFailed) as failure:
        steps.quiet("Fail", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"])
    assert failure.value.said == ["the reason"]
    assert "the reason" in str(failure.value) and "hello" not in str(failure.value)
    assert "hello" in (tmp_path / "log").read_text(encoding="utf-8")
    assert "[1/2] Say hello" in capsys.readouterr().out


def test_a_real_environment_is_made_interrupted_and_repaired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real venv and a real pip, which has no index to ask."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    prefix = tmp_path / "env"
    done = _run("--prefix", str(prefix), "--device", "cpu")
    assert done.returncode == 1
    assert "[1/3]" in done.stdout and "[2/3]" in done.stdout
    assert "setuptools" in done.stderr and "Traceback" not in done.stderr
    assert install.program(prefix, "python").exists()
    plan = _plan(prefix)
    assert json.loads((prefix / install.MARKER).read_text("utf-8"))["state"] == "unfinished"
    assert install.what_to_do(plan) == "make"
    (prefix / "notes.txt").write_bytes(b"mine")
    install.prepare(plan, "make")
    assert {entry.name for entry in prefix.iterdir()} == {install.MARKER, "notes.txt"}
    assert _run("--uninstall", "--prefix", str(prefix)).returncode == 0
    assert [entry.name for entry in prefix.iterdir()] == ["notes.txt"]


MINE = {
    "notes.txt", "shots/", "shots/a.exr", "bin/", "bin/my_script", "lib/", "lib/python3.11/",
    "lib/python3.11/site-packages/", "lib/python3.11/site-packages/mine.py",
    "lib/python3.11/site-packages/__pycache__/",
    "lib/python3.11/site-packages/__pycache__/mine.cpython-311.pyc",
}  # fmt: skip
"""What somebody put into the environment's folder, and the folders around it."""


def _put(prefix: Path, *names: str) -> None:
    for name in sorted(names):
        if name.endswith("/"):
            (prefix / name).mkdir(parents=True, exist_ok=True)
        else:
            (prefix / name).write_text(f"mine: {name}", encoding="utf-8")


def _package(prefix: Path) -> None:
    """As pip installs one, after the list was written, and Python compiles it."""
    site = "lib/python3.11/site-packages/"
    record = "tool.py,,\ntool-1.dist-info/RECORD,,\n../../../bin/tool,,\n"
    _put(prefix, f"{site}tool-1.dist-info/", f"{site}tool.py", "bin/tool", f"{site}__pycache__/")
    _put(prefix, f"{site}__pycache__/tool.cpython-311.pyc")
    (prefix / site / "tool-1.dist-info" / "RECORD").write_text(record, encoding="utf-8")


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "killed before it was"])
@pytest.mark.parametrize("again", [True, False], ids=["made again", "uninstalled"])
def test_what_the_user_put_there_stays(tmp_path: Path, again: bool, listed: bool) -> None:
    prefix = tmp_path / "env"
    plan = _made(prefix)
    if listed:
        (prefix / "of_a_step").write_bytes(b"")
        install.note_made(prefix, set())
    _put(prefix, *MINE)
    _package(prefix)
    if again:
        install.write_marker(plan, "unfinished")
        install.prepare(plan, "make")
        assert install.entries(prefix) == MINE | {install.MARKER}
    else:
        done = _run("--uninstall", "--prefix", str(prefix))
        assert done.returncode == 0
        assert "Left there, as it was not made: bin/my_script, lib/python3.11/site" in done.stdout
        assert install.entries(prefix) == MINE
    assert (prefix / "notes.txt").read_text(encoding="utf-8") == "mine: notes.txt"


def test_what_was_there_before_a_run_is_never_listed_and_what_came_of_it_is(tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    _made(prefix)
    _put(prefix, *MINE)
    kept = install.entries(prefix) - install.made_in(prefix)
    _put(prefix, "lib/made.py", "shots/made.exr", "shots/made/")
    install.note_made(prefix, kept)
    assert install.empty(prefix) == sorted(MINE)


def test_a_blender_that_was_half_got_goes_again(tmp_path: Path) -> None:
    """Its fetch was ended before what it made was listed."""
    prefix = tmp_path / "env"
    _made(prefix)
    _put(prefix, "bpy/", "bpy/5.0/", "bpy/5.0/bin/", "bpy/5.0/bin/python", "bpy/5.0.reason")
    assert _run("--uninstall", "--prefix", str(prefix)).returncode == 0
    assert not prefix.exists()


def test_every_check_runs_and_pytest_is_last() -> None:
    names = [name for name, *_ in install.CHECKS]
    assert names == ["ruff", "mypy", "lint-imports", "pytest"]


def test_make_and_ci_come_to_the_same_checks() -> None:
    assert "install.py --test" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "python3 install.py --test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
