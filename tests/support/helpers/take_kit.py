"""What tests of takes share: a small moving picture, frames as the mirror gives them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from reage.faces import FaceFrame
from reage.media.timecode import Timecode
from reage.settings import Settings
from reage_live.recorder import TakeRecorder
from reage_live.recording import LiveFrame, Picture, Slate, TakeMetadata

WIDTH, HEIGHT = 320, 180
RATE = Fraction(24)
SLATE = Slate("12A", 3, "A")
START = "10:00:00:00"
ABOUT = TakeMetadata(
    source="test",
    rate=RATE,
    size=(WIDTH, HEIGHT),
    colorspace="srgb_rec709_scene",
    model="null 1",
    model_sha256="ab" * 32,
)
OUTLINE = ((-0.4, -0.5), (0.4, -0.5), (0.0, 0.5))


def picture(index: int, busy: bool = False) -> Picture:
    """Gray that tells its index; busy: noise, which does not compress."""
    if busy:
        rng = np.random.default_rng(index)
        return rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    return np.full((HEIGHT, WIDTH, 3), level(index), np.uint8)


def level(index: int) -> int:
    """The gray of a frame, 0 to 255."""
    return 40 + 2 * (index % 80)


def settings(index: int) -> Settings:
    """Ages and blend as an operator moves them: steps, a drag, a way back."""
    age = 35.0 if index < 10 else 30.5 if index < 40 else 35.0
    blend = 1.0 if index < 20 else max(0.4, 1.0 - 0.05 * (index - 20))
    return Settings(source_age=60.0, target_age=age, blend=blend)


def frame(index: int, busy: bool = False, start: str = START) -> LiveFrame:
    """What the mirror gives; there is no face in frames 30 to 33."""
    seen = picture(index, busy)
    code = Timecode.parse(start, RATE)
    assert code is not None
    face = FaceFrame(index, (150.0 + index, 80.5), 90.0, 3.0, 0.9, OUTLINE)
    return LiveFrame(
        index=index,
        captured=time.monotonic(),
        timecode=code.after(index),
        raw=seen,
        result=255 - seen,
        face=None if 30 <= index < 34 else face,
        settings=settings(index),
        others=(),
        crop_size=256 if index < 25 else 192,
        delay=0.1 + 0.001 * (index % 10),
    )


def give(recorder: TakeRecorder, frames: Iterable[LiveFrame]) -> None:
    """Hand frames over as fast as the recorder takes them, without a drop."""
    for each in frames:
        recorder.write(each)
        while recorder.taking and recorder._running._waiting.qsize() > 2:
            time.sleep(0.002)


def record(day: Path, indices: Iterable[int], slate: Slate = SLATE, start: str = START) -> Path:
    """A finished take's folder."""
    recorder = TakeRecorder(day)
    recorder.start(slate, ABOUT)
    give(recorder, (frame(i, start=start) for i in indices))
    recorder.stop()
    assert recorder.last is not None, recorder.problem()
    return recorder.last.folder


def slated(take: int, scene: str = "12A") -> Slate:
    return replace(SLATE, take=take, scene=scene)


def grays(movie: Path) -> list[float]:
    """The mean luma of every frame that can be decoded, 0 to 255 as the picture had it."""
    with av.open(str(movie)) as container:
        planes = (np.frombuffer(f.planes[0], np.uint16) for f in container.decode(video=0))
        return [float((p[: HEIGHT * WIDTH].mean() - 64) / 876 * 255) for p in planes]
