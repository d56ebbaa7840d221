"""The recorder: takes the mirror's frames, never lets it wait, says at once what goes wrong."""

from __future__ import annotations

from pathlib import Path
from queue import Full, Queue
from threading import Thread
from time import monotonic

import av

from reage.errors import OutputError, ReageError
from reage.progress import frames_told
from reage_live import disk
from reage_live.recording import LiveFrame, RawFrame, Slate, TakeMetadata
from reage_live.take import Take
from reage_live.take_writer import TakeWriter

_WAITING_BYTES = 512 << 20
_LEAST, _MOST = 4, 96
"""Frames that may wait for the disk: what fits into that memory, within these."""

_ENOUGH = 5.0
_LOW = 300.0
"""Seconds of disk: with less than the first no take begins, with less than the second the
operator is warned."""

_LOOK_EVERY = 1.0
"""Seconds between two looks at the free space."""


class TakeRecorder:
    """Keeps takes in a day's folder, one at a time. A `Recorder`.

    last: the take that was finished last, for a window to show
    """

    def __init__(self, day: Path, codec: str = "prores") -> None:
        """codec: "prores" (422 HQ) or "dnxhr" (HQX)."""
        self.day = day
        self.last: Take | None = None
        self._codec = codec
        self._running: _Running | None = None

    @property
    def taking(self) -> bool:
        return self._running is not None and self._running.open

    def start(self, slate: Slate, about: TakeMetadata) -> None:
        """Begin a take. Raises OutputError where one is on, the folder cannot be written or the
        disk has no room, SettingsError for an unknown codec."""
        if self.taking:
            raise OutputError("A take is being recorded already; stop it first.")
        self.stop()
        writer = TakeWriter(self.day, slate, about, self._codec)
        seconds = _seconds_left(writer.folder, about)
        if seconds < _ENOUGH:
            writer.close()
            raise OutputError(
                f"The disk of {self.day} has room for {seconds:.0f} seconds; make some first."
            )
        self._running = _Running(writer, about)

    def came(self, frame: RawFrame) -> None:
        """Hand over a camera's frame; what finds no place in the queue is dropped, and counted."""
        if self._running is not None:
            self._running.put_raw(frame)

    def write(self, frame: LiveFrame) -> None:
        """Hand over a frame, or the result of one that came; as `came`."""
        if self._running is not None:
            self._running.put(frame)

    def stop(self) -> None:
        """End the take and wait until its files are whole."""
        if self._running is not None:
            self._running.end()
            self.last = self._running.take or self.last

    def problem(self) -> str | None:
        """Of the take that runs, or of the last one until the next begins."""
        return None if self._running is None else self._running.problem()


class _Running:
    """One take's thread and its queue."""

    def __init__(self, writer: TakeWriter, about: TakeMetadata) -> None:
        deep = 2 * 2 * 3 * about.size[0] * about.size[1]  # raw and result, of 16 bits
        self.open = True
        self.take: Take | None = None
        self._writer, self._about = writer, about
        self._raw = False  # whether raw frames come by themselves
        self._waiting: Queue[RawFrame | LiveFrame | None] = Queue(
            min(_MOST, max(_LEAST, _WAITING_BYTES // deep))
        )
        self._dropped = 0
        self._failure: str | None = None
        self._seconds, self._looked = _seconds_left(writer.folder, about), monotonic()
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def put_raw(self, frame: RawFrame) -> None:
        self._raw = True
        self._put(frame)

    def put(self, frame: LiveFrame) -> None:
        """A result that finds the queue half full is left out: the one before is held, and there is
        room for what the camera gives."""
        if not self._raw or 2 * self._waiting.qsize() < self._waiting.maxsize:
            self._put(frame)

    def _put(self, frame: RawFrame | LiveFrame) -> None:
        if not self.open:
            return
        try:
            self._waiting.put_nowait(frame)
        except Full:
            self._dropped += 1

    def end(self) -> None:
        if self.open:
            self.open = False
            self._waiting.put(None)
        self._thread.join()

    def problem(self) -> str | None:
        if self._failure is not None:
            return self._failure
        if self._seconds < _LOW:
            return f"The disk has room for {self._seconds:.0f} seconds more."
        if self._dropped:
            return (
                "Disk or processor cannot follow: "
                f"{frames_told(self._dropped)} of this take dropped so far."
            )
        return None

    def _run(self) -> None:
        try:
            while (frame := self._waiting.get()) is not None:
                if isinstance(frame, RawFrame):
                    self._writer.came(frame)
                else:
                    self._writer.write(frame, self._dropped)
                self._look()
            self.take = self._writer.close(self._dropped)
        except Exception as e:  # the mirror must go on, and the operator must know, whatever it is
            self._fail(e)

    def _fail(self, error: Exception) -> None:
        """Say so first; then save what is there, which takes a moment on a bad disk."""
        self.open = False
        what = _sentence(error, self._writer.folder)
        self._failure = f"{what} Recording has stopped."
        while not self._waiting.empty():  # an `end` may be waiting for a place
            self._waiting.get_nowait()
        self._failure = f"{what} Recording has stopped; {self._kept(error)}"

    def _kept(self, error: Exception) -> str:
        """Save what is there, and say how much that is."""
        try:
            orderly = isinstance(error, OutputError)  # then the disk is well
            finish = self._writer.close if orderly else self._writer.give_up
            self.take = finish(self._dropped)
        except Exception as e:  # as above: this is the last that the thread does
            return _sentence(e, self._writer.folder)
        if self.take is None:
            return "not one frame was kept."
        return f"{self.take.name} is kept up to frame {self.take.frames}."

    def _look(self) -> None:
        if monotonic() - self._looked >= _LOOK_EVERY:
            self._looked = monotonic()
            self._seconds = _seconds_left(self._writer.folder, self._about)


def _seconds_left(folder: Path, about: TakeMetadata) -> float:
    return disk.free(folder) / disk.bytes_a_second(about.size, about.rate)


def _sentence(error: Exception, folder: Path) -> str:
    """What went wrong, for the operator."""
    if isinstance(error, ReageError):
        return str(error)
    if isinstance(error, OSError | av.FFmpegError):
        return f"{folder} cannot be written: {error.strerror}."
    return f"The recorder failed ({error!r})."
