"""One take on its way to the disk: journal and two movies. Knows no threads but its own two."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict
from pathlib import Path

from reage.errors import OutputError
from reage.version import __version__
from reage_live import recovery, take
from reage_live.journal import Journal
from reage_live.recording import LiveFrame, Slate, TakeMetadata
from reage_live.take import Take
from reage_live.take_movie import MovieWriter, codec_of

_LONGEST_HOLD = 10.0
"""Seconds without a frame after which a take is over: a camera that was unplugged and came
back is another take, and minutes of one frame would only fill the disk."""


class TakeWriter:
    """Writes one take. Frames that did not come are held, so that the movies run in real time
    and their timecode is right to the end.

    folder: where the take lies
    frames: how many are in the movies
    """

    def __init__(self, day: Path, slate: Slate, about: TakeMetadata, codec: str) -> None:
        """Raises OutputError where the folder cannot be made, SettingsError for the codec."""
        codec_of(codec)
        self.folder = _new_folder(day, folder_name(slate))
        self.frames = 0
        self._about, self._codec = about, codec
        written = {**asdict(about), "rate": str(about.rate)}
        head = {"slate": asdict(slate), "about": written, "version": __version__}
        self._journal = Journal(self.folder, head)
        self._movies: tuple[MovieWriter, ...] = ()
        self._origin = 0
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="take")

    def write(self, frame: LiveFrame, dropped: int = 0) -> None:
        """Add a frame. Raises OSError or av.FFmpegError where the disk refuses, OutputError
        where the take cannot go on."""
        self._check_size(frame)
        if not self._movies:
            self._open(frame)
        number = self._number(frame)
        self._journal.add(number, frame, dropped)
        pictures = (frame.raw, frame.result)
        self._done(
            [
                self._pool.submit(movie.write, picture, number)
                for movie, picture in zip(self._movies, pictures, strict=True)
            ]
        )
        self.frames = number

    def close(self) -> Take | None:
        """Finish the take; None where no frame came, and then nothing is left of it.

        Raises as `write` does.
        """
        self._both(MovieWriter.close)
        self._end()
        if not self._movies:
            _remove(self.folder)
            return None
        return recovery.finish(self.folder, self.frames, recovered=False)

    def give_up(self) -> Take:
        """Keep what is there up to its last whole fragment. Raises PlateError where that is
        nothing, OutputError where not even the take file can be written: it can be later."""
        self._both(MovieWriter.abandon)
        self._end()
        return recovery.recover(self.folder)

    def _end(self) -> None:
        self._pool.shutdown()
        self._journal.close()

    def _open(self, frame: LiveFrame) -> None:
        a = self._about
        self._movies = tuple(
            MovieWriter(path, a.size, a.rate, frame.timecode, a.colorspace, self._codec)
            for path in (take.raw_path(self.folder), take.reaged_path(self.folder))
        )
        self._origin = frame.index - 1

    def _number(self, frame: LiveFrame) -> int:
        """Which frame of the movies it is; a source that counts anew goes on where it was."""
        number = frame.index - self._origin
        if number <= self.frames:
            self._origin = frame.index - self.frames - 1
            return self.frames + 1
        if number - self.frames > _LONGEST_HOLD * float(self._about.rate):
            raise OutputError(
                f"No frame came for more than {_LONGEST_HOLD:g} seconds, so the take is over."
            )
        return number

    def _check_size(self, frame: LiveFrame) -> None:
        height, width = frame.raw.shape[:2]
        if (width, height) != self._about.size or frame.result.shape != frame.raw.shape:
            raise OutputError(
                f"The picture has {width}×{height} px now, and had "
                f"{self._about.size[0]}×{self._about.size[1]}, so the take is over."
            )

    def _both(self, what: Callable[[MovieWriter], None]) -> None:
        self._done([self._pool.submit(what, movie) for movie in self._movies])

    @staticmethod
    def _done(jobs: Sequence[Future[None]]) -> None:
        """Wait for all, also where one fails: a movie must not be closed while it is written."""
        wait(jobs)
        for job in jobs:
            job.result()


def folder_name(slate: Slate) -> str:
    """Scene, take and camera as a name for files: 12A_003_A."""
    words = (slate.scene, f"{slate.take:03d}", slate.camera)
    return "_".join(filter(None, (re.sub(r"[^\w-]+", "-", word).strip("-") for word in words)))


def _new_folder(day: Path, name: str) -> Path:
    """A folder of that name; with a number behind where there is one: no take is overwritten."""
    try:
        day.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            folder = day / (name if number == 1 else f"{name}_{number}")
            if not folder.exists():
                folder.mkdir()
                return folder
    except OSError as e:
        raise OutputError(f"No take can be written to {day}: {e.strerror}.") from e
    raise OutputError(f"{day} has 1000 takes called {name}; count the takes on.")


def _remove(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
