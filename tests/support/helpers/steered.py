"""What tests put in place of a camera, a network and a disk: each keeps its protocol."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from reage.models.model import ModelInput, NullModel
from reage.models.model_card import ModelCard
from reage.models.residual import Residual
from reage_live.light import CAMERA
from reage_live.recording import LiveFrame, RawFrame, Slate, TakeMetadata
from reage_live.source import Grab, SourceLost


class Script:
    """A source that gives what it is told, at its rate.

    steps: a picture is given, a string is a loss with that sentence, None is the end; after the
           last step the last picture goes on
    """

    name = "script"
    colorspace = CAMERA

    def __init__(self, *steps, rate=Fraction(48)):
        self.rate, self.opened, self.given = rate, 0, 0
        self._steps = list(steps)
        self._last = next(s for s in reversed(steps) if isinstance(s, np.ndarray))

    def open(self):
        self.opened += 1

    def read(self):
        time.sleep(float(1 / self.rate))
        step = self._steps.pop(0) if self._steps else self._last
        if step is None:
            return None
        if isinstance(step, str):
            raise SourceLost(step)
        self.given += 1
        return Grab(step)

    def close(self):
        return None


def card(**more) -> ModelCard:
    return ModelCard(
        name="steered", license="Apache-2.0", trained_on="nothing", rights_holder="nobody", halo=0,
        encoding="sRGB", crop_size=256, crop_scale=1.6, **more,
    )  # fmt: skip


@dataclass
class SlowModel:
    """A model that takes its time, and may fail.

    seconds: that a crop takes; failing: what it raises instead
    """

    seconds: float = 0.0
    strength: float = 0.2
    failing: Exception | None = None
    card: ModelCard = field(default_factory=card)
    sha256: str = "0" * 64

    def run(self, input: ModelInput) -> Residual:
        time.sleep(self.seconds)
        if self.failing is not None:
            raise self.failing
        return NullModel(self.strength, self.card).run(input)


class MemoryRecorder:
    """Keeps frames in memory."""

    def __init__(self) -> None:
        self.taking = False
        self.slate: Slate | None = None
        self.about: TakeMetadata | None = None
        self.frames: list[LiveFrame] = []
        self.came_all: list[RawFrame] = []
        self.full = False

    def start(self, slate: Slate, about: TakeMetadata) -> None:
        self.taking, self.slate, self.about = True, slate, about

    def came(self, frame: RawFrame) -> None:
        self.came_all.append(frame)

    def write(self, frame: LiveFrame) -> None:
        self.frames.append(frame)

    def stop(self) -> None:
        self.taking = False

    def problem(self) -> str | None:
        return "The disk is full." if self.full else None


def frames_of(mirror, seconds: float) -> list[LiveFrame]:
    """Take frames as a screen does, for so long or until the source has ended."""
    out, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not mirror.results.ended:
        if (frame := mirror.results.get(min(left, 0.1))) is not None:
            mirror.shown(frame)
            out.append(frame)
    return out


def frames_until(mirror, holds, seconds: float = 20.0) -> list[LiveFrame]:
    """Take frames as a screen does until `holds(frames)`."""
    out: list[LiveFrame] = []
    until(lambda: out.extend(frames_of(mirror, 0.1)) or holds(out), seconds)
    return out


def until(holds, seconds: float = 20.0) -> None:
    """Wait for something that other threads bring about."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
