"""The report of a shot as a file: what comes back is what was written, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import reage
from helpers.shots import write_shot
from reage.errors import SettingsError
from reage.models.model import NullModel
from reage.shot.rendering import render
from reage.shot.shot_report import ShotReport
from reage.shot.shot_report_file import load_report, save_report


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ShotReport:
    folder = tmp_path_factory.mktemp("shot")
    plate, track = write_shot(folder / "plates", frames=range(1, 6), lost=(3,))
    Path(plate % 4).write_bytes(b"no image")
    job = reage.RenderJob(
        plate, str(folder / "o.%04d.exr"), reage.Settings(50, 30, crop_size=128), track=track,
        continue_on_error=True, by_frame={2: {"target_age": 40.0}},
    )  # fmt: skip
    return render(job, model=NullModel(strength=0.5)).shot


def test_a_report_comes_back_as_it_was(report: ShotReport, tmp_path: Path) -> None:
    save_report(report, tmp_path / "r.json")
    back = load_report(tmp_path / "r.json")
    assert json.dumps(back.document()) == json.dumps(report.document())
    assert back.runs == report.runs and back.frames == report.frames


def test_it_tells_each_frame(report: ShotReport) -> None:
    assert [f.number for f in report.frames] == [1, 2, 3, 4, 5]
    assert [f.outcome for f in report.frames] == ["done", "done", "no face", "failed", "done"]
    assert [f.faces[0].target_age for f in report.frames] == [30, 40, 30, 30, 30]
    first, _, lost, failed, _ = report.frames
    assert first.faces[0].state == "seen" and first.faces[0].confidence == 0.9
    assert first.faces[0].center == (143.0, 120.0) and lost.faces[0].state == "none"
    assert "shot.0004.exr" in failed.error and failed.size is None
    assert set(first.seconds) == {"read", "encode", "infer", "decode", "write"}
    (run,) = report.runs
    assert sum(sum(f.seconds.values()) for f in report.frames) < 6 * run.seconds
    assert run.started < run.ended and run.frames == (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.update(reage_report=2), "is no report of a shot"),
        (lambda d: d.update(reage_report=True), "is no report of a shot"),
        (lambda d: d.update(more=1), "unknown fields: more"),
        (lambda d: d.pop("runs"), "lacks runs"),
        (lambda d: d.update(runs=[]), "it has no runs"),
        (lambda d: d["runs"][0].update(ended="today"), "a run's ended is 'today'"),
        (lambda d: d["frames"].reverse(), "do not ascend"),
        (lambda d: d["frames"][0].update(run="x"), "frame 1: there is no run 'x'"),
        (lambda d: d["frames"][1].update(outcome="fine"), "frame 2: outcome is 'fine'"),
        (lambda d: d["frames"][1].update(faces=[]), "it has 0 faces, the shot 1"),
        (lambda d: d["frames"][1].update(number=1.5), "must be a whole number"),
        (lambda d: d["frames"][0].update(number=-(10**9) - 1), "or one beyond"),
        (lambda d: d["frames"][1].update(seconds={"read": "x"}), "seconds are numbers"),
        (lambda d: d["frames"][0]["faces"][0].update(confidence=2), "from 0 to 1"),
        (lambda d: d["frames"][0]["faces"][0].update(size=1e6), "px of a plate"),
        (lambda d: d["frames"][0]["faces"][0].update(degrees=1e9), "degrees go from"),
        (lambda d: d["frames"][0]["faces"][0].update(target_age=-1), "ages and change"),
        (lambda d: d["runs"][0].update(tracks=[]), "crops and tracks for 1 faces"),
        (lambda d: d["runs"][0].update(seconds=-1), "a run's seconds"),
        (lambda d: d["runs"][0].update(frames=[10**10]), "or one beyond"),
        (lambda d: d.update(flicker=[{"score": 1, "frames": [1]}]), "a value from 0 for each"),
        (lambda d: d.update(flicker=[{"score": 1}] * 2), "flicker of 2 faces"),
        (lambda d: d.update(notices=["x"]), "must be a JSON object"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(report, tmp_path, change, says) -> None:
    document = json.loads(json.dumps(report.document()))
    change(document)
    path = tmp_path / "r.json"
    path.write_text(json.dumps(document))
    with pytest.raises(SettingsError) as e:
        load_report(path)
    assert says in str(e.value) and str(path) in str(e.value)


def test_made_anew_and_looks_are_told_by_their_words(report: ShotReport) -> None:
    a, b, *rest = report.frames
    a, b = replace(a, anew="the file was damaged"), replace(b, anew="the file was damaged")
    again = replace(report, frames=(a, b, *rest))
    assert again.made_anew == {"the file was damaged": (1, 2)} and report.made_anew == {}
    assert report.looks(0) == {}
