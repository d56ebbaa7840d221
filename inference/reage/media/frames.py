"""Ranges of frame numbers, written `1001-1100x2,1200`, and where their frames go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from fileseq import FrameSet, framesToFrameRange
from fileseq.exceptions import FileSeqException, MaxSizeException

from reage.errors import SettingsError
from reage.media.patterns import frame_path, has_frame_token, with_token
from reage.shaped import shown

T = TypeVar("T")

MOST_FRAMES = 1_000_000
"""Of a range: eleven hours at 24 a second."""


def parse_frames(text: str) -> tuple[int, ...]:
    """Numbers of a range such as `1001-1100x2,1200`, in that order, each once. The step may come
    after a colon too, as Open Job Description writes it: `1001-1100:2`.

    Raises SettingsError.
    """
    try:
        found = FrameSet(text.replace(":", "x"))  # which reckons in decimals of any length
        if len(found) > MOST_FRAMES:
            raise MaxSizeException
        numbers = tuple(found)
    except MaxSizeException:
        raise SettingsError(
            f"{shown(text)} is more than {MOST_FRAMES} frames; ask for fewer."
        ) from None
    except (FileSeqException, ValueError, ArithmeticError):
        numbers = ()
    if not numbers or not all(isinstance(n, int) for n in numbers):
        raise SettingsError(
            f"{shown(text)} is no frame range; write it as 1001-1100, 1-9x2 or 1,5,9."
        )
    return numbers


def compact(frames: Iterable[int]) -> str:
    """Frame numbers in a few words: "1004, 1010-1012"."""
    return str(framesToFrameRange(sorted(frames), sort=False, compress=False)).replace(",", ", ")


def spread_over(items: Sequence[T], most: int) -> list[T]:
    """At most so many: the first, the last, and those between at even distances."""
    count, last = min(most, len(items)), len(items) - 1
    return [items[round(k * last / max(count - 1, 1))] for k in range(count)]


def as_range(frames: Iterable[int]) -> str:
    """Ascending numbers as Open Job Description writes them: `1-9:2,20`. Law:
    `parse_frames(as_range(frames)) == frames`."""
    return str(framesToFrameRange(frames, compress=False)).replace("x", ":")


def frame_paths(pattern: str | Path, frames: Iterable[int]) -> dict[int, Path]:
    """Where each frame goes; no two go to the same file.

    Raises SettingsError for several frames and a pattern without a token.
    """
    numbers = tuple(frames)
    if len(numbers) > 1 and not has_frame_token(pattern):
        raise SettingsError(
            f"{pattern} has no place for a frame number, and there are {len(numbers)} frames; "
            f"write it as {with_token(Path(pattern))}."
        )
    return {n: frame_path(pattern, n) for n in numbers}
