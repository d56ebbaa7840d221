"""The one reader of JSON that may come from elsewhere: a file, a pipe, a clipboard, a model's card.

It is read within limits, or refused in one sentence of the caller's error. What it gives is finite,
of a known depth and size, has each key once, and only text that a path or a file can hold.
Standard library only: it is read inside Nuke as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reage.errors import ReageError

DEPTH = 32
"""Lists and objects inside each other that are read in any case; of twice as many none are."""


@dataclass(frozen=True)
class Limits:
    """size: bytes; values: numbers, words, lists and objects, all together. Python needs up to
    sixty bytes for a value."""

    size: int
    values: int


SMALL = Limits(4 << 20, 200_000)
"""A card, presets, a take, a note: written by hand, or little."""

LONG = Limits(1 << 30, 1 << 27)
"""A track or a take's journal: some 10 kB and 1,500 values a frame, an hour at the most."""

_PIECE = 1 << 20

_LONG = 64
"""Bytes between two quotation marks, on average, from which on strings are long: a picture's. They
are split off, in a tenth of the time that reading through them takes."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_NUMBER = re.compile(
    rb"NaN|Infinity"
    rb"|[\d.]{64}"
    rb"|[eE]\+?0*[1-9]\d\d"  # beyond 1e99
    rb"|(?<![\d.])\d{19,}(?![\d.eE])"  # no 64 bits hold it
)
_PLAIN = bytes.maketrans(b"123456789E", b"000000000e")
_ODD_TEXT = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)|\xed[\xa0-\xbf]")
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def load(path: Path, what: str, error: type[ReageError], limits: Limits = SMALL) -> Any:
    """What a file holds. what: names it in sentences, as `the track a.json`. Raises `error`."""
    return loads(read(path, what, error, limits), what, error, limits)


def read(path: Path, what: str, error: type[ReageError], limits: Limits) -> bytes:
    """A file's bytes, one more than the limit at most."""
    data = bytearray()
    try:
        with path.open("rb") as file:
            while left := limits.size + 1 - len(data):
                if not (piece := file.read(min(left, _PIECE))):
                    break
                data += piece
    except (OSError, ValueError) as e:  # a path with a NUL is a ValueError
        raise error(f"Cannot read {what}: {getattr(e, 'strerror', None) or e}.") from e
    return bytes(data)


def loads(
    text: str | bytes, what: str, error: type[ReageError], limits: Limits = SMALL
) -> Any:
    """What a text holds; see `load`."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    start = what[:1].upper() + what[1:]
    bare = _bare(data)
    if why := _beyond(len(data), bare, limits):
        raise error(f"{start} {why}")
    try:
        found = json.loads(data.decode("utf-8-sig", "surrogatepass"), object_pairs_hook=_once)
    except UnicodeDecodeError as e:
        raise error(f"{start} is not UTF-8 at byte {e.start}; save it as UTF-8.") from e
    except json.JSONDecodeError as e:
        raise error(f"{start} is not JSON at line {e.lineno}: {e.msg}; correct it there.") from e
    except RecursionError as e:
        raise error(f"{start} {_TOO_DEEP}") from e
    except _Twice as e:
        raise error(f"{start} has {str(e)!r} twice in one object; leave one away.") from e
    if _is_deep(bare):
        raise error(f"{start} {_TOO_DEEP}")
    if _is_odd(data) and not all(map(is_usable, _texts(found))):
        raise error(f"{start} holds text that is none: half a letter, or NUL; correct it.")
    return found


_TOO_DEEP = f"has lists or objects more than {DEPTH} deep inside each other; is it the right file?"


class _Twice(ValueError):
    """A key that stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1)[:100])
    return made


def _bare(data: bytes) -> bytes:
    """A text less its strings: as it is, where it is valid JSON, at least up to its first fault."""
    if data.count(b'"') * _LONG > len(data):
        return _STRING.sub(b"", data)
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(data.split(b'"')[::2])


def _beyond(size: int, bare: bytes, limits: Limits) -> str:
    """Why a text of `size` bytes is not read, known before memory is taken for its values; else
    ""."""
    if size > limits.size:
        return f"has more than {limits.size} bytes; is it the right file?"
    if sum(map(bare.count, (b",", b"[", b"{"))) > limits.values:
        return f"holds more than {limits.values} values; is it the right file?"
    if _may_be_odd(bare) and (found := _NUMBER.search(bare)):
        line = bare.count(b"\n", 0, found.start()) + 1
        return f"has a number at line {line} that is none, or too large; correct it there."
    return ""


def _may_be_odd(bare: bytes) -> bool:
    """Whether _NUMBER may find anything: false of nearly all files, in a tenth of its time."""
    plain = bare.translate(_PLAIN, b"+.")
    return any(map(plain.__contains__, (b"0" * 19, b"e000", b"N", b"I")))


def _is_odd(data: bytes) -> bool:
    """Whether a text may hold what is no text; of long ones the first look is a tenth of the
    time."""
    return (b"\\" in data or b"\xed" in data) and bool(_ODD_TEXT.search(data))


def _is_deep(bare: bytes) -> bool:
    """Whether valid JSON goes deeper than is read: its brackets alone, the innermost taken away
    time and again."""
    brackets = bare.translate(None, _ALL_BUT_BRACKETS)
    for _ in range(DEPTH):
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


def _texts(value: Any) -> Iterator[str]:
    """All keys and words of a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def is_usable(text: str) -> bool:
    """Whether a path or a file can hold it. File names that are not UTF-8 reach Python as lone
    surrogates (PEP 383): these can be held."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return "\0" not in text
