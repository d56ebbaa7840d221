"""Text out of files of all ages: what is not UTF-8 reaches Python as lone surrogates (PEP 383)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reage.errors import UnreadableFrame


def clean(text: str) -> str:
    """The same where it is text; else its bytes as Windows-1252, which older cameras and programs
    wrote, and what that does not know as Latin-1."""
    if is_text(text):
        return text
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def told(ask: Callable[[], str]) -> str:
    """A library's own words, though they quote a file in letters that are none."""
    try:
        return ask()
    except UnicodeDecodeError as e:
        return e.object.decode("utf-8", "backslashreplace")


def is_text(what: str | Path) -> bool:
    """Whether it can be written as UTF-8; libraries in C++ take no other file name."""
    try:
        str(what).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def require_text(path: Path) -> None:
    """Raises UnreadableFrame where a file's name is no text."""
    if not is_text(path):
        raise UnreadableFrame(f"The name of {printable(path)} is not UTF-8. Rename the file.")


def printable(what: str | Path) -> str:
    """For a sentence: what is not UTF-8 as escapes, such as \\xe9."""
    raw = str(what).encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")
