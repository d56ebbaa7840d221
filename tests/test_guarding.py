"""The engine opens no port, writes nowhere but where it was told, starts no program, and runs no
code out of a file: what it asks of the system is watched over a render, a bake and a take."""

from __future__ import annotations

import ast
import json
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.certificates import certified
from helpers.deliveries import baked
from helpers.watched_calls import CAN_WATCH, Calls, watched
from reage import home
from reage.job import RenderJob
from reage.settings import Settings

REAGE = (sys.executable, "-m", "reage.cli")
AGES = ("--source-age", "50", "--target-age", "70")
PLATE = str(home.root() / "inference" / "samples" / "demo.%04d.exr")

needs_strace = pytest.mark.skipif(not CAN_WATCH, reason="no strace here that may watch")


def run(
    tmp_path: Path, *command: object, asked: str = "", place: str = "elsewhere"
) -> Calls:
    """Watch a command that is told of `tmp_path / "out"` and the cache, and works elsewhere."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir(exist_ok=True)
    environment = {
        **os.environ, "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary"),
        "REAGE_CACHE": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        environment.pop(name, None)
    return watched(command, tmp_path / place, environment, asked)


def assert_kept_to(calls: Calls, tmp_path: Path, code: int = 0) -> None:
    """Only what was told was written, no other program ran, nothing was asked of a network."""
    assert calls.code == code, calls.output
    assert calls.outside(tmp_path / "out", tmp_path / "cache") == []
    assert calls.programs[1:] == ()
    assert [each for each in calls.sockets if not _is_local(each)] == []


def _is_local(call: str) -> bool:
    """Whether a call is about a pipe to a process of this machine, as the C library asks who a user
    is, and opens nothing for others."""
    opens = call.startswith(("listen", "bind", "accept"))
    return ("AF_UNIX" in call or "<UNIX" in call) and not opens


@needs_strace
def test_the_watch_sees_what_it_is_to_see(tmp_path: Path) -> None:
    code = (
        "import os, socket, subprocess, sys\n"
        "open('a', 'w').close(); os.rename('a', 'b'); os.mkdir(sys.argv[1] + '/c')\n"
        "subprocess.run(['true']); socket.socket().close()\n"
        "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
    )
    (tmp_path / "out").mkdir()
    calls = run(tmp_path, sys.executable, "-c", code, tmp_path / "out")
    assert {Path(path).name for path in calls.outside(tmp_path / "out")} == {"a", "b"}
    assert tmp_path / "out" / "c" in calls.changed
    assert Path(calls.programs[-1]).name == "true"
    assert any(each.startswith("listen") for each in calls.sockets)


@needs_strace
def test_a_render_keeps_to_what_it_was_told(tmp_path: Path) -> None:
    words = ("render", PLATE, "--frames", "1001-1002", *AGES, "--crop-size", "256", "--layers")
    layers = ("delta,matte,parts,shape,beauty", "-o", tmp_path / "out" / "l.%04d.exr", "--resume")
    calls = run(tmp_path, *REAGE, *words, *layers)
    assert_kept_to(calls, tmp_path)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "l.1001.exr", "l.1002.exr", "l.track.json"
    }  # fmt: skip
    assert Path(PLATE % 1001) in calls.read and Path(PLATE % 1001) not in calls.changed


@needs_strace
def test_a_bake_of_the_worker_keeps_to_what_it_was_told(tmp_path: Path) -> None:
    settings = Settings(source_age=50.0, target_age=70.0, crop_size=256)
    output = str(tmp_path / "out" / "l.%04d.exr")
    job = json.loads(RenderJob(PLATE, output, settings, frames="1001").to_json())
    request = {"id": 1, "do": "render", "job": job}
    calls = run(tmp_path, *REAGE, "worker", asked=json.dumps(request))
    assert (tmp_path / "out" / "l.1001.exr").is_file(), calls.output
    assert_kept_to(calls, tmp_path)


@needs_strace
def test_a_take_keeps_to_what_it_was_told(tmp_path: Path) -> None:
    pytest.importorskip("reage_live")
    record = ("--frames", "12", "--takes", tmp_path / "out", "--record", "--scene", "7")
    calls = run(tmp_path, *REAGE, "live", "--no-window", "--source", "test", *AGES, *record)
    assert list((tmp_path / "out").rglob("take.json")), calls.output
    assert_kept_to(calls, tmp_path)


class _Trap:
    """Makes a file where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, int]]:
        return os.mkdir, (str(self.mark), 0o755)


