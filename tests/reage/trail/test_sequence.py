"""A shot's files as frames of one shot, by the command as people give it."""

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.certificates import certified
from helpers.deliveries import baked, said_anew, swapped
from reage import cli
from reage.settings import Settings
from reage.trail.delivery import deliver
from reage.trail.mixed import Terms
from reage.trail.signing import Signer


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return Signer.open(*certified(tmp_path_factory.mktemp("keys")))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Tests read it."""
    return baked(tmp_path_factory.mktemp("exr"))


@pytest.fixture
def own(shared, tmp_path):
    """Layers to be spoilt."""
    folder = tmp_path / "own"
    folder.mkdir()
    for n in (1, 2, 3):
        shutil.copy(shared.layers % n, folder)
    return replace(shared, layers=str(folder / "l.%04d.exr"))


@pytest.fixture
def ask(capsys):
    """What `reage provenance` prints, and its exit code."""

    def asked(*words):
        capsys.readouterr()
        code = cli.main(["provenance", *map(str, words)])
        out, err = capsys.readouterr()
        return code, out + err

    return asked


def send(kit, output, signer=None, frames=None):
    job = replace(kit.job(output, frames), settings=Settings())
    return deliver(kit.layers, job, None, Terms(signer)).files


def packed(path, entries):
    """A ZIP: name → file."""
    with zipfile.ZipFile(path, "w") as file:
        for name, each in entries:
            file.write(each, name)
    return path


@pytest.mark.parametrize("name", ["l.%04d.exr", "d.%04d.png", "d.%04d.tif", "d.%04d.jpg"])
def test_a_file_under_another_frames_number_is_found(own, signer, tmp_path, ask, name):
    """Each of them is signed, or intact, by itself."""
    files = [Path(own.layers % n) for n in (1, 2, 3)]
    if name.startswith("d"):
        files = send(own, tmp_path / name, signer)
    swapped(files[1], files[2])
    code, told = ask(files[0].parent / name)
    assert code == 1
    assert f"each of frames 2-3 lies under another frame's number: {files[1].name} is" in told
    shutil.copy(files[0], files[1])
    code, told = ask(files[0].parent / name)
    assert code == 1 and f"{files[1].name} is frame 1 by its own word" in told


def test_so_is_one_in_a_zip_wherever_the_number_stands(own, tmp_path, ask):
    one, two, three = (Path(own.layers % n) for n in (1, 2, 3))
    fine = [("l.0001_v2.exr", one), ("l.0002_v2.exr", two), ("l.0003_v2.exr", three)]
    assert ask(packed(tmp_path / "a.zip", fine))[0] == 0
    moved = [("l.0001_v2.exr", one), ("l.0002_v2.exr", three), ("l.0003_v2.exr", two)]
    code, told = ask(packed(tmp_path / "b.zip", moved))
    assert code == 1 and "l.0002_v2.exr is frame 3 by its own word" in told
    twice = [("a/l.0001.exr", one), ("b/l.0001.exr", one)]
    code, told = ask(packed(tmp_path / "c.zip", twice))
    assert code == 1 and "files of one name stand in it twice" in told


def test_two_that_are_each_others_are_found_though_none_is_right(own, ask):
    Path(own.layers % 3).unlink()
    swapped(Path(own.layers % 1), Path(own.layers % 2))
    code, told = ask(own.layers)
    assert code == 1 and "each of frames 1-2 lies under another frame's number" in told


def test_a_shot_that_was_renumbered_as_a_whole_is_told_so(own, ask):
    for n in (3, 2, 1):
        Path(own.layers % n).rename(own.layers % (n + 1000))
    code, told = ask(own.layers)
    assert code == 0 and "count otherwise than they do: l.1001.exr is frame 1 by its own" in told


def test_stills_are_called_as_somebody_likes(own, tmp_path, ask):
    """Several ages of one photograph in a folder."""
    for age in (50, 70):
        shutil.copy(own.layers % 1, tmp_path / f"face_{age}.exr")
    code, told = ask(tmp_path / "face_50.exr", tmp_path / "face_70.exr")
    assert code == 0 and "Each is the same frame: face_50.exr is frame 1" in told
    code, told = ask(tmp_path / "face_70.exr")
    assert code == 0 and "By its own word it is frame 1" in told
    assert "own word" not in ask(own.layers % 1)[1]


def test_a_gap_in_the_numbers_is_said(own, ask):
    assert "not there" not in ask(own.layers)[1]
    Path(own.layers % 2).unlink()
    code, told = ask(own.layers)
    assert code == 0 and "Between them frames 2 are not there" in told


@pytest.mark.parametrize("gone", [(1,), (0,), (2,)], ids=["middle", "first", "last"])
def test_a_missing_one_fails_where_the_signed_ones_list_it(shared, signer, tmp_path, ask, gone):
    files = send(shared, tmp_path / "d.%04d.png", signer)
    assert ask(tmp_path / "d.%04d.png")[0] == 0
    for index in gone:
        files[index].unlink()
    code, told = ask(tmp_path / "d.%04d.png")
    assert code == 1
    assert f"frames {gone[0] + 1} are missing, of 1-3, which were signed together" in told
    left = next(file for file in files if file.exists())
    code, told = ask(left)
    assert code == 0 and "It is one of frames 1-3, which were delivered together" in told


def test_what_was_delivered_in_two_goes_is_whole(shared, signer, tmp_path, ask):
    send(shared, tmp_path / "d.%04d.png", signer, "1-2")
    send(shared, tmp_path / "d.%04d.png", signer, "3")
    code, told = ask(tmp_path / "d.%04d.png")
    assert code == 0 and "missing" not in told


def test_a_damaged_one_is_no_missing_one(shared, signer, tmp_path, ask):
    files = send(shared, tmp_path / "d.%04d.png", signer)
    files[1].write_bytes(files[1].read_bytes()[:2000])
    code, told = ask(tmp_path / "d.%04d.png")
    assert code == 1 and "frames 1-3" in told and told.count("does not hold") == 1
    assert "d.0002.png is damaged" in told


def test_one_frame_of_another_age_is_told_and_so_is_a_curve(own, ask):
    assert "alone" not in ask(own.layers)[1] and "ages" not in ask(own.layers)[1]
    said_anew(Path(own.layers % 2), target_age=71.0)
    code, told = ask(own.layers)
    assert code == 0 and "l.0002.exr alone says age 40 to 71, those beside it another" in told
    said_anew(Path(own.layers % 3), target_age=72.0)
    code, told = ask(own.layers)
    assert code == 0 and "The ages change over the frames" in told and "alone" not in told


def test_other_settings_of_one_frame_are_told(own, ask):
    own.render(own.layers, frames="2", steady=0.5, layers=("delta", "matte", "parts", "shape"))
    code, told = ask(own.layers)
    assert code == 0 and "Made by other settings than the others: l.0002.exr" in told
