"""A shot's ST maps, from a track and a plate to files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.shots import pixels, write_plate
from reage.cli import main
from reage.errors import FaceError, PlateError, SettingsError
from reage.faces import FaceFrame, FaceTrack
from reage.faces.typical import typical_face
from reage.media.exr import write_layers
from reage.media.imagefile import read_channels, read_info
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
from reage.shot.stabilizing import still_face, write_st_maps
from reage.shot.tracking import save_track

FRAMES = (1, 2, 3, 4)


def face(frame, yaw=0.0):
    place = {"center": (150.0 + 4 * frame, 120.0), "size": 120.0, "degrees": 2.0 * frame}
    return replace(typical_face(frame, yaw), **place)


@pytest.fixture
def shot(tmp_path):
    for number in FRAMES:
        path = tmp_path / f"shot.{number:04d}.exr"
        write_plate(path, pixels(number), framesPerSecond=25.0)
    faces = {n: face(n, yaw) for n, yaw in ((1, 24.0), (2, 9.0), (3, -17.0))}
    track = FaceTrack(320, 240, {**faces, 4: FaceFrame.none(4)})
    save_track(track, tmp_path / "shot.track.json")
    return tmp_path


def stabilize(shot, *more):
    return main([
        "stabilize", str(shot / "shot.track.json"), "--plate", str(shot / "shot.%04d.exr"), "-o",
        str(shot / "out" / "still.%04d.exr"), "-q", *more,
    ])  # fmt: skip


def test_the_command_writes_both_maps_of_every_frame_and_nodes(shot):
    assert stabilize(shot) == 0
    names = {path.name for path in (shot / "out").iterdir()}
    maps = {f"still.{w}.{n:04d}.exr" for w in ("stabilize", "matchmove") for n in FRAMES}
    assert names == {*maps, "still.nk"}
    info = read_info(shot / "out" / "still.stabilize.0001.exr")
    assert info.metadata["reage:still_at"] == 2  # the one nearest to straight on
    assert info.metadata["reage:st_map"] == "stabilize"
    assert (info.display.width, info.data) == (320, info.display)


def test_the_held_frame_and_one_without_a_face_stay_where_they_are(shot):
    assert stabilize(shot) == 0
    x, y = (np.arange(320) + 0.5) / 320, 1 - (np.arange(240) + 0.5) / 240
    for number, matte in ((2, 1.0), (4, 0.0)):
        for word in ("stabilize", "matchmove"):
            path = shot / "out" / f"still.{word}.{number:04d}.exr"
            s, t, a = read_channels(path, "RGA")[0].transpose(2, 0, 1)
            assert np.abs(s - x).max() < 1e-6 and np.abs(t - y[:, None]).max() < 1e-6
            assert a.max() == matte


def test_another_frame_or_a_frontal_face_may_be_held(shot):
    assert stabilize(shot, "--at", "3") == 0
    assert read_info(shot / "out" / "still.matchmove.0001.exr").metadata["reage:still_at"] == 3
    assert stabilize(shot, "--frontal", "--frames", "1") == 0
    said = read_info(shot / "out" / "still.matchmove.0001.exr").metadata
    assert said["reage:still_at"] == "frontal"


def opened(shot, track=None, plate="shot.%04d.exr", output="still.%04d.exr", **more):
    track = track or FaceTrack.load(shot / "shot.track.json")
    return still_face(track, str(shot / plate), str(shot / output), where="t.json", **more)


def test_what_cannot_be_is_said(shot):
    track = FaceTrack.load(shot / "shot.track.json")
    with pytest.raises(SettingsError, match="--at is 4, and the track has no face there"):
        opened(shot, at=4)
    with pytest.raises(SettingsError, match=r"as \*.exr"):
        opened(shot, output="still.%04d.png")
    with pytest.raises(SettingsError, match="No frame"):
        opened(shot, frames="9")
    with pytest.raises(PlateError, match=r"320×240 px, and the track t.json is of"):
        opened(shot, replace(track, width=640))
    with pytest.raises(FaceError, match="no face in any frame"):
        opened(shot, FaceTrack(320, 240, {4: FaceFrame.none(4)}))
    with pytest.raises(FaceError, match="no mesh at frame 1"):
        opened(shot, replace(track, frames={1: replace(track.frames[1], mesh=())}))


def test_a_frame_of_another_size_is_said_before_any_map_is_written(shot, capsys):
    other = Region(0, 0, 200, 100)
    colors = {c: np.full((100, 200), 0.2, np.float32) for c in "RGB"}
    for number in (3, 4):
        info = PlateInfo(other, other, ("R", "G", "B"))
        write_layers(shot / f"shot.{number:04d}.exr", colors, other, info, {"colorspace": "ACEScg"})
    assert stabilize(shot) == PlateError.exit_code
    said = capsys.readouterr().err
    assert "shot.%04d.exr is 200×100 px at 3-4, and the track" in said and "--frames" in said
    assert not (shot / "out").exists()
    assert stabilize(shot, "--frames", "1-2") == 0
    (shot / "shot.0002.exr").write_bytes(b"no image")
    assert stabilize(shot, "--frames", "1-2", "-o", str(shot / "b" / "s.%04d.exr")) == 3
    assert not (shot / "b").exists()


def test_no_map_overwrites_the_plate(shot):
    (shot / "shot.%04d.exr").parent.mkdir(exist_ok=True)
    still = opened(shot)
    for number in FRAMES:
        target = Path(still.stabilize % number)
        target.hardlink_to(shot / f"shot.{number:04d}.exr")
    with pytest.raises(SettingsError, match="would overwrite the plate"):
        write_st_maps(still)
