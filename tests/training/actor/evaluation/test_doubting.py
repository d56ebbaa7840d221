"""How well ages are doubted is measured on ages that are made wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from reage_training.actor.book import Book, Entry
from reage_training.actor.career.career import (
    ANOTHER,
    GOOD,
    NAME,
    PERSON,
    Truth,
    write_json,
    write_truth,
)
from reage_training.actor.evaluation.doubting import main, shares
from reage_training.actor.ingest.kept import KeptMeasures, store
from reage_training.actor.ingest.measure import Measures

COUNT = 48


def _seen() -> tuple[np.ndarray, np.ndarray]:
    """Ages, and numbers that know nothing of them."""
    rng = np.random.default_rng(2)
    return rng.uniform(22, 70, COUNT), rng.normal(0, 1, (COUNT, 40))


def test_skin_that_tells_ages_is_told_from_skin_that_does_not() -> None:
    (ages, noise), nothing = _seen(), np.full((COUNT, 128), np.nan)
    found, vain = shares(ages, noise + (ages[:, None] - 45) / 7, nothing)
    assert found > 0.8 and vain < 0.05
    found, vain = shares(ages, noise, nothing)
    assert found < 0.2 and vain < 0.15


def test_a_career_and_its_book_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One age is wrong by twenty years; one photograph shows somebody else, and does not count."""
    career, book = tmp_path / "career", Book(tmp_path / "book")
    folder = KeptMeasures.open(book.folder).folder
    ages, noise = _seen()
    truths, entries = [], []
    for k, (age, row) in enumerate(zip(ages, noise, strict=True)):
        said = float(age) + (20 if k == int(np.argmin(ages)) else 0)
        kind = ANOTHER if k == int(np.argmax(ages)) else GOOD
        truths.append(Truth(f"{k}.jpg", float(age), said, NAME, kind, "", k, 300, 0.0, "window"))
        entries.append(Entry(f"photographs/{k}.jpg", f"{k}.jpg", f"{k}", said, NAME))
        skin = (row + (age - 45) / 7).astype(np.float32)
        store(folder, f"{k}", Measures(face_px=300.0, detail_px=200.0, skin=skin))
    write_truth(career, tuple(truths))
    write_json(career / PERSON, {"born": "1961-03-14", "marks": []})
    Book(book.folder, entries=tuple(entries)).write()
    monkeypatch.setattr(sys, "argv", ["doubting", str(career), str(book.folder)])
    main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("As made: 1 of 1 wrong ages doubted, ")
    assert lines[0].endswith(f" of {COUNT - 2} right ones.")
    assert [line.split()[0] for line in lines[1:]] == ["With", "Without"]
    write_truth(career, ())
    with pytest.raises(SystemExit, match="has no photographs of the career"):
        main()
