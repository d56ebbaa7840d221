"""The thread that takes pictures from the source, and takes it up again when it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from reage.errors import ReageError
from reage.media.timecode import Timecode
from reage_live.latest import Latest
from reage_live.recording import Picture
from reage_live.source import Source, SourceLost
from reage_live.status_messages import StatusMessages

RETRY = 1.0
"""Seconds between two tries to get a lost source back."""


@dataclass(frozen=True)
class Captured:
    """A picture, which one it is (from 0), when it came (monotonic, seconds), its timecode, and
    what its values mean."""

    index: int
    when: float
    picture: Picture
    timecode: Timecode
    colorspace: str


class Capture(threading.Thread):
    """Puts pictures into `out`, and closes it when the source has come to its end.

    colorspace: wins over the source's own word
    came: called here with each picture, also those that `out` drops
    """

    def __init__(
        self,
        source: Source,
        out: Latest[Captured],
        messages: StatusMessages,
        colorspace: str | None = None,
        retry: float = RETRY,
        came: Callable[[Captured], object] = lambda _: None,
    ) -> None:
        super().__init__(name="reage-live-capture", daemon=True)
        self._source, self._out, self._messages = source, out, messages
        self._colorspace, self._retry, self._came = colorspace, retry, came
        self._halt = threading.Event()
        self._count = 0

    def stop(self) -> None:
        """Ends the thread after the picture that it waits for."""
        self._halt.set()

    def run(self) -> None:
        source, name = self._source, self._source.name
        try:
            while not self._halt.is_set():
                try:
                    source.open()
                    self._take()
                    break
                except SourceLost as e:
                    self._messages.say("source", f"{e} Trying again every second.")
                    source.close()
                    self._halt.wait(self._retry)
        except ReageError as e:
            self._messages.say("source", str(e))
        except Exception as e:  # a driver's own error must not end the mirror
            self._messages.say("source", f"{name} broke off: {e}")
        finally:
            source.close()
            self._out.close()

    def _take(self) -> None:
        """Until the source ends or is lost."""
        size = None
        while not self._halt.is_set():
            grab = self._source.read()
            if grab is None:
                self._messages.say("source", f"{self._source.name} has come to its end.")
                return
            now = time.monotonic()
            height, width = grab.picture.shape[:2]
            if size != (width, height):
                changed = f"{self._source.name} is now {width}×{height} px." if size else ""
                self._messages.say("source", changed)
                size = (width, height)
            captured = Captured(
                self._count, now, grab.picture,
                grab.timecode or time_of_day(self._source.rate),
                self._colorspace or self._source.colorspace,
            )  # fmt: skip
            self._came(captured)
            self._out.put(captured)
            self._count += 1


def time_of_day(rate: Fraction) -> Timecode:
    """The clock on the wall as timecode, for sources without one of their own."""
    now = datetime.now()
    base = max(1, round(rate))
    seconds = (now.hour * 60 + now.minute) * 60 + now.second
    return Timecode(seconds * base + int(now.microsecond * base / 1e6), base)
