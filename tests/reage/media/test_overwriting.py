"""No command and no request of a worker writes over what it reads: real files, real processes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.engine import COMMAND, PATHS
from helpers.shots import write_shot
from reage import home
from reage.service.client import EngineError, Worker

AGES = ("--source-age", "40", "--target-age", "70")


@pytest.fixture
def folder(tmp_path):
    """A shot, and beside it each other kind of input."""
    write_shot(tmp_path / "p", frames=range(1, 4))
    head = home.demo_plate()[0]
    shutil.copy(head, tmp_path / "ph.exr")
    shutil.copy(head, tmp_path / "ph.png")  # whatever it holds: nothing is to read it
    for number in range(1, 4):
        shutil.copy(tmp_path / "p" / f"shot.{number:04d}.exr", tmp_path / f"map.{number:04d}.exr")
    shutil.copy(tmp_path / "map.0001.exr", tmp_path / "m.exr")
    shutil.copy(tmp_path / "map.0001.exr", tmp_path / "a.pattern.exr")
    return tmp_path


def contents(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def reage(folder, *words):
    command = [sys.executable, "-m", "reage.cli", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


SHOT, FIRST = "p/shot.%04d.exr", "p/shot.0001.exr"


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("track", SHOT, "-o", FIRST), "A face track is written as"),
        (("track", SHOT, "-o", "new.png"), "A face track is written as"),
        (("track", "p/track.json", "--at", "1", "--shift", "1,1", "-o", "ph.png"),
         "A face track is written as"),
        (("track", "ph.png", "--list", "-o", "ph.png"), "overwrite the plate"),
        (("sheet", FIRST, "m.exr", "m.exr", "-o", FIRST), "overwrite the plate"),
        (("sheet", SHOT, "map.####.exr", "map.####.exr", "-o", "p/../p/shot.0002.exr"),
         "overwrite the plate"),
        (("sheet", SHOT, "map.####.exr", "map.####.exr", "-o", "map.0002.exr"),
         "overwrite the layers"),
        (("render", SHOT, *AGES, "-o", SHOT), "overwrite the plate"),
        (("render", SHOT, *AGES, "--age-map", "map.####.exr", "-o", "map.%04d.exr"),
         "overwrite the age map"),
        (("render", SHOT, *AGES, "--frames", "2", "--age-map", "m.exr", "-o", "m.exr"),
         "overwrite the age map"),
        (("render", SHOT, *AGES, "--frames", "2", "--hair-matte", "m.exr", "-o", "m.exr"),
         "overwrite the hair matte"),
        (("render", SHOT, *AGES, "--frames", "2", "--pattern", "a.pattern.exr", "-o",
          "a.pattern.exr"), "overwrite the pattern"),
        (("pattern", "ph.exr", "ph.png", "-o", "o.pattern.exr", "--look", "ph.png"),
         "overwrite the photograph"),
        (("pattern", "a.pattern.exr", "-o", "a.pattern.exr"), "overwrite the photograph"),
    ],
)  # fmt: skip
def test_an_output_that_is_an_input_is_refused(folder, command, what):
    before = contents(folder)
    done = reage(folder, *command)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert what in done.stderr and done.stderr.count("\n") <= 2
    assert contents(folder) == before


def test_what_single_faces_read_is_an_input_as_well(folder):
    entries = [{"face": f"{x},120", "age_map": "m.exr"} for x in (100, 200)]
    text = json.dumps({"reage_faces": 1, "faces": entries})
    (folder / "faces.json").write_text(text)
    before = contents(folder)
    done = reage(folder, "render", SHOT, *AGES, "--frames", "2", "--faces", "faces.json",
                 "-o", "m.exr")  # fmt: skip
    assert done.returncode == 2 and "overwrite the age map" in done.stderr, done
    assert contents(folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_an_input_is_that_input(folder):
    (folder / "out.0002.exr").symlink_to(folder / "p" / "shot.0002.exr")
    before = contents(folder)
    done = reage(folder, "render", SHOT, *AGES, "-o", "out.%04d.exr")
    assert done.returncode == 2 and "overwrite the plate" in done.stderr, done
    assert contents(folder) == before


def test_a_worker_refuses_the_same(folder):
    plate, before = str(folder / SHOT), contents(folder)
    job = {"plate": plate, "output": plate, "settings": {}}
    photo = str(folder / "a.pattern.exr")
    with Worker.start(COMMAND, PATHS) as worker:
        for verb, arguments in (
            ("render", {"job": job}),
            ("track", {"job": job, "path": str(folder / FIRST)}),
            ("pattern", {"photographs": [photo], "path": photo}),
        ):
            with pytest.raises(EngineError, match=r"overwrite the|is written as") as refused:
                worker.call(verb, **arguments)
            assert refused.value.kind == "SettingsError"
    assert contents(folder) == before


def test_what_is_beside_the_inputs_is_written(folder):
    """Nor is a name refused that only looks alike."""
    edited = reage(folder, "track", "p/track.json", "--at", "1", "--shift", "1,1")
    assert edited.returncode == 0, edited
    done = reage(folder, "render", SHOT, *AGES, "--model", "null", "--track", "p/track.json",
                 "-o", "p/shot_reage.%04d.exr")  # fmt: skip
    assert "overwrite" not in done.stderr
    assert Path(folder / "p" / "shot.0001.exr").is_file()
