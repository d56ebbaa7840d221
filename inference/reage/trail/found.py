"""Which files are asked about: patterns, folders and files as shots, a line for each."""

from __future__ import annotations

import re
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

_OURS = PICTURE_SUFFIXES | MOVIE_SUFFIXES | {".exr", ".zip", ENDING}

_NUMBERED = re.compile(r"(.*[._])(\d+)")
"""A file's stem that ends on its frame's number."""

_BROKEN = (
    OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error,
)  # fmt: skip
"""What zipfile raises for files that are no whole ones."""

_LARGEST = 4 << 30
"""Bytes of an EXR in a ZIP: what is larger is none of ours."""


@dataclass(frozen=True)
class FoundShot:
    """name: a pattern, or a file's; files: in order"""

    name: str
    files: tuple[Path, ...]


def found_shots(asked: Sequence[str]) -> list[FoundShot]:
    """Numbered files that differ in their number alone are one shot. Raises MissingFrames."""
    files = dict.fromkeys(path for each in asked for path in _files(each))
    shots: dict[str, list[Path]] = {}
    for path in files:
        numbered = _NUMBERED.fullmatch(path.stem)
        name = f"{numbered[1]}%0{len(numbered[2])}d{path.suffix}" if numbered else path.name
        shots.setdefault(str(path.with_name(name)), []).append(path)
    return [
        FoundShot(name if len(each) > 1 else str(each[0]), tuple(sorted(each)))
        for name, each in shots.items()
    ]


def _files(asked: str) -> list[Path]:
    where = Path(asked)
    if where.is_dir():
        found = sorted(
            path for path in where.iterdir()
            if path.is_file() and path.suffix.lower() in _OURS and path.name[0] != "."
        )  # fmt: skip
        if not found:
            raise MissingFrames(f"The folder {where} holds no picture, movie, ZIP or bundle.")
        return found
    if has_frame_token(asked) and not where.is_file():
        there = on_disk(where) if where.parent.is_dir() else frozenset()
        if not there:
            raise MissingFrames(no_frames(where))
        return [frame_path(where, number) for number in sorted(there)]
    if not where.is_file():
        raise MissingFrames(f"There is no file {where}.")
    return [where]


@dataclass(frozen=True)
class Packed:
    """name: in the ZIP, without folders; path: where it is unpacked, None where it cannot be;
    trouble: why not, else """""

    name: str
    path: Path | None
    trouble: str = ""


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
