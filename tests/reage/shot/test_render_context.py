"""What is looked at, and said, before the first frame."""

from __future__ import annotations

from pathlib import Path

import reage
from helpers.shots import write_two_heads
from reage.models.model import NullModel


def test_other_faces_are_told_of_once_by_the_part_that_begins_the_shot(tmp_path: Path) -> None:
    plate = write_two_heads(tmp_path, 3)
    settings = reage.Settings(source_age=40.0, target_age=60.0, crop_size=256)
    said, track = {}, None
    for frames in ("1001-1003", "1002", "1001", "1003"):
        out = str(tmp_path / frames / "l.%04d.exr")
        job = reage.RenderJob(plate, out, settings, frames=frames, track=track)
        report = reage.render(job, model=NullModel())
        track = track or str(report.track)
        said[frames] = [n for n in report.notices if "--face chooses another" in n]
    assert [len(told) for told in said.values()] == [1, 0, 1, 1]
    assert said["1001-1003"] == said["1001"] and "Frame 1001 shows 2 faces" in said["1001"][0]
