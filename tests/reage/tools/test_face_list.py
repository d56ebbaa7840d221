"""`reage track --list`: what it lists is what --face takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.plate_files import write_image
from reage import home
from reage.cli import main
from reage.media.imagefile import read_plate
from reage.shot.tracking import load_track


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A still of the demo plate's head, and to the right of it the same head, smaller."""
    head = read_plate(home.demo_plate()[0]).rgb
    small = cv2.resize(head, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    both = np.full((head.shape[0], head.shape[1] + small.shape[1], 3), 0.18, np.float32)
    both[:, : head.shape[1]] = head
    both[: small.shape[0], head.shape[1] :] = small
    return write_image(tmp_path_factory.mktemp("pair") / "pair.exr", both)


def call(*words: object) -> int:
    return main([str(word) for word in words])


def listed(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    assert call("track", *words, "--list", "--colorspace", "ACEScg", "--json") == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)["result"]
    return found


def test_each_face_is_the_one_that_its_index_and_its_point_take(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faces = listed(capsys, pair)["faces"]
    assert [f["index"] for f in faces] == [0, 1]
    assert faces[1]["size"] == pytest.approx(0.6 * faces[0]["size"], rel=0.05)
    for face in faces:
        x, y, w, h = face["box"]
        assert x < face["center"][0] < x + w and y < face["center"][1] < y + h
        for asked in (face["index"], "{:.0f},{:.0f}".format(*face["center"])):
            out = tmp_path / f"{asked}.json"
            assert call("track", pair, "--face", asked, "--colorspace", "ACEScg", "-o", out,
                        "--smooth", 0, "-q") == 0  # fmt: skip
            (taken,) = load_track(out).frames.values()
            assert np.hypot(*np.subtract(taken.center, face["center"])) < 0.02 * face["size"]


def test_a_squeezed_plates_faces_are_listed_in_its_own_px(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = listed(capsys, pair)["faces"]
    rgb = read_plate(pair).rgb
    half = cv2.resize(rgb, (rgb.shape[1] // 2, rgb.shape[0]), interpolation=cv2.INTER_AREA)
    squeezed = write_image(tmp_path / "pair.exr", half, attributes={"PixelAspectRatio": 2.0})
    faces = listed(capsys, squeezed, "-o", tmp_path / "faces.png")["faces"]
    assert len(faces) == 2
    for one, other in zip(faces, whole, strict=True):
        (x, y), (u, v) = one["center"], other["center"]
        assert np.hypot(2 * x - u, y - v) < 0.02 * other["size"]
        assert one["size"] == pytest.approx(other["size"], rel=0.03)
        assert 2 * one["box"][2] == pytest.approx(other["box"][2], rel=0.05)
    sheet = cv2.imread(str(tmp_path / "faces.png"))
    assert sheet.shape[0] - 480 == pytest.approx(1440 * rgb.shape[0] / rgb.shape[1], abs=120)


def test_the_picture_has_the_frame_and_a_thumbnail_of_each(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "new" / "faces.png"
    assert listed(capsys, pair, "-o", sheet)["sheet"] == str(sheet)
    rgb = cv2.imread(str(sheet))
    rows = [rgb[-240, x : x + 480] for x in (0, 480, 960)]
    assert rgb.shape[1] == 1440 and [row.std() > 10 for row in rows] == [True, True, False]


def test_a_plate_without_a_face_and_a_picture_of_another_kind_are_told(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = write_image(tmp_path / "empty.exr", np.full((270, 480, 3), 0.18, np.float32))
    assert call("track", empty, "--list", "--colorspace", "ACEScg") == 5
    assert "No face was found in any frame. Point at it" in capsys.readouterr().err
    assert call("track", pair, "--list", "--colorspace", "ACEScg", "-o", "faces.jpg") == 2
    assert "name it *.png or *.json, not faces.jpg" in capsys.readouterr().err
    assert call("track", "a.track.json", "--list") == 2
    assert "name the plate, not its track" in capsys.readouterr().err
    assert call("track", pair, "--list", "--at", "1", "--shift", "1,1") == 2
    assert "--list edits nothing" in capsys.readouterr().err


def test_an_edited_faces_file_is_set_aside_by_the_next_list(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("track", pair, "--list", "--colorspace", "ACEScg", "-o", tmp_path / "f.json", "-q")
    assert call(*command) == 0
    made = (tmp_path / "f.json").read_text()
    assert call(*command) == 0 and len(list(tmp_path.iterdir())) == 1  # nothing was lost by that
    edited = made.replace('"target_age": ', '"target_age": 1')
    (tmp_path / "f.json").write_text(edited)
    capsys.readouterr()
    assert call(*command) == 0
    assert "f.edited.json" in capsys.readouterr().err
    assert (tmp_path / "f.edited.json").read_text() == edited != made
    assert (tmp_path / "f.json").read_text() == made
    (tmp_path / "f.json").write_text("mine")
    assert call(*command) == 0 and (tmp_path / "f.edited2.json").read_text() == "mine"


def test_a_full_disk_leaves_what_stood_there(pair: Path, tmp_path: Path) -> None:
    """A file as large as the limit of a process is what the disk has room for."""
    resource = pytest.importorskip("resource", reason="Windows limits no files")
    for name, room in (("faces.png", 20_000), ("faces.json", 20)):
        (tmp_path / name).write_text("the earlier one")

        def limited(room: int = room) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        command = ("track", pair, "--list", "--colorspace", "ACEScg", "-o", tmp_path / name)
        words = [sys.executable, "-m", "reage.cli", *map(str, command)]
        done = subprocess.run(words, capture_output=True, text=True, preexec_fn=limited)
        assert done.returncode == 6 and "cannot be written: " in done.stderr, done
        assert (tmp_path / name).read_text() == "the earlier one"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["faces.json", "faces.png"]
