"""The track of moved frames is the moved track; what is not there is not tracked."""

import numpy as np
import pytest

from reage.errors import Cancelled, SettingsError
from reage.faces import FaceChoice, FaceTrack, TrackOptions, track_shot

RAW = TrackOptions(sigma=0)


@pytest.mark.parametrize("options", [RAW, TrackOptions()])
def test_the_track_follows_a_moving_turning_growing_face(shot, place, put, misses, options):
    sims = {n: put(200 + 8 * n, 190 + 5 * n, 1.0 + 0.04 * n, 5 * n) for n in range(12)}
    run = shot({n: place([s]) for n, s in sims.items()})
    track = track_shot(run.read, sims, run.size, options=options)
    for n, sim in sims.items():
        place_off, size_off, roll_off = misses(track.at(n), sim)
        assert place_off < 1 and size_off < 1.5 and roll_off < 1


def test_a_face_that_goes_head_over_heels_is_followed(shot, place, put, misses):
    sims = {n: put(320, 240, 1.2, 30 * n) for n in range(13)}
    run = shot({n: place([s]) for n, s in sims.items()})
    track = track_shot(run.read, sims, run.size)
    assert all(max(misses(track.at(n), s)) < 1.5 for n, s in sims.items())


def test_an_upside_down_shot_is_tracked_from_its_first_frame(shot, place, put, misses):
    sim = put(320, 240, 1.0, 180)
    run = shot({1: place([sim])})
    assert max(misses(track_shot(run.read, [1], run.size).at(1), sim)) < 1.5


def test_grain_on_a_still_shot_hardly_moves_the_track(shot, place, put, face):
    rng = np.random.default_rng(0)
    still = place([put(320, 240, 1.5)])
    run = shot({n: still + rng.normal(0, 0.02, still.shape).astype("f4") for n in range(12)})
    track = track_shot(run.read, run.plates, run.size)
    faces = [track.at(n) for n in run.plates]
    assert np.std([f.center for f in faces], axis=0).max() < 0.003 * 1.5 * face.size
    assert np.std([f.size for f in faces]) < 0.005 * 1.5 * face.size
    assert np.std([f.degrees for f in faces]) < 0.25


def test_only_the_face_is_read_once_it_is_found(shot, place, put, face):
    sims = {n: put(900 + 9 * n, 600) for n in range(5)}
    run = shot({n: place([s, s], (1920, 1080)) for n, s in sims.items()})
    track_shot(run.read, sims, run.size)
    assert [n for n, region in run.asked if region is None] == [0]
    sides = [max(r.width, r.height) for _, r in run.asked if r is not None]
    assert len(sides) == 5 and max(sides) < 2.5 * face.size


def test_tracking_is_the_same_in_a_larger_plate(shot, place, put):
    """Read regions are all that matters after the first frame."""
    tracks = []
    for size in [(640, 480), (1600, 1200)]:
        run = shot({n: place([put(300 + n, 240)] * 2, size) for n in range(4)})
        tracks.append(track_shot(run.read, run.plates, run.size, options=RAW))
    for n in range(4):
        a, b = (t.at(n) for t in tracks)
        np.testing.assert_allclose(a.center, b.center, atol=0.01 * a.size)


@pytest.mark.parametrize("dx, dy", [(-1, 0), (1, 0), (0, -1), (0, 1)])
def test_a_face_that_leaves_the_frame_is_true_while_seen_then_gone(
    shot, place, put, misses, face, dx, dy
):
    """Sixty per cent inside, it is true, or with the eyes outside not tracked; then none."""
    shown = [1.0, 0.85, 0.7, 0.6, 0.0]
    size = 1.4 * face.size
    sims = {}
    for n, part in enumerate(shown):
        x = 320 + dx * (320 + (0.5 - part) * 0.85 * size)
        y = 240 + dy * (240 + (0.5 - part) * 1.0 * size)
        sims[n] = put(x, y, 1.4)
    run = shot({n: place([s]) for n, s in sims.items()})
    track = track_shot(run.read, sims, run.size, options=RAW)
    for n, part in enumerate(shown):
        if part >= 0.7 or (part == 0.6 and track.at(n)):
            assert misses(track.at(n), sims[n])[0] < 4
            assert misses(track.at(n), sims[n])[1] < 4
    assert track.at(3) or dy < 0
    assert track.at(4) is None
    assert track.at(2).confidence < 0.85 * track.at(0).confidence


