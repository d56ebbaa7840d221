"""The page of a shot, made of a real render of the demo plate: whole by itself, and all of it
there."""

from __future__ import annotations

import base64
from dataclasses import replace
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest

import reage
from reage import home
from reage.shot.rendering import render
from reage.shot.shot_report import Notice, ShotReport
from reage.shot.shot_report_file import load_report
from reage.tools.shot_report.page import page
from reage.tools.shot_report.pictures import SIDE
from reage.tools.shot_report.where import Where
from reage.tools.shot_report.write import with_flicker, write_report


class Read(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data

    def pictures(self) -> list[np.ndarray]:
        sources = [attrs["src"] for tag, attrs in self.tags if tag == "img"]
        return [
            cv2.imdecode(np.frombuffer(base64.b64decode(s.partition(",")[2]), np.uint8), 1)
            for s in sources
        ]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> ShotReport:
    folder = tmp_path_factory.mktemp("demo")
    job = reage.RenderJob(
        str(home.samples() / "demo.%04d.exr"), str(folder / "o.%04d.exr"),
        reage.Settings(50, 75, crop_size=256), frames="1001-1004", device="cpu",
        by_frame={1002: {"target_age": 60.0}},
    )  # fmt: skip
    shot = render(job).shot
    return with_flicker(shot, Where.of(shot))


def test_a_page_is_whole_and_its_pictures_decode(report, tmp_path) -> None:
    write_report(report, tmp_path / "p.html", Where.of(report))
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    read = Read(text)
    assert not read.open
    pictures = read.pictures()
    assert len(pictures) == 12 and all(p.shape == (SIDE, SIDE, 3) for p in pictures)
    plate, result, change = pictures[0], pictures[4], pictures[8]
    assert 1 < np.abs(plate.astype(float) - result).mean() < 20
    assert abs(change.mean() - 128) < 8 and change.std() > 3
    sources = [v for _, attrs in read.tags for k, v in attrs.items() if k in ("src", "href")]
    assert all(s.startswith("data:") for s in sources)
    assert {tag for tag, _ in read.tags}.isdisjoint({"script", "link", "iframe"})
    assert load_report(tmp_path / "p.json").flicker == report.flicker


def test_it_says_what_was_done_with_which_model(report) -> None:
    said = Read(page(report, Where.of(report))).text
    for words in (
        "demo.%04d.exr", "All of the 4 frames were made.", "1001-1004", "960×540 px, ACEScg",
        "50 → 60 to 75, keyed", report.shot.model.sha256, "license Apache-2.0", "CPU", "256 px",
        "layers delta, matte, in ACEScg", "Nothing stands out.", "nobody in particular",
        f"Flicker: {100 * report.flicker[0].score:.1f} %",
    ):  # fmt: skip
        assert words in said, words


def test_what_went_wrong_is_said_and_shown(report) -> None:
    first, second, *rest = report.frames
    looks = (replace(second.faces[0], look=("jumps",)),)
    ill = replace(
        report, missing=(1005,), notices=(Notice("<b>Beware & look</b>", (1001,)),),
        frames=(replace(first, outcome="failed", error="x is damaged"),
                replace(second, faces=looks, anew="the file was damaged"), *rest),
    )  # fmt: skip
    text = page(ill, Where.of(ill))
    said = Read(text).text
    for words in (
        "1 failed and 1 missing of 5 frames.", "1001: x is damaged", "1001: <b>Beware & look</b>",
        "may have slipped", "1002: the file was damaged",
        "The frames 1005 are missing: no report tells of them.", "1001: failed", "1005: missing",
    ):  # fmt: skip
        assert words in said, words
    assert "<b>Beware" not in text


def test_without_its_files_a_page_has_no_pictures_and_says_so(report, tmp_path) -> None:
    where = Where(str(tmp_path / "gone.%04d.exr"), report.shot.output)
    read = Read(page(replace(report, flicker=()), where))
    assert read.pictures() == []
    assert "There are no pictures: " in read.text and "gone.%04d.exr" in read.text


def test_a_finished_picture_is_shown_without_a_flicker(report, tmp_path) -> None:
    job = reage.RenderJob(
        str(home.samples() / "demo.%04d.exr"), str(tmp_path / "face.mov"),
        reage.Settings(50, 75, crop_size=256), frames="1001-1002", device="cpu",
    )  # fmt: skip
    shot = render(job).shot
    shot = with_flicker(shot, Where.of(shot))
    read = Read(page(shot, Where.of(shot)))
    plate, _, result, _, change, _ = read.pictures()
    assert 1 < np.abs(plate.astype(float) - result).mean() < 25
    assert "so there is no flicker score" in read.text and "finished picture, in" in read.text


def test_a_ladder_is_shown_by_its_rung_that_is_farthest(report, tmp_path) -> None:
    look = reage.Settings(source_age=50, crop_size=256)
    job = reage.RenderJob(
        str(home.samples() / "demo.%04d.exr"), str(tmp_path / "l.%04d.exr"), look, device="cpu",
        frames="1001-1002", ladder="40,75",
    )  # fmt: skip
    shot = render(job).shot
    kept = with_flicker(shot, Where.of(shot))
    said = Read(page(kept, Where.of(shot)))
    assert "50 → 75 (of a ladder 40,75)" in said.text and "l.age{40,75}.%04d.exr" in said.text
    assert said.pictures() and all(picture is not None for picture in said.pictures())
    alone = render(replace(job, ladder=None, output=str(tmp_path / "a.%04d.exr"),
                           settings=replace(look, target_age=75.0))).shot  # fmt: skip
    of_one = with_flicker(alone, Where.of(alone))
    assert [f.faces for f in kept.frames] == [f.faces for f in of_one.frames]
