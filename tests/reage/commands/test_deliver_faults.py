"""The disk fills up while a command writes: one sentence, and what stands there is whole.

Renders have a fault run of their own, `tests/reage/shot/test_rendering_faults.py`.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import HEIGHT, WIDTH, write_shot
from helpers.small_disk import small_disk
from reage.cli import main
from reage.commands.job_flags import add_job_flags, job_of
from reage.errors import OutputError
from reage.faces import FaceTrack
from reage.faces.typical import typical_face
from reage.shot.tracking import save_track

PAGE, SIZE = 4096, 16 << 20

COMMANDS = {
    "report": "report {shot}/a.json -o {out}/page.html",
    "submit": "submit {shot}/job.json -o {out}/bundle",
    "deliver pictures": "deliver {shot}/o.%04d.exr --plate {plate} -o {out}/f.%04d.png",
    "deliver a ZIP": "deliver {shot}/o.%04d.exr -o {out}/f.zip",
    "deliver a movie": "deliver {shot}/o.%04d.exr --plate {plate} -o {out}/f.mov",
    "stabilize": "stabilize {shot}/mesh.json --plate {plate} -o {out}/s.%04d.exr "
    "--usd {out}/s.usda",
}


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered shot of three frames, with its job, its report and a track that has a mesh."""
    folder = tmp_path_factory.mktemp("shot")
    plate, track = write_shot(folder / "plates", frames=range(1, 4))
    model = delta_network(folder / "m.onnx", card=CARD | {"halo": 1, "crop_size": 128})
    words = [plate, "--source-age", "40", "--target-age", "70", "--track", track, "--model",
             str(model), "-o", str(folder / "o.%04d.exr")]  # fmt: skip
    parser = argparse.ArgumentParser()
    add_job_flags(parser)
    (folder / "job.json").write_text(job_of(parser.parse_args(words)).to_json(), encoding="utf-8")
    assert main(["render", *words, "-q", "--report", str(folder / "a.json")]) == 0
    place = {"center": (150.0, 120.0), "size": 120.0}
    faces = {n: replace(typical_face(n, 9.0 * n), **place) for n in range(1, 4)}  # type: ignore[arg-type]
    save_track(FaceTrack(WIDTH, HEIGHT, faces), folder / "mesh.json")
    return folder


def run(command: list[str], alone: bool = False) -> tuple[int, str]:
    """Its exit code, and what it complains of. alone: in a process of its own, as FFmpeg holds the
    file of a movie that could not be ended."""
    if alone:
        whole = [sys.executable, "-m", "reage.cli", *command]
        done = subprocess.run(whole, capture_output=True, text=True)
        return done.returncode, done.stderr
    with redirect_stderr(io.StringIO()) as said:
        return main(command), said.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_disk_that_fills_up_is_a_sentence_and_leaves_only_whole_files(
    shot: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    words = COMMANDS[name].format(shot=shot, out=out, plate=shot / "plates" / "shot.%04d.exr")
    command = [*words.split(), "-q"]
    assert run(command)[0] == 0
    calm = contents(out)
    pages = sum(len(data) for data in calm.values()) // PAGE
    out.rename(tmp_path / "calm")
    with small_disk(out, SIZE) as mounted:
        if not mounted:
            pytest.skip("only root of Linux may mount a small disk")
        for left in sorted({0, 1, pages // 3, 2 * pages // 3}):
            with (out / "ballast").open("wb") as ballast:
                for _ in range(SIZE // PAGE - left):
                    ballast.write(bytes(PAGE))
            code, said = run(command, alone=name == "deliver a movie")
            (out / "ballast").unlink()
            assert code == OutputError.exit_code, f"{left} of {pages} pages left: {code}: {said}"
            assert said.startswith("reage: ") and said.count("\n") == 1 and len(said) < 400, said
            assert re.search("No space left on device|disk (is )?full", said) and str(out) in said
            there = contents(out)
            assert [path for path in there if there[path] != calm.get(path)] == []
        assert main(command) == 0 and contents(out) == calm
