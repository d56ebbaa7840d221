"""Which plates the frames of a job are."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.shots import write_shot
from reage.errors import MissingFrames
from reage.job import RenderJob
from reage.shot.footage import Footage


@pytest.mark.parametrize("part", ["1-3", "2", "5-6", "6,2", "4-7", "7"])
def test_a_part_of_a_shot_holds_the_frames_that_the_whole_of_it_does(
    tmp_path: Path, part: str
) -> None:
    plate, _ = write_shot(tmp_path, frames=(1, 3, 4, 7))
    whole = Footage.open(RenderJob(plate, "o.%04d.exr", frames="1-8", missing="hold"))
    assert whole.held == {2: 1, 5: 4, 6: 4, 8: 7} and whole.frames == tuple(range(1, 9))
    some = Footage.open(RenderJob(plate, "o.%04d.exr", frames=part, missing="hold"))
    assert {n: whole.file(n) for n in some.frames} == {n: some.file(n) for n in some.frames}
    assert len(some.frames) == {"1-3": 3, "2": 1, "5-6": 2, "6,2": 2, "4-7": 4, "7": 1}[part]


def test_what_begins_before_the_first_file_shows_that(tmp_path: Path) -> None:
    plate, _ = write_shot(tmp_path, frames=(3, 4))
    some = Footage.open(RenderJob(plate, "o.%04d.exr", frames="1-2", missing="hold"))
    assert some.frames == (1, 2) and some.held == {1: 3, 2: 3}
    with pytest.raises(MissingFrames):
        Footage.open(RenderJob(plate, "o.%04d.exr", frames="1-2", missing="skip"))
