"""Reports of chunks are joined to the report of the whole shot."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

import reage
from helpers.shots import write_shot
from reage.errors import SettingsError
from reage.models.model import NullModel
from reage.shot.rendering import render
from reage.shot.shot_report import ShotReport, TrackFile
from reage.shot.shot_report_file import load_report, save_report
from reage.tools.shot_report.join import CROPS, TRACKS, joined, load_reports

LATE = "2099-01-01T00:00:00.000Z"


@pytest.fixture(scope="module")
def job(tmp_path_factory) -> reage.RenderJob:
    folder = tmp_path_factory.mktemp("shot")
    plate, track = write_shot(folder / "plates", frames=range(1, 10), lost=(5,))
    Path(plate % 7).write_bytes(b"no image")
    look = reage.Settings(50, 30, crop_size=128)
    keys = {n: {"target_age": 30.0 + n} for n in range(1, 10)}
    return reage.RenderJob(plate, str(folder / "o.%04d.exr"), look, track=track, by_frame=keys,
                           continue_on_error=True)  # fmt: skip


def rendered(job: reage.RenderJob, frames: str | None = None, **more) -> ShotReport:
    return render(replace(job, frames=frames, **more), model=NullModel(strength=0.5)).shot


@pytest.fixture(scope="module")
def chunks(job) -> dict[Path, ShotReport]:
    return {Path(f"{n}.json"): rendered(job, n) for n in ("1-3", "4-6", "7-9")}


def timeless(report: ShotReport) -> dict:
    """Less what no two renders have alike."""
    document = json.loads(json.dumps(report.document()))
    del document["runs"]
    for frame in document["frames"]:
        del frame["seconds"], frame["run"]
    return document


def test_chunks_joined_tell_what_one_run_tells(job, chunks) -> None:
    assert timeless(joined(chunks)) == timeless(rendered(job))


def test_the_order_changes_nothing_and_all_may_be_joined_again(chunks) -> None:
    whole = joined(chunks)
    items = list(chunks.items())
    for seed in range(4):
        random.Random(seed).shuffle(items)
        assert joined(dict(items)) == whole
    two = joined(dict(items[:2]))
    assert joined({Path("two.json"): two, items[2][0]: items[2][1]}) == whole
    assert joined({Path("whole.json"): whole, **chunks}) == whole
    assert joined({Path("one.json"): items[0][1]}) == items[0][1]


def test_a_joined_report_comes_back_from_its_file(chunks, tmp_path) -> None:
    save_report(joined(chunks), tmp_path / "whole.json")
    assert timeless(load_report(tmp_path / "whole.json")) == timeless(joined(chunks))


def test_of_two_that_tell_of_a_frame_the_later_counts(job, chunks) -> None:
    later = rendered(job, "6-8")
    assert later.runs[0].ended >= chunks[Path("7-9.json")].runs[0].ended
    whole = joined({Path("later.json"): later, **chunks})
    by = {f.number: f.run for f in whole.frames}
    (mine,), (first,) = later.runs, chunks[Path("4-6.json")].runs
    assert [by[n] for n in (6, 7, 8)] == [mine.id] * 3 and by[4] == by[5] == first.id


def test_a_frame_that_was_kept_is_told_by_the_render_that_made_it(job, chunks) -> None:
    again = rendered(job, "1-9", resume=True)
    assert [f.outcome for f in again.frames if f.number == 2] == ["kept"]
    whole = joined({Path("again.json"): again, **chunks})
    told = {f.number: f for f in whole.frames}
    assert told[2] == next(f for f in chunks[Path("1-3.json")].frames if f.number == 2)
    assert told[7].outcome == "failed" and told[7].run == again.runs[0].id


def test_frames_without_a_report_are_missing(chunks) -> None:
    ends = {p: r for p, r in chunks.items() if p.name != "4-6.json"}
    assert joined(ends).missing == (4, 5, 6)
    assert joined(ends, range(1, 12)).missing == (4, 5, 6, 10, 11)
    assert joined(chunks).missing == () and joined(chunks, range(0, 9)).missing == (0,)


def test_what_a_render_was_not_asked_for_is_not_missing(job) -> None:
    odd = rendered(job, "1,2,4,9")
    assert joined({Path("odd.json"): odd}).missing == ()


def test_faces_that_each_render_looked_for_by_itself_are_said_to_be(job, chunks) -> None:
    there = rendered(job, "9", settings=reage.Settings(50, 30, crop_size=128, face="412,300"))
    with pytest.raises(SettingsError, match=r"it has face '412,300' in place of .* --face all"):
        joined({**chunks, Path("x.json"): there})


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (
            {"settings": reage.Settings(50, 31, crop_size=128)},
            "it has target age 31 in place of 30",
        ),
        ({"layers": ("delta",)}, "it has layers 'delta' in place of 'delta, matte'"),
        ({"datatype": "half"}, "it has datatype 'half' in place of 'float'"),
    ],
)
def test_other_settings_are_refused(job, chunks, other, says) -> None:
    with pytest.raises(SettingsError) as e:
        joined({**chunks, Path("x.json"): rendered(job, "9", **other)})
    assert says in str(e.value) and "x.json is not of the same shot as 1-3.json" in str(e.value)


def test_another_shot_or_model_is_refused_and_another_folder_is_not(chunks) -> None:
    first, second, third = chunks.values()
    shot = third.shot
    moved = replace(shot, plate=f"Z:\\jobs\\{Path(shot.plate).name}", output="/mnt/b/o.%04d.exr")
    pair = {Path("a.json"): first}
    assert len(joined({**pair, Path("c.json"): replace(third, shot=moved)}).frames) == 6
    other = replace(shot, plate="/x/other.%04d.exr")
    with pytest.raises(SettingsError, match="it has plate 'other"):
        joined({**pair, Path("c.json"): replace(third, shot=other)})
    other = replace(shot, model=replace(shot.model, sha256="f" * 64))
    with pytest.raises(SettingsError, match="it has model's sha256 'ffff"):
        joined({**pair, Path("c.json"): replace(third, shot=other)})


def test_tracks_and_crops_that_differ_are_told(chunks) -> None:
    first, _, third = chunks.values()
    (run,) = third.runs
    other = replace(third, runs=(replace(run, tracks=(TrackFile("t", "0" * 64),), crops=(256,)),))
    said = [notice.text for notice in joined({Path("a"): first, Path("b"): other}).notices]
    assert said[-2:] == [TRACKS, CROPS.format(sides="128, 256")]
    assert TRACKS not in [notice.text for notice in joined(chunks).notices]


def test_a_folder_stands_for_its_reports(chunks, tmp_path) -> None:
    for path, report in chunks.items():
        save_report(report, tmp_path / path.name)
    (tmp_path / "page.json").write_text("{}")
    (tmp_path / ".1-3.0123456789ab.json").write_text('{"reage_report": 1, "sh')  # a draft, killed
    found = load_reports([tmp_path], tmp_path / "page.json")
    assert {p.name for p in found} == {p.name for p in chunks}
    (tmp_path / "plates").mkdir()
    with pytest.raises(SettingsError, match="no report in these folders"):
        load_reports([tmp_path / "plates"], tmp_path / "x.json")
