"""File names with a frame's number, and with the age of a ladder's rung."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.media.patterns import (
    NumberedName,
    at_rung,
    beside_all,
    frame_path,
    rungs_on_disk,
    without_rung,
)


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("out/shot_reage.%04d.exr", "out/shot_reage.age20.%04d.exr"),
        ("shot_####.exr", "shot_age20_####.exr"),
        ("cam.%04d_v2.exr", "cam.age20.%04d_v2.exr"),
        ("shot%d.exr", "shot.age20.%d.exr"),
        ("v@@@.take.%04d.exr", "v@@@.take.age20.%04d.exr"),
        ("%04d.exr", "age20.%04d.exr"),
        ("face.exr", "face.age20.exr"),
        ("/a.b/face", "/a.b/face.age20"),
    ],
)
def test_a_rungs_name_keeps_the_number_last_and_leads_back(pattern, named):
    assert at_rung(pattern, 20) == named
    told = without_rung(named), pattern
    assert len({beside_all(each, ".track.json") for each in told}) == 1
    assert without_rung(pattern) == pattern


@given(
    st.text("ab._-", max_size=5), st.sampled_from(["%04d", "####", "%d"]),
    st.integers(0, 100), st.integers(0, 100), st.integers(0, 9999),
)  # fmt: skip
def test_no_two_rungs_and_frames_have_one_file(head, token, one, other, frame):
    pattern = f"{head}{token}.exr"
    assert NumberedName.of(at_rung(pattern, one)).digits == NumberedName.of(pattern).digits
    rungs, frames = (at_rung(pattern, age) for age in (one, other)), (frame, frame + 1)
    paths = {frame_path(rung, n) for rung in rungs for n in frames}
    assert len(paths) == (4 if one != other else 2)


@pytest.mark.parametrize(
    "name", ["shot.%04d.exr", "cam.%04d_v2.exr", "age0_@@.exr", "face.exr", "%d.exr"]
)
def test_a_ladders_ages_are_known_by_its_files(name, tmp_path):
    pattern = tmp_path / name
    assert rungs_on_disk(pattern) == ()
    for age in (5, 30, 105):
        frame_path(at_rung(pattern, age), 1001).touch()
    (tmp_path / "shot.age.1001.exr").touch()
    (tmp_path / "shot.age40.1001.png").touch()
    assert rungs_on_disk(pattern) == (5, 30, 105)
