"""From the set to the comp, whole: a real mirror is steered, killed in mid-take, its take
recovered and handed over; the keys in the script are what the operator did."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from fake_nuke import tcl
from fake_nuke.animation import channels_from
from helpers.take_kit import grays
from reage.job import RenderJob
from reage.shot.footage import Footage
from reage.shot.tracking import open_track
from reage_live import journal, recovery, take, to_nuke

STEERED = """
import itertools, sys, time
from pathlib import Path
from reage.models.model import NullModel
from reage.models.model_card import ModelCard
from reage.settings import Settings
from reage_live.mirror import Mirror
from reage_live.recorder import TakeRecorder
from reage_live.recording import Slate
from reage_live.opening import source_of

card = ModelCard(name="null", license="Apache-2.0", rights_holder="nobody", trained_on="nothing",
                 encoding="sRGB", crop_size=192, halo=0)
source = source_of({source!r}, loop=True, size={size!r})
mirror = Mirror(source, NullModel(0.2, card), Settings(source_age=60, target_age=60, crop_size=192),
                recorder=TakeRecorder(Path({day!r})), keep_crop=True)
mirror.start()
while not mirror.present or mirror.recorder is None:
    mirror.results.get(0.2)
mirror.record(Slate("7", 2, "B"))
for i in itertools.count():
    age = 60 - 3 * (i % 12)
    mirror.face_settings.set(target_age=float(age), blend=0.1 * (i % 8))
    time.sleep(0.13)
"""


def enough(folder: Path) -> bool:
    """Two seconds and a few moves; how many frames lie in them is the machine's affair."""
    if not journal.unfinished(folder) or not (folder / journal.NAME).stat().st_size:
        return False
    _, lines = journal.read(folder)
    return bool(lines) and lines[-1]["frame"] >= 48 and sum("settings" in n for n in lines) > 6


@pytest.mark.parametrize("source", ["test", "movie"])
def test_a_killed_take_comes_to_the_comp_as_it_was(tmp_path: Path, source: str) -> None:
    if source == "movie":
        source = str(_movie(tmp_path / "head.mov"))
    size = (640, 360) if source == "test" else None
    code = STEERED.format(day=str(tmp_path), source=source, size=size)
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ)
    folder, end = tmp_path / "7_002_B", time.monotonic() + 60
    try:
        while not enough(folder) and time.monotonic() < end and process.poll() is None:
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL
    _, lines = journal.read(folder)

    made = recovery.open_take(folder)
    # Before the last line's frame those that did not come are held: they may be in the making.
    assert made.recovered and made.frames >= lines[-2]["frame"] - 24
    assert made.about.size == (640, 360) and made.about.model == "null 1"
    assert len(grays(made.raw)) >= made.frames and len(grays(made.reaged)) >= made.frames

    job = RenderJob(str(made.raw), "o.%04d.exr", frames=f"1-{made.frames}", track=str(made.track))
    track = open_track(job, Footage.open(job))
    assert sum(track.at(n) is not None for n in track.frames) > made.frames / 2

    reage = next(n for n in tcl.load(to_nuke.script(take.load(folder))).nodes if n.cls == "ReAge")
    for name in ("source_age", "target_age", "blend"):
        (channel,) = channels_from(reage.knobs[name], 1)
        values = dict(_as_written(lines, name))
        for frame in (n for n in values if n <= made.frames):
            found = channel.curve.at(1000 + frame) if channel.curve else channel.number
            assert found == values[frame], (name, frame)
    assert len(made.moves) > 3


def _as_written(lines: list[dict], name: str) -> list[tuple[int, float]]:
    """(frame, value) out of the journal alone, for frames that came."""
    value, found = np.nan, []
    for line in lines:
        value = line.get("settings", {}).get(name, value)
        found.append((line["frame"], value))
    return found


def _movie(path: Path) -> Path:
    """The test source's head, as a camera's file."""
    from reage.media.timecode import Timecode
    from reage_live.synthetic import RATE, TestSource
    from reage_live.take_movie import MovieWriter

    head = TestSource((640, 360), paced=False)
    head.open()
    movie = MovieWriter(path, (640, 360), RATE, Timecode(0, 24), "srgb_rec709_scene")
    for i in range(48):
        movie.write(head.picture(i))
    movie.close()
    return path
