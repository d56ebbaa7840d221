"""A ladder: several target ages, baked at once."""

from pathlib import Path

import pytest

import reage
from helpers.part_models import PartsModel
from helpers.shots import write_shot
from reage.errors import OutputClaimed, SettingsError
from reage.job import RenderJob
from reage.media.imagefile import read_info
from reage.media.patterns import at_rung, frame_path
from reage.models.model import NullModel
from reage.shot.claiming import claimed
from reage.shot.footage import Footage
from reage.shot.rungs import rung_jobs, told_output

MODEL = NullModel(strength=0.5)
AGES = (30, 45, 60)


@pytest.fixture
def job(tmp_path):
    plate, track = write_shot(tmp_path / "plates", range(1, 4))
    look = reage.Settings(source_age=45.0, crop_size=128)
    output = str(tmp_path / "out" / "layers.%04d.exr")
    ladder = ",".join(map(str, AGES))
    return RenderJob(plate, output, look, track=track, ladder=ladder, layers=("delta", "matte"))


def at(job, age, frame):
    return frame_path(at_rung(job.output, age), frame)


def changed(job, **more):
    return RenderJob.from_document({**vars(job), "settings": vars(job.settings), **more})


@pytest.mark.parametrize("more", [{}, {"layers": ["delta", "matte", "parts", "shape", "beauty"]}])
def test_each_rung_is_what_a_render_at_its_age_writes(job, tmp_path, more):
    job, model = changed(job, **more), PartsModel()
    report = reage.render(job, model=model)
    assert report.written == (1, 2, 3)
    assert report.output == told_output(job.output, job.ladder)
    assert report.output.endswith("/out/layers.age{30,45,60}.%04d.exr")
    alone = str(tmp_path / "alone" / "layers.%04d.exr")
    for age in AGES:
        look = {**vars(job.settings), "target_age": float(age)}
        reage.render(changed(job, ladder=None, output=alone, settings=look), model=model)
        for frame in report.written:
            mine, its = at(job, age, frame), frame_path(alone, frame)
            assert mine.read_bytes() == its.read_bytes()
    assert not list(Path(job.output).parent.glob("layers.0*"))


def test_plates_are_read_as_for_one_age_and_the_model_runs_once_a_rung(job, monkeypatch):
    read, runs = [], []

    class Counting(NullModel):
        def run(self, input):
            runs.append(float(input.target_age.flat[0]))
            return super().run(input)

    both = Footage.both

    def counted(self, frame, region=None):
        read.append(frame)
        return both(self, frame, region)

    monkeypatch.setattr(Footage, "both", counted)
    reage.render(changed(job, ladder="60"), model=Counting())
    alone, once = (read.copy(), runs.copy())
    read.clear()
    runs.clear()
    reage.render(job, model=Counting())
    assert sorted(read) == sorted(alone)
    assert set(runs) == {30.0, 60.0}  # at the source age there is nothing to run
    assert runs.count(30.0) == runs.count(60.0) == len(once)


def test_resume_makes_what_lacks_and_nothing_else(job):
    reage.render(job, model=MODEL)
    lost, others = at(job, 60, 2), [at(job, age, n) for age in AGES for n in (1, 2, 3)]
    lost.unlink()
    others.remove(lost)
    before = {path: path.stat().st_mtime_ns for path in others}
    report = reage.render(changed(job, resume=True), model=MODEL)
    assert report.written == (2,) and report.numbers("kept") == (1, 3)
    assert lost.is_file()
    assert {path: path.stat().st_mtime_ns for path in others} == before


def test_a_rung_that_another_render_is_writing_is_refused(job):
    Path(job.output).parent.mkdir()
    rung = rung_jobs(job)[2].output
    other = claimed(rung, {2: frame_path(rung, 2)})
    with other, pytest.raises(OutputClaimed, match="age60"):
        reage.render(job, model=MODEL)
    assert not list(Path(job.output).parent.glob("*.exr"))


def test_no_rung_overwrites_an_input(job, tmp_path):
    plate = Path(job.plate)
    rung = frame_path(at_rung(job.output, 45), 1)
    rung.parent.mkdir()
    rung.hardlink_to(frame_path(plate, 1))
    with pytest.raises(SettingsError, match="would overwrite the plate"):
        reage.render(job, model=MODEL)


def test_a_steadied_ladder_is_steadied_at_each_age(job, tmp_path):
    look = {**vars(job.settings), "steady": 1.0}
    job = changed(job, settings=look, ladder="30,60")
    reage.render(job, model=MODEL)
    alone = str(tmp_path / "alone" / "layers.%04d.exr")
    look = look | {"target_age": 60.0}
    reage.render(changed(job, ladder=None, output=alone, settings=look), model=MODEL)
    for frame in (1, 2, 3):
        assert at(job, 60, frame).read_bytes() == frame_path(alone, frame).read_bytes()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"output": "face.%04d.png"}, "leave --ladder away"),
        ({"output": "face.mov"}, "leave --ladder away"),
        ({"faces": "faces.json"}, "each face with a --ladder"),
        ({"by_frame": {"2": {"target_age": 30.0}}}, "frame 2"),
        ({"ladder": "20,old"}, "whole years"),
    ],
)
def test_what_a_ladder_cannot_be_is_said(job, more, said):
    with pytest.raises(SettingsError, match=said):
        changed(job, **more)


def test_source_ages_may_be_keyed(job):
    reage.render(changed(job, by_frame={"2": {"source_age": 60.0}}), model=MODEL)
    ages = [read_info(at(job, 60, n)).metadata["reage:source_age"] for n in (1, 2, 3)]
    assert ages == [45.0, 60.0, 45.0]
