"""The page of an actor's model: laws of what it measures, and a real run of the whole."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.bundles import rights, taught
from reage import home
from reage.album import page_path
from reage.pattern.photo.extract import make_pattern
from reage_training.actor.book import Book, Entry
from reage_training.actor.bundle import make_bundle
from reage_training.actor.career.career import GOOD, Career, Truth
from reage_training.actor.career.invent import CareerOptions, invent
from reage_training.actor.evaluation import marks
from reage_training.actor.evaluation.contender import ACTOR, ALBUM, DEFAULT, PLATE
from reage_training.actor.evaluation.pairs import MeasuredPair, OpenPair, error, measured, opened
from reage_training.actor.evaluation.pairs import Result as Made
from reage_training.actor.evaluation.photographs import (
    APART,
    NEAR,
    REAL,
    HeldPhotograph,
    Trial,
    blind,
    cases,
    held_of,
    trials,
)
from reage_training.actor.evaluation.steady import moves
from reage_training.actor.evaluation.verdicts import gain, other_people, rows
from reage_training.actor.evaluation.weak import weak_points
from reage_training.actor.statistics import Distance
from reage_training.cli import main

BASE = home.default_model()


@pytest.fixture(scope="module")
def pairs(career: Path) -> tuple[OpenPair, ...]:
    return opened(career)


def book_of(career: Career, some: list[Truth], folder: Path) -> Path:
    entries = []
    for truth in some:
        name = f"photographs/{truth.file.replace('/', '_')}"
        (folder / "photographs").mkdir(parents=True, exist_ok=True)
        shutil.copy(career.path(truth), folder / name)
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        entries.append(Entry(name, truth.file, digest, truth.age, truth.said_by))
    Book(folder, career.born, tuple(entries)).write()
    return folder


@pytest.fixture(scope="module")
def books(career: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A book with an album of one page, and one held out."""
    made = Career.read(career)
    good = sorted((t for t in made.photographs if t.kind == GOOD), key=lambda t: t.age)
    held = [*good[:2], *good[-2:]]
    folder = tmp_path_factory.mktemp("books")
    book = book_of(made, [t for t in good if t not in held], folder / "book")
    (book / "album").mkdir()
    old = [made.path(t) for t in good if t.age > 50][:2]
    make_pattern(old).write(page_path(book / "album", 66))
    return book, book_of(made, held, folder / "held")


