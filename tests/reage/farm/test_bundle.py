"""Bundles as openjd-cli runs them, task by task: one machine and forty give the same bits."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import reage
from helpers.bundles import bundle as actor_bundle
from helpers.bundles import rights
from helpers.farm import openjd, run_bundle
from helpers.shots import write_two_heads
from reage import home
from reage.farm.bundle import Bundle
from reage.farm.submission import Submission
from reage.job import RenderJob
from reage.media.imagefile import read_info
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE
from reage.settings import Settings

pytest.importorskip("openjd.cli")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tests' reage is a shell script")

PLATE = str(home.samples() / "demo.%04d.exr")
OLD = Settings(source_age=50.0, target_age=70.0)


def job(folder: Path, settings: Settings = OLD, **more: object) -> RenderJob:
    said: dict[str, object] = {"plate": PLATE, "device": "cpu", **more}
    return RenderJob(output=str(folder / "l.%04d.exr"), settings=settings, **said)  # type: ignore[arg-type]


def submitted(one: RenderJob, folder: Path, chunk: int) -> Path:
    return Bundle.write(Submission.of(one, chunk), folder / "bundle").folder


def frames(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.exr"))}


@pytest.mark.parametrize("settings, frames_asked", [
    (OLD, None),  # auto: the crop goes by the face's size in the whole shot
    (replace(OLD, steady=0.5, crop_size=256), "1001-1004"),  # neighbours are in other chunks
    (replace(OLD, crop_size=256), "1001-1007x3,1006"),
], ids=["auto", "steady", "sparse"])  # fmt: skip
def test_one_run_two_chunks_and_eight_are_the_same_to_the_byte(
    tmp_path: Path, settings: Settings, frames_asked: str | None
) -> None:
    alone = reage.render(job(tmp_path / "alone", settings, frames=frames_asked))
    wanted, count = frames(tmp_path / "alone"), len(alone.written)
    assert len(wanted) == count
    for tasks, chunk in ((2, -(-count // 2)), (count, 1)):
        folder = tmp_path / str(tasks)
        bundle = submitted(job(folder, settings, frames=frames_asked), folder, chunk)
        log = run_bundle(bundle)
        assert log.count("Frames(CHUNK[INT])") == tasks
        assert frames(folder) == wanted
        assert (folder / "l.track.json").read_bytes() == alone.track.read_bytes()
        page = json.loads((folder / "l.report.json").read_text("utf-8"))
        assert len(page["frames"]) == count and (folder / "l.report.html").is_file()
        assert "openjd_progress: 100.0" in log and "openjd_status: 1001: done" in log


def test_a_task_that_runs_again_keeps_what_stands(tmp_path: Path) -> None:
    one = job(tmp_path, replace(OLD, crop_size=256), frames="1001-1002")
    bundle = submitted(one, tmp_path, 10)
    run_bundle(bundle)
    first = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.exr")}
    (tmp_path / "l.1002.exr").write_bytes(b"cut off")
    log = run_bundle(bundle, more=("--step", "Render"))
    assert "kept from an earlier render: 1001" in log and "made anew: 1002" in log
    assert (tmp_path / "l.1001.exr").stat().st_mtime_ns == first[tmp_path / "l.1001.exr"]


def test_every_path_is_mapped_and_reaches_the_render(tmp_path: Path) -> None:
    """Nothing stands any more where it was submitted."""
    here, there = tmp_path / "here", tmp_path / "there"
    plates = here / "plates"
    plates.mkdir(parents=True)
    for path in home.demo_plate()[:2]:
        shutil.copy(path, plates / path.name)
    cv2.imwrite(str(here / "ages.png"), np.full((540, 960), 128, np.uint8))
    cv2.imwrite(str(here / "hair.png"), np.full((540, 960), 255, np.uint8))
    shutil.copy(home.default_model(), here / "own.onnx")
    one = np.ones((SIZE, SIZE), np.float32)
    PatternFile(np.full((SIZE, SIZE, 3), 0.5, np.float32), one, one, {}).write(
        here / "a.pattern.exr"
    )
    settings = replace(
        OLD, crop_size=256, age_map=str(here / "ages.png"), hair_matte=str(here / "hair.png"),
        model=str(here / "own.onnx"),
        pattern=f"{here / 'a.pattern.exr'}*0.5+{here / 'anna.reage'}@target*0.3+seed:3*0.2",
    )  # fmt: skip
    actor_bundle(here / "anna.reage", rights())
    asked = job(here / "out", settings, plate=str(plates / "demo.%04d.exr"))
    bundle = submitted(asked, tmp_path, 1)
    here.rename(there)
    run_bundle(bundle, mapped={here / "out": tmp_path / "layers", here: there})
    assert not here.exists() and not (there / "out").exists()
    moved = asked.to_json().replace(str(here), str(there))
    alone = replace(RenderJob.from_json(moved), output=str(tmp_path / "alone" / "l.%04d.exr"))
    reage.render(alone)
    assert len(frames(tmp_path / "alone")) == 2
    assert frames(tmp_path / "layers") == frames(tmp_path / "alone")
    said = read_info(tmp_path / "layers" / "l.1001.exr").metadata
    assert said["reage:age_map"] == "ages.png"  # no folder, so that all machines write the same
    for name in ("a.pattern.exr", "anna.reage"):
        assert name in str(said["reage:pattern"]) and "/" not in str(said["reage:pattern"])


def test_each_of_several_faces_is_followed_once_and_shared(tmp_path: Path) -> None:
    """Two places on one face, so that what is asked of each can be told apart."""
    faces = tmp_path / "faces.json"
    entries = [{"face": "0", "target_age": 70.0}, {"face": "480,250", "smooth": 0.0}]
    faces.write_text(json.dumps({"reage_faces": 1, "faces": entries}), encoding="utf-8")
    settings = replace(OLD, crop_size=256)
    one = job(tmp_path, settings, faces=str(faces), frames="1001-1002")
    bundle = submitted(one, tmp_path, 1)
    log = run_bundle(bundle, more=("--step", "Track"))
    assert "Face(STRING) = 480,250" in log and "Smooth(STRING) = 0.0" in log
    tracks = [tmp_path / f"l.track.{n}.json" for n in (0, 1)]
    assert all(path.is_file() for path in tracks)
    told = json.loads((bundle / "faces.json").read_text("utf-8"))["faces"]
    assert [entry["track"] for entry in told] == list(map(str, tracks))


def test_two_faces_in_one_run_and_in_chunks_are_the_same_to_the_byte(tmp_path: Path) -> None:
    """In folders with names that JSON would have to escape, as Windows' paths."""
    settings = replace(OLD, crop_size=256, face="all")
    plate = write_two_heads(tmp_path / "plates", 2)
    reage.render(job(tmp_path / "alone", settings, plate=plate))
    wanted = frames(tmp_path / "alone")
    assert len(wanted) == 2
    for chunk in (1, 2):
        folder = tmp_path / f'{chunk} "fach"\\n'
        log = run_bundle(submitted(job(folder, settings, plate=plate), folder, chunk))
        assert log.count("Face(STRING)") == 2
        assert frames(folder) == wanted
    faces = json.loads(str(read_info(tmp_path / "alone" / "l.1001.exr").metadata["reage:faces"]))
    assert len({each["face"] for each in faces}) == 2


