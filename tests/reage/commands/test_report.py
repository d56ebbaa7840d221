"""`reage render --report` and `reage report`, as a farm runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import write_shot
from reage.cli import main
from reage.shot.shot_report_file import load_report


@pytest.fixture
def base(tmp_path: Path) -> list[str]:
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 7))
    model = delta_network(tmp_path / "m.onnx", card=CARD | {"halo": 1, "crop_size": 128})
    return ["render", plate, "--source-age", "40", "--target-age", "70", "--track", track,
            "--model", str(model), "-o", str(tmp_path / "o.%04d.exr")]  # fmt: skip


def test_chunks_and_their_report(base, tmp_path, capsys) -> None:
    for chunk in ("1-2", "3-4", "5-6"):
        kept = str(tmp_path / "reports" / f"{chunk}.json")
        assert main([*base, "--frames", chunk, "--report", kept]) == 0
        assert f"report: {kept}" in capsys.readouterr().out.splitlines()
    page = tmp_path / "page.html"
    assert main(["report", str(tmp_path / "reports"), "-o", str(page), "--frames", "1-6"]) == 0
    said = capsys.readouterr().out
    assert "6 frames by 3 renders" in said and said.splitlines()[-1] == f"report: {page}"
    assert [f.number for f in load_report(page.with_suffix(".json")).frames] == [*range(1, 7)]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_missing_chunk_is_told_and_is_an_exit_code(base, tmp_path, capsys) -> None:
    kept = str(tmp_path / "a.json")
    assert main([*base, "--frames", "1-2", "--report", kept]) == 0
    capsys.readouterr()
    args = ["report", kept, "-o", str(tmp_path / "p.json"), "--frames", "1-6"]
    assert main([*args, "--json"]) == 1
    said = json.loads(capsys.readouterr().out.splitlines()[-1])["result"]
    assert said["missing"] == [3, 4, 5, 6] and said["report"] == str(tmp_path / "p.json")
    assert not (tmp_path / "p.html").exists()


def test_where_no_report_can_be_is_said_before_the_first_frame(base, tmp_path, capsys) -> None:
    assert main([*base, "--report", str(tmp_path / "r.txt")]) == 2
    assert "*.html or *.json" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main([*base, "--report", str(tmp_path / "file" / "r.json")]) == 6
    assert main([*base, "--report", base[base.index("--track") + 1]]) == 2
    assert "would overwrite the track" in capsys.readouterr().err
    assert not list(tmp_path.glob("o.*.exr"))
    assert main(["report", str(tmp_path / "no.json"), "-o", str(tmp_path / "p.html")]) == 2
