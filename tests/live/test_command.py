"""`reage live` without a window, as a process and in this one."""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
from importlib import import_module

import pytest

from helpers.bundles import bundle, rights
from reage import cli, home
from reage.errors import PlateError, SettingsError
from reage_live import bench, command

ROOT = home.root()


def run(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(argv))


def test_a_line_a_second_and_a_report(capsys):
    # A pattern is made first, which takes some seconds.
    code = run(
        "--source", "test", "--size", "320x180", "--no-window", "--seconds", "6",
        "--source-age", "25", "--target-age", "70", "--crop-size", "192",
    )  # fmt: skip
    out = capsys.readouterr().out.splitlines()
    assert code == 0
    assert sum("fps" in line and "crop 192 px" in line for line in out) >= 2
    assert any(re.match(r"\d+ frames shown: .* dropped .* delay .* MB", line) for line in out)


@pytest.mark.parametrize(
    ("asked", "ages"),
    [((), (45, 70)), (("--source-age", "70"), (70, 45)), (("--target-age", "45"), (45, 45))],
)
def test_it_begins_with_ages_that_differ_unless_both_are_said(monkeypatch, asked, ages):
    seen = []
    monkeypatch.setattr(command, "_alone", lambda mirror, args: seen.append(mirror) or 0)
    assert run("--source", "test", "--no-window", *asked) == 0
    settings = seen[0].face_settings.of(0)
    assert (settings.source_age, settings.target_age) == ages


def test_a_bundle_brings_its_album_and_a_person_strength_its_weights(monkeypatch, tmp_path):
    seen, anna = [], bundle(tmp_path / "anna.reage", rights())
    monkeypatch.setattr(command, "_alone", lambda mirror, args: seen.append(mirror) or 0)
    words = ("--source", "test", "--no-window", "--model", str(anna))
    assert run(*words) == run(*words, "--person", "0.5", "--pattern", "7") == 0
    whole, half = (mirror.face_settings.of(0) for mirror in seen)
    assert (whole.pattern, whole.person) == (f"{anna}@target", 1.0)
    assert (half.pattern, half.person) == (7, 0.5)
    assert seen[0].model.sha256 != seen[1].model.sha256


def test_it_ends_after_so_many_frames(capsys):
    assert run("--source", "test", "--size", "320x180", "--no-window", "--frames", "5") == 0
    assert "5 frames shown" in capsys.readouterr().out


def test_without_a_camera_it_says_so_and_goes_on(capsys):
    assert run("--source", "97", "--no-window", "--seconds", "1.5") == 0
    assert "There is no camera 97" in capsys.readouterr().out


def test_what_makes_no_sense_is_refused():
    with pytest.raises(SettingsError, match="--no-window"):
        run("--source", "test", "--frames", "5")
    with pytest.raises(PlateError):
        run("--source", "none.mov", "--no-window")
    with pytest.raises(SettingsError, match="crop-size"):
        run("--source", "test", "--no-window", "--crop-size", "100")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_stopped_by_hand_it_still_reports():
    path = os.pathsep.join(p for p in sys.path if p)
    code = (
        "import reage.cli as c, reage_live.command as m;"
        "c._commands_elsewhere = lambda: iter([('live', m)]);"
        "raise SystemExit(c.main(['live', '--source', 'test', '--size', '320x180',"
        " '--no-window']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert "fps" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "frames shown" in out
    assert "reage: stopped." in err


def test_the_entry_points_are_what_the_engine_looks_for():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    points = re.findall(r'^live = "(reage_live[.\w:]+)"$', text, re.MULTILINE)
    (measured,) = (p for p in points if ":" in p)
    (named,) = (p for p in points if ":" not in p)
    module = import_module(named)
    assert callable(module.run) and callable(module.add_arguments)
    where, name = measured.split(":")
    assert getattr(import_module(where), name) is bench.lines


def test_the_bench_tells_rate_delay_share_and_memory():
    out = list(bench.lines(2))
    assert "crop 256 px" in out[0]
    assert re.search(r"after +2 s .* fps .* dropped .* ms \([\d.]+ fr\).* MB", out[1])
    assert out[2].startswith("whole")
    with pytest.raises(SettingsError):
        list(bench.lines(1))


def test_the_command_of_another_package_is_offered(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_commands_elsewhere", lambda: iter([("live", command)]))
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "the on-set mirror: see a camera" in capsys.readouterr().out
