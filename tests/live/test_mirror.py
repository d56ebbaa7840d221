"""The mirror as a whole: real threads, real pictures; only the model and the camera are steered."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from datetime import timedelta

import av
import numpy as np
import pytest

from helpers.bundles import bundle, page, rights
from helpers.steered import MemoryRecorder, Script, SlowModel, frames_of, frames_until, until
from reage.album import page_path
from reage.errors import OutOfMemory, RightsError
from reage.models import consents
from reage.models.model_card import NEEDED
from reage.models.rights import today
from reage.pattern import conditioning
from reage.settings import Settings
from reage.shot.tracking import load_track
from reage_live import take_writer
from reage_live.mirror import Mirror
from reage_live.patterns import Patterns
from reage_live.recorder import TakeRecorder
from reage_live.recording import Slate
from reage_live.status_messages import StatusMessages
from reage_live.synthetic import TestSource

OLDER = Settings(source_age=25.0, target_age=75.0, crop_size=192)


@pytest.fixture
def running():
    """running(source, model, …): a started mirror, stopped after the test."""
    made = []

    def make(source, model=None, settings=OLDER, **more):
        mirror = Mirror(source, model or SlowModel(), settings, retry=0.05, **more)
        made.append(mirror)
        mirror.start()
        return mirror

    yield make
    for mirror in made:
        mirror.stop()


def test_with_a_slow_model_the_delay_does_not_grow_and_order_is_kept(running):
    seconds = 0.2
    mirror = running(TestSource((640, 360)), SlowModel(seconds), keep_crop=True)
    until(lambda: mirror.present)
    frames_of(mirror, 0.5)
    frames = frames_until(mirror, lambda frames: len(frames) >= 18)
    indices = [f.index for f in frames]
    assert indices == sorted(set(indices))
    assert indices[-1] - indices[0] > 2 * len(indices)  # many were dropped
    delays = [f.delay for f in frames if f.face is not None]
    assert min(delays) >= seconds
    # Each was followed while the one before it was re-aged, and waited for no other: two turns
    # at most, and half a one for a machine with other work. A queue of two would make three.
    done = [f.captured + f.delay for f in frames]
    turns = np.diff(done)
    assert np.median(delays[:8]) < 2.5 * np.median(turns[:8]) + 0.1
    assert np.median(delays[-8:]) < 2.5 * np.median(turns[-8:]) + 0.1
    whole = mirror.meter.whole(time.monotonic())
    assert whole.dropped > whole.shown
    assert whole.median >= seconds


def test_every_frame_is_shown_once_or_counted_as_dropped(running):
    mirror = running(TestSource((640, 360)), SlowModel(0.1), keep_crop=True)
    frames = frames_of(mirror, 3)
    recent = mirror.meter.whole(time.monotonic())
    came = frames[-1].index + 1
    assert abs(recent.shown + recent.dropped - came) <= 4  # those under way
    mirror.stop()
    assert len(mirror.results) <= 2


def test_the_result_is_the_raw_picture_outside_the_face_and_another_inside(running):
    mirror = running(TestSource((640, 360)))
    until(lambda: mirror.present)
    frame = [f for f in frames_of(mirror, 1.5) if f.face is not None][-1]
    changed = (frame.result != frame.raw).any(-1)
    assert changed.any()
    x, y = (int(c) for c in frame.face.center)
    assert changed[y, x]
    assert not changed[:, :30].any()
    assert frame.timecode.text.startswith("01:00:0")


def test_settings_hold_from_the_next_frame_on_and_each_frame_tells_its_own(running):
    mirror = running(TestSource((640, 360)))
    until(lambda: mirror.present)
    mirror.face_settings.set(target_age=30.0)
    until(lambda: any(f.settings.target_age == 30.0 for f in frames_of(mirror, 0.3)))
    mirror.face_settings.set(target_age=25.0)
    frame = [f for f in frames_of(mirror, 1.0) if f.settings.target_age == 25.0][-1]
    assert frame.result is frame.raw  # nothing is asked for


def test_a_face_enters_leaves_and_comes_back_as_the_same(running, head):
    gray = np.full_like(head(0), 60)
    steps = [*[gray] * 10, *[head(n) for n in range(90)], *[gray] * 40, head(90)]
    mirror = running(Script(*steps, rate=24))
    frames = frames_until(mirror, lambda frames: re.search(r"\.x+\.+x", _there(frames)))
    assert {p.number for p in mirror.present} == {0}
    without = next(f for f in frames if f.face is None)
    assert without.result is without.raw


def _there(frames):
    return "".join("x" if f.face is not None else "." for f in frames)


def test_no_face_for_long_is_a_line_and_the_picture_goes_on(running, head):
    mirror = running(Script(np.full_like(head(0), 60)))
    line = "No face: the picture is shown as it is."
    frames = frames_until(mirror, lambda _: line in mirror.lines)
    frames += frames_of(mirror, 0.5)
    assert len(frames) > 10
    assert all(f.result is f.raw for f in frames)


def test_an_unplugged_camera_is_a_line_and_it_comes_back(running, head):
    mirror = running(Script(head(0), *["The camera is unplugged."] * 6, head(0)))
    seen = []
    until(lambda: seen.extend(mirror.lines) or any("unplugged" in line for line in seen))
    assert any("Trying again" in line for line in seen)
    until(lambda: mirror.source.given > 20 and not any("unplug" in n for n in mirror.lines))
    assert mirror.source.opened >= 7
    assert frames_of(mirror, 0.5)


def test_another_resolution_is_a_line_and_goes_on(running, head):
    small = np.ascontiguousarray(head(0)[::2, ::2])
    mirror = running(Script(*[head(0)] * 30, small))
    wanted = {head(0).shape, small.shape}
    frames_until(mirror, lambda frames: {f.raw.shape for f in frames} == wanted)
    assert any("is now 320×180 px" in line for line in mirror.lines)
    until(lambda: mirror.present)


def test_the_end_of_a_source_is_a_line_and_ends_the_results(running, head):
    mirror = running(Script(*[head(0)] * 10, None))
    frames = frames_of(mirror, 10)
    assert mirror.results.ended
    assert frames[-1].index == 9  # the last picture stays
    assert mirror.lines == ("script has come to its end.",)


@pytest.mark.parametrize("error", [OutOfMemory("The device is full."), ValueError("odd")])
def test_a_model_that_fails_is_a_line_and_the_picture_goes_on(running, error):
    model = SlowModel(failing=error)
    mirror = running(TestSource((640, 360)), model)
    until(lambda: any(str(error) in line for line in mirror.lines))
    frames = frames_of(mirror, 1)
    assert frames and all(f.result is f.raw for f in frames)
    model.failing = None
    until(lambda: not any(str(error) in line for line in mirror.lines))
    assert frames_of(mirror, 1)[-1].result is not None


def test_a_machine_that_is_too_slow_gets_a_smaller_crop_and_says_so(running):
    mirror = running(
        TestSource((640, 360)), SlowModel(0.15), replace(OLDER, crop_size=512)
    )
    until(lambda: mirror.present)
    until(lambda: any("Crop lowered" in line for line in mirror.lines))
    sizes = [f.crop_size for f in frames_of(mirror, 3)]
    assert sizes[-1] < 512
    assert sizes == sorted(sizes, reverse=True)


def test_auto_begins_at_the_model_s_own_crop_however_large_a_face_is(running):
    model = SlowModel(0.0)
    model.card = replace(model.card, crop_size=192, face_sizes=(20.0, 2000.0))
    mirror = running(TestSource((1920, 1080)), model, replace(OLDER, crop_size="auto"))
    until(lambda: mirror.present)
    assert {f.crop_size for f in frames_of(mirror, 1)} == {192}


def test_a_color_space_that_cannot_be_read_is_a_line(running):
    mirror = running(TestSource((640, 360)), settings=replace(OLDER, colorspace="ACEScct"))
    until(lambda: any("cannot read ACEScct" in line for line in mirror.lines))
    assert frames_of(mirror, 0.5)


def test_the_picture_passes_while_a_pattern_is_made(running, monkeypatch):
    """Of the first face, and each that is chosen later."""
    wait, line = 2.5, "The pattern is being made; until then the picture is shown as it is."
    drawn = conditioning.mixed

    def slow(mix):
        time.sleep(wait)
        return drawn(mix)

    monkeypatch.setattr(conditioning, "mixed", slow)
    monkeypatch.setattr(conditioning, "_made", {})
    model = SlowModel()
    model.card = replace(model.card, inputs=(*NEEDED, "pattern"))
    mirror = running(TestSource((640, 360)), model)
    for seed in (0, 5):
        mirror.face_settings.set(pattern=seed)
        until(lambda: line in mirror.lines)
        raw = frames_until(mirror, lambda _: line not in mirror.lines)
        times = [f.captured + f.delay for f in raw]
        assert max(np.diff(times)) < wait / 3  # machines with other work are slow, not frozen
        assert all(f.result is f.raw for f in raw[2:-8])
        frames_until(mirror, lambda frames: any(f.result is not f.raw for f in frames))


def test_a_pattern_that_cannot_be_made_is_told_and_the_picture_passes(running, tmp_path):
    model = SlowModel()
    model.card = replace(model.card, inputs=(*NEEDED, "pattern"))
    file = tmp_path / "none.pattern.exr"
    mirror = running(TestSource((640, 360)), model, replace(OLDER, pattern=str(file)))
    until(lambda: any("none.pattern.exr" in line for line in mirror.lines))
    assert all(f.result is f.raw for f in frames_of(mirror, 0.5))


def test_the_change_stays_while_the_age_moves_over_an_album(running, monkeypatch, tmp_path):
    drawn, asked = conditioning.mixed, []

    def slow(mix):
        asked.append(str(mix))
        time.sleep(1.0)
        return drawn(mix)

    monkeypatch.setattr(conditioning, "mixed", slow)
    monkeypatch.setattr(conditioning, "_made", {})
    for age in (40, 80):
        page(page_path(tmp_path / "album", age))
    model = SlowModel()
    model.card = replace(model.card, inputs=(*NEEDED, "pattern"))
    mirror = running(TestSource((640, 360)), model, replace(OLDER, pattern=f"{tmp_path}@target"))
    frames_until(mirror, lambda frames: any(f.result is not f.raw for f in frames))
    moved = []
    for age in (74.2, 72.0, 70.0, 65.0, 60.3, 60.0):
        mirror.face_settings.set(target_age=age)
        moved += frames_of(mirror, 0.4)
    moved += frames_until(mirror, lambda _: asked[-1].endswith("@60"))
    there = [f for f in moved if f.face is not None]
    assert len(there) > 4 and all(f.result is not f.raw for f in there)
    assert not [mix for mix in asked if "." in mix.rpartition("@")[2]]  # whole years
    assert len(asked) < 6  # those that were passed over are not made


def test_a_face_of_another_pattern_is_not_shown_by_the_last_one(tmp_path):
    patterns = Patterns(StatusMessages())
    conditioning.make(3)
    assert patterns.of(0, 3, 60.0) == 3
    assert patterns.of(0, str(tmp_path / "none.pattern.exr"), 60.0) is None
    assert patterns.of(1, 3, 60.0) == 3


def test_whose_face_it_is_stands_on_the_screen_and_in_the_take_until_the_consent_ends(
    running, monkeypatch
):
    model, recorder = SlowModel(), MemoryRecorder()
    agreed = rights(-10, 0)
    model.card = replace(model.card, rights=agreed)
    mirror = running(TestSource((640, 360)), model, recorder=recorder)
    frames_until(mirror, lambda frames: any(f.result is not f.raw for f in frames))
    (line,) = (line for line in mirror.lines if line.startswith("Rights: "))
    assert agreed.short() in line and "The consent ends today" in line
    mirror.record(Slate())
    assert recorder.about.rights == agreed.line()
    tomorrow = today() + timedelta(1)
    monkeypatch.setattr(consents, "today", lambda: tomorrow)
    until(lambda: any("The consent of Anna Example" in line for line in mirror.lines))
    frames_of(mirror, 0.3)
    assert all(f.result is f.raw for f in frames_of(mirror, 0.5))


def test_a_mirror_does_not_begin_with_an_album_past_its_consent(tmp_path, monkeypatch):
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path / "cache"))
    old, model = bundle(tmp_path / "old.reage", rights(-90, -1)), SlowModel()
    model.card = replace(model.card, inputs=(*NEEDED, "pattern"))
    with pytest.raises(RightsError, match="Anna Example for The Long Year ended"):
        Mirror(TestSource((640, 360)), model, replace(OLDER, pattern=f"{old}@target"))
    assert not (tmp_path / "cache").exists()


def test_a_raw_movie_has_every_frame_that_came_whatever_the_mirror_dropped(
    running, tmp_path, monkeypatch
):
    """Also through a freeze that is longer than a take waits for a camera."""
    monkeypatch.setattr(take_writer, "_LONGEST_HOLD", 2.0)
    source, model = TestSource((320, 180)), SlowModel(0.2)
    recorder = TakeRecorder(tmp_path)
    mirror = running(source, model, recorder=recorder, keep_crop=True)
    until(lambda: mirror.present and mirror._last)
    mirror.record(Slate("12A", 3))
    frames_of(mirror, 2)
    model.seconds = 3.0
    frames_of(mirror, 4)
    model.seconds = 0.2
    frames_until(mirror, lambda frames: len(frames) > 3)
    mirror.end_take()
    made = recorder.last
    assert made is not None and made.frames > 5 * 24 and made.dropped == 0, recorder.problem()
    assert len(made.held) > 3 * 24
    first = made.timecode.count - source.timecode(0).count
    found, results = pictures(made.raw), pictures(made.reaged)
    assert len(found) == len(results) == made.frames
    for number, picture in enumerate(found):
        want = source.picture(first + number).astype(float)
        assert np.abs(picture - want).mean() < 3  # another frame's timecode and head are further
    assert np.abs(source.picture(first + 1).astype(float) - found[0]).mean() > 3
    track = load_track(made.track)
    state = {n: track.frames[n].state for n in track.frames}
    assert {state[n] for n in made.held} <= {"held", "none"}
    centers = [track.frames[n].center for n in sorted(track.frames)]
    assert np.abs(np.diff(centers, axis=0)).max() < 8  # straight through the freeze, no jump


def pictures(movie):
    with av.open(str(movie)) as container:
        return [f.to_ndarray(format="rgb24").astype(float) for f in container.decode(video=0)]


def test_a_take_gets_every_shown_frame_and_the_metadata(running):
    recorder = MemoryRecorder()
    mirror = running(TestSource((640, 360)), recorder=recorder)
    until(lambda: mirror.present)
    mirror.record(Slate("12A", 3, "B"))
    shown = frames_of(mirror, 1)
    mirror.end_take()
    assert recorder.slate == Slate("12A", 3, "B")
    assert recorder.about.size == (640, 360)
    assert recorder.about.colorspace == "srgb_rec709_scene"
    assert recorder.about.rate == 24
    kept = [f.index for f in recorder.frames]
    assert kept == sorted(set(kept))
    since = kept[0]  # the take begins with the frame after the one that is under way
    assert since <= shown[0].index + 3
    assert {f.index for f in shown[:-3] if f.index >= since} <= set(kept)
    count = len(recorder.frames)
    frames_of(mirror, 0.5)
    assert len(recorder.frames) <= count + 1
    recorder.full = True
    assert mirror.lines[0] == "The disk is full."


def test_two_faces_each_by_their_own_settings_and_the_chosen_one_first(running):
    mirror = running(TestSource((960, 360), heads=2))
    until(lambda: len(mirror.present) == 2)
    first, second = mirror.present
    assert mirror.face_at(*second.face.center) == second.number
    assert mirror.face_at(5, 5) is None
    mirror.face_settings.choose(second.number)
    mirror.face_settings.set(target_age=18.0)
    assert mirror.face_settings.of(first.number).target_age == 75.0
    frame = [
        f for f in frames_of(mirror, 2) if f.settings.target_age == 18.0 and f.face and f.others
    ][-1]
    assert [s.target_age for _, s in frame.others] == [75.0]
    change = (frame.result.astype(int) - frame.raw).sum(-1)
    (other, _), mine = frame.others[0], frame.face
    assert change[int(other.center[1]), int(other.center[0])] > 0
    assert change[int(mine.center[1]), int(mine.center[0])] < 0


def test_stopping_ends_every_thread(running):
    mirror = running(TestSource((640, 360)))
    frames_of(mirror, 0.5)
    mirror.stop()
    until(lambda: not [t for t in threading.enumerate() if t.name.startswith("reage-live")], 5)