@pytest.fixture(scope="module")
def bundle(books: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("actor")
    model = taught(folder / "actor.onnx")
    path = folder / "actor.reage"
    make_bundle(model, BASE, books[0] / "album", rights(), path, "Nobody")
    return path


def found(pair: OpenPair, picture: np.ndarray) -> list[marks.FoundMark]:
    px = pair.said.face_px
    looked = [
        marks.look_for(picture, pair.truth, matte, pair.skin, px)
        for mark, matte in zip(pair.said.marks, pair.mattes, strict=True) if mark.in_truth
    ]  # fmt: skip
    return [each for each in looked if each is not None]


def test_the_truth_has_no_error_and_all_of_its_marks(pairs: tuple[OpenPair, ...]) -> None:
    assert {pair.older for pair in pairs} == {True, False}
    for pair in pairs:
        assert error(pair.truth, pair) == 0 < error(pair.plate.rgb, pair)
        assert found(pair, pair.truth) and all(m.there for m in found(pair, pair.truth))


def test_a_mark_that_is_painted_out_or_moved_is_missed(pairs: tuple[OpenPair, ...]) -> None:
    for pair in pairs:
        px = pair.said.face_px
        smooth = cv2.GaussianBlur(pair.truth, (0, 0), 0.03 * px)
        assert not any(m.there for m in found(pair, smooth))
        moved = np.roll(pair.truth, round(0.03 * px), axis=1)
        there = [m.there for m in found(pair, moved)]
        assert sum(there) <= len(there) / 3


def test_a_mark_that_is_not_there_yet_is_left_in_the_plate_and_gone_in_the_truth(
    pairs: tuple[OpenPair, ...],
) -> None:
    looked = 0
    for pair in pairs:
        for mark, matte in zip(pair.said.marks, pair.mattes, strict=True):
            if mark.in_plate and not mark.in_truth:
                where = (pair.plate.rgb, pair.truth, matte, pair.skin, pair.said.face_px)
                kept = marks.left_of(pair.plate.rgb, *where)
                gone = marks.left_of(pair.truth, *where)
                if kept is not None and gone is not None:
                    looked += 1
                    assert kept == pytest.approx(1) and gone == pytest.approx(0)
    assert looked


def test_verdicts_say_what_was_asked_and_whether_it_was_reached(
    pairs: tuple[OpenPair, ...],
) -> None:
    def result(share: float) -> Made:
        return Made(pairs[0].truth, share, (marks.FoundMark(-1, -1, 0),), (), (), (1.0,))

    of_all = {PLATE: 1.0, DEFAULT: 0.5, ALBUM: 0.4, ACTOR: 0.36}
    made = [MeasuredPair(p, {k: result(v) for k, v in of_all.items()}) for p in pairs]
    assert gain(made, ALBUM) == pytest.approx(-0.2) and gain(made, ACTOR) == pytest.approx(-0.28)
    first, *rest = rows(made)
    assert first.reached is False and first.values[ALBUM] == "-20.0%"
    assert first.values[PLATE] == "+100.0%"
    kept, new = (next(r for r in rest if r.text.startswith(t)) for t in (
        "marks of the plate", "marks that come",
    ))  # fmt: skip
    assert kept.reached is True and new.reached is None
    assert other_people(made).reached is True
    worse = [replace(m, results={**m.results, ACTOR: result(0.53)}) for m in made]
    assert other_people(worse).reached is False


def test_doing_nothing_keeps_marks_and_makes_none(pairs: tuple[OpenPair, ...]) -> None:
    made = [measured(pair, []) for pair in pairs]
    assert [m.nothing for m in made] == [error(m.pair.plate.rgb, m.pair) for m in made]
    kept, new = ([f for m in made for f in getattr(m.results[PLATE], n)] for n in ("kept", "new"))
    assert sum(f.there for f in kept) > 0.8 * len(kept)
    assert new and not any(f.there for f in new)


@pytest.mark.parametrize("turn", [0, 25, 90])
def test_a_scar_is_off_across_itself_alone(turn: float) -> None:
    matte = np.zeros((81, 81), np.float32)
    along = np.array([np.cos(np.radians(turn)), np.sin(np.radians(turn))])
    ends = [tuple(int(v) for v in np.round(40 + k * 24 * along)) for k in (-1, 1)]
    cv2.line(matte, *ends, 1.0, 2)
    matte = np.asarray(cv2.GaussianBlur(matte, (0, 0), 1.0))
    across = np.array([-along[1], along[0]])
    assert marks.off(tuple(5 * along), matte) < 0.2
    assert marks.off(tuple(5 * across), matte) == pytest.approx(5, abs=0.05)
    mole = cv2.circle(np.zeros_like(matte), (40, 40), 4, 1.0, -1)
    assert marks.off((3.0, 4.0), np.asarray(mole)) == pytest.approx(5)


def test_the_shot_moves_there_and_comes_back() -> None:
    picture = cv2.GaussianBlur(np.random.default_rng(2).random((80, 60, 3), np.float32), (0, 0), 3)
    for way in moves(picture.shape[:2]):
        size = picture.shape[1::-1]
        there = cv2.warpAffine(picture, way, size, flags=cv2.INTER_CUBIC)
        back = cv2.warpAffine(there, way, size, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
        assert np.abs(back - picture)[12:-12, 12:-12].max() < 0.01


@pytest.fixture(scope="module")
def held(books: tuple[Path, Path]) -> list[HeldPhotograph]:
    return held_of(Book.read(books[1]))


def test_a_plate_and_a_photograph_are_held_against_a_third(held: list[HeldPhotograph]) -> None:
    tasks = cases(held)
    assert tasks
    for case in tasks:
        assert abs(case.plate.age - case.real.age) >= APART
        rest = [h for h in held if h not in (case.plate, case.real)
                and abs(h.age - case.real.age) <= NEAR and abs(h.age - case.plate.age) >= APART]
        assert len(rest) == 1
        np.testing.assert_equal(case.wanted.tone, rest[0].statistics.tone)
    assert cases([held[0], held[-1]]) == []
    (tried,) = trials(tasks[:1], [])
    assert set(tried.distances) == {PLATE, REAL}


def test_a_measure_by_which_photographs_of_one_age_are_not_alike_is_said_to_tell_nothing(
    held: list[HeldPhotograph],
) -> None:
    near, far = Distance(0.1, 0.0, 0.1, 0.02), Distance(0.3, 0.0, 0.05, 0.02)
    one = Trial(held[0], held[-1], {}, {REAL: near, PLATE: far, ALBUM: far}, {})
    assert blind([one]) == ("tone", "shape")
    told = " ".join(weak_points(ALBUM, (0, 99), [], [one]))
    assert "tone and shape tell nothing" in told and "relief is no nearer" in told
    other = replace(one, distances={REAL: far, PLATE: near, ALBUM: far})
    told = " ".join(weak_points(ALBUM, (0, 99), [], [other]))
    assert "relief and shape tell nothing" in told and "relief is no nearer" not in told


@pytest.fixture(scope="module")
def stranger_career(small: CareerOptions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pairs of somebody else."""
    folder = tmp_path_factory.mktemp("careers") / "5"
    invent(folder, replace(small, seed=5, photographs=5, faces=(150, 160), held=1), workers=1)
    return folder


def test_the_page_of_a_bundle(
    career: Path, stranger_career: Path, books: tuple[Path, Path], bundle: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path / "cache"))
    out = tmp_path / "page.html"
    book, held = map(str, books)
    words = ["--book", book, "--held", held, "--truth", str(career)]
    words += ["--others", str(stranger_career)]
    assert main(["actor", "evaluate", str(bundle), *words, "--pairs", "1", "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "plate as it is" in text and "times a photograph was made as old" in text
    assert "not reached" in text and "<svg" in text and "flicker" in text
    assert len(re.findall(r"data:image/jpeg", text)) >= 2
    assert "src=\"http" not in text and "<script" not in text
    said = capsys.readouterr().out
    assert re.search(r"another person's error .* actor's model [+-]\d", said)
    figure = r"0\.\d+"
    each = f"plate as it is {figure}, default {figure}, album only {figure}"
    assert re.search(f"error on skin, ACEScct: {each}", said)


@pytest.mark.parametrize(
    ("words", "told"),
    [(["--out", "page.pdf"], "html"), (["--out", "p.html", "--pairs", "0"], "1 or more"),
     (["--out", "p.html", "--truth", "."], "no pairs")],
)  # fmt: skip
def test_what_cannot_be_measured_is_said(
    words: list[str], told: str, books: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["actor", "evaluate", "--book", str(books[0]), *words]) != 0
    assert told in capsys.readouterr().err
