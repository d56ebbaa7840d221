"""Shots: what a pattern names is what lies on disk; gaps are told by number."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.plate_files import noise, write_image
from reage.errors import MissingFrames, SettingsError
from reage.media.frames import compact, frame_paths, parse_frames, spread_over
from reage.media.patterns import frame_path, has_frame_token
from reage.media.sequence import open_shot, require_all
from reage.pixels.geometry import Region


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Frames 1001-1003 and 1005, and files that look like them and are not."""
    path = tmp_path_factory.mktemp("a@b #1")
    for number in (1001, 1002, 1003, 1005):
        write_image(path / f"shot_v2.{number}.exr", np.full((4, 6, 3), number - 1000, np.float32))
    for other in (
        "shot_v2.990.exr",
        "shot_v2.1004.png",
        ".shot_v2.1004.ab.exr",
        "xshot_v2.1004.exr",
    ):
        (path / other).touch()
    return path


@pytest.mark.parametrize("token", ["%04d", "####", "@@@@"])
def test_a_pattern_spans_first_to_last_and_counts_gaps(folder, token):
    shot = open_shot(folder / f"shot_v2.{token}.exr")
    assert shot.frames == (1001, 1002, 1003, 1004, 1005)
    assert shot.missing == (1004,)
    assert (shot.read(1003, Region(1, 1, 2, 2)).rgb == 3).all()
    assert shot.info(1005).display == Region(0, 0, 6, 4)
    with pytest.raises(MissingFrames, match="Frame 1004 is missing"):
        shot.read(1004)
    with pytest.raises(MissingFrames, match=r"1 of 5 frames are missing in .*: 1004 \("):
        require_all(shot)


def test_a_range_chooses_and_keeps_its_order(folder):
    shot = open_shot(str(folder / "shot_v2.%04d.exr"), "1005,1001-1003x2")
    assert shot.frames == (1005, 1001, 1003)
    require_all(shot)


def test_padding_counts(folder):
    assert open_shot(folder / "shot_v2.%d.exr").frames[0] == 990
    with pytest.raises(MissingFrames, match="no frames"):
        open_shot(folder / "shot_v2.%05d.exr")


def test_a_ladders_files_are_named_where_its_own_pattern_has_none(folder):
    for age in (30, 60):
        (folder / f"lad.age{age}.1001.exr").touch()
    with pytest.raises(MissingFrames, match=r"lad\.%04d\.exr\. A ladder's .*lad\.age30\.%04d\.exr"):
        open_shot(folder / "lad.%04d.exr")


@pytest.mark.parametrize(
    ("name", "frames", "words"),
    [("shot_v2.%04d.exr", "1-3", "Not one of the frames 1-3 .* has 1001-1003, 1005"),
     ("no/shot.%04d.exr", None, "no folder"),
     ("gone.exr", None, "no file"),
     ("", None, "is a folder")],
)  # fmt: skip
def test_nothing_there_is_said(folder, name, frames, words):
    with pytest.raises(MissingFrames, match=words):
        open_shot(folder / name, frames)


def test_a_still_is_a_shot_of_one_frame(folder, tmp_path):
    assert open_shot(folder / "shot_v2.1002.exr").frames == (1002,)
    still = write_image(tmp_path / "portrait #2.png", noise(4, 4), kind="uint8")
    assert open_shot(still).frames == (1,)
    assert open_shot(still).read(1).rgb.shape == (4, 4, 3)
    with pytest.raises(SettingsError, match=r"one file, frame 1002; .* write .*shot_v2\.%04d\.exr"):
        open_shot(folder / "shot_v2.1002.exr", "1001-1003")


@given(st.lists(st.integers(-50, 3000), min_size=1, max_size=40, unique=True))
def test_compact_ranges_read_back(numbers):
    assert set(parse_frames(compact(numbers).replace(" ", ""))) == set(numbers)


def test_compact_is_short():
    assert compact([1012, 1004, 1010, 1011]) == "1004, 1010-1012"


@pytest.mark.parametrize("text", ["", "a", "1-", "1..5", "1-2-3", "1.5", "9" * 400, "1-5x0"])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(SettingsError, match="frame range") as refused:
        parse_frames(text)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("text", ["1-9999999", "1-99999999999", "1-1000001"])
def test_more_frames_than_a_shot_has_are_refused_at_once(text):
    with pytest.raises(SettingsError, match="is more than 1000000 frames; ask for fewer"):
        parse_frames(text)


@given(
    st.lists(st.integers(-99, 99999), unique=True, max_size=20),
    st.sampled_from(["%04d", "#", "@@"]),
)
def test_no_two_frames_share_a_file(numbers, token):
    paths = frame_paths(f"out/shot_{token}_v1.exr", numbers)
    assert list(paths) == numbers
    assert len(set(paths.values())) == len(numbers)


def test_output_names():
    assert frame_path("a/o.####.exr", 7) == Path("a/o.0007.exr")
    assert frame_path("o.%03d.exr", -7) == Path("o.-07.exr")
    assert frame_path("still.exr", 7) == Path("still.exr")
    assert not has_frame_token("a.%04d/o.exr")
    assert frame_paths("still.exr", [7]) == {7: Path("still.exr")}
    with pytest.raises(SettingsError, match=r"no place for a frame number.*still\.%04d\.exr"):
        frame_paths("still.exr", [7, 8])


def test_a_step_may_be_written_as_open_job_description_does():
    assert parse_frames("1-9:2,20") == parse_frames("1-9x2,20") == (1, 3, 5, 7, 9, 20)
    assert parse_frames("-5--1:2") == (-5, -3, -1)


@given(st.lists(st.integers(), max_size=40), st.integers(1, 12))
def test_what_is_spread_over_a_shot_has_its_ends_and_even_steps(items, most):
    places = spread_over(range(len(items)), most)
    assert spread_over(items, most) == [items[n] for n in places]
    assert len(places) == min(most, len(items))
    if len(places) > 1:
        assert (places[0], places[-1]) == (0, len(items) - 1)
        steps = [after - before for before, after in pairwise(places)]
        assert max(steps) - min(steps) <= 1 and min(steps) > 0
