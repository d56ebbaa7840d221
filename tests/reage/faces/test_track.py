"""A track file is readable, survives editing, and says where it is wrong."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from reage.errors import TrackError
from reage.faces import FaceFrame, FaceTrack
from reage.faces.track import as_kept

OUTLINE = ((-0.4, -0.5), (0.4, 0.0), (0.0, 0.5))
SEEN = FaceFrame(1001, (960.5, -12.25), 210.125, -179.5, 0.875, OUTLINE)
TRACK = FaceTrack(
    1920,
    1080,
    {1001: SEEN, 1002: replace(SEEN, frame=1002, state="held"), 1003: FaceFrame.none(1003)},
)


def test_round_trip():
    assert FaceTrack.from_json(TRACK.to_json(), "a.json") == TRACK


@pytest.mark.parametrize("aspect", [4 / 3, 64 / 45, 2.0])
def test_a_track_of_any_pixels_is_the_one_that_its_file_gives_back(face, aspect):
    track = FaceTrack(1440, 1080, {0: as_kept(face, aspect)}, aspect)
    assert FaceTrack.from_json(track.to_json(), "a.json") == track


def test_cuts_and_doubts_come_back_and_must_be_frames():
    told = replace(TRACK, cuts=(1002, 1003), doubts=(1003,))
    text = told.to_json()
    assert FaceTrack.from_json(text, "a.json") == told and '"cuts": [1002, 1003]' in text
    for wrong in ('"cuts": 1002', '"cuts": [1.5]', '"cuts": [true]'):
        with pytest.raises(TrackError, match=r"a\.json: cuts must be a list of frame numbers"):
            FaceTrack.from_json(text.replace('"cuts": [1002, 1003]', wrong), "a.json")


def test_real_numbers_come_back_to_a_thousandth_of_a_pixel(face):
    track = FaceTrack(512, 512, {0: face})
    (back,) = FaceTrack.from_json(track.to_json(), "a.json").frames.values()
    np.testing.assert_allclose(back.center, face.center, atol=6e-4)
    np.testing.assert_allclose(back.oval(), face.oval(), atol=0.02)
    np.testing.assert_allclose(back.landmarks(), face.landmarks(), atol=0.02)


def test_a_mesh_comes_back_and_a_track_without_one_still_reads():
    mesh = tuple((i / 1000, -i / 1000) for i in range(468))
    track = replace(TRACK, frames={1001: replace(SEEN, mesh=mesh), 1002: replace(SEEN, frame=1002)})
    text = track.to_json()
    assert FaceTrack.from_json(text, "a.json") == track
    old = [json.loads(line.rstrip(",")) for line in text.splitlines()[1:-1]]
    assert ["mesh" in entry for entry in old] == [True, False]
    assert FaceTrack.from_json(text, "a.json").at(1002).landmarks() is None


@pytest.mark.parametrize("mesh", ["7", "[[0, 0]]", json.dumps([[0, "a"]] * 468)])
def test_a_mesh_that_is_none_is_named(mesh):
    text = TRACK.to_json().replace('"degrees"', f'"mesh": {mesh}, "degrees"', 1)
    with pytest.raises(TrackError, match="frame 1001: mesh must be a list of 468"):
        FaceTrack.from_json(text, "shot.json")


def test_one_frame_a_line_in_order():
    lines = FaceTrack(9, 9, dict(reversed(TRACK.frames.items()))).to_json().splitlines()
    assert [json.loads(line.rstrip(","))["frame"] for line in lines[1:-1]] == [1001, 1002, 1003]


def test_an_edit_survives():
    text = TRACK.to_json().replace('"seen", "center": [960.5', '"edited", "center": [1000')
    face = FaceTrack.from_json(FaceTrack.from_json(text, "a").to_json(), "a").at(1001)
    assert face == replace(SEEN, state="edited", center=(1000.0, -12.25))


def test_no_face_and_an_unknown_frame_are_none():
    assert TRACK.at(1001) == SEEN
    assert TRACK.at(1003) is None and TRACK.at(7) is None


@pytest.mark.parametrize(
    "old, new, said",
    [
        ('"size": 210.125', '"size": "big"', "frame 1001: size must be a number"),
        ('"size": 210.125', '"size": 0', "frame 1001: size must be from 1 px"),
        ('"size": 210.125', '"size": 1e9', "frame 1001: size must be from 1 px up to 65536"),
        ('"size": 210.125', '"size": true', "frame 1001: size must be a number"),
        ('"size": 210.125', '"size": NaN', "at line 2 that is none"),
        ('"size": 210.125', '"size": 1e-9', "size must be from 1 px up to 65536"),
        ('"degrees": -179.5', '"degrees": 1e9', "degrees must be from -180 to 180, not 1e+09"),
        ("[960.5, -12.25]", "[960.5, 1e12]", "frame 1001: center must be"),
        ("[0.4, 0.0]", "[0.4, 1e4]", "frame 1001: outline must be"),
        ("[0.4, 0.0]", ", ".join(["[0.4, 0.0]"] * 1000), "outline must be .* 936 at most"),
        ('"frame": 1003', '"frame": 99999999999', "entry 3 of frames needs frame"),
        ('"width": 1920', '"width": 9999999', "needs width and height"),
        ('"state": "seen"', '"state": ["seen"]', "state must be one of"),
        ('"size": 210.125', '"size": 210.125, "size": 3', "has 'size' twice in one object"),
        ('"size": 210.125', '"sise": 210.125', "frame 1001: unknown 'sise'"),
        ('"degrees": -179.5, ', "", "frame 1001: degrees must be a number"),
        ("[960.5, -12.25]", "[960.5]", "frame 1001: center must be"),
        ("[0.4, 0.0]", "[0.4]", "frame 1001: outline must be"),
        ('"confidence": 0.875', '"confidence": 3', "frame 1001: confidence must be"),
        ('"held"', '"lost"', "frame 1002: state must be one of seen, held"),
        ('"frame": 1002', '"frame": 1001', "holds frame 1001 twice"),
        ('"frame": 1003', '"frame": "x"', "entry 3 of frames needs frame"),
        ('"reage_track": 1', '"reage_track": 2', "is no face track"),
        ('"width": 1920', '"width": 0', "needs width and height"),
        ('"frames": [', '"frames": 7, "x": [', "needs frames"),
        ('"height": 1080', '"height": 1080, "pixel_aspect": 0', "aspect must be from 0.01"),
        ('"degrees": -179.5', '"key": 1, "degrees": -179.5', "frame 1001: key must be true or"),
        ('"degrees": -179.5', '"placed": 9, "degrees": -179.5', "placed must be [yaw, pitch]"),
        ("\n]}", "", "is not JSON at line"),
    ],
)
def test_what_is_wrong_is_named(old, new, said):
    text = TRACK.to_json()
    assert old in text
    with pytest.raises(TrackError) as caught:
        FaceTrack.from_json(text.replace(old, new, 1), "shot.json")
    wanted = re.escape(said).replace(r"\.\*", ".*")
    assert re.search(wanted, str(caught.value)) and "shot.json" in str(caught.value)


@pytest.mark.parametrize("text", ["[]", "3", "null", "{}", ""])
def test_other_json_is_no_track(text):
    with pytest.raises(TrackError, match=r"shot\.json"):
        FaceTrack.from_json(text, "shot.json")
