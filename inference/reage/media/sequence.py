"""Shots: frames by number, from numbered image files, one still, or a movie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from reage.errors import MissingFrames, PlateError, SettingsError, UnreadableFrame
from reage.media.color_layers import Wanted
from reage.media.frames import compact, frame_paths, parse_frames
from reage.media.imagefile import read_alpha, read_info, read_layer, read_layer_names, read_plate
from reage.media.patterns import (
    at_rung,
    frame_path,
    has_frame_token,
    on_disk,
    rungs_on_disk,
    with_token,
)
from reage.media.video import MOVIE_SUFFIXES, Movie
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate, PlateInfo

__all__ = [
    "Shot",
    "compact",
    "frame_path",
    "frame_paths",
    "open_shot",
    "parse_frames",
    "require_all",
]


class Shot(Protocol):
    """Frames of one shot. May be read from several threads at once.

    frames:  numbers in the order asked for
    missing: those of `frames` that have no file
    notices: what the artist should know of how it is read
    movie:   that the frames are in, the first of it as frame 1; None for files
    """

    @property
    def frames(self) -> tuple[int, ...]: ...

    @property
    def missing(self) -> tuple[int, ...]: ...

    @property
    def notices(self) -> tuple[str, ...]: ...

    @property
    def movie(self) -> Movie | None: ...

    def path(self, frame: int) -> Path:
        """The file that holds the frame (for a movie, the movie)."""
        ...

    def info(self, frame: int) -> PlateInfo:
        """Header of the frame. Raises MissingFrames or UnreadableFrame."""
        ...

    def read(self, frame: int, region: Region | None = None) -> Plate:
        """Pixels of the frame, or of a region of it. Raises MissingFrames, UnreadableFrame."""
        ...

    def alpha(self, frame: int, region: Region) -> Pixels | None:
        """(h, w) of a region inside the data window; None where there is no alpha. Raises as
        `read` does."""
        ...


def open_shot(path: str | Path, frames: str | None = None, layer: str | None = None) -> Shot:
    """The shot that a pattern, a still or a movie names.

    layer:  which of the files' pictures; else what the first frame is read by, in all of them; see
            `reage.media.color_layers`
    frames: a range; without it, a still's own frame, all of a movie, or for a pattern from
            the first to the last file (gaps between count as missing).
    A still's frame is the number its name ends on (`shot.1001.exr`), else 1. A movie
    starts at frame 1, whatever its timecode says.
    Raises MissingFrames where not one of the frames is there, SettingsError for a range
    or pattern that cannot be read.
    """
    path, frames = with_range(path, frames)
    where = Path(path)
    if "*" in where.name and not where.exists():
        raise MissingFrames(
            f"{where} is a wildcard; write the place of the frame number, as in "
            f"{where.with_name(where.name.replace('*', '%04d', 1))}."
        )
    if where.is_dir():
        raise MissingFrames(
            f"{where} is a folder; name its files, as in {where / 'shot.%04d.exr'}."
        )
    if where.suffix.lower() in MOVIE_SUFFIXES:
        if layer:
            raise SettingsError(f"{where} is a movie, which has no layers; leave --layer away.")
        return _open_movie(where, frames)
    if has_frame_token(path) and not where.is_file():
        return _open_files(where, frames, layer)
    return _open_still(where, frames, layer)


def with_range(path: str | Path, frames: str | None) -> tuple[str | Path, str | None]:
    """A pattern without the range that Nuke's file browser writes behind it, `shot.%04d.exr
    1001-1100`; it counts where no other is asked for."""
    found = _BROWSED.fullmatch(str(path))
    if found is None or not has_frame_token(found[1]):
        return path, frames
    return found[1], frames or found[2]


_BROWSED = re.compile(r"(.*\S)\s+(-?\d+(?:--?\d+)?)")


def require_all(shot: Shot) -> None:
    """Raises MissingFrames, naming every number, where the shot has gaps."""
    if shot.missing:
        path = shot.path(shot.missing[0])
        raise MissingFrames(
            f"{len(shot.missing)} of {len(shot.frames)} frames are missing in {path.parent}: "
            f"{compact(shot.missing)} (such as {path.name}). Render them, choose others with "
            "--frames, or pass --missing hold or --missing skip."
        )


@dataclass(frozen=True)
class _Files:
    """A shot of one file per frame."""

    files: Mapping[int, Path]
    missing: tuple[int, ...] = ()
    layer: str | None = None

    @property
    def frames(self) -> tuple[int, ...]:
        return tuple(self.files)

    @property
    def movie(self) -> Movie | None:
        return None

    def path(self, frame: int) -> Path:
        if frame not in self.files:
            raise MissingFrames(f"The shot is frames {compact(self.files)}; there is no {frame}.")
        return self.files[frame]

    @property
    def notices(self) -> tuple[str, ...]:
        """Which layer is read, where another might have been meant."""
        first = next(path for frame, path in self.files.items() if frame not in self.missing)
        try:
            names, view = read_layer_names(first), read_layer(first).view
        except PlateError:
            return ()  # whoever reads it will hear of it
        if self.layer or not (names[0] or view):
            return ()
        others = f"; there are {', '.join(names[1:])} too (--layer)" if names[1:] else ""
        return (f"{first.name}: the layer {names[0] or view} is read{others}.",)

    def info(self, frame: int) -> PlateInfo:
        return read_info(self._there(frame), self._picture)

    def read(self, frame: int, region: Region | None = None) -> Plate:
        return read_plate(self._there(frame), region, self._picture)

    def alpha(self, frame: int, region: Region) -> Pixels | None:
        return read_alpha(self._there(frame), region, self._picture)

    @cached_property
    def _picture(self) -> Wanted:
        """What all frames are read by: the layer that was asked for, else what the first one that
        can be read is read by; chosen anew in each, it might be the other eye."""
        if self.layer:
            return self.layer
        for path in (path for frame, path in self.files.items() if frame not in self.missing):
            try:
                return read_layer(path)
            except UnreadableFrame:
                continue
            except PlateError:  # whoever reads it will hear of it
                return None
        return None

    def _there(self, frame: int) -> Path:
        path = self.path(frame)
        if frame in self.missing:
            raise MissingFrames(f"Frame {frame} is missing: there is no file {path}.")
        return path


@dataclass(frozen=True)
class _MovieShot:
    """A shot in a movie; its first frame is 1."""

    movie: Movie
    frames: tuple[int, ...]
    missing: tuple[int, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        return self.movie.notices

    def path(self, frame: int) -> Path:
        return self.movie.path

    def info(self, frame: int) -> PlateInfo:
        return self.movie.info(self._index(frame))

    def read(self, frame: int, region: Region | None = None) -> Plate:
        return self.movie.read(self._index(frame), region)

    def alpha(self, frame: int, region: Region) -> Pixels | None:
        return None

    def _index(self, frame: int) -> int:
        if not 1 <= frame <= self.movie.length:
            raise MissingFrames(f"{self.movie.path} has frames 1-{self.movie.length}, no {frame}.")
        return frame - 1


def _open_movie(path: Path, frames: str | None) -> Shot:
    movie = Movie.open(path)
    there = range(1, movie.length + 1)
    asked = parse_frames(frames) if frames else tuple(there)
    missing = tuple(n for n in asked if n not in there)
    _require_any(path, asked, missing, there)
    return _MovieShot(movie, asked, missing)


def _open_still(path: Path, frames: str | None, layer: str | None) -> Shot:
    if not path.is_file():
        raise MissingFrames(f"There is no file {path}.")
    number = re.search(r"[._](\d+)$", path.stem)
    frame = int(number.group(1)) if number else 1
    if frames and parse_frames(frames) != (frame,):
        raise SettingsError(
            f"{path} is one file, frame {frame}; for frames {frames} write {with_token(path)}."
        )
    return _Files({frame: path}, layer=layer)


def _open_files(pattern: Path, frames: str | None, layer: str | None) -> Shot:
    if not pattern.parent.is_dir():
        raise MissingFrames(f"There is no folder {pattern.parent}.")
    there = on_disk(pattern)
    if frames:
        asked = parse_frames(frames)
    else:
        asked = tuple(range(min(there), max(there) + 1)) if there else ()
    missing = tuple(n for n in asked if n not in there)
    _require_any(pattern, asked, missing, there)
    return _Files(frame_paths(pattern, asked), missing, layer)


def no_frames(pattern: Path) -> str:
    """A sentence; where a ladder was baked with this pattern, one that names its files."""
    try:
        ages = rungs_on_disk(pattern)
    except OSError:
        ages = ()
    rung = f" A ladder's are, one pattern an age: {at_rung(pattern, ages[0])}." if ages else ""
    return f"There are no frames {pattern}.{rung}"


def _require_any(
    path: Path, asked: tuple[int, ...], missing: tuple[int, ...], there: Iterable[int]
) -> None:
    present = tuple(there)
    if not present:
        raise MissingFrames(no_frames(path))
    if len(missing) == len(asked):
        raise MissingFrames(
            f"Not one of the frames {compact(asked)} is there; {path} has {compact(present)}."
        )
