"""A shot's files as frames of one shot, by the command as people give it."""

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.deliveries import said_anew, swapped
from reage.settings import LIVE, Settings
from reage.trail.delivery import deliver
from reage.trail.mixed import Terms


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


def test_a_still_is_called_as_somebody_likes(own, tmp_path, ask):
    shutil.copy(own.layers % 1, tmp_path / "face_70.exr")
    code, told = ask(tmp_path / "face_70.exr")
    assert code == 0 and "By its own word it is frame 1" in told
    assert "own word" not in ask(own.layers % 1)[1]


def test_copies_of_one_frame_are_no_shot(own, tmp_path, ask):
    files = [tmp_path / f"s.{n}.exr" for n in (2001, 2002, 2003)]
    for path in files:
        shutil.copy(own.layers % 1, path)
    for asked in ([tmp_path / "s.%04d.exr"], [tmp_path], files):
        code, told = ask(*asked)
        assert code == 1 and "each is the same frame, so these are no shot" in told


@pytest.mark.parametrize("name", [
    "d%04d.png", "d.%04d_v2.png", "s-%04d.png", "d.-%03d.png", "d.v%04d.png",
])  # fmt: skip
def test_so_is_one_wherever_its_number_stands(shared, signer, tmp_path, ask, name):
    """By the pattern, by the folder and by a shell's `*`."""
    folder = tmp_path / "own"
    folder.mkdir()
    files = [folder / (name % n) for n in (1, 2, 3)]
    for made, path in zip(send(shared, tmp_path / "p.%04d.png", signer), files, strict=True):
        made.rename(path)
    swapped(files[0], files[1])
    pattern = folder / name.replace("-%03d", "%04d")
    for asked in ([pattern], [folder], files):
        code, told = ask(*asked)
        assert code == 1 and "lies under another frame's number" in told


def test_mixed_paddings_are_one_shot(own, tmp_path, ask):
    for name, n in (("l.1.exr", 2), ("l.02.exr", 1), ("l.0003.exr", 3)):
        shutil.copy(own.layers % n, tmp_path / name)
    code, told = ask(tmp_path)
    assert code == 1 and "lies under another frame's number" in told
    shutil.copy(own.layers % 3, tmp_path / "l.03.exr")
    code, told = ask(tmp_path)
    assert code == 1 and "several files have the number of frames 3" in told


def test_an_entry_of_another_name_hides_none_that_was_moved(own, tmp_path, ask):
    one, two, three = (Path(own.layers % n) for n in (1, 2, 3))
    entries = [("l.0001.exr", two), ("l.0002.exr", one), ("l.0003.exr", three), ("x.exr", three)]
    code, told = ask(packed(tmp_path / "a.zip", entries))
    assert code == 1 and "lies under another frame's number" in told


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
    assert code == 0 and "Frames 1-3 were delivered together, as was signed; this one alone" in told


def test_one_that_is_left_of_several_fails_but_where_it_alone_is_asked_for(
    shared, signer, tmp_path, ask
):
    first, *others = send(shared, tmp_path / "d.%04d.png", signer)
    for path in others:
        path.unlink()
    for asked in (tmp_path, tmp_path / "d.%04d.png"):
        code, told = ask(asked)
        assert code == 1 and "frames 2-3 are missing, of 1-3, which were signed together" in told
    assert ask(first)[0] == 0


@pytest.mark.parametrize(("more", "why"), [
    ({"detail": 0.5}, "was delivered with other strengths than the others"),
    ({"blend": 0.5}, "was delivered with other strengths than the others"),
    ({"plate": "graded.%04d.exr"}, "was delivered with other plates than the others"),
    ({"frames": "1-2"}, "as was signed, 1-3 and 1-2 were delivered together"),
])  # fmt: skip
def test_frames_of_two_deliveries_are_found(shared, signer, tmp_path, ask, more, why):
    """Each is signed by a signer who is trusted."""
    mine = send(shared, tmp_path / "d.%04d.png", signer)
    graded = tmp_path / "graded.%04d.exr"
    for n in (1, 2, 3):
        shutil.copy(shared.plate % n, str(graded) % n)
    plate = str(graded) if "plate" in more else None
    live = {name: value for name, value in more.items() if name in LIVE}
    settings = replace(Settings(), **live)
    job = replace(
        shared.job(tmp_path / "o.%04d.png", more.get("frames"), plate=plate), settings=settings
    )
    other = deliver(shared.layers, job, more.get("blend"), Terms(signer)).files
    assert ask(tmp_path / "d.%04d.png")[0] == 0
    shutil.copy(other[1], mine[1])
    code, told = ask(tmp_path / "d.%04d.png")
    assert code == 1 and why in told


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
