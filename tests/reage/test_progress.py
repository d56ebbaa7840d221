"""What is told after each frame, and how it is shown: on a terminal, in a log, to a program."""

import json
import os
import re
import subprocess
import sys

import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import write_shot
from reage import progress
from reage.progress import Countdown, Progress


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_the_time_left_is_counted_from_the_first_frame_that_took_any(clock):
    countdown, left = Countdown("render", 5), []
    for seconds, outcome in ((0, "kept"), (9, "done"), (2, "done"), (4, "no face"), (3, "done")):
        clock[0] += seconds
        left.append(countdown.next(1, outcome).seconds_left)
    assert left == [None, None, 4.0, 3.0, 0.0]


def test_it_reads_well():
    told = Progress("render", 1004, "done", 4, 9, 12.4)
    assert str(told) == "1004: done  4/9, 12 s left" and not told.last
    assert str(Progress("render", 1009, "kept", 9, 9, 0.0)) == "1009: kept  9/9"
    assert str(Progress("track", 7, "", 1, 9, None)) == "face track: 1/9"
    assert told.message()["left"] == 12.4 and told.message()["text"] == str(told)


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """A render of two frames, ready to be started."""
    folder = tmp_path_factory.mktemp("shot")
    plate, track = write_shot(folder / "plates", frames=range(1, 3))
    model = delta_network(folder / "m.onnx", card=CARD | {"halo": 1, "crop_size": 128})
    out = folder / "o.%04d.exr"
    return [
        sys.executable, "-m", "reage.cli", "render", str(plate), "--source-age", "40",
        "--target-age", "70", "-o", str(out), "--model", str(model), "--track", str(track),
    ]  # fmt: skip


def test_a_log_gets_a_line_a_frame_with_the_time(command):
    done = subprocess.run(command, capture_output=True, text=True)
    lines = done.stderr.splitlines()
    assert done.returncode == 0 and len(lines) == 2, done.stderr
    assert re.fullmatch(r"\d\d:\d\d:\d\d 1: done  1/2", lines[0])
    assert "2 frames in" in done.stdout and "written: 1-2: layers delta, matte: " in done.stdout


def test_a_program_gets_lines_of_json(command):
    done = subprocess.run([*command, "--json"], capture_output=True, text=True)
    *told, last = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0 and done.stderr == ""
    assert [(t["progress"]["frame"], t["progress"]["done"]) for t in told] == [(1, 1), (2, 2)]
    assert [f["outcome"] for f in last["result"]["frames"]] == ["done", "done"]


def test_who_asks_for_quiet_hears_only_of_trouble(command):
    done = subprocess.run([*command, "--quiet"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = subprocess.run([*command, "-q", "--pattern", "3"], capture_output=True, text=True)
    assert done.stdout == "" and "takes no pattern" in done.stderr
    both = subprocess.run([*command, "-q", "--json"], capture_output=True, text=True)
    assert both.returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pty")
def test_a_terminal_gets_one_line_that_ends_before_the_report(command):
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 4096):
            said += chunk
    except OSError:  # Linux says so where the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    shown = [line.split("\r\x1b[K")[-1] for line in said.decode().split("\r\n")]
    assert shown[0] == "2: done  2/2" and shown[1].startswith("2 frames in ")


def test_help_shows_each_default_zero_among_them():
    done = subprocess.run(
        [sys.executable, "-m", "reage.cli", "render", "--help"], capture_output=True, text=True
    )
    said = " ".join(done.stdout.split())
    assert re.search(r"--steady FRAMES [^\[]*\[0\.0\]", said)
    assert re.search(r"--gray N [^\[]*\[0\.0\]", said)
