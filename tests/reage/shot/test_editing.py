"""Tracks set by hand: keys hold, what lies between is eased, what lies beside stays."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.shots import HEIGHT, WIDTH, face
from reage.errors import SettingsError, TrackError
from reage.faces import FaceFrame, FaceTrack
from reage.faces.typical import typical_face
from reage.shot.edit import Edit
from reage.shot.editing import dragged, edited
from reage.shot.tracking import load_track, save_track


def track(frames=range(1, 21), lost=(), aspect=1.0):
    """A face that moves 3 px a frame and turns."""
    faces = {n: face(n, (100.0 + 3 * n, 120.0), 100.0, n - 5.0) for n in frames}
    return FaceTrack(WIDTH, HEIGHT, faces | {n: FaceFrame.none(n) for n in lost}, aspect)


def values(face):
    return np.array([*face.center, face.size, face.degrees])


def test_between_two_keys_the_offset_is_eased_over_the_motion():
    was = track()
    now = edited(was, [Edit((5,), shift=(0.0, 0.0)), Edit((15,), shift=(-4.0, 8.0), size=200.0)])
    for n in range(1, 21):
        t = min(max((n - 5) / 10, 0), 1) * (n <= 15)
        share = t * t * (3 - 2 * t)
        offset = np.array([-4 * share, 8 * share, 100 * (2**share - 1), 0])
        assert np.allclose(values(now.at(n)) - values(was.at(n)), offset)
        assert now.at(n).state == ("edited" if 5 <= n <= 15 else "seen")
    assert [n for n in now.frames if now.at(n).key] == [5, 15]


@given(st.floats(-170, 170), st.floats(-170, 170))
def test_a_roll_is_eased_the_short_way(first, last):
    now = edited(track(), [Edit((3,), degrees=first), Edit((9,), degrees=last)])
    turns = np.diff([now.at(n).degrees - (n - 5) for n in range(3, 10)])
    turns = (turns + 180) % 360 - 180
    assert abs(turns.sum()) <= 180 + 1e-6 and (turns * np.sign(turns.sum()) >= -1e-9).all()
    assert now.at(3).degrees == pytest.approx(first) and now.at(9).degrees == pytest.approx(last)


def test_one_edit_alone_changes_its_frames_and_no_other():
    now = edited(track(), [Edit((4, 5, 9), shift=(1.0, 2.0))])
    assert [n for n in now.frames if now.at(n) != track().at(n)] == [4, 5, 9]


def test_a_box_places_a_typical_face_and_keys_lead_from_one_to_the_next():
    lost = range(8, 15)
    edits = [
        Edit((8,), place=(80.0, 40.0, 90.0, 120.0), yaw=90.0),
        Edit((14,), place=(140.0, 52.0, 90.0, 120.0), degrees=10.0, yaw=60.0),
    ]
    now = edited(track(lost=lost), edits)
    first = now.at(8)
    low, high = first.oval().min(0), first.oval().max(0)
    assert np.allclose([low[1], high[1]], (40.0, 160.0))
    assert np.allclose((low + high) / 2, (125.0, 100.0))
    assert len(first.mesh) == 468 and first.confidence == 1.0
    middle = values(now.at(11))
    assert np.allclose(middle, (values(now.at(8)) + values(now.at(14))) / 2, rtol=0.01)
    assert all(now.at(n).state == "edited" for n in lost) and now.at(15) == track().at(15)


def test_a_point_takes_the_size_of_the_nearest_face_and_else_asks_for_one():
    now = edited(track(lost=(20,)), [Edit((20,), place=(60.0, 70.0))]).at(20)
    assert (now.center, now.size, now.degrees) == ((60.0, 70.0), 100.0, 14.0)
    nobody = track(lost=range(1, 21))
    assert edited(nobody, [Edit((7,), place=(60.0, 70.0), size=90.0)]).at(7).size == 90.0
    with pytest.raises(SettingsError, match="A point does not say how large"):
        edited(nobody, [Edit((7,), place=(60.0, 70.0))])
    with pytest.raises(TrackError, match="none to edit; set one with --place"):
        edited(nobody, [Edit((7,), shift=(1.0, 0.0))])


def test_a_box_on_a_face_that_is_there_keeps_its_mesh():
    mesh = typical_face(1, yaw=-20.0).mesh
    was = replace(track(), frames={n: replace(f, mesh=mesh) for n, f in track().frames.items()})
    now = edited(was, [Edit((5,), place=(10.0, 20.0, 50.0, 150.0))]).at(5)
    assert (now.mesh, now.outline) == (mesh, was.at(5).outline)
    assert np.ptp(now.oval()[:, 1]) == pytest.approx(150.0)


def test_keys_on_faces_that_were_seen_bring_none_where_there_is_none():
    """As after --no-face: a shift moves faces, and makes none."""
    gone = edited(track(), [Edit((3,), no_face=True)])
    again = edited(gone, [Edit((1,), shift=(0.0, 0.0)), Edit((5,), shift=(8.0, 0.0))])
    assert again.at(3) is None and again.at(4) is not None


def test_a_drag_is_a_key_that_moves_all_up_to_the_next_keys():
    was = track(lost=(19,))
    one = dragged(was, 10, (200.0, 100.0), 110.0, 0.0)
    off = np.subtract(one.at(10).center, was.at(10).center)
    for n in range(1, 19):
        assert np.allclose(np.subtract(one.at(n).center, was.at(n).center), off)
    assert one.at(20) == was.at(20)
    two = dragged(one, 15, (180.0, 90.0), 110.0, 0.0)
    assert two.at(10) == one.at(10) and two.at(15).center == (180.0, 90.0)
    assert all(two.at(n) == one.at(n) for n in range(1, 11))
    after = np.subtract(two.at(18).center, one.at(18).center)
    assert np.allclose(after, np.subtract(two.at(15).center, one.at(15).center))
    shares = [two.at(n).center[1] for n in range(10, 16)]
    assert (np.diff(shares) < 0).all()


def test_faces_dragged_into_empty_frames_are_joined():
    one = dragged(track(lost=range(1, 21)), 4, (100.0, 100.0), 80.0, 0.0)
    assert [n for n in one.frames if one.at(n)] == [4]
    two = dragged(one, 8, (140.0, 100.0), 80.0, 0.0)
    assert [two.at(n).center[0] for n in range(4, 9)] == pytest.approx([100, 110, 120, 130, 140])
    assert two.at(9) is None and [n for n in range(4, 9) if two.at(n).key] == [4, 8]


def test_a_placed_face_is_turned_by_hand_and_those_between_keys_turn_along():
    one = dragged(track(lost=range(1, 21)), 4, (100.0, 100.0), 80.0, 0.0, (0.0, 0.0))
    two = dragged(one, 8, (140.0, 100.0), 80.0, 0.0, (80.0, 0.0))
    assert [two.at(n).placed[0] for n in range(4, 9)] == [0, 20, 40, 60, 80]
    three = dragged(two, 8, (140.0, 100.0), 80.0, 0.0, (-40.0, 20.0))
    assert three.at(4) == two.at(4) and three.at(6).placed == (-20.0, 10.0)
    assert three.at(6).mesh == typical_face(6, -20.0, 10.0).mesh
    by_command = edited(three, [Edit((8,), pitch=0.0)]).at(8)
    assert by_command.placed == (-40.0, 0.0) and by_command.center == three.at(8).center
    with pytest.raises(SettingsError, match="turn placed faces; that of frame 3 was seen"):
        edited(track(), [Edit((3,), yaw=10.0)])


def test_keys_come_back_from_the_file(tmp_path):
    now = edited(track(aspect=2.0), [Edit((5,), shift=(1.0, 0.0)), Edit((9,), center=(50.0, 60.0))])
    save_track(now, tmp_path / "t.json")
    back = load_track(tmp_path / "t.json")
    assert [n for n in back.frames if back.at(n).key] == [5, 9]
    placed = edited(track(lost=(20,)), [Edit((20,), place=(60.0, 70.0), yaw=30.0)])
    save_track(placed, tmp_path / "p.json")
    assert load_track(tmp_path / "p.json").at(20).placed == (30.0, 0.0)
    assert np.allclose(back.at(9).center, (100.0, 60.0))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({}, "Nothing to edit"),
        ({"size": 0.0}, "--size is 0"),
        ({"size": 1e9}, "from 1 to 65536"),
        ({"center": (1e7, 0)}, "beyond 655360 px"),
        ({"degrees": 1e7}, "from -360 to 360"),
        ({"no_face": True, "shift": (1.0, 1.0)}, "--no-face takes the face away"),
        ({"size": float("nan")}, "a number that is none"),
        ({"shift": (float("inf"), 0.0)}, "a number that is none"),
        ({"place": (1.0, 2.0, 3.0)}, "--place wants a point"),
        ({"place": (1.0, 2.0, 0.0, 5.0)}, "--place wants a point"),
        ({"place": (1.0, 2.0), "shift": (1.0, 1.0)}, "leave --center and --shift away"),
        ({"shift": (1.0, 1.0), "yaw": 120.0}, "from -90 to 90"),
    ],
)
def test_an_edit_that_makes_no_sense_is_told(how, said):
    with pytest.raises(SettingsError, match=said):
        Edit((1,), **how)


def test_frames_that_are_not_there_or_named_twice_are_told():
    with pytest.raises(TrackError, match="has no frames 30"):
        edited(track(), [Edit((30,), no_face=True)])
    with pytest.raises(TrackError, match="has no frame 30"):
        dragged(track(), 30, (1.0, 1.0), 9.0, 0.0)
    with pytest.raises(SettingsError, match="Frames 4 are named by more than one --at"):
        edited(track(), [Edit((3, 4), size=9.0), Edit((4,), size=8.0)])