@pytest.mark.parametrize("cut", [100, 500_000], ids=["header", "pixels"])
def test_plates_that_cannot_be_read_fail_as_in_one_run_and_the_report_names_them(
    tmp_path: Path, cut: int
) -> None:
    plates = tmp_path / "plates"
    plates.mkdir()
    for path in home.demo_plate()[:4]:
        shutil.copy(path, plates / path.name)
    for number in (1002, 1004):  # between two sightings, and at the end
        with (plates / f"demo.{number}.exr").open("rb+") as file:
            file.truncate(cut)
    settings = replace(OLD, crop_size=256)
    more = {"plate": str(plates / "demo.%04d.exr"), "continue_on_error": True}
    alone = reage.render(job(tmp_path / "alone", settings, **more))
    assert [f.number for f in alone.frames if f.outcome == "failed"] == [1002, 1004]
    for chunk in (1, 4):
        folder = tmp_path / str(chunk)
        log = run_bundle(submitted(job(folder, settings, **more), folder, chunk), code=1)
        assert "ERROR executing action: 'Run Step 'Report'" in log
        assert frames(folder) == frames(tmp_path / "alone")
        assert (folder / "l.track.json").read_bytes() == alone.track.read_bytes()
        page = json.loads((folder / "l.report.json").read_text("utf-8"))
        errors = {f["number"]: f["error"] for f in page["frames"] if f["outcome"] == "failed"}
        assert errors == {f.number: f.error for f in alone.frames if f.error}


def test_a_submission_over_another_has_a_report_of_its_own(tmp_path: Path) -> None:
    for age in (70.0, 60.0):
        settings = replace(OLD, crop_size=256, target_age=age)
        run_bundle(submitted(job(tmp_path, settings, frames="1001"), tmp_path, 1))
        page = json.loads((tmp_path / "l.report.json").read_text("utf-8"))
        assert page["shot"]["settings"]["target_age"] == age and len(page["runs"]) == 1


def test_openjd_takes_the_template(tmp_path: Path) -> None:
    bundle = submitted(job(tmp_path, frames="1001-1003x2"), tmp_path, 1)
    assert "passes validation checks" in openjd("check", str(bundle / "template.json"))
