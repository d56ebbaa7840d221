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
from reage_live.recording import LiveFrame, Picture, RawFrame, Slate, TakeMetadata
from reage_live.take import Take
from reage_live.take_movie import MovieWriter, codec_of

_LONGEST_HOLD = 10.0
"""Seconds without a frame after which a take is over: a camera that was unplugged and came
back is another take, and minutes of one frame would only fill the disk."""


class TakeWriter:
    """Writes one take. The raw movie has every frame that came; in both, what did not is held, so
    that they run in real time and their timecode is right to the end.

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
        self._raw = False  # whether raw frames come by themselves
        self._pending: dict[MovieWriter, Future[None]] = {}
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="take")

    def came(self, frame: RawFrame) -> None:
        """Add a frame to the raw movie; its result may follow. Raises as `write` does."""
        self._raw = True
        self._check_size(frame.raw)
        if not self._movies:
            self._open(frame)
        self.frames = self._number(frame.index)
        self._give(self._movies[0], frame.raw, self.frames)

    def write(self, frame: LiveFrame, dropped: int = 0) -> None:
        """Add a frame, or the result of one that came. Raises OSError or av.FFmpegError where the
        disk refuses, OutputError where the take cannot go on."""
        self._check_size(frame.raw)
        self._check_size(frame.result)
        if not self._movies:
            self._open(frame)
        raw, reaged = self._movies
        number = frame.index - self._origin if self._raw else self._number(frame.index)
        if self._raw and not reaged.frames < number <= self.frames:
            return  # its raw frame found no place
        self._journal.add(number, frame, dropped, self._raw)
        self._give(reaged, frame.result, number)
        if not self._raw:
            self._give(raw, frame.raw, number)
            self.frames = number
            self._settle(*self._movies)

    def close(self, dropped: int = 0) -> Take | None:
        """Finish the take; None where no frame came, and then nothing is left of it. dropped: how
        many frames the recorder has dropped in all.

        Raises as `write` does.
        """
        self._settle(*self._movies)
        for movie in self._movies:
            movie.hold(self.frames)
        self._both(MovieWriter.close)
        self._end()
        if not self._movies:
            _remove(self.folder)
            return None
        return recovery.finish(self.folder, self.frames, recovered=False, dropped=dropped)

    def give_up(self, dropped: int = 0) -> Take:
        """Keep what is there up to its last whole fragment; dropped: as in `close`. Raises
        PlateError where that is nothing, OutputError where not even the take file can be written:
        it can be later."""
        wait(self._pending.values())
        self._both(MovieWriter.abandon)
        self._end()
        return recovery.recover(self.folder, dropped)

    def _end(self) -> None:
        self._pool.shutdown()
        self._journal.close()

    def _give(self, movie: MovieWriter, picture: Picture, number: int) -> None:
        """Have it written, once what the movie was given before is."""
        self._settle(movie)
        self._pending[movie] = self._pool.submit(movie.write, picture, number)

    def _settle(self, *movies: MovieWriter) -> None:
        self._done([job for movie in movies if (job := self._pending.pop(movie, None))])

    def _open(self, frame: RawFrame | LiveFrame) -> None:
        a = self._about
        self._movies = tuple(
            MovieWriter(path, a.size, a.rate, frame.timecode, a.colorspace, self._codec)
            for path in (take.raw_path(self.folder), take.reaged_path(self.folder))
        )
        self._origin = frame.index - 1

    def _number(self, index: int) -> int:
        """Which frame of the movies it is; a source that counts anew goes on where it was."""
        number = index - self._origin
        if number <= self.frames:
            self._origin = index - self.frames - 1
            return self.frames + 1
        if number - self.frames > _LONGEST_HOLD * float(self._about.rate):
            raise OutputError(
                f"No frame came for more than {_LONGEST_HOLD:g} seconds, so the take is over."
            )
        return number

    def _check_size(self, picture: Picture) -> None:
        height, width = picture.shape[:2]
        if (width, height) != self._about.size:
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
