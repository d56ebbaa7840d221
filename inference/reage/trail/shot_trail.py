"""What a shot's files say together, held against each other, a model, a consent and ingredients."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from reage.errors import ReageError
from reage.trail.against import Against
from reage.trail.checks import (
    check_alike,
    check_consent,
    check_model,
    check_signatures,
    check_whole,
)
from reage.trail.found import FoundShot, passed_over_in, unpacked
from reage.trail.ingredients import check_ingredients
from reage.trail.line import line, listed, named, one_line
from reage.trail.record import Record, read_record
from reage.trail.sequence import check_sequence
from reage.unforeseen import unforeseen

_CHECKS: tuple[Callable[..., None], ...] = (
    check_whole, check_alike, check_model, check_consent, check_signatures, check_ingredients,
)  # fmt: skip


@dataclass(frozen=True)
class ShotTrail:
    """name: of the shot; line: what it says, in words; problems: what does not hold, notes: what
    else is to be known, a sentence each"""

    name: str
    line: str
    records: tuple[Record, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    def text(self) -> str:
        """A line, and one more for each problem: what stands in files can begin none."""
        said = " ".join([f"{self.name}: {self.line}", *self.notes])
        lines = [said, *(f"does not hold: {problem}" for problem in self.problems)]
        return "\n  ".join(map(one_line, lines))

    def document(self) -> dict[str, object]:
        return {
            "name": self.name, "holds": not self.problems, "problems": list(self.problems),
            "notes": list(self.notes), "files": [_document(one) for one in self.records],
        }  # fmt: skip


def trail_of(shot: FoundShot, against: Against) -> ShotTrail:
    """Read a shot's files and judge them."""
    records, beside = list[Record](), list[str]()
    for path in shot.files:
        own, inside = _read(path, against), list[Record]()
        if path.suffix.lower() == ".zip":
            beside += passed_over_in(path)
            inside = _inside(path, own.signature is not None, against)
        records += inside if own.silent and inside else [own, *inside]
    if all(one.silent for one in records):
        silent = "nothing in it says that ReAge made it, and it is not signed."
        return ShotTrail(shot.name, silent, tuple(records), ("there is no trail.",), ())
    problems, notes = list[str](), list[str]()
    ours = any(one.said for one in records if one.packed)
    if foreign := [one for one in records if one.foreign and not (ours and not one.packed)]:
        problems.append(f"{named(foreign)} is signed, but nothing in it says that ReAge made it.")
    check_sequence(records, shot, problems.append, notes.append)
    for check in _CHECKS:
        check(records, against, problems.append, notes.append)
    if beside:
        notes.append(f"Not looked at in it: {listed(beside)}.")
    return ShotTrail(shot.name, line(records), tuple(records), tuple(problems), tuple(notes))


def _inside(path: Path, sealed: bool, against: Against) -> list[Record]:
    """What lies in a ZIP."""
    found = list[Record]()
    try:
        with unpacked(path) as files:
            for each in files:
                own = path / each.name
                if each.path is None:
                    found.append(Record(own, {}, False, None, each.trouble, packed=True))
                    continue
                read = _read(each.path, against)
                trouble = read.trouble.replace(str(each.path), str(own))
                found.append(
                    replace(read, path=own, trouble=trouble, packed=True, sealed=sealed)
                )
    except ReageError as e:
        found.append(Record(path, {}, False, None, str(e)))
    return found


def _read(path: Path, against: Against) -> Record:
    try:
        return read_record(path, against.anchors)
    except ReageError as e:
        return Record(path, {}, False, None, str(e))
    except Exception as e:  # of whatever library: the other files are judged all the same
        return Record(path, {}, False, None, str(unforeseen(e, str(path))))


def _document(one: Record) -> dict[str, Any]:
    signature: Mapping[str, Any] | None = None
    if one.signature is not None:
        signature = {**asdict(one.signature), "holds": one.signature.holds}
    return {
        "file": str(one.path),
        "said": {name: _plain(value) for name, value in one.said.items()},
        "pixels": {True: "as written", False: "changed", None: "not said"}[one.pixels],
        "signature": signature, "trouble": one.trouble,
    }  # fmt: skip


def _plain(value: object) -> object:
    """What JSON holds."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float) else str(value)
