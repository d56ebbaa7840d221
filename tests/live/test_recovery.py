"""A take that is cut off, by a killed process or a full disk, is there up to the last second."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import helpers
from helpers.take_kit import ABOUT, SLATE, frame, give, grays, level, record, settings, slated
from reage.errors import OutputError, PlateError
from reage.media.video import Movie
from reage.shot.tracking import load_track
from reage_live import journal, recovery, take
from reage_live.fragments import remains_of
from reage_live.recorder import TakeRecorder
from reage_live.take_writer import TakeWriter

HERE = Path(helpers.__file__).parent.parent

ON_AND_ON = """
import itertools, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from helpers.take_kit import *
recorder = TakeRecorder(Path({day!r}), {codec!r})
recorder.start(SLATE, ABOUT)
give(recorder, (frame(i) for i in itertools.count()))
"""
"""A mirror that records until it is killed."""

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))
sys.path.insert(0, {here!r})
from pathlib import Path
from helpers.take_kit import *
recorder = TakeRecorder(Path({day!r}))
recorder.start(SLATE, ABOUT)
for i in range(400):
    if not recorder.taking:
        break
    give(recorder, [frame(i, busy=True)])
recorder.stop()
print(recorder.problem())
"""
"""A disk that refuses after six mebibytes a file."""


def lines_of(folder: Path) -> int:
    """Frames in the journal."""
    text = (folder / journal.NAME).read_bytes() if (folder / journal.NAME).exists() else b""
    return max(0, text.count(b"\n") - 1)


@pytest.fixture(params=["prores", "dnxhr"])
def killed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A take's folder whose process was killed in mid-take, and how many frames it had."""
    code = ON_AND_ON.format(here=str(HERE), day=str(tmp_path), codec=request.param)
    process = subprocess.Popen([sys.executable, "-c", code])
    folder, end = tmp_path / "12A_003_A", time.monotonic() + 60
    while lines_of(folder) < 60 and time.monotonic() < end:
        time.sleep(0.005)
    with pytest.raises(OutputError, match="is being recorded right now; stop the take first"):
        recovery.open_take(folder)
    process.send_signal(signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL
    yield folder, lines_of(folder)


def test_a_killed_take_is_recovered_up_to_the_last_second(killed: tuple[Path, int]) -> None:
    folder, seen = killed
    assert seen >= 60 and not (folder / "take.json").exists()
    made = recovery.open_take(folder)
    assert seen - 24 <= made.frames <= seen
    assert made.recovered and made.slate == SLATE and made.about == ABOUT
    both = grays(made.raw), grays(made.reaged)
    assert all(made.frames <= len(found) <= seen for found in both)
    want = np.array([level(i) for i in range(made.frames)])
    assert np.abs(np.array(both[0][: made.frames]) - want).max() < 0.6
    assert np.abs(np.array(both[1][: made.frames]) - (255 - want)).max() < 0.6
    assert [made.settings_at(n + 1) for n in range(made.frames)] == [
        settings(i) for i in range(made.frames)
    ]
    assert sorted(load_track(made.track).frames) == list(range(1, made.frames + 1))
    assert Movie.open(made.raw).info(0).metadata["smpte:TimeCode"].value[0] == 0x10000000
    assert not (folder / journal.NAME).exists()
    assert recovery.recover(folder) == recovery.open_take(folder / "take.json") == made


def test_a_line_that_was_cut_off_is_left_out(killed: tuple[Path, int]) -> None:
    folder, _ = killed
    path = folder / journal.NAME
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:31], lines[31][:40]]))
    assert recovery.open_take(folder).frames == 30


def test_a_take_killed_in_its_first_moment_says_that_nothing_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "12A_003_A"
    folder.mkdir()
    head = journal.Journal(folder, {"slate": {}, "about": {}, "version": "1"})
    head.close()
    with pytest.raises(PlateError, match="was cut off in its first second"):
        recovery.open_take(folder)
    (folder / journal.NAME).write_text("what is this\n")
    with pytest.raises(PlateError, match="Entry 1 of the journal .* is not JSON"):
        recovery.open_take(folder)


