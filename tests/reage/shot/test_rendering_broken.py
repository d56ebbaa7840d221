"""One bad frame, file or library: the others are rendered, and the bad one is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reage
from helpers.part_models import PartsModel
from helpers.shots import write_shot
from reage import home
from reage.errors import Unforeseen, UnreadableFrame
from reage.models.model import NullModel
from reage.shot.edit import Edit
from reage.shot.editing import edit_track_file
from reage.unforeseen import log_file

DEMO = home.demo_plate()

SHIFTED = [Edit((2,), shift=(40.0, 0.0))]


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return log_file()


def cut(path: Path, share: float) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


@pytest.fixture(params=[0.5, 0.0, 0.01], ids=["half of it", "nothing", "no header"])
def shot(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Five frames of the demo plate, the first and the third of which are broken."""
    for number, source in enumerate(DEMO[:5], 1):
        (tmp_path / f"demo.{number:04d}.exr").write_bytes(source.read_bytes())
    for number in (1, 3):
        cut(tmp_path / f"demo.{number:04d}.exr", request.param)
    return str(tmp_path / "demo.%04d.exr")


def job(plate: str, folder: Path, **more: Any) -> reage.RenderJob:
    look = reage.Settings(50, 30, crop_size=256, **more.pop("settings", {}))
    output = str(folder / "out" / "layers.%04d.exr")
    return reage.RenderJob(plate, output, look, **more)


@pytest.mark.parametrize("steady", [0.0, 1.0])
def test_frames_that_cannot_be_read_are_listed_and_the_others_are_made(
    shot: str, tmp_path: Path, steady: float
) -> None:
    """Followed across as well: the face of the frames beside them is found."""
    asked = job(shot, tmp_path, continue_on_error=True, settings={"steady": steady})
    report = reage.render(asked, model=PartsModel())
    assert report.numbers("done") == (2, 4, 5) and report.numbers("failed") == (1, 3)
    assert all(f"demo.{f.number:04d}.exr" in f.error for f in report.failures)
    assert report.exit_code == 1
    there = sorted(p.name for p in (tmp_path / "out").glob("*.exr"))
    assert there == [f"layers.{n:04d}.exr" for n in (2, 4, 5)]


def test_without_being_asked_to_go_on_a_broken_frame_ends_it(shot: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFrame, match="demo.0001.exr"):
        reage.render(job(shot, tmp_path), model=PartsModel())


def test_a_shot_of_broken_frames_alone_is_said_to_be_one(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"x.{number:04d}.exr").write_bytes(b"")
    with pytest.raises(UnreadableFrame, match="x.0001.exr"):
        reage.render(job(str(tmp_path / "x.%04d.exr"), tmp_path, continue_on_error=True))


class Odd(NullModel):
    """Fails as a library does: by an exception of its own, its text no UTF-8."""

    def run(self, picture: Any) -> Any:
        if self.odd(picture):
            raise KeyError("caf\udce9")
        return super().run(picture)

    def odd(self, picture: Any) -> bool:
        return True


class OddOnce(Odd):
    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "asked", [])

    def odd(self, picture: Any) -> bool:
        self.asked.append(picture)
        return len(self.asked) == 1


def test_what_a_library_throws_is_its_frames_own_error(tmp_path: Path, log: Path) -> None:
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 4))
    asked = job(plate, tmp_path, track=track, continue_on_error=True)
    report = reage.render(asked, model=OddOnce())
    (failed,) = report.failures
    assert len(report.numbers("done")) == 2
    assert f"shot.{failed.number:04d}.exr" in failed.error and "KeyError" in failed.error
    assert "Traceback" not in failed.error and "Traceback" in log.read_text(encoding="utf-8")
    with pytest.raises(Unforeseen, match="Frame 1 "):
        reage.render(job(plate, tmp_path, track=track), model=Odd())


def test_an_edited_track_outlives_the_same_render(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"demo.{number:04d}.exr").write_bytes(DEMO[0].read_bytes())
    asked = job(str(tmp_path / "demo.%04d.exr"), tmp_path)
    first = reage.render(asked, model=NullModel())
    edit_track_file(first.track, first.track, SHIFTED)
    centers = [reage.load_track(first.track).frames[n].center for n in (1, 2)]
    again = reage.render(asked, model=NullModel())
    now = reage.load_track(again.track)
    assert [now.frames[n].center for n in (1, 2)] == centers
    assert [now.frames[n].state for n in (1, 2)] == ["seen", "edited"]
    assert any("set by hand" in said and " 2." in said for said in again.notices)


def test_an_edited_track_of_other_plates_is_set_aside(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"demo.{number:04d}.exr").write_bytes(DEMO[0].read_bytes())
    asked = job(str(tmp_path / "demo.%04d.exr"), tmp_path)
    path = reage.render(asked, model=NullModel()).track
    edit_track_file(path, path, SHIFTED)
    wide = job(asked.plate, tmp_path, settings={"pixel_aspect": 2.0})
    (said,) = (n for n in reage.render(wide, model=NullModel()).notices if "set by hand" in n)
    aside = path.with_suffix(".edited.json")
    assert str(aside) in said and reage.load_track(aside).frames[2].state == "edited"
    assert not any(f.state == "edited" for f in reage.load_track(path).frames.values())


def test_every_output_has_a_track_of_its_own(tmp_path: Path) -> None:
    names = ("cam#1.exr", "cam#2.exr", "cam.%04d_v1.exr", "cam.%04d.exr", "50%.exr", "a@b.exr")
    plate, track = write_shot(tmp_path / "plates", frames=[1])
    del track
    kept = set()
    for name in names:
        look = reage.Settings(50, 30, crop_size=128)
        one = reage.RenderJob(plate, str(tmp_path / "out" / name), look)
        kept.add(reage.render(one, model=NullModel()).track.name)
    assert len(kept) == len(names)
    assert np.all([name.endswith(".track.json") for name in kept])


class Nothing(NullModel):
    """Answers nothing but NaN."""

    def run(self, picture: Any) -> Any:
        made = super().run(picture)
        return replace(made, values=np.full_like(made.values, np.nan))


def test_a_model_that_answers_nothing_is_to_blame_not_the_ages(tmp_path: Path) -> None:
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 4))
    report = reage.render(job(plate, tmp_path, track=track), model=Nothing())
    (said,) = (s for s in report.notices if "is broken" in s)
    assert "model's answer" in said and "frames 1-3" in said
    assert not any("next to nothing" in s for s in report.notices)
    assert "hardly changed" not in report.looks[0]