def test_short_dropouts_are_held_long_ones_are_not(shot, place, put, misses):
    rng = np.random.default_rng(3)
    sims = {n: put(300 + 4 * n, 240, 1.3) for n in [0, 1, 5, 6, 11, 12]}
    plates = {n: place([s]) for n, s in sims.items()}
    for n in set(range(14)) - set(sims):
        plates[n] = rng.random((480, 640, 3)).astype("f4")
    run = shot(plates)
    track = track_shot(run.read, plates, run.size, options=TrackOptions(max_gap=3))
    states = "".join(track.frames[n].state[0] for n in range(14))
    assert states == "ss" + "hhh" + "ss" + "n" * 4 + "ss" + "n"
    for n in (2, 3, 4):
        assert max(misses(track.at(n), put(300 + 4 * n, 240, 1.3))) < 1.5
        assert track.at(n).confidence < min(track.at(1).confidence, track.at(5).confidence)


def test_noise_has_no_track(shot):
    noise = np.random.default_rng(1).random((200, 300, 3)).astype("f4")
    run = shot(dict.fromkeys(range(3), noise))
    track = track_shot(run.read, run.plates, run.size)
    assert [f.state for f in track.frames.values()] == ["none"] * 3
    assert [f.confidence for f in track.frames.values()] == [0] * 3
    assert FaceTrack.from_json(track.to_json(), "x") == track


@pytest.mark.parametrize(
    "choice, who",
    [
        (None, "large"),
        (FaceChoice(0), "large"),
        (FaceChoice(1), "small"),
        (FaceChoice(2), None),
        (FaceChoice(point=(470, 230)), "small"),
        (FaceChoice(point=(190, 250)), "large"),
        (FaceChoice(box=(420, 180, 110, 130)), "small"),
        (FaceChoice(box=(100, 150, 160, 180)), "large"),
    ],
)
def test_the_chosen_face_is_followed(shot, place, put, misses, choice, who):
    moves = {
        n: {"large": put(180 + 5 * n, 240, 1.3), "small": put(480 - 5 * n, 240, 0.9)}
        for n in range(3)
    }
    run = shot({n: place(list(m.values())) for n, m in moves.items()})
    track = track_shot(run.read, moves, run.size, choice, RAW)
    for n, sims in moves.items():
        assert (track.at(n) is None) if who is None else max(misses(track.at(n), sims[who])) < 2


def test_a_hand_drawn_box_is_enough_for_a_face_the_detector_misses(portrait, shot, face):
    """A gray bar over the eyes blinds the detector; the box stands in for it."""
    light = (portrait / np.float32(255)) ** np.float32(2.2)
    x, y, r = *face.center, face.size
    light[int(y - 0.26 * r) : int(y - 0.1 * r), int(x - 0.45 * r) : int(x + 0.45 * r)] = 0.2
    run = shot({0: light})
    box = (x - 0.5 * r, y - 0.5 * r, r, r)
    found = track_shot(run.read, [0], run.size, FaceChoice(box=box), RAW).at(0)
    assert found is not None
    assert np.hypot(*np.subtract(found.center, face.center)) < 0.15 * face.size


def test_steps_order_progress_and_cancelling(shot, place, put):
    run = shot({n: place([put(300 + n, 240)]) for n in (1, 4, 7)})
    told = []
    track = track_shot(
        run.read, [7, 1, 4, 4], run.size, progress=lambda done, total: told.append((done, total))
    )
    assert list(track.frames) == [1, 4, 7] and told == [(1, 3), (2, 3), (3, 3)]
    assert (track.width, track.height) == (640, 480)
    with pytest.raises(Cancelled, match="frame 4"):
        track_shot(run.read, [1, 4], run.size, cancelled=lambda: run.asked[-1][0] == 1)


def test_no_frames_no_faces(shot):
    assert track_shot(shot({}).read, [], (10, 10)).frames == {}


def test_settings_that_make_no_sense_are_refused():
    for wrong in (
        lambda: FaceChoice(-1),
        lambda: FaceChoice(point=(1, 2), box=(1, 2, 3, 4)),
        lambda: FaceChoice(box=(1, 2, 0, 4)),
        lambda: TrackOptions(sigma=-1),
        lambda: TrackOptions(max_gap=-1),
    ):
        with pytest.raises(SettingsError):
            wrong()