def test_a_refusing_disk_ends_the_take_and_keeps_it(tmp_path: Path) -> None:
    code = LIMITED.format(here=str(HERE), day=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    kept_and_told(tmp_path / "12A_003_A", done.stdout.strip(), "File too large")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 9 MB, where this user may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=9m", "none", str(place)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_ends_the_take_at_once_and_the_next_does_not_begin(small_disk: Path) -> None:
    recorder = TakeRecorder(small_disk)
    recorder.start(SLATE, ABOUT)
    assert "The disk has room for" in (recorder.problem() or "")  # said before it is full
    for i in range(1000):
        if not recorder.taking:
            break
        give(recorder, [frame(i, busy=True)])
    assert not recorder.taking and "No space left on device" in (recorder.problem() or "")
    before = time.monotonic()
    recorder.write(frame(1001))  # the mirror goes on
    assert time.monotonic() - before < 0.1
    recorder.stop()
    kept_and_told(small_disk / "12A_003_A", recorder.problem() or "", "No space left on device")
    with pytest.raises(OutputError, match=r"has room for \d+ seconds; make some first"):
        recorder.start(slated(4), ABOUT)
    assert [p.name for p in small_disk.iterdir()] == ["12A_003_A"]


def kept_and_told(folder: Path, told: str, why: str) -> None:
    """The take stands, can be played to its end, and the operator knows how far."""
    made = take.load(folder)
    assert told == (
        f"{folder} cannot be written: {why}. Recording has stopped; "
        f"12A_003_A is kept up to frame {made.frames}."
    )
    assert made.recovered and made.frames >= 12
    for movie in (made.raw, made.reaged):
        assert len(grays(movie)) >= made.frames
    assert [made.settings_at(n) for n in (1, made.frames)] == [
        settings(0), settings(made.frames - 1)
    ]  # fmt: skip
    assert json.loads((folder / "take.json").read_text())["recovered"] is True


def test_a_take_that_ended_well_needs_no_recovery(tmp_path: Path) -> None:
    folder = record(tmp_path, range(5))
    before = {p: p.stat().st_mtime_ns for p in folder.iterdir()}
    assert recovery.recover(folder).recovered is False
    assert {p: p.stat().st_mtime_ns for p in folder.iterdir()} == before


def take_of_six_seconds(tmp_path: Path) -> Path:
    """A take that was never closed: the first fragment begins at frame 1, each has twelve."""
    writer = TakeWriter(tmp_path / "live", SLATE, ABOUT, "prores")
    for i in range(144):
        writer.write(frame(i))
    folder = tmp_path / writer.folder.name
    shutil.copytree(writer.folder, folder)
    writer.close()
    return folder


def damaged(movie: Path, where: str) -> None:
    """The boxes of the fifth fragment, frames 49 to 60, or the movie's first ones."""
    data = bytearray(movie.read_bytes())
    fifth = remains_of(bytes(data)).fragments[4]
    at, change = {
        "moof": (fifth.begin, b"\0" * 24),
        "moof's length": (fifth.begin, b"\x7f\xff\xff\xff"),
        "mdat": (fifth.middle, b"junk" * 2),
        "mdat's length": (fifth.middle, (20_000).to_bytes(4, "big")),
        "all of it": (fifth.begin, b"\xff" * (fifth.end - fifth.begin)),
        "the head": (0, b"\0" * 64),
    }[where]
    data[at : at + len(change)] = change
    movie.write_bytes(data)


@pytest.mark.parametrize(
    ("where", "lost"),
    [("moof", 12), ("moof's length", 12), ("mdat", 0), ("mdat's length", 0), ("all of it", 12),
     ("the head", 0)],
)  # fmt: skip
def test_what_lies_behind_a_damaged_box_is_saved(tmp_path: Path, where: str, lost: int) -> None:
    folder = take_of_six_seconds(tmp_path)
    movie = take.raw_path(folder)
    damaged(movie, where)
    was = movie.read_bytes()
    made = recovery.recover(folder)
    assert made.frames > 120 and made.held == tuple(range(49, 49 + lost))
    found = np.array(grays(made.raw))[: made.frames]
    want = np.array([level(47 if i + 1 in made.held else i) for i in range(made.frames)])
    assert len(found) == made.frames and np.abs(found - want).max() < 0.6
    assert Movie.open(made.raw).info(0).metadata["smpte:TimeCode"].value[0] == 0x10000000
    assert movie.with_name("12A_003_A_raw.damaged.mov").read_bytes() == was
    assert not list(folder.glob("*salvaged*"))


def test_a_damaged_movie_stays_where_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    folder = take_of_six_seconds(tmp_path)
    movie = take.raw_path(folder)
    damaged(movie, "moof")
    was = movie.read_bytes()
    (folder / "12A_003_A_raw.salvaged.mov").mkdir()
    with pytest.raises(OutputError, match="salvaged.mov cannot be written"):
        recovery.recover(folder)
    assert movie.read_bytes() == was and journal.unfinished(folder)
    (folder / "12A_003_A_raw.salvaged.mov").rmdir()
    assert recovery.recover(folder).recovered


def test_of_a_movie_with_nothing_whole_nothing_is_cut_off(tmp_path: Path) -> None:
    folder = take_of_six_seconds(tmp_path)
    movie = take.raw_path(folder)
    first = remains_of(movie.read_bytes()).fragments[0]
    movie.write_bytes(movie.read_bytes()[: first.end - 100])
    was = movie.read_bytes()
    with pytest.raises(PlateError, match="cut off in its first second"):
        recovery.recover(folder)
    assert movie.read_bytes() == was and journal.unfinished(folder)
