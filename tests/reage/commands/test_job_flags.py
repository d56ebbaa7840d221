"""What a command's words make of a job: a plate with flags, a job's file and flags over it."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from reage.commands.job_flags import add_job_flags, job_of
from reage.errors import SettingsError
from reage.job import RenderJob
from reage.settings import Settings

AGES = ("--source-age", "40", "--target-age", "60")


def job(*words: str) -> RenderJob:
    parser = argparse.ArgumentParser()
    add_job_flags(parser)
    return job_of(parser.parse_args(words))


def test_a_plate_with_flags_is_the_job_of_those_flags() -> None:
    made = job("p.%04d.exr", *AGES, "-o", "o.%04d.exr", "--blend", "0.5", "--frames", "1-9")
    assert made == RenderJob(
        "p.%04d.exr", "o.%04d.exr", Settings(source_age=40.0, target_age=60.0, blend=0.5),
        frames="1-9",
    )  # fmt: skip


def test_a_jobs_file_alone_is_that_job_and_flags_win_over_it(tmp_path: Path) -> None:
    there = RenderJob(
        "p.%04d.exr", "o.%04d.exr", Settings(source_age=40.0, target_age=60.0, pattern=7),
        frames="1-100", by_frame={3: {"target_age": 61.0}}, marks={3: "m"},
    )  # fmt: skip
    path = tmp_path / "job.json"
    path.write_text(there.to_json(), encoding="utf-8")
    assert job(str(path)) == there
    part = job(str(path), "--frames", "11-20", "--target-age", "70", "-o", "b.%04d.exr", "--resume")
    assert (part.frames, part.output, part.resume) == ("11-20", "b.%04d.exr", True)
    look = part.settings
    assert (look.target_age, look.source_age, look.pattern) == (70, 40, 7)
    assert part.by_frame == {} and part.marks == there.marks
    assert part.at(3).target_age == 70  # which was 61


def kept(folder: Path, **said: object) -> str:
    settings = Settings(source_age=40.0, target_age=60.0)
    path = folder / "job.json"
    there = RenderJob("p.%04d.exr", "o.%04d.exr", settings, **said)  # type: ignore[arg-type]
    path.write_text(there.to_json(), encoding="utf-8")
    return str(path)


def test_a_flag_holds_at_every_frame_and_leaves_other_keys(tmp_path: Path) -> None:
    keys = {3: {"target_age": 61.0}, 5: {"target_age": 62.0, "source_age": 41.0}}
    part = job(kept(tmp_path, by_frame=keys), "--target-age", "70")
    assert [part.at(n).target_age for n in (1, 3, 5)] == [70, 70, 70]
    assert part.by_frame == {5: {"source_age": 41.0}}
    assert job(kept(tmp_path, by_frame=keys), "--jobs", "2").by_frame == keys


def test_a_target_age_and_a_ladder_take_each_others_place(tmp_path: Path) -> None:
    one = job(kept(tmp_path, ladder="20,30"), "--target-age", "70")
    assert (one.ladder, one.settings.target_age) == (None, 70)
    many = job(kept(tmp_path, by_frame={3: {"target_age": 61.0}}), "--ladder", "20,30")
    assert (many.ladder, many.by_frame) == ("20,30", {})
    assert job(kept(tmp_path, ladder="20,30"), "--source-age", "50").ladder == "20,30"
    with pytest.raises(SettingsError, match="--ladder takes the place of --target-age"):
        job(kept(tmp_path), "--ladder", "20,30", "--target-age", "70")


@pytest.mark.parametrize("words, sentence", [
    (("p.exr", "-o", "o.exr"), "with --source-age and --target-age"),
    (("p.exr", "-o", "o.exr", "--source-age", "40"), "with --target-age"),
    (("p.exr", *AGES), "with --output"),
    (("none.json",), "none.json"),
])  # fmt: skip
def test_what_is_missing_is_told(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        job(*words)
