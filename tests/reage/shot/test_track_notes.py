"""Frames of a track that are worth a look, and what a report says of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reage
from helpers.plate_files import write_image
from helpers.shots import HEIGHT, WIDTH, face, write_shot
from reage.faces import FaceFrame, FaceTrack
from reage.models.model import NullModel
from reage.shot.track_notes import sentence, track_notes
from reage.shot.tracking import save_track


def track(**changed: Any) -> FaceTrack:
    """Ten frames of a face that moves 3 px a frame; f4={...} changes frame 4, f4=None loses it."""
    faces = {n: face(n, (100.0 + 3 * n, 120.0)) for n in range(1, 11)}
    for name, change in changed.items():
        number = int(name[1:])
        faces[number] = (
            FaceFrame.none(number) if change is None else replace(faces[number], **change)
        )
    return FaceTrack(WIDTH, HEIGHT, faces)


@pytest.mark.parametrize(
    ("changed", "notes"),
    [
        ({}, {}),
        ({"f3": {"state": "held"}, "f4": {"state": "held"}}, {"held": (3, 4)}),
        ({"f10": {"state": "edited"}}, {"edited": (10,)}),
        ({"f2": {"confidence": 0.3}}, {"doubtful": (2,)}),
        ({"f2": {"confidence": 0.3, "state": "held"}}, {"held": (2,)}),
        ({"f5": {"center": (180.0, 120.0)}}, {"jumps": (5,)}),
        ({"f4": None, "f6": None}, {"alone": (5,)}),
        ({"f2": None}, {"alone": (1,)}),
    ],
)
def test_frames_worth_a_look(changed: dict[str, Any], notes: dict[str, tuple[int, ...]]) -> None:
    assert track_notes(track(**changed), range(1, 11)) == notes


def test_cuts_and_doubts_are_told_and_nothing_jumps_over_a_cut() -> None:
    moved = {f"f{n}": {"center": (400.0, 300.0)} for n in range(6, 11)}
    shot = track(f3=None, **moved)
    assert track_notes(shot, range(1, 11)) == {"jumps": (5, 6)}
    cut = replace(shot, cuts=(6,), doubts=(3,))
    assert track_notes(cut, range(1, 11)) == {"cuts": (6,), "unsure": (3,)}
    assert track_notes(cut, range(7, 11)) == {}


def test_only_the_frames_of_a_render_are_told_of() -> None:
    held = {f"f{n}": {"state": "held"} for n in (2, 3, 7)}
    notes = track_notes(track(**held), (1, 2, 3, 4))
    assert sentence(notes) == "held: 2-3"


def test_a_report_tells_them_and_so_does_its_document(tmp_path: Path) -> None:
    plate, _ = write_shot(tmp_path / "plates", frames=range(1, 5))
    path = tmp_path / "held.json"
    save_track(track(f2={"state": "held"}), path)
    look = reage.Settings(50, 30, crop_size=128)
    job = reage.RenderJob(plate, str(tmp_path / "o.%04d.exr"), look, track=str(path))
    report = reage.render(job, model=NullModel(strength=0.5))
    assert "worth a look: held: 2" in report.text()
    assert report.document()["faces"][0]["worth_a_look"] == {"held": (2,)}
    assert report.exit_code == 0


def test_no_face_anywhere_is_no_success(tmp_path: Path) -> None:
    path = write_image(tmp_path / "p.png", np.full((96, 96, 3), 0.5, np.float32), kind="uint8")
    job = reage.RenderJob(str(path), str(tmp_path / "o.exr"), reage.Settings(50, 30, crop_size=128))
    report = reage.render(job, model=NullModel())
    assert report.exit_code == 5 and report.numbers("no face") == (1,)


def test_a_part_of_a_shot_in_which_the_face_is_away_is_one(tmp_path: Path) -> None:
    plate, track_file = write_shot(tmp_path / "plates", frames=range(1, 5), lost=(1, 2))
    look = reage.Settings(50, 30, crop_size=128)
    output = str(tmp_path / "o.%04d.exr")
    job = reage.RenderJob(plate, output, look, frames="1-2", track=track_file)
    report = reage.render(job, model=NullModel())
    assert report.exit_code == 0 and report.numbers("no face") == (1, 2)
