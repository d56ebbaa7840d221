"""`reage render --report` and `reage report`, as a farm runs them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import write_shot
from reage.cli import main
from reage.commands.job_flags import add_job_flags, job_of
from reage.job import RenderJob
from reage.settings import Settings
from reage.shot.shot_report import FrameEntry
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


def test_no_report_takes_the_place_of_a_job_a_track_or_another_file(base, tmp_path, capsys) -> None:
    job = tmp_path / "shot.json"
    _, plate, *flags = base
    parser = argparse.ArgumentParser()
    add_job_flags(parser)
    job.write_text(job_of(parser.parse_args([plate, *flags])).to_json(), encoding="utf-8")
    (tmp_path / "mine.json").write_text("{}")
    (tmp_path / "old.json").write_text('{"reage_report": 1, "cut off')
    before = {path: path.read_bytes() for path in tmp_path.glob("*.json")}
    for page, sentence in (
        (job.with_suffix(".html"), f"{job} would overwrite the render job; name another. A page's "
         f"JSON goes beside it: of {job.with_suffix('.html')} that is {job}."),
        (tmp_path / "o.track.html", "keeps its face track"),
        (tmp_path / "o.track.1.json", "keeps its face track"),
        (tmp_path / "mine.html", f"{tmp_path / 'mine.json'} is no report, and would be"),
    ):  # fmt: skip
        assert main(["render", str(job), "--report", str(page)]) == 2
        said = capsys.readouterr().err
        assert sentence in said, said
        assert not page.with_suffix(".html").exists()
    assert before == {path: path.read_bytes() for path in tmp_path.glob("*.json")}
    assert not list(tmp_path.glob("o.*"))
    assert main(["render", str(job), "--report", str(tmp_path / "old.json"), "-q"]) == 0
    kept = str(tmp_path / "old.json")
    for words in ([kept, "-o", str(tmp_path / "old.html")], [kept, "-o", str(job)]):
        assert main(["report", *words]) == 2
    said = capsys.readouterr().err.splitlines()
    beside = f"A page's JSON goes beside it: of {tmp_path / 'old.html'} that is {kept}."
    assert said[0].endswith(beside)
    assert "is no report" in said[1]


def entries(path: Path) -> dict[int, FrameEntry]:
    return {frame.number: frame for frame in load_report(path).frames}


def test_a_chunk_that_is_tried_again_keeps_what_was_measured(base, tmp_path) -> None:
    kept = tmp_path / "chunk.json"
    again = [*base, "--report", str(kept), "--resume"]
    assert main([*again, "--frames", "1-4"]) == 0
    first = entries(kept)
    assert all(frame.outcome == "done" and frame.seconds for frame in first.values())
    (tmp_path / "o.0003.exr").unlink()
    assert main([*again, "--frames", "1-4"]) == 0
    second = entries(kept)
    assert {n for n in second if second[n] != first[n]} == {3}
    assert second[3].outcome == "done" and len(load_report(kept).runs) == 2
    assert main([*again, "--frames", "5"]) == 0
    assert [*entries(kept)] == [1, 2, 3, 4, 5] and entries(kept)[1] == first[1]


def test_what_was_measured_of_another_file_is_not_kept(base, tmp_path) -> None:
    kept, settings = tmp_path / "chunk.json", base.index("--target-age") + 1
    assert main([*base, "--report", str(kept), "--frames", "1-3"]) == 0
    marked = RenderJob(base[1], base[-1], Settings(40.0, 70.0), frames="2", marks={2: "other"})
    job = tmp_path / "job.json"
    job.write_text(marked.to_json(), encoding="utf-8")
    own = [base[base.index(name) + i] for name in ("--track", "--model") for i in (0, 1)]
    assert main(["render", str(job), *own]) == 0  # frame 2 is another file now
    assert main([*base, "--report", str(kept), "--frames", "1", "--resume"]) == 0
    assert [*entries(kept)] == [1, 3]
    base[settings] = "30"
    assert main([*base, "--report", str(kept), "--frames", "1"]) == 0
    assert [*entries(kept)] == [1]


@pytest.mark.parametrize("ending", [".json", ".html"])
def test_a_render_that_an_error_ends_tells_what_it_had_done(base, tmp_path, ending) -> None:
    cut = Path(base[1] % 5)
    whole = cut.read_bytes()
    cut.write_bytes(b"no image")
    page = tmp_path / f"shot{ending}"
    words = [*base, "--report", str(page), "--resume"]
    assert main([*words, "--frames", "5-6"]) == 3 and not page.exists()  # nothing was done
    assert main(words) == 3
    report = load_report(page.with_suffix(".json"))
    assert [f.number for f in report.frames] == [1, 2, 3, 4] and report.missing == (5, 6)
    assert cut.name in report.runs[0].error and report.cut_short == report.runs
    if ending == ".html":
        said = page.read_text(encoding="utf-8")
        assert "The render of the frames 1-6 ended early" in said and cut.name in said
        assert "The frames 5-6 are missing" in said
    assert main(["report", str(page.with_suffix(".json")), "-o", str(tmp_path / "j.json")]) == 1
    cut.write_bytes(whole)
    assert main(words) == 0
    report = load_report(page.with_suffix(".json"))
    assert report.missing == report.cut_short == () and len(report.frames) == 6
    assert [f.outcome for f in report.frames][:4] == ["done"] * 4
