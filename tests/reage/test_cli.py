"""The `reage` command as a person runs it: real processes, real files, exit codes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import write_plate, write_shot
from reage import home
from reage.cli import main
from reage.job import RenderJob
from reage.media.imagefile import read_info
from reage.settings import Settings, settings_of
from reage.shot.image import read_layers
from reage.shot.tracking import load_track, save_track

AGES = ("--source-age", "40", "--target-age", "70")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    return str(delta_network(path, card=CARD | {"halo": 1, "crop_size": 128}))


def reage(*args, **more):
    command = [sys.executable, "-m", "reage.cli", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **more)


def test_render_writes_layers_and_says_where(tmp_path, model):
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 4))
    out = tmp_path / "new folder" / "é.%04d.exr"
    done = reage("render", plate, *AGES, "-o", out, "--model", model, "--track", track,
                 "--blend", "0.8", "--layers", "delta,matte,beauty", "--jobs", "2")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 frames in" in done.stdout and str(out) in done.stdout
    assert "3/3" in done.stderr
    said = read_info(Path(str(out) % 2)).metadata
    assert said["reage:blend"] == pytest.approx(0.8)
    assert read_layers(Path(str(out) % 2)).delta.any()


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (["--target-age", "170"], 2, "--target-age is 170.0; it must be from 0 to 100"),
        (
            ["--layers", "delta,depth"],
            2,
            "--layers knows delta, matte, parts, shape, st, beauty; it got",
        ),
        (["--face", "left"], 2, "--face is 'left'"),
        (["--frames", "x-y"], 2, "no frame range"),
        (["--frames", "1-9"], 3, "4-9"),
        (["--colorspace", "Kodachrome"], 3, "Kodachrome"),
        (["--model", "no.onnx"], 4, "Cannot read the model no.onnx"),
        (["--track", "no.json"], 5, "Cannot read the track no.json"),
    ],
)
def test_bad_input_gives_one_sentence_and_its_exit_code(tmp_path, model, change, code, says):
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 4))
    base = ["render", plate, *AGES, "-o", tmp_path / "o.%04d.exr", "--model", model]
    if "--face" not in change and "--track" not in change:
        base += ["--track", track]
    done = reage(*base, *change)
    assert done.returncode == code and says in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and done.stderr.count("\n") <= 4
    assert not list(tmp_path.glob("o.*.exr"))


def test_a_path_for_nuke_takes_no_folder(tmp_path):
    done = reage("nuke", "path", tmp_path)
    assert done.returncode == 2 and "takes no folder" in done.stderr
    assert reage("nuke", "path").returncode == 0


def test_control_c_while_a_library_loads_is_a_stop(monkeypatch, capsys):
    """pybind11 makes an ImportError of it, and KeyboardInterrupt its cause."""
    import reage.commands.doctor

    def run(args):
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as e:
            raise ImportError("initialization failed") from e

    monkeypatch.setattr(reage.commands.doctor, "run", run)
    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == "reage: stopped.\n"


def test_negative_frames_are_rendered(tmp_path, model):
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 4))
    for number in (1, 2, 3):
        Path(plate % number).rename(plate % (number - 3))
    there = load_track(Path(track))
    faces = {n - 3: replace(face, frame=n - 3) for n, face in there.frames.items()}
    save_track(replace(there, frames=faces), Path(track))
    done = reage("render", plate, *AGES, "--frames", "-2-0", "-o", tmp_path / "o.%04d.exr",
                 "--model", model, "--track", track)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.glob("o.*")) == [
        "o.-001.exr", "o.-002.exr", "o.0000.exr"
    ]  # fmt: skip


def test_both_ages_must_be_given():
    done = reage("render", "x.%04d.exr", "-o", "y.%04d.exr", "--source-age", "40")
    assert done.returncode == 2 and "--target-age" in done.stderr


def test_a_failed_frame_means_exit_code_one(tmp_path, model):
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 4))
    Path(plate % 2).write_bytes(b"no image")
    done = reage("render", plate, *AGES, "-o", tmp_path / "o.%04d.exr", "--model", model,
                 "--track", track, "--continue-on-error")  # fmt: skip
    assert done.returncode == 1 and "failed: 2:" in done.stdout and "shot.0002.exr" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_control_c_keeps_finished_frames_and_resume_goes_on(tmp_path, model):
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 81))
    out = tmp_path / "o.%04d.exr"
    args = ["render", plate, *AGES, "-o", str(out), "--model", model, "--track", track]
    command = [sys.executable, "-m", "reage.cli", *args]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("o.*.exr"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "--resume" in errors and "Traceback" not in errors
    there = sorted(p.name for p in tmp_path.glob("o.*.exr"))
    assert 3 <= len(there) < 80 and not list(tmp_path.glob(".*"))
    assert all(np.isfinite(read_layers(tmp_path / name).delta).all() for name in there)
    done = reage(*args, "--resume")
    assert done.returncode == 0 and "kept from an earlier render" in done.stdout
    assert len(list(tmp_path.glob("o.*.exr"))) == 80


def test_a_track_is_edited_from_the_command_line(tmp_path):
    _, track = write_shot(tmp_path, frames=range(1, 6))
    done = reage("track", track, "-o", tmp_path / "new.json", "--at", "2-3", "--center", "50,60.5",
                 "--size", "99", "--degrees", "-4")  # fmt: skip
    assert done.returncode == 0 and "edited: 2-3" in done.stdout, done.stderr
    frames = {f["frame"]: f for f in json.loads((tmp_path / "new.json").read_text())["frames"]}
    assert (frames[2]["center"], frames[3]["size"], frames[3]["degrees"]) == ([50, 60.5], 99, -4)
    assert frames[4]["state"] == "seen"
    done = reage("track", tmp_path / "new.json", "--at", "3", "--shift", "-4,0.5")
    assert done.returncode == 0, done.stderr
    frames = {f["frame"]: f for f in json.loads((tmp_path / "new.json").read_text())["frames"]}
    assert frames[3]["center"] == [46, 61]
    done = reage("track", tmp_path / "new.json", "--at", "5", "--no-face")
    assert "no face: 5" in done.stdout
    assert reage("track", track, "--at", "9", "--no-face").returncode == 5
    assert reage("track", track, "--at", "2").returncode == 2


def test_edits_are_keys_in_their_order_and_what_is_wrong_is_told(tmp_path):
    _, track = write_shot(tmp_path, frames=range(1, 12), lost=(10, 11))
    out = tmp_path / "new.json"
    done = reage("track", track, "-o", out, "--at", "2", "--shift", "0,0", "--at", "6", "--shift",
                 "-4,0", "--at", "11", "--place", "60,50,80,100", "--yaw", "-70")  # fmt: skip
    assert done.returncode == 0 and "edited: 2-11" in done.stdout, done.stderr
    frames = {f["frame"]: f for f in json.loads(out.read_text())["frames"]}
    assert [n for n, f in frames.items() if f.get("key")] == [2, 6, 11]
    assert [frames[n]["center"][0] - (140 + 3 * n) for n in (2, 4, 6)] == [0, -2, -4]
    done = reage("track", home.demo_plate()[0], "-o", out, "--at", "1001", "--size", "300")
    assert done.returncode == 0 and "edited: 1001" in done.stdout, done.stderr
    done = reage("track", home.demo_plate()[0], "--face", "all")
    assert done.returncode == 2 and "--face all is for a render" in done.stderr
    for words, said in (
        (("--shift", "1,1"), "Say with --at which frames"),
        (("--at", "2", "--size", "9", "--size", "8"), "A flag is given twice for --at 2"),
        (("--at", "2", "--shift", "1"), "--shift wants two numbers"),
        (("--at", "2", "--shift", "a,b"), "wants numbers, such as 960,540"),
    ):
        done = reage("track", track, *words)
        assert done.returncode == 2 and said in done.stderr


def test_every_setting_is_a_flag_and_its_help_is_shown():
    text = " ".join(reage("render", "--help").stdout.split())
    for each in [*settings_of(Settings), *settings_of(RenderJob)]:
        assert each.flag in text
        assert each.help.split()[0] in text


def test_a_sheet_is_a_picture(tmp_path, model):
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 2))
    for name, target in (("young", "20"), ("old", "80")):
        reage("render", plate, "--source-age", "50", "--target-age", target, "--model", model,
              "--track", track, "-o", tmp_path / f"{name}.exr")  # fmt: skip
    done = reage("sheet", plate % 1, tmp_path / "young.exr", tmp_path / "old.exr",
                 "-o", tmp_path / "sheet.png")  # fmt: skip
    assert done.returncode == 0, done.stderr
    info = read_info(tmp_path / "sheet.png")
    assert info.display.width == 3 * 480 and info.display.height > 600
    for shape, said in ("1", "young.exr holds no shape for --shape"), ("3", "--shape is 3"):
        done = reage("sheet", plate % 1, tmp_path / "young.exr", tmp_path / "old.exr",
                     "-o", tmp_path / "sheet.png", "--shape", shape)  # fmt: skip
        assert done.returncode == 2 and said in done.stderr


def test_movie_and_still_inputs_need_no_pattern(tmp_path, model):
    write_plate(tmp_path / "still.exr", np.full((240, 320, 3), 0.3, np.float32))
    _, track = write_shot(tmp_path / "plates", frames=(1,))
    done = reage("render", tmp_path / "still.exr", *AGES, "-o", tmp_path / "o.exr", "--model",
                 model, "--track", track)  # fmt: skip
    assert done.returncode == 0 and read_layers(tmp_path / "o.exr").delta.any(), done.stderr


def test_a_pattern_that_is_none_is_one_sentence(capsys, tmp_path):
    for text, said in (("old.exr", "is a seed such as 7"), ("7:ears", "the regions forehead")):
        argv = ["render", "x.exr", "-o", "y.exr", "--source-age", "40", "--target-age", "70"]
        assert main([*argv, "--pattern", text]) == 2
        assert said in capsys.readouterr().err


def test_the_pattern_command_says_what_it_made_and_what_is_wrong(capsys, tmp_path):
    from reage import home

    frame, path, look = str(home.demo_plate()[0]), tmp_path / "a.pattern.exr", tmp_path / "a.png"
    assert main(["pattern", frame, "-o", str(path), "--look", str(look)]) == 0
    assert "1 photograph, face" in capsys.readouterr().out and look.is_file()
    assert main(["pattern", frame, "-o", str(tmp_path / "a.exr")]) == 6
    assert "named *.pattern.exr" in capsys.readouterr().err
    assert main(["pattern", "-o", str(path)]) == 2
    assert main(["pattern", frame, "--sheet", "-o", str(look)]) == 2
    assert main(["pattern", frame, "-o", str(path), "--look", "a.jpg"]) == 2


@pytest.mark.parametrize(
    ("plate", "frames"),
    [("shot.%04d.exr 1-2", [1, 2]), ("shot.####.exr 3", [3]), ("~/shot.%04d.exr", [1, 2, 3])],
)
def test_a_plate_is_named_as_nukes_browser_and_a_home_folder_have_it(
    tmp_path, model, plate, frames
):
    _, track = write_shot(tmp_path, frames=range(1, 4))
    home_is = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    done = reage("render", plate, *AGES, "-o", "~/out.%04d.exr", "--model", model,
                 "--track", track, cwd=tmp_path, env=home_is)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sorted(int(p.name.split(".")[1]) for p in tmp_path.glob("out.*.exr")) == frames


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("shot.*.exr",), 3, "is a wildcard; write the place of the frame number, as in "),
        (("shot.%04d.exr", "--layers", ","), 2, "--layers names none of delta, matte"),
        (("shot.%04d.exr", "--frames", "-1-1"), 3, "2 of 3 frames are missing in .: -1-0"),
    ],
)
def test_what_cannot_work_is_a_sentence_with_the_right_spelling(
    tmp_path, monkeypatch, capsys, words, code, says
):
    write_shot(tmp_path, frames=range(1, 3))
    monkeypatch.chdir(tmp_path)
    assert main(["render", *words, *AGES, "-o", "out.%04d.exr"]) == code
    assert says in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="whole paths have an end there, too")
@pytest.mark.parametrize("length", [234, 240, 244])
def test_a_long_name_works_as_long_as_its_track_can_be_named(tmp_path, model, length):
    plate, track = write_shot(tmp_path, frames=[1])
    out = tmp_path / ("n" * length + ".exr")
    done = reage("render", plate, *AGES, "-o", out, "--model", model, "--track", track)
    assert done.returncode == 0 and out.is_file(), done.stderr
    without = reage("render", plate, *AGES, "-o", tmp_path / ("n" * 252 + ".exr"), "--model", model)
    assert without.returncode == 6 and "File name too long" in without.stderr
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_what_nobody_foresaw_is_a_sentence_and_its_traceback_is_in_a_file(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("reage.commands.render.run", lambda args: 1 // 0)
    assert main(["render", "p.exr", *AGES, "-o", "o.exr"]) == 70
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said and "Traceback" not in said and "reage_errors.log" in said
    assert "ZeroDivisionError" in (tmp_path / "reage_errors.log").read_text(encoding="utf-8")


def test_a_track_made_anew_keeps_what_a_hand_has_set_and_says_so(tmp_path, capsys):
    for number in (1, 2):
        shutil.copy(home.demo_plate()[0], tmp_path / f"p.{number:04d}.exr")
    plate, path = str(tmp_path / "p.%04d.exr"), str(tmp_path / "p.track.json")
    assert main(["track", plate, "-q"]) == 0
    assert main(["track", path, "--at", "2", "--shift", "40,0", "-q"]) == 0
    capsys.readouterr()
    assert main(["track", plate, "-q"]) == 0
    assert f"set by hand in {path} stays: 2" in capsys.readouterr().err
    assert [f.state for f in load_track(Path(path)).frames.values()] == ["seen", "edited"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("render", "p.exr", "-o", "o.exr", *AGES, "--rate", "abc"), "argument --rate: invalid"),
        (("render", "p.exr", "-o", "o.exr", *AGES, "--speed", "2"), "--speed"),
        (("track", "p.exr", "--at", "1", "--shift", "left"), "wants numbers, such as 960,540"),
        (("sheet", "p.exr"), "required: -o/--output"),
    ],
)
def test_a_wrong_word_is_a_sentence_and_no_page_of_flags(words, says):
    done = reage(*words)
    assert done.returncode == 2 and says in done.stderr
    assert done.stderr.count("\n") == 1 and "--help` shows" in done.stderr
