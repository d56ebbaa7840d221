"""`reage track` of a render job: as its render would track it, and where the job says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.shots import write_shot
from reage import home
from reage.cli import main
from reage.job import RenderJob
from reage.settings import Settings
from reage.shot.tracking import load_track

PLATE = str(home.samples() / "demo.%04d.exr")


def written(folder: Path, **more: object) -> Path:
    """A job over two frames of the demo plate, as a file."""
    said: dict[str, Any] = {"frames": "1002-1003", "plate": PLATE, **more}
    job = RenderJob(output=str(folder / "out" / "l.%04d.exr"), **said)
    path = folder / "job.json"
    path.write_text(job.to_json(), encoding="utf-8")
    return path


def test_its_track_lies_beside_its_output_as_a_render_puts_it(tmp_path: Path) -> None:
    assert main(["track", str(written(tmp_path)), "-q"]) == 0
    assert list(load_track(tmp_path / "out" / "l.track.json").frames) == [1002, 1003]


def test_a_job_that_names_its_track_gets_it_there_and_flags_win(tmp_path: Path) -> None:
    job = written(tmp_path, track=str(tmp_path / "t.json"), plate="nowhere/p.%04d.exr")
    assert main(["track", str(job), "--plate", PLATE, "--frames", "1005", "-q"]) == 0
    assert list(load_track(tmp_path / "t.json").frames) == [1005]
    assert main(["track", str(job), "--plate", PLATE, "-o", str(tmp_path / "o.json"), "-q"]) == 0
    assert list(load_track(tmp_path / "o.json").frames) == [1002, 1003]


def test_each_face_that_a_job_of_several_points_at_gets_a_track(tmp_path: Path) -> None:
    faces, own = tmp_path / "faces.json", str(tmp_path / "own.json")
    entries = [{"face": "0"}, {"track": str(tmp_path / "given.json")}, {"face": "0", "track": own}]
    faces.write_text(json.dumps({"reage_faces": 1, "faces": entries}), encoding="utf-8")
    job = written(tmp_path, faces=str(faces))
    assert main(["track", str(job), "-q"]) == 0
    beside = tmp_path / "out" / "l.track.0.json"
    assert load_track(beside) == load_track(Path(own))
    assert sorted(tmp_path.rglob("*.json")) == sorted([job, faces, beside, Path(own)])


def test_who_wants_one_track_of_several_says_which_face(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job, to = written(tmp_path, settings=Settings(face="all")), tmp_path / "t.json"
    assert main(["track", str(job), "-o", str(to)]) == 2
    assert "say with --face which one" in capsys.readouterr().err
    assert main(["track", str(job), "--face", "0", "-o", str(to), "-q"]) == 0
    assert load_track(to).at(1002) is not None


def test_a_track_is_edited_as_before_and_a_plate_takes_no_second_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plate, track = write_shot(tmp_path, frames=range(1, 4))
    assert main(["track", track, "--at", "2", "--shift", "4,0", "-q"]) == 0
    assert load_track(Path(track)).frames[2].state == "edited"
    assert main(["track", plate, "--plate", plate]) == 2
    assert "--plate goes with a job.json" in capsys.readouterr().err
