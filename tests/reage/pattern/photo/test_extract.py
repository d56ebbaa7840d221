"""A pattern out of the demo plate's frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reage import home, make_pattern
from reage.errors import Cancelled, SettingsError
from reage.pattern.file import PatternFile, read_pattern
from reage.pattern.maps import SIZE
from reage.pattern.photo.skin import by_place


@pytest.fixture(scope="module")
def made() -> PatternFile:
    return make_pattern([home.demo_plate()[0], home.demo_plate()[-1]])


def test_it_covers_skin_and_nothing_else(made: PatternFile) -> None:
    assert made.coverage.mean() > 0.15
    no_skin = by_place(SIZE) == 0
    assert not made.maps[no_skin].any() and not made.coverage[no_skin].any()
    assert set(np.unique(made.count)) <= {0.0, 1.0, 2.0}
    assert np.isfinite(made.maps).all()


def test_its_maps_are_as_strong_as_drawn_ones(made: PatternFile) -> None:
    there = made.coverage > 0.9
    lines, folds, marks = (made.maps[..., k][there] for k in range(3))
    assert 0.1 < lines.std() < 0.8 and 0.05 < folds.std() < 0.6 and marks.min() >= 0
    assert abs(lines.mean()) < 0.1 and abs(made.maps).max() < 6


def test_it_says_what_it_was_made_of_and_comes_back(made: PatternFile, tmp_path: Path) -> None:
    made.write(tmp_path / "demo.pattern.exr")
    back = read_pattern(tmp_path / "demo.pattern.exr")
    assert back.document()["photographs"] == 2
    assert 200 < float(back.document()["face_px"]) < 500
    assert "2 photographs, face" in back.text()
    assert "another person" not in back.text()


def test_a_small_photograph_gives_no_detail_that_it_has_not(
    made: PatternFile, tmp_path: Path
) -> None:
    """The same frame at 0.55 of its size, written again."""
    import cv2

    from reage.faces.skin import places
    from reage.media.imagefile import read_plate
    from reage.pattern.photo.extract import pattern_of
    from reage.pattern.photo.photograph import of_plate
    from reage.pixels.geometry import Region
    from reage.pixels.plate import Plate, PlateInfo

    whole = read_plate(home.demo_plate()[0])
    rgb = cv2.resize(whole.rgb, None, fx=0.55, fy=0.55, interpolation=cv2.INTER_AREA)
    here = Region(0, 0, rgb.shape[1], rgb.shape[0])
    small = pattern_of([of_plate(Plate(rgb, here, PlateInfo(here, here, ())), "small")], places())
    large = pattern_of([of_plate(whole, "large")], places())
    both = (small.coverage > 0.9) & (large.coverage > 0.9)

    def fine(pattern: PatternFile) -> float:
        lines = pattern.maps[..., 0]
        return float((lines - cv2.GaussianBlur(lines, (0, 0), 1.5))[both].std())

    assert fine(small) < 0.75 * fine(large)


def test_it_can_be_stopped_and_asks_for_photographs() -> None:
    told = []
    with pytest.raises(Cancelled):
        make_pattern([home.demo_plate()[0]], progress=told.append, cancelled=lambda: True)
    assert [str(step) for step in told] == ["pattern: 1/3"]
    with pytest.raises(SettingsError, match="name some"):
        make_pattern([])
