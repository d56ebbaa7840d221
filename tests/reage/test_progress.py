"""What is told after each frame, and how it is shown: on a terminal, in a log, to a program."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import write_shot
from reage import progress
from reage.progress import Countdown, Progress
from reage.shot.tracking import load_track, save_track


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


def in_a_terminal(command, stop=""):
    """What a terminal of 100 columns shows, line by line as it stands in the end, and the exit
    code. stop: Ctrl-C once this was shown."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 4096):
            said += chunk
            if stop and stop.encode() in said:
                process.send_signal(signal.SIGINT)
                stop = ""
    except OSError:  # Linux says so where the other end is closed
        pass
    os.close(ours)
    lines = [line.split("\r")[-1].rstrip() for line in said.decode().split("\r\n")]
    return lines, process.wait()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pty")
def test_a_terminal_gets_a_bar_that_ends_before_the_report(command):
    shown, code = in_a_terminal(command)
    assert code == 0
    assert re.fullmatch(r"render 100% \|█+\| 2/2, 2: done", shown[0]), shown[0]
    assert shown[1].startswith("2 frames in ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pty")
def test_a_stop_and_an_error_begin_on_a_line_of_their_own(command, tmp_path):
    folder = Path(command[4]).parent
    many = tmp_path / "shot.%04d.exr"
    track = load_track(Path(command[-1]))
    for number in range(1, 201):
        Path(str(many) % number).hardlink_to(folder / "shot.0001.exr")
    faces = {n: replace(track.frames[1], frame=n) for n in range(1, 201)}
    save_track(replace(track, frames=faces), tmp_path / "t.json")
    long = [*command[:4], str(many), *command[5:-1], str(tmp_path / "t.json")]
    shown, code = in_a_terminal([*long, "--progress", "bar"], stop="3/200")
    assert code == 130 and shown[0].startswith("render "), shown
    assert shown[1].startswith("reage: Stopped with ")
    (tmp_path / "shot.0003.exr").unlink()
    (tmp_path / "shot.0003.exr").write_bytes(b"cut off")
    shown, code = in_a_terminal(long)
    assert code == 3 and shown[0].startswith("render "), shown
    assert shown[1].startswith("reage: ") and "shot.0003.exr" in shown[1]


def test_progress_is_shown_as_it_is_asked_for(command):
    def said(*words):
        done = subprocess.run([*command, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines(), done.stderr.splitlines()

    out, told = said("--progress", "json")
    assert [json.loads(line)["progress"]["frame"] for line in out] == [1, 2]
    assert told[0].startswith("2 frames in ")
    out, told = said("--progress", "openjd")
    assert out[:2] == ["openjd_progress: 50.0", "openjd_status: 1: done  1/2"]
    assert out[2] == "openjd_progress: 100.0" and out[4].startswith("2 frames in ") and not told
    out, told = said("--progress", "none")
    assert out[0].startswith("2 frames in ") and not told
    out, told = said("--json", "--progress", "lines")
    assert len(told) == 2 and "result" in json.loads(*out)


def test_help_shows_each_default_zero_among_them():
    done = subprocess.run(
        [sys.executable, "-m", "reage.cli", "render", "--help"], capture_output=True, text=True
    )
    said = " ".join(done.stdout.split())
    assert re.search(r"--steady FRAMES [^\[]*\[0\.0\]", said)
    assert re.search(r"--gray N [^\[]*\[0\.0\]", said)
