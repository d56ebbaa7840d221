"""What a render says of itself: read, written, colors, and what is worth a look."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import reage
from helpers.plate_files import write_image
from helpers.shots import write_shot
from reage import home
from reage.media.imagefile import read_plate
from reage.models.model import NullModel
from reage.pixels.ocio import convert

MODEL = NullModel(strength=0.5)


def test_read_and_written_are_told_with_their_color_spaces(tmp_path: Path) -> None:
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 5), lost=(4,))
    look = reage.Settings(50, 30, crop_size=128, colorspace="arri_logc4")
    output = str(tmp_path / "o.%04d.exr")
    job = reage.RenderJob(plate, output, look, track=track, working_space="lin_rec709_scene")
    report = reage.render(job, model=MODEL)
    assert "plate: shot.0001.exr, 320×240 px, frames 1-4 (ARRI LogC4)" in report.text()
    last = report.text().splitlines()[-1]
    assert last == f"written: 1-4: layers delta, matte: {output} (Linear Rec.709 (sRGB))"
    said = json.loads(json.dumps(report.document()))
    assert (said["plate_space"], said["space"]) == ("ARRI LogC4", "Linear Rec.709 (sRGB)")
    assert said["written"] == [1, 2, 3, 4] and said["layers"] == ["delta", "matte"]
    assert said["output"] == output
    again = reage.render(reage.RenderJob(**{**vars(job), "resume": True}), model=MODEL)
    assert "nothing new was written" in again.text()


def test_one_frame_is_one_frame(tmp_path: Path) -> None:
    plate, track = write_shot(tmp_path / "plates", frames=(1,))
    look = reage.Settings(50, 30, crop_size=128)
    job = reage.RenderJob(plate, str(tmp_path / "o.%04d.exr"), look, track=track)
    said = reage.render(job, model=MODEL).text()
    assert said.startswith("1 frame in ") and ", frame 1 (ACEScg)" in said


def test_frames_that_hardly_change_are_named(tmp_path: Path) -> None:
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 5))
    look = reage.Settings(50, 30, crop_size=128)
    keys = {n: {"blend": 0.001 if n in (2, 3) else 1.0} for n in range(1, 5)}
    job = reage.RenderJob(plate, str(tmp_path / "o.%04d.exr"), look, track=track,
                          layers=("beauty",), by_frame=keys)  # fmt: skip
    report = reage.render(job, model=MODEL)
    assert "worth a look: hardly changed: 2-3" in report.text()
    job = reage.RenderJob(plate, str(tmp_path / "o.%04d.exr"), reage.Settings(50, 50), track=track)
    assert "The age in and the age out are the same, so nothing changes." in reage.render(
        job, model=MODEL
    ).notices


def test_several_faces_are_told_where_nobody_said_which(tmp_path: Path) -> None:
    demo = read_plate(home.samples() / "demo.1001.exr")
    one = convert(demo.rgb[::2, ::2], "ACEScg", "srgb_rec709_scene")
    two = np.hstack([one, one])
    path = write_image(tmp_path / "p.png", np.clip(two, 0, 1), kind="uint8")
    said = "shows 2 faces"
    for face, tells in (("0", True), ("1", False)):
        look = reage.Settings(50, 30, face=face, crop_size=128)
        job = reage.RenderJob(str(path), str(tmp_path / "o.exr"), look)
        notices = reage.render(job, model=MODEL).notices
        assert any(said in n for n in notices) == tells, notices


def test_a_ladder_that_is_wide_beside_the_faces_age_is_told_of(tmp_path: Path) -> None:
    plate, track = write_shot(tmp_path / "plates", frames=(1,))
    look = reage.Settings(50, crop_size=128)

    def told(ladder: str) -> list[str]:
        layers = str(tmp_path / ladder / "l.%04d.exr")
        job = reage.RenderJob(plate, layers, look, track=track, ladder=ladder)
        return [one for one in reage.render(job, model=MODEL).notices if "ladder" in one]

    assert told("40,60") == [
        "A ladder's mixes are off by a quarter to a half of the change up to the rungs beside the "
        "face's own age, 50; with rungs at 45 and 55 only within five years of it: "
        "--ladder 40,45,55,60."
    ]
    assert told("40,45,55,60") == []
    (one,) = told("45,85")
    assert "with rungs at 55 only" in one
