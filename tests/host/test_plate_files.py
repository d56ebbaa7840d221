"""Plates on disk: opened as the engine reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reage.errors import MissingFrames
from reage.media.sequence import open_shot
from reage_host.plate_files import PlateFiles


@settings(max_examples=25)
@given(
    head=st.sampled_from(["a.", "shot_v02.", "ü é.", "x_", "50%.", "take #2.", "."]),
    digits=st.integers(1, 6),
    frames=st.sets(st.integers(0, 99_999), min_size=1, max_size=5),
)
def test_a_plate_is_read_as_the_engine_reads_it(tmp_path_factory, head, digits, frames):
    """One of its files names the whole plate, and the engine finds the same frames."""
    folder = tmp_path_factory.mktemp("plate")
    files = {n: folder / f"{head}{n:0{digits}d}.exr" for n in frames}
    for file in files.values():
        file.touch()
    last = max(frames)
    plate = PlateFiles.at(str(files[last]))
    assert last in plate.frames
    assert set(plate.frames) <= frames
    assert {n: plate.file(n) for n in plate.frames} == {n: files[n] for n in plate.frames}
    engines = open_shot(plate.pattern)
    assert set(plate.frames) == set(engines.frames) - set(engines.missing)


def test_any_way_to_write_a_pattern_names_the_same_plate(shot):
    by_file = PlateFiles.at(str(shot))
    assert by_file.frames == (1001, 1002, 1003)
    assert by_file.name == "plate_v01"
    for pattern in ("plate_v01.%04d.exr", "plate_v01.####.exr", "plate_v01.@@@@.exr"):
        written = PlateFiles.at(str(shot.with_name(pattern)))
        assert (written.name, written.frames) == (by_file.name, by_file.frames)
        assert written.file(1002) == by_file.file(1002)


def test_stills_and_movies(tmp_path):
    for name in ("still.exr", "one.0007.exr", "clip.mov"):
        (tmp_path / name).touch()
    assert PlateFiles.at(str(tmp_path / "still.exr")).frames == (1,)
    one = PlateFiles.at(str(tmp_path / "one.0007.exr"))
    assert (one.frames, one.pattern) == ((7,), str(tmp_path / "one.0007.exr"))
    clip = PlateFiles.at(str(tmp_path / "clip.mov"))
    assert (clip.frames, clip.first) == ((), 1)


def test_what_is_not_there_is_named(tmp_path):
    for name, words in (
        ("", "is a folder"), ("no.exr", "no file"), ("no.%04d.exr", "no frames"),
        ("no/no.####.exr", "no folder"),
    ):  # fmt: skip
        with pytest.raises(MissingFrames, match=words):
            PlateFiles.at(str(tmp_path / name))
