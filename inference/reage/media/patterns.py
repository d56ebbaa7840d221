"""File names that hold a frame's number: `%04d`, `####` or `@@@@`, one sign per digit, as in Nuke.

Standard library only: hosts read patterns by this as well.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_TOKEN = re.compile(r"%(?:0(\d+))?d|(#+)|(@+)")

_RUNG = re.compile(r"(?P<stem>.*?)[._-]?age\d{1,3}(?P<ends>[._-]*)")


@dataclass(frozen=True)
class NumberedName:
    """A file name around its frame number."""

    head: str
    digits: int
    tail: str

    @classmethod
    def of(cls, name: str) -> NumberedName | None:
        """Around the last token of a name; None where it has none."""
        last = next(reversed(list(_TOKEN.finditer(name))), None)
        if last is None:
            return None
        width, hashes, ats = last.groups()
        digits = int(width) if width else len(hashes or ats or "1")
        return cls(name[: last.start()], digits, name[last.end() :])

    def name(self, frame: int) -> str:
        return f"{self.head}{frame:0{self.digits}d}{self.tail}"


def has_frame_token(pattern: str | Path) -> bool:
    """Whether the pattern's file name has a place for the frame number."""
    return NumberedName.of(Path(pattern).name) is not None


def frame_path(pattern: str | Path, frame: int) -> Path:
    """The pattern with the frame's number in it; a pattern without a token as it is."""
    where = Path(pattern)
    around = NumberedName.of(where.name)
    return where if around is None else where.with_name(around.name(frame))


def beside_all(pattern: str | Path, ending: str) -> Path:
    """A file that belongs to all frames of a pattern; others have others: `shot.%04d.exr` with
    `.track.json` is `shot.track.json`, `cam.%04d_v2.exr` is `cam_v2.track.json`."""
    where = Path(pattern)
    around = NumberedName.of(where.name)
    stem = where.stem
    if around is not None:
        stem = around.head.rstrip("._") + around.tail.rpartition(".")[0]
    return where.with_name((stem.strip("._") or "face") + ending)


def at_rung(pattern: str | Path, age: int) -> str:
    """Where a ladder's layers at one age go: `shot_reage.%04d.exr` at 20 is
    `shot_reage.age20.%04d.exr`, see `with_word`."""
    return with_word(pattern, f"age{age}")


def without_rung(pattern: str | Path) -> str:
    """The pattern that a rung's was made of, as far as a name tells it: what lies `beside_all`
    frames of the one lies beside those of the other. One that is no rung's as it is."""
    where = Path(pattern)
    token = next(reversed(list(_TOKEN.finditer(where.name))), None)
    at = len(where.stem) if token is None else token.start()
    found = _RUNG.fullmatch(where.name[:at])
    if found is None:
        return where.as_posix()
    head = found["stem"] + found["ends"] if found["stem"] else ""
    return (where.parent / f"{head}{where.name[at:]}").as_posix()


def with_word(pattern: str | Path, word: str) -> str:
    """A pattern with a further word, the frame's number last still: with `age20`, `shot_####.exr`
    is `shot_age20_####.exr`, `cam.%04d_v2.exr` is `cam.age20.%04d_v2.exr`; without a number
    `face.exr` is `face.age20.exr`."""
    where = Path(pattern)
    token = next(reversed(list(_TOKEN.finditer(where.name))), None)
    at = len(where.stem) if token is None else token.start()
    head, rest = where.name[:at], where.name[at:]
    stem = head.rstrip("._-")
    ends = head[len(stem) :]
    between = (ends[:1] or ".") if stem else ""
    after = (ends or ".") if token is not None else ends
    return (where.parent / f"{stem}{between}{word}{after}{rest}").as_posix()


def rungs_on_disk(pattern: str | Path) -> tuple[int, ...]:
    """Ages of a ladder whose files stand, by the pattern that the ladder was given."""
    some = Path(at_rung(pattern, 0))
    around = NumberedName.of(some.name)
    head, tail = (around.head, around.tail) if around else (some.name, "")
    before, _, after = map(re.escape, head.rpartition("age0"))
    named = re.compile(rf"{before}age(\d+){after}-?\d*{re.escape(tail)}")
    found = (named.fullmatch(entry.name) for entry in os.scandir(some.parent))
    return tuple(sorted({int(match[1]) for match in found if match}))


def set_aside(path: Path) -> Path:
    """Keep a file that a hand has edited, before another is made in its place: as `.edited.json`,
    or `.edited2.json` where one is kept already. Returns where it is."""
    names = (path.with_suffix(f".edited{n if n > 1 else ''}{path.suffix}") for n in count(1))
    aside = next(name for name in names if not name.exists())
    path.replace(aside)
    return aside


def on_disk(pattern: Path) -> frozenset[int]:
    """Numbers of the files that the pattern, with its padding, would name. Raises OSError where
    its folder cannot be read."""
    around = NumberedName.of(pattern.name)
    if around is None:
        return frozenset()
    head, tail = (re.escape(as_compared(part)) for part in (around.head, around.tail))
    number = re.compile(f"{head}(-?\\d+){tail}")
    found = (number.fullmatch(as_compared(e.name)) for e in os.scandir(pattern.parent))
    matches = ((int(m.group(1)), m.group(0)) for m in found if m)
    return frozenset(n for n, name in matches if as_compared(around.name(n)) == name)


def as_compared(name: str) -> str:
    """The name as the file system compares it."""
    return os.path.normcase(name)


def with_token(path: Path) -> str:
    """The path with a frame number's place in it, for messages that show how."""
    stem = re.sub(r"[._]\d+$", "", path.stem)
    return str(path.with_name(f"{stem}.%04d{path.suffix}"))
