"""What stands for the files, and the faces, that a frame is made from. No folder does: the same
files are the same on every machine that mounts them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Lock

from reage.album import Page
from reage.errors import SettingsError, UnreadableFrame
from reage.faces import FaceFrame
from reage.fingerprint import file_fingerprint, fingerprint_of_file, sha256_of
from reage.mix import Mix
from reage.settings import Settings
from reage.shot.render_context import RenderContext


def near_fingerprints(context: RenderContext, number: int) -> list[object]:
    """What the neighbours' residuals depend on, where they are averaged into this frame's."""
    if context.steady is None:
        return []
    return [
        (
            near,
            plate_fingerprint(context.steady.footage.file(near)),
            face_fingerprint(context.track.frames[near]),
            (context.job.at(near).source_age, context.job.at(near).target_age),
            context.age_maps and content_of(context.age_maps.file(near)),
            *(pattern_files(context.job.at(near)) if context.model.card.pattern else ()),
        )
        for near in context.steady.near(number)
        if near != number
    ]


def pattern_files(settings: Settings) -> list[tuple[str, str]]:
    """Name and content of each pattern file that counts: a page's name is its age, by which two
    pages share what lies between. Those at the source age say which marks come and go."""
    mix, ages = Mix.of(settings.pattern), (settings.target_age, settings.source_age)
    files = dict.fromkeys(file for age in ages for file in mix.at(age).files)
    return [(path.name, _content(path, _there(path))) for path in files]


def _there(path: Path) -> tuple[int, int]:
    """Raises SettingsError."""
    if (found := file_fingerprint(path)) is None:
        raise SettingsError(f"There is no pattern file {path}.")
    return found


def without_folders(pattern: int | str) -> int | str:
    """A mix by its files' names."""
    if isinstance(pattern, int):
        return pattern
    terms = Mix.of(pattern).terms
    return Mix(tuple(replace(term, source=_name(term.source)) for term in terms)).plain


def _name(source: int | str | Page) -> int | str | Page:
    if isinstance(source, Page):
        return replace(source, folder=Path(source.folder).name)
    return Path(source).name if isinstance(source, str) else source


def content_of(path: Path) -> str:
    """Of a file beside the plate: it reaches other machines by all kinds of copies, of which many
    lose its time, and is read once more for it. Threads that ask for the same one read it once.
    Raises UnreadableFrame."""
    try:
        with _READING[hash(path) % len(_READING)]:
            return _content(path, fingerprint_of_file(path))
    except OSError as e:
        raise UnreadableFrame(f"Cannot read {path}: {e.strerror or e}.") from e


_READING = tuple(Lock() for _ in range(16))
"""Files that share one are read one after another."""


@lru_cache(maxsize=4096)
def _content(path: Path, fingerprint: object) -> str:
    """A hash of what is in a file, read once as long as that does not change."""
    return sha256_of(path)


@lru_cache(maxsize=1024)
def face_fingerprint(face: FaceFrame) -> str:
    return hashlib.sha256(repr(face).encode()).hexdigest()


def plate_fingerprint(path: Path) -> tuple[str, int, int]:
    """Name, size and time of a file: changes when the file does. Times are in 100 ns, the finest
    that all file servers keep (MS-FSCC, 2.1.1). Raises UnreadableFrame."""
    try:
        size, changed = fingerprint_of_file(path)
        return path.name, size, changed // 100
    except OSError as e:
        raise UnreadableFrame(f"Cannot read {path}: {e.strerror or e}.") from e
