"""Which files are asked about, and as which shots."""

import zipfile
from pathlib import Path

import pytest

from reage.errors import MissingFrames, UnreadableFrame
from reage.trail.found import found_shots, unpacked


@pytest.fixture
def folder(tmp_path):
    pictures = "a.0001.exr", "a.0002.exr", "a.0010.exr", "b_0001.png", "b_0002.png", ".a.0003.exr"
    others = "c.mov", "v2.mp4", "d.zip", "anna.reage", "notes.txt", "a.track.json"
    for name in (*pictures, *others):
        (tmp_path / name).touch()
    return tmp_path


def shots(*asked):
    return {
        Path(shot.name).name: [path.name for path in shot.files]
        for shot in found_shots([str(each) for each in asked])
    }


def test_a_folder_is_its_shots_and_nothing_hidden(folder):
    assert shots(folder) == {
        "a.%04d.exr": ["a.0001.exr", "a.0002.exr", "a.0010.exr"],
        "b_%04d.png": ["b_0001.png", "b_0002.png"],
        "anna.reage": ["anna.reage"], "c.mov": ["c.mov"], "d.zip": ["d.zip"],
        "v2.mp4": ["v2.mp4"],
    }  # fmt: skip


def test_one_file_of_a_shot_has_its_own_name(folder):
    assert shots(folder / "a.0002.exr") == {"a.0002.exr": ["a.0002.exr"]}


def test_a_file_that_is_named_twice_is_there_once(folder):
    names = (folder / "a.0001.exr", folder / "a.%04d.exr", folder / "a.####.exr")
    assert list(shots(*names).values()) == [["a.0001.exr", "a.0002.exr", "a.0010.exr"]]


@pytest.mark.parametrize("name", ["x.exr", "x.%04d.exr", "none/x.%04d.exr"])
def test_what_is_not_there_is_said(folder, name):
    with pytest.raises(MissingFrames, match="There"):
        found_shots([str(folder / name)])


def inside(path):
    with unpacked(path) as entries:
        return [(each.name, each.path and each.path.read_bytes(), each.trouble) for each in entries]


def test_a_packed_entry_that_is_damaged_is_told_and_ends_nothing(tmp_path):
    path, data = tmp_path / "s.zip", bytes(range(256)) * 200
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.exr", data)
        packed.writestr("b.exr", b"whole")
    whole = bytearray(path.read_bytes())
    for at in range(40, whole.find(b"PK", 40), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        first, second = inside(path)
        assert second == ("b.exr", b"whole", "")
        if first != ("a.exr", data, ""):  # bits that fill a last byte say nothing
            assert first[:2] == ("a.exr", None)
            assert first[2].startswith(f"{path / 'a.exr'} is damaged")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_is_packed_by_other_means_is_told(tmp_path, method):
    """Damaged ones of these raise what no list of errors foresees."""
    with zipfile.ZipFile(tmp_path / "s.zip", "w", method) as packed:
        packed.writestr("a.exr", b"x")
    ((name, there, trouble),) = inside(tmp_path / "s.zip")
    assert name == "a.exr" and there is None and "packed in a way that ReAge does not" in trouble


def test_what_is_no_zip_is_a_sentence(tmp_path):
    (tmp_path / "s.zip").write_bytes(b"PK no more")
    with pytest.raises(UnreadableFrame, match=r"s\.zip is damaged or no ZIP"):
        inside(tmp_path / "s.zip")