TOLD: dict[str, tuple[str, ...]] = {
    "model.onnx": ("--model",),
    "anna.reage": ("--model",),
    "old.pattern.exr": ("--pattern",),
    "shot.track.json": ("--track",),
    "faces.json": ("--faces",),
    "map.exr": ("--age-map",),
}


@needs_strace
@pytest.mark.parametrize("name", ["d.zip", "d.mov"])
def test_signing_and_checking_ask_no_network(tmp_path: Path, name: str) -> None:
    """Large files pass through the temporary folder, where nothing of them stays."""
    kit = baked(tmp_path / "kit")
    (tmp_path / "keys").mkdir()
    chain, key = certified(tmp_path / "keys")
    out, sign = tmp_path / "out" / name, ("--sign", chain, "--key", key)
    plate = () if name == "d.zip" else ("--plate", kit.plate)
    for number, words in enumerate((
        ("deliver", kit.layers, *plate, *sign, "-o", out),
        ("provenance", out, "--trust", chain, "--ingredients", Path(kit.layers).parent),
    )):  # fmt: skip
        calls = run(tmp_path, *REAGE, *words, place=f"elsewhere{number}")
        assert calls.code == 0, calls.output
        allowed = (tmp_path / "out", tmp_path / "cache", tmp_path / "temporary")
        layers = Path(kit.layers).parent
        claims = [each for each in map(Path, calls.outside(*allowed)) if each.parent == layers]
        assert {each.suffix for each in claims} <= {".reage-claim"}  # so that nobody renders them
        assert calls.outside(*allowed, layers) == [] and calls.programs[1:] == ()
        assert [each for each in calls.sockets if not _is_local(each)] == []
        assert not [*layers.glob(".*")]
    assert [*(tmp_path / "out").iterdir()] == [out]
    assert [*(tmp_path / "temporary").iterdir()] == []


@pytest.mark.parametrize("name", [*TOLD, "job.json"])
def test_code_in_a_file_is_not_run(tmp_path: Path, name: str) -> None:
    from reage.cli import main

    mark, file = tmp_path / "mark", tmp_path / name
    file.write_bytes(pickle.dumps(_Trap(mark)))
    pickle.loads(file.read_bytes())
    assert mark.is_dir()  # so the trap works
    mark.rmdir()
    words = [PLATE, "--frames", "1001", *AGES, "-o", str(tmp_path / "out" / "l.%04d.exr")]
    if name == "job.json":
        words[0] = str(file)
    flags = (word for flag in TOLD.get(name, ()) for word in (flag, str(file)))
    code = main(["render", *words, *flags])
    assert code in (2, 3, 4, 5) and not mark.exists()


FORBIDDEN = {
    "eval", "exec", "compile", "__import__", "pickle", "marshal", "shelve", "dill", "cloudpickle",
    "run_path", "run_module", "system", "popen",
}  # fmt: skip
"""Names by which data becomes code, or a program."""


def test_the_engine_has_no_way_from_data_to_code() -> None:
    """torch's own loader of checkpoints, with its pickles, is the training's alone."""
    found = []
    for folder in (home.root() / "inference" / "reage", home.root() / "live" / "reage_live"):
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if name := FORBIDDEN & set(_named(node)):
                    found.append(f"{path.relative_to(home.root())}:{node.lineno}: {name.pop()}")
    assert found == []


def _named(node: ast.AST) -> list[str]:
    """Modules that a node imports, and functions that it calls by their bare or module's name."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(alias.name for alias in node.names)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return [node.func.id]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        of_system = isinstance(owner, ast.Name) and owner.id in ("os", "runpy")
        return [node.func.attr] if of_system else []
    return []
