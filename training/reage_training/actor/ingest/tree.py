"""What a tree of folders holds: stills, movies, and what is neither."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from reage.errors import SettingsError
from reage.media.video import MOVIE_SUFFIXES

_STILLS = frozenset((
    ".jpg", ".jpeg", ".jpe", ".jp2", ".png", ".tif", ".tiff", ".exr", ".dpx", ".cin", ".bmp",
    ".webp", ".heic", ".heif", ".avif", ".tga", ".ppm", ".hdr", ".psd", ".sgi", ".pic",
))  # fmt: skip

TABLE = "ages.csv"


@dataclass(frozen=True)
class SourceFile:
    """One file of a tree, by its header in the file system alone.

    name  its path below the tree, with /
    size  bytes; changed: µs, when it was last written
    is_movie  of which stills are taken
    """

    name: str
    path: Path
    size: int
    changed: int
    is_movie: bool = False

    @classmethod
    def of(cls, path: Path, name: str, is_movie: bool = False) -> SourceFile | None:
        """None for what went meanwhile, or is no file."""
        try:
            status = path.stat()
        except OSError:
            return None
        if not path.is_file():
            return None
        return cls(name, path, status.st_size, status.st_mtime_ns // 1000, is_movie)

    def still_there(self) -> bool:
        """Whether the file is the one that was found."""
        try:
            now = self.path.stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns // 1000) == (self.size, self.changed)


@dataclass(frozen=True)
class PhotoTree:
    """sources: stills and movies, by name; tables: those called TABLE; left: how many other files
    there are; closed: folders that cannot be read"""

    sources: tuple[SourceFile, ...]
    tables: tuple[Path, ...] = ()
    left: int = 0
    closed: tuple[str, ...] = ()


def tree_of(folder: Path, but: Path) -> PhotoTree:
    """All below a folder, but for hidden files and the folder `but`. Links to files are followed.
    Raises SettingsError where it is no folder, or lies in `but`."""
    if not folder.is_dir():
        raise SettingsError(f"There is no folder {folder} to read photographs from.")
    if folder.resolve() == but.resolve() or but.resolve() in folder.resolve().parents:
        raise SettingsError(
            f"{folder} lies in the book {but}; name the folder that the photographs came in."
        )
    found: list[SourceFile] = []
    tables, left, closed = [], 0, []
    book = but.resolve()
    for here, folders, names in os.walk(folder, onerror=lambda e: closed.append(str(e.filename))):
        folders[:] = sorted(
            f for f in folders
            if not f.startswith(".") and (Path(here) / f).resolve() != book
        )  # fmt: skip
        for name in sorted(names):
            path = Path(here) / name
            if name.startswith(".") or name == "Thumbs.db":
                continue
            if name.lower() == TABLE:
                tables.append(path)
            elif path.suffix.lower() in _STILLS | MOVIE_SUFFIXES:
                name = path.relative_to(folder).as_posix()
                if source := SourceFile.of(path, name, path.suffix.lower() in MOVIE_SUFFIXES):
                    found.append(source)
            else:
                left += 1
    found.sort(key=lambda source: source.name)
    return PhotoTree(tuple(found), tuple(tables), left, tuple(closed))
