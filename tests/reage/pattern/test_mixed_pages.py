"""Albums in a render: what is asked of their pages, with files that are drawn here."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reage.album import page_path
from reage.mix import Mix, at_target
from reage.pattern.conditioning import is_made, make
from reage.pattern.file import PatternFile, read_pattern
from reage.pattern.maps import SIZE
from reage.pattern.mixed import mixed, notices, stays
from reage.pattern.staying import marks_of


def _page(value: float) -> PatternFile:
    one = np.ones((SIZE, SIZE), np.float32)
    maps = np.full((SIZE, SIZE, 3), value, np.float32)
    return PatternFile(maps, one, one, {"reage:pattern_age": 30}, {"stays": 0 * one})


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for age, value in ((30, 0.25), (50, 0.75)):
        _page(value).write(page_path(tmp_path / "a book@home" / "album", age))
    return tmp_path / "a book@home"


def test_a_page_of_an_age_is_that_blend_with_weight_mirror_and_region(book: Path) -> None:
    assert np.allclose(mixed(Mix.of(f"{book}@40")), 0.5)
    assert np.allclose(mixed(Mix.of(f"{book}@30:mirror*2 + {book / 'album'}@50")), 1.25)
    parts = mixed(Mix.of(f"{book}@50:forehead")) + mixed(
        Mix.of(f"{book}@50:eyes,nose,cheeks,mouth,chin,neck")
    )
    assert np.allclose(parts, 0.75, atol=1e-4)


def test_a_changed_page_is_read_again(book: Path) -> None:
    text = f"{book}@30"
    make(text)
    assert is_made(text)
    path = page_path(book / "album", 30)
    _page(0.5).write(path)
    os.utime(path, ns=(1, 1))
    assert not is_made(text) and np.allclose(mixed(Mix.of(text)), 0.5)
    page_path(book / "album", 40).write_bytes(page_path(book / "album", 50).read_bytes())
    assert np.allclose(mixed(Mix.of(f"{book}@40")), 0.75)  # a page more counts as well


def test_the_target_age_is_followed(book: Path) -> None:
    at = [mixed(Mix.of(at_target(f"{book}@target", age))).mean() for age in (30, 35, 45, 50)]
    assert np.allclose(at, [0.25, 0.375, 0.625, 0.75], atol=1e-3)


def test_what_lies_outside_the_span_is_told_once_for_each_end(book: Path) -> None:
    assert not list(notices(Mix.of(f"{book}@40+7"), [70.0]))
    (told,) = notices(Mix.of(f"{book}@target"), [40.0, 60.0])
    assert "pages from 30 to 50; at 60 its page of 50 counts by 71%" in told
    assert len(list(notices(Mix.of(f"{book}@target"), [20.0, 40.0, 60.0]))) == 2


def test_a_page_knows_whether_a_hand_was_there(book: Path) -> None:
    path = page_path(book / "album", 30)
    page = read_pattern(path, whole=True)
    assert not page.painted and list(page.further) == ["stays"]
    assert replace(page, maps=page.maps + np.float32(0.5)).painted
    assert replace(page, further={"stays": page.further["stays"] + np.float32(0.5)}).painted
    assert not read_pattern(path).further


def test_marks_that_stay_are_blended_and_mirrored_but_not_weighed(tmp_path: Path) -> None:
    for age, tone in ((30, 0.0), (50, -0.4)):
        page = _page(0.5)
        page.further["stays"][300:310, 200:240] = tone
        page.write(page_path(tmp_path / "album", age))
    book = f"{tmp_path}@target"
    assert stays(Mix.of(book).at(30)) is None and stays(Mix.of("7*0.5+3")) is None
    assert stays(Mix.of(f"{book}*0+7").at(50)) is None
    for age, by, tone in ((40, "", -0.2), (50, "*0.1", -0.4), (70, "*3", -0.4)):
        said = stays(Mix.of(f"{book}:mirror{by} + 7").at(age))
        assert said is not None and np.allclose(said[300:310, -240:-200], tone, atol=1e-3)
        assert np.count_nonzero(said) == 400
    (mark,) = marks_of(Mix.of(book).at(50), Mix.of(book).at(40))
    assert (mark.x, mark.y, mark.now.shape) == (200, 300, (10, 40))
    assert np.allclose(mark.now, -0.4, atol=1e-3) and np.allclose(mark.then, -0.2, atol=1e-3)
    twice = stays(Mix.of(f"{tmp_path}@40*0.5+{tmp_path}@50*0.5"))
    assert twice is not None and np.isclose(twice.min(), -0.4, atol=1e-3)


def test_a_scar_beside_a_mole_is_a_mark_of_its_own(tmp_path: Path) -> None:
    for age, scar in ((30, 0.0), (50, -0.2)):
        page = _page(0.5)
        page.further["stays"][300:310, 200:210] = 0.3
        page.further["stays"][300:310, 212:216] = scar
        page.write(page_path(tmp_path / "album", age))
    mole, scar = marks_of(Mix.of(f"{tmp_path}@50"), Mix.of(f"{tmp_path}@30"))
    assert mole.then is mole.now and mole.now.min() > 0 and mole.x == 200
    assert not scar.then.any() and scar.now.max() < 0 and scar.x == 212


def test_specks_are_no_marks_and_the_strongest_are_held(tmp_path: Path) -> None:
    page = _page(0.5)
    for k in range(100):
        y, x = 200 + 30 * (k // 10), 300 + 30 * (k % 10)
        page.further["stays"][y : y + 3, x : x + 3] = 0.02 if k < 20 else k / 200
    page.write(page_path(tmp_path / "album", 40))
    mix = Mix.of(f"{tmp_path}@40")
    said = stays(mix)
    assert said is not None and np.count_nonzero(said) == 80 * 9
    tones = [mark.now.max() for mark in marks_of(mix, mix)]
    assert np.allclose(tones, np.arange(40, 100) / 200, atol=1e-3)
