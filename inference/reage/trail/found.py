"""Which files are asked about: patterns, folders and files as shots, a line for each."""

from __future__ import annotations

import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reage.bundle import ENDING
from reage.errors import MissingFrames, UnreadableFrame
from reage.media.finished_picture import PICTURE_SUFFIXES
from reage.media.patterns import frame_path, has_frame_token, on_disk
from reage.media.sequence import no_frames
from reage.media.video import MOVIE_SUFFIXES
from reage.trail.numbering import grouped, pattern_of

_FRAMES = PICTURE_SUFFIXES | {".exr"}

_OURS = _FRAMES | MOVIE_SUFFIXES | {".zip", ENDING}

_SIGNATURE = ("META-INF/", "META-INF/content_credential.c2pa")
"""Where a ZIP has its signature (C2PA 2.2, "Embedding manifests into ZIP-based formats")."""

_BROKEN = (
    OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error,
)  # fmt: skip
"""What zipfile raises for files that are no whole ones."""

_LARGEST = 4 << 30
"""Bytes of an EXR in a ZIP: what is larger is none of ours."""


@dataclass(frozen=True)
class FoundShot:
    """name: a pattern, or a file's; files: in order
    numbers: of each, as its name says, or as the pattern does that was asked for
    alone: whether it is a single file that was named by itself
    """

    name: str
    files: tuple[Path, ...]
    numbers: tuple[int | None, ...] = ()
    alone: bool = False

    def number(self, path: Path) -> int | None:
        return dict(zip(self.files, self.numbers, strict=False)).get(path)


def found_shots(asked: Sequence[str]) -> list[FoundShot]:
    """A pattern is a shot; of folders and files those are one that differ in their number alone.
    Raises MissingFrames."""
    shots, loose, named = list[FoundShot](), dict[Path, None](), set[Path]()
    for each in asked:
        if Path(each).is_dir():
            loose.update(dict.fromkeys(_in_folder(Path(each))))
        elif has_frame_token(each) and not Path(each).is_file():
            shots.append(_by_pattern(Path(each)))
        elif Path(each).is_file():
            loose[Path(each)] = None
            named.add(Path(each))
        else:
            raise MissingFrames(f"There is no file {each}.")
    shots = [*{one.files: one for one in reversed(shots)}.values()][::-1]
    taken = {path for one in shots for path in one.files}
    rest = [path for path in loose if path not in taken]
    groups = grouped(path for path in rest if path.suffix.lower() in _FRAMES)
    groups += [{path: None} for path in rest if path.suffix.lower() not in _FRAMES]
    return shots + [
        FoundShot(
            pattern_of(next(iter(each))) if len(each) > 1 else str(*each),
            tuple(each), tuple(each.values()), len(each) == 1 and {*each} <= named,
        )
        for each in groups
    ]


def _by_pattern(pattern: Path) -> FoundShot:
    numbers = sorted(on_disk(pattern)) if pattern.parent.is_dir() else []
    if not numbers:
        raise MissingFrames(no_frames(pattern))
    files = tuple(frame_path(pattern, number) for number in numbers)
    name = str(pattern) if len(files) > 1 else str(files[0])
    return FoundShot(name, files, tuple(numbers))


def _in_folder(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if _looked_at(path))
    if not found:
        raise MissingFrames(f"The folder {folder} holds no picture, movie, ZIP or bundle.")
    return found


def _looked_at(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in _OURS and path.name[0] != "."


def passed_over(asked: Sequence[str]) -> list[Path]:
    """What folders that were asked about hold beside what is looked at."""
    folders = dict.fromkeys(Path(each) for each in asked if Path(each).is_dir())
    return [
        path for folder in folders for path in sorted(folder.iterdir()) if not _looked_at(path)
    ]


@dataclass(frozen=True)
class Packed:
    """name: in the ZIP, without folders; path: where it is unpacked, None where it cannot be;
    trouble: why not, else """""

    name: str
    path: Path | None
    trouble: str = ""


def passed_over_in(path: Path) -> list[str]:
    """What a ZIP holds beside EXRs and its signature; [] of what is no ZIP."""
    try:
        with zipfile.ZipFile(path) as packed:
            return [
                name for name in packed.namelist()
                if not name.lower().endswith(".exr") and name not in _SIGNATURE
            ]  # fmt: skip
    except _BROKEN:
        return []


@contextmanager
def unpacked(path: Path) -> Iterator[Iterator[Packed]]:
    """The EXRs in a ZIP, each in the place of the one before; one that is damaged ends nothing.
    Raises UnreadableFrame for what is no ZIP."""
    with tempfile.TemporaryDirectory(prefix="reage_trail") as folder:
        yield _entries(path, Path(folder))


def _entries(path: Path, folder: Path) -> Iterator[Packed]:
    try:
        with zipfile.ZipFile(path) as packed:
            entries = [(Path(each.filename).name, each) for each in packed.infolist()]
            for name, entry in entries:
                if name.lower().endswith(".exr"):
                    yield _unpacked(packed, entry, folder / "entry.exr", path / name)
    except _BROKEN as e:
        raise UnreadableFrame(f"{path} is damaged or no ZIP ({e}).") from e


def _unpacked(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, out: Path, name: Path) -> Packed:
    """name: in sentences."""
    if entry.file_size > _LARGEST:
        return Packed(name.name, None, f"{name} is larger than any of ours.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Packed(name.name, None, f"{name} is packed in a way that ReAge does not read.")
    try:
        with packed.open(entry) as source, out.open("wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
    except _BROKEN as e:
        return Packed(name.name, None, f"{name} is damaged, or cannot be unpacked ({e}).")
    return Packed(name.name, out)
