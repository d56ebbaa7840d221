"""A render that is killed again and again makes the very files of one that never was.

    pytest tests/reage/shot/test_claiming_killed.py --kills 50

is the long form: four frames a kill, some minutes.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import write_shot

FRAMES_A_KILL = 4

RENDER = "import sys; from reage.cli import main; sys.exit(main(sys.argv[1:]))"


def render(folder: Path, out: Path) -> subprocess.Popen[bytes]:
    """`reage render` of the shot in `folder`, in a process of its own."""
    return subprocess.Popen(
        [
            sys.executable, "-c", RENDER, "render", str(folder / "shot.%04d.exr"), "--resume", "-q",
            "--source-age", "40", "--target-age", "70", "--crop-size", "128", "--device", "cpu",
            "--track", str(folder / "track.json"), "--model", str(folder / "net.onnx"),
            "--layers", "delta,matte,beauty", "-o", str(out / "layers.%04d.exr"),
        ]
    )  # fmt: skip


def finished(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir()} if out.is_dir() else {}


def killed(folder: Path, out: Path, moments: random.Random) -> None:
    """One render, killed at a random moment: in its start, or after a few more frames."""
    before, process = len(finished(out)), render(folder, out)
    if moments.random() < 0.1:
        time.sleep(moments.uniform(0, 2))
    else:
        wanted = before + moments.randint(1, FRAMES_A_KILL)
        while process.poll() is None and len(list(out.glob("layers.*"))) < wanted:
            time.sleep(0.001)
        time.sleep(moments.uniform(0, 0.05))
    process.kill()
    process.wait()


@pytest.mark.timeout(3600)
def test_what_was_killed_and_resumed_is_what_was_not_bit_for_bit(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--kills")
    write_shot(tmp_path, range(1, FRAMES_A_KILL * kills + 1))
    delta_network(tmp_path / "net.onnx", card=CARD | {"halo": 1})
    whole, broken, moments = tmp_path / "whole", tmp_path / "broken", random.Random(kills)
    assert render(tmp_path, whole).wait() == 0
    claims = drafts = 0
    for _ in range(kills):
        killed(tmp_path, broken, moments)
        claims += any(name.endswith(".reage-claim") for name in finished(broken))
        drafts += any(name.startswith(".layers") for name in finished(broken))
    assert claims > 0  # or all were killed in their start
    assert render(tmp_path, broken).wait() == 0
    assert finished(broken) == finished(whole)
    assert all(name.startswith("layers.") for name in finished(whole))
    print(f"of {kills} kills {claims} left a claim and {drafts} a frame's draft; at the end none")
