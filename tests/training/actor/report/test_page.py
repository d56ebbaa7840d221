"""The report holds what a book has, without a word from the network, whatever the book lacks."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reage_training.actor.book import Book, Entry
from reage_training.actor.ingest.kept import KeptMeasures
from reage_training.actor.report.coverage import covered
from reage_training.actor.report.page import MOST, page, write_report
from reage_training.actor.report.words import lacks


def _faces(*ages: float, yaw: float = 0.0, detail: float = 400.0) -> list[Entry]:
    return [
        Entry(f"photographs/{k}_{yaw}.jpg", f"{k}.jpg", f"{k}{yaw}", age, "name", face_px=500.0,
              detail_px=detail, yaw=yaw, light="flat" if k % 2 else "from above",
              expression="at rest")
        for k, age in enumerate(ages)
    ]  # fmt: skip


WHOLE = [
    face for yaw in (-45.0, -25.0, 0.0, 25.0, 45.0) for face in _faces(*range(22, 71, 4), yaw=yaw)
]


def _missing(entries: list[Entry]) -> list[str]:
    return [said.missing for said in lacks(entries)]


def test_a_book_that_has_everything_lacks_nothing() -> None:
    assert _missing(WHOLE) == []


def test_gaps_are_told_by_age_and_by_side() -> None:
    gap = [e for e in WHOLE if not 38 < (e.age or 0) < 52]
    assert "Nothing between 38 and 54." in _missing(gap)
    profile = [e for e in WHOLE if abs(e.yaw) < 40 or not 35 < (e.age or 0) < 55]
    assert _missing(profile) == ["Nothing between 34 and 58 in profile."]
    left = [e for e in WHOLE if e.yaw > -10]
    assert "Nothing half turned to the left of the picture." in _missing(left)
    soft = [replace(e, detail_px=90.0) if (e.age or 0) < 30 else e for e in WHOLE]
    assert _missing(soft) == ["From 20 to 29 the finest photograph tells 90 px of face apart."]
    smiles = [replace(e, expression="a smile") if (e.age or 0) > 60 else e for e in WHOLE]
    assert "From 60 to 69 no face is at rest." in _missing(smiles)[0]


def test_few_photographs_and_one_age_are_told() -> None:
    assert "5 photographs only." in _missing(_faces(20, 30, 40, 50, 60))
    assert any("about one age, 45" in said for said in _missing(_faces(44, 45, 45, 46)))
    assert _missing([]) == ["There is no photograph with an age."]


def test_coverage_counts_each_photograph_once_a_panel() -> None:
    found = covered(WHOLE)
    assert found.names[0] == "20–24" and found.names[-1] == "70–74"
    assert found.poses.sum() == found.lights.sum() == len(WHOLE)
    assert (found.poses.sum(0) == found.lights.sum(0)).all()


@pytest.mark.parametrize("entries", [[], _faces(30), WHOLE], ids=["none", "one", "whole"])
def test_a_page_is_whole_and_asks_nobody(tmp_path: Path, entries: list[Entry]) -> None:
    aside = [
        Entry(f"aside/x/{k}<b>.jpg", f"{k}<b>.jpg", f"a{k}", aside="x", why="<i>", hand="aside")
        for k in range(MOST + 5)
    ]  # fmt: skip
    text = page(Book(tmp_path, "", (*entries, *aside)), lambda _: b"", ["A notice & more."])
    assert not re.findall(r"(?:src|href)=\"(?!data:|#)", text) and "<script" not in text
    assert "<b>.jpg" not in text and "A notice &amp; more." in text
    assert f"By hand: x: {MOST + 5}" in text and "and 5 more" in text


def test_a_page_shows_faces_and_doubts(made: Book, tmp_path: Path) -> None:
    doubted = replace(made.learned_from[0], doubt="Is it?")
    entries = tuple(doubted if e.source == doubted.source else e for e in made.entries)
    doubtful = replace(made, entries=entries, folder=tmp_path)
    write_report(doubtful, KeptMeasures.open(made.folder), ())
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.count("data:image/jpeg;base64,") >= len(made.learned_from)
    assert "Is it?" in text and "1 doubtful" in text
    assert len(text) < 400_000
