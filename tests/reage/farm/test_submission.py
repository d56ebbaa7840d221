"""What is submitted, and what is refused before a farm hears of it."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.bundles import bundle, rights
from helpers.shots import write_shot
from helpers.small_disk import filled, small_disk
from reage.cli import main
from reage.errors import FileInUse, OutputError, ReageError, RightsError, SettingsError
from reage.farm.bundle import Bundle
from reage.farm.chunk import report_of_chunk, reports_folder
from reage.farm.submission import Submission
from reage.farm.template import template
from reage.job import RenderJob
from reage.media.frames import as_range
from reage.settings import Settings


@pytest.fixture
def shot(tmp_path: Path) -> RenderJob:
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 7))
    settings = Settings(source_age=40.0, target_age=60.0, crop_size=128)
    return RenderJob(plate, str(tmp_path / "out" / "l.%04d.exr"), settings, track=track)


def steps(job: RenderJob) -> dict[str, Any]:
    made, _ = template(Submission.of(job))
    return {step["name"]: step for step in made["steps"]}


@pytest.mark.parametrize("change, sentence", [
    ({"plate": "nowhere/p.%04d.exr"}, "There is no folder"),
    ({"frames": "1-9"}, "3 of 9 frames are missing"),
    ({"output": "o.mov"}, "is one movie, which the machines of a farm cannot share"),
    ({"output": "o.exr"}, "has no place for a frame number"),
    ({"output": "o.xyz"}, "Layers are written as"),
    ({"output": "{{o.%04d.exr"}, "in its name, which Open Job Description reads"),
    ({"track": "no.json"}, "Cannot read the track"),
    ({"track": None, "settings": Settings(face="left")}, "--face is 'left'"),
    ({"settings": Settings(model="no.onnx")}, "There is no model"),
    ({"settings": Settings(age_map="no.exr")}, "There is no file"),
    ({"settings": Settings(pattern="no.pattern.exr")}, "no.pattern.exr"),
])  # fmt: skip
def test_what_could_not_be_rendered_is_refused_before_anything_is_written(
    shot: RenderJob, change: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ReageError, match=sentence):
        Bundle.write(Submission.of(replace(shot, **change)), tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists() and not (tmp_path / "out").exists()


@pytest.mark.parametrize("which", ["model", "album"])
def test_a_consent_that_has_ended_is_said_at_once(
    shot: RenderJob, tmp_path: Path, which: str
) -> None:
    old = bundle(tmp_path / "old.reage", rights(-90, -1))
    by = {"model": str(old)} if which == "model" else {"pattern": f"{old}@target"}
    one = replace(shot, settings=replace(shot.settings, **by))
    with pytest.raises(RightsError, match="Anna Example for The Long Year ended"):
        Submission.of(one)
    assert old in Submission.of(replace(one, past_consent="agreed by phone")).files


def test_a_bundle_takes_the_place_of_no_file_that_the_job_reads(
    shot: RenderJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for name in ("job.json", "faces.json", "template.json"):
        faces = {"reage_faces": 1, "faces": [{"track": shot.track}]}
        (here / "faces.json").write_text(json.dumps(faces), encoding="utf-8")
        job = replace(shot, track=None, faces="faces.json") if name == "faces.json" else shot
        (here / name).write_text(job.to_json() if name != "faces.json" else json.dumps(faces))
        asked = here / ("asked.json" if name == "faces.json" else name)
        asked.write_text(job.to_json(), encoding="utf-8")
        before = {each.name: each.read_bytes() for each in here.iterdir()}
        assert main(["submit", asked.name, "-o", "."]) == 2
        assert f"{name} would overwrite the" in capsys.readouterr().err
        assert {each.name: each.read_bytes() for each in here.iterdir()} == before
        for each in here.iterdir():
            each.unlink()


def test_a_bundle_has_a_folder_of_its_own(shot: RenderJob, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    Bundle.write(Submission.of(shot), folder)
    again = replace(shot, settings=replace(shot.settings, target_age=61.0))
    Bundle.write(Submission.of(again, 3), folder)
    assert RenderJob.load(folder / "job.json").settings.target_age == 61.0
    other = Submission.of(replace(shot, output=str(tmp_path / "other" / "l.%04d.exr")))
    with pytest.raises(SettingsError, match="holds another job's bundle"):
        Bundle.write(other, folder)
    with pytest.raises(SettingsError, match=r"holds other files, such as 'shot.0001.exr'"):
        Bundle.write(other, Path(shot.plate).parent)
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "template.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="holds another job's bundle"):
        Bundle.write(other, tmp_path / "t")


@pytest.mark.parametrize(
    "name", ["template.json", "job.json", "parameter_values.json", "asset_references.json"]
)
def test_a_bundle_of_which_a_file_is_open_stays_as_it_was(
    shot: RenderJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder, whole = tmp_path / "b", Path.replace
    Bundle.write(Submission.of(shot), folder)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}

    def replace(self: Path, target: Any) -> Path:
        """As on Windows while a program has the file open."""
        if name in (self.name, Path(target).name):
            raise PermissionError(13, "The process cannot access the file", str(target))
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    again = dataclasses.replace(shot, settings=dataclasses.replace(shot.settings, target_age=61.0))
    with pytest.raises(FileInUse, match=f"{name} is open in another program"):
        Bundle.write(Submission.of(again, 3), folder)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


def test_a_bundle_on_a_full_disk_is_there_as_it_was_or_not_at_all(
    shot: RenderJob, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "small", 1 << 20) as mounted:
        if not mounted:
            pytest.skip("nobody may mount a disk here")
        folder = tmp_path / "small" / "b"
        Bundle.write(Submission.of(shot), folder)
        before = {each.name: each.read_bytes() for each in folder.iterdir()}
        for chunk, where in ((3, folder), (10, folder / "new")):
            full = filled(tmp_path / "small", 4096)
            with full, pytest.raises(OutputError, match="No space left"):
                Bundle.write(Submission.of(shot, chunk), where)
        assert {e.name: e.read_bytes() for e in folder.iterdir() if e.is_file()} == before
        assert not list((folder / "new").iterdir())


def test_chunks_of_other_submissions_leave_their_reports_elsewhere(shot: RenderJob) -> None:
    older = replace(shot, settings=replace(shot.settings, target_age=61.0))
    works = [
        Submission.of(shot), Submission.of(shot, 3), Submission.of(older),
        Submission.of(replace(shot, frames="1-5")),
    ]  # fmt: skip
    assert len({reports_folder(work) for work in works}) == len(works)
    assert reports_folder(works[0]) == reports_folder(Submission.of(shot))


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=150, unique=True))
def test_a_chunks_report_has_a_name_that_every_disk_takes(numbers: list[int]) -> None:
    name = report_of_chunk(Path("r"), as_range(sorted(numbers))).name
    assert len(name) < 40 and re.fullmatch(r"-?\d+(--?\d+)?(\.[0-9a-f]{8})?\.json", name)
    assert name != report_of_chunk(Path("r"), as_range(sorted({*numbers, 10**6 + 1}))).name
    if len(numbers) > 2:
        less = [n for n in numbers if n != sorted(numbers)[1]]
        assert name != report_of_chunk(Path("r"), as_range(sorted(less))).name


def test_a_render_that_would_overwrite_its_plate_is_refused(shot: RenderJob) -> None:
    with pytest.raises(SettingsError, match="would overwrite the plate"):
        Submission.of(replace(shot, output=shot.plate))


@pytest.mark.parametrize("chunk", [0, 151])
def test_a_chunk_has_as_many_frames_as_a_farm_takes(shot: RenderJob, chunk: int) -> None:
    with pytest.raises(SettingsError, match="--chunk"):
        Submission.of(shot, chunk)


def test_a_job_that_names_its_track_has_no_step_for_one(shot: RenderJob) -> None:
    given = steps(shot)
    assert list(given) == ["Render", "Report"] and "dependencies" not in given["Render"]
    args = given["Render"]["script"]["actions"]["onRun"]["args"]
    assert args[args.index("--track") + 1] == "{{Param.Track}}"
    made = steps(replace(shot, track=None))
    assert list(made) == ["Track", "Render", "Report"]
    assert made["Render"]["dependencies"] == [{"dependsOn": "Track"}]


def test_frames_with_gaps_are_chunked_as_such_and_those_without_a_plate_left_out(
    shot: RenderJob, tmp_path: Path
) -> None:
    (tmp_path / "plates" / "shot.0003.exr").unlink()
    work = Submission.of(replace(shot, missing="skip"))
    assert work.frames == (1, 2, 4, 5, 6) and work.job.frames == "1-2,4-6"
    chunks = template(work)[0]["steps"][0]["parameterSpace"]["taskParameterDefinitions"][0]
    assert chunks["chunks"]["rangeConstraint"] == "NONCONTIGUOUS"
    assert Submission.of(replace(shot, missing="hold")).contiguous


def test_negative_frames_are_numbers_and_no_flags(shot: RenderJob, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / "plates" / f"shot.{number:04d}.exr").rename(
            tmp_path / "plates" / f"shot.{number - 4:04d}.exr"
        )
    work = Submission.of(replace(shot, track=None, frames="-3--1"))
    assert work.frames == (-3, -2, -1) and work.job.frames == "-3--1"
    report = template(work)[0]["steps"][-1]["script"]["actions"]["onRun"]["args"]
    assert "--frames={{Param.Frames}}" in report  # by itself it would read as a flag


def test_too_many_loose_frames_are_refused(shot: RenderJob, tmp_path: Path) -> None:
    plates = tmp_path / "plates"
    numbers = [n * n + n % 7 for n in range(4, 400)]
    for number in numbers:
        (plates / f"shot.{number:06d}.exr").hardlink_to(plates / "shot.0001.exr")
    said = ",".join(map(str, numbers))
    with pytest.raises(SettingsError, match="submit it in parts"):
        Submission.of(replace(shot, plate=str(plates / "shot.%06d.exr"), frames=said, track=None))


def test_the_bundle_holds_what_a_farm_reads_and_paths_that_are_whole(
    shot: RenderJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OCIO", raising=False)
    near = replace(shot, plate="plates/shot.####.exr", output="out/../out/l.%04d.exr",
                   track="plates/track.json")  # fmt: skip
    folder = Bundle.write(Submission.of(near, 2), Path("b")).folder
    names = {path.name: json.loads(path.read_text("utf-8")) for path in folder.iterdir()}
    values = {v["name"]: v["value"] for v in names["parameter_values.json"]["parameterValues"]}
    assert values == names["openjd_parameters.json"]
    assert values["Plate"] == str(tmp_path / "plates" / "shot.####.exr")
    assert values["OutputDir"] == str(tmp_path / "out") and values["ChunkSize"] == 2
    assets = names["asset_references.json"]["assetReferences"]
    files = [str(tmp_path / "plates" / f"shot.{n:04d}.exr") for n in range(1, 7)]
    assert assets["inputs"]["filenames"] == [*files, str(tmp_path / "plates" / "track.json")]
    assert assets["outputs"]["directories"] == [str(tmp_path / "out")]
    job = RenderJob.load(folder / "job.json")
    assert (job.plate, job.frames) == (values["Plate"], "1-6")
    flows = {p["name"]: p.get("dataFlow") for p in names["template.json"]["parameterDefinitions"]}
    assert flows["Plate"] == "NONE" and flows["Track"] == "IN" and flows["OutputDir"] == "OUT"


def test_the_ocio_config_goes_along(
    shot: RenderJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCIO", "ocio://studio-config-latest")
    made, values = template(Submission.of(shot))
    assert made["jobEnvironments"][0]["variables"] == {"OCIO": "{{Param.Ocio}}"}
    assert values["Ocio"] == "ocio://studio-config-latest"


def test_the_command_takes_a_job_or_a_plate_with_flags(
    shot: RenderJob, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "job.json"
    path.write_text(shot.to_json(), encoding="utf-8")
    for words in (
        [str(path)],
        [shot.plate, "--source-age", "40", "--target-age", "60", "--output", shot.output],
    ):
        assert main(["submit", *words, "-o", str(tmp_path / "b"), "--chunk", "4"]) == 0
        said = capsys.readouterr().out
        assert said.startswith("6 frames in 2 chunks of 4")
        assert f"deadline bundle submit {tmp_path / 'b'}" in said
    assert main(["submit", str(path), "-o", str(path / "b")]) == 6
    assert "cannot be written" in capsys.readouterr().err


def test_each_rung_of_a_ladder_is_held_against_what_is_read(shot: RenderJob) -> None:
    ladder = replace(shot, ladder="20,70", settings=replace(shot.settings, target_age=40.0))
    assert set(steps(ladder)) == {"Render", "Report"}
    age_map = Path(shot.output).parent / "l.age70.0003.exr"
    age_map.parent.mkdir()
    Path(shot.plate % 1).replace(age_map)
    one = replace(ladder, frames="2-6", settings=replace(ladder.settings, age_map=str(age_map)))
    with pytest.raises(SettingsError, match="would overwrite the age map"):
        Submission.of(one)


def test_the_commands_that_are_told_are_a_shells(shot: RenderJob, tmp_path: Path) -> None:
    folder = tmp_path / "a bundle's"
    here, cloud = Bundle.write(Submission.of(shot), folder).text().splitlines()[1:3]
    assert shlex.split(here.removeprefix("here: ")) == [
        "openjd", "run", f"{folder}/template.json", "-p", f"file://{folder}/openjd_parameters.json"
    ]  # fmt: skip
    assert shlex.split(cloud)[-1] == str(folder)
