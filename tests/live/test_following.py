"""The stage that follows: in order, never more than one ahead, just in time, and never dead."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from helpers.steered import Script, SlowModel, frames_until, until
from reage.settings import Settings
from reage_live.capture import Captured, time_of_day
from reage_live.finder import Finder
from reage_live.following import ONE, Following
from reage_live.latest import Latest
from reage_live.light import CAMERA
from reage_live.mirror import Mirror
from reage_live.status_messages import StatusMessages

GRAY = np.full((90, 160, 3), 60, np.uint8)


class Stage:
    """The thread between two queues, fed by hand."""

    def __init__(self, pictures: Latest, out: Latest) -> None:
        source = Script(GRAY)
        self.pictures, self.out, self.rate = pictures, out, source.rate
        self.messages = StatusMessages()
        finder = Finder(lambda line: None)
        self.thread = Following(source, pictures, out, finder, self.messages, 8.0)

    def put(self, index: int, picture=GRAY, colorspace: str = CAMERA) -> None:
        now = time.monotonic()
        self.pictures.put(Captured(index, now, picture, time_of_day(self.rate), colorspace))

    def next(self):
        followed = self.out.get(20)
        assert followed is not None
        return followed


@pytest.fixture
def stage():
    made = Stage(Latest(), Latest(ONE))
    made.thread.start()
    yield made
    made.thread.stop()
    made.pictures.close()
    made.thread.join(10)
    assert not made.thread.is_alive()


def test_frames_go_on_one_by_one_each_with_its_own_picture(stage):
    for index in range(6):
        picture = np.full_like(GRAY, index)
        stage.put(index, picture)
        followed = stage.next()
        assert followed.captured.index == index
        assert followed.live.picture is picture is followed.captured.picture
    stage.pictures.close()
    until(lambda: stage.out.ended)


def test_it_goes_on_while_nobody_takes_and_at_most_one_waits(stage):
    for index in range(7):
        stage.put(index)
        until(lambda: not len(stage.pictures))
        assert len(stage.out) <= ONE
    stage.pictures.close()
    stage.thread.join(10)
    assert len(stage.out) + stage.out.dropped + stage.pictures.dropped == 7
    assert stage.next().captured.index == 6  # the newest
    assert stage.out.ended


def test_it_rests_until_a_frame_is_due_and_takes_the_newest_then(stage):
    stage.put(0)
    stage.next()
    due = time.monotonic() + 1.0
    stage.thread.due(due)
    stage.put(1)  # the thread may have been past its rest already
    stage.out.get(0.5)
    for index in range(2, 8):
        stage.put(index)
    assert stage.out.get(0.1) is None
    followed = stage.next()
    assert followed.captured.index == 7
    assert time.monotonic() > due - 0.5


def test_it_wakes_as_soon_as_a_frame_is_asked_for(stage):
    stage.put(0)
    stage.next()
    stage.thread.due(time.monotonic() + 3600)
    stage.put(1)
    stage.out.get(0.5)
    stage.put(2)
    assert stage.out.get(0.3) is None
    stage.thread.due(0)
    assert stage.next().captured.index == 2


def test_stopping_ends_a_rest(stage):
    stage.thread.due(time.monotonic() + 3600)
    stage.put(0)  # the fixture's end waits for the thread
    stage.thread.stop()
    assert stage.next().captured.index == 0


def test_what_goes_wrong_is_a_line_until_it_goes_well_again(stage):
    stage.put(0, colorspace="ACEScct")
    followed = stage.next()
    assert followed.live is None and followed.faces == ()
    assert any("cannot read ACEScct" in line for line in stage.messages.lines)
    stage.put(1, picture=None)  # a driver's nonsense
    assert stage.next().captured.index == 1
    assert any("AttributeError" in line for line in stage.messages.lines)
    stage.put(2)
    assert stage.next().live is not None
    assert stage.messages.lines == ()


class Held(SlowModel):
    """A model that waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.go = threading.Event(), threading.Event()

    def run(self, input):
        self.began.set()
        self.go.wait(20)
        return super().run(input)


def test_faces_are_followed_while_the_model_works(head):
    model = Held()
    settings = Settings(source_age=25.0, target_age=75.0, crop_size=192)
    mirror = Mirror(Script(*(head(n) for n in range(48))), model, settings)
    try:
        mirror.start()
        assert model.began.wait(20)
        until(lambda: len(mirror._followed) == ONE)
        model.go.set()
        frames = frames_until(mirror, lambda frames: len(frames) >= 8)
        indices = [f.index for f in frames]
        assert indices == sorted(set(indices))
    finally:
        model.go.set()
        mirror.stop()
