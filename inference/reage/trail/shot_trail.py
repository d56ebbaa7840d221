"""What a shot's files say together, held against each other, a model, a consent and ingredients."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reage import home
from reage.errors import ReageError
from reage.media.sequence import compact
from reage.progress import frames_told
from reage.trail.found import FoundShot, unpacked
from reage.trail.ingredients import check_ingredients
from reage.trail.record import Record, read_record, said_of_model

_SHORT = 12
"""Hex digits of a hash that a line shows."""


@dataclass(frozen=True)
class Against:
    """What trails are held against.

    model:   a model's file; None takes the default one where the name is its
    consent: sha256 of the document, "" without one
    folders: where ingredients may lie
    anchors: PEM of certificates that are trusted
    """

    model: Path | None = None
    consent: str = ""
    folders: Sequence[Path] = ()
    anchors: str = ""


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
        said = " ".join([f"{self.name}: {self.line}", *self.notes])
        return "\n  ".join([said, *(f"does not hold: {problem}" for problem in self.problems)])

    def document(self) -> dict[str, object]:
        return {
            "name": self.name, "holds": not self.problems, "problems": list(self.problems),
            "notes": list(self.notes), "files": [_document(one) for one in self.records],
        }  # fmt: skip


def trail_of(shot: FoundShot, against: Against) -> ShotTrail:
    """Read a shot's files and judge them."""
    records: list[Record] = []
    for path in shot.files:
        own = _read(path, against)
        inside = _inside(path, against) if path.suffix.lower() == ".zip" else []
        records += inside if own.silent and inside else [own, *inside]
    if all(one.silent for one in records):
        silent = "nothing in it says that ReAge made it, and it is not signed."
        return ShotTrail(shot.name, silent, tuple(records), ("there is no trail.",), ())
    problems, notes = list[str](), list[str]()
    checks: tuple[Callable[..., None], ...] = (
        _whole, _alike, _of_the_model, _of_the_consent, _signed, check_ingredients,
    )  # fmt: skip
    for check in checks:
        check(records, against, problems.append, notes.append)
    return ShotTrail(shot.name, _line(records), tuple(records), tuple(problems), tuple(notes))


Say = Callable[[str], object]


def _read(path: Path, against: Against) -> Record:
    try:
        return read_record(path, against.anchors)
    except ReageError as e:
        return Record(path, {}, False, None, str(e))


def _inside(path: Path, against: Against) -> list[Record]:
    try:
        with unpacked(path) as files:
            return [_read(file, against) for file in files]
    except ReageError as e:
        return [Record(path, {}, False, None, str(e))]


def _whole(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """Each file can be read, has a trail, and its pixels are those that were written."""
    for one in records:
        if one.trouble:
            wrong(one.trouble)
    if changed := [one for one in records if one.pixels is False and not one.trouble]:
        wrong(f"the pixels of {_named(changed)} are not those that were written.")
    if silent := [one for one in records if one.silent]:
        wrong(f"{_named(silent)} has no trail.")


def _alike(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """One model and one consent made a shot."""
    for name, what in (
        ("model_sha256", "model"), ("card_sha256", "model card"), ("consent", "consent"),
    ):  # fmt: skip
        by_value: dict[str, list[Record]] = {}
        for one in records:
            if name in one.said or (one.said and name == "consent"):
                by_value.setdefault(str(one.said.get(name, "")), []).append(one)
        if len(by_value) > 1:
            fewest = min(by_value.values(), key=len)
            wrong(f"{_named(fewest)} names another {what} than the others.")
    versions = dict.fromkeys(str(one.said["version"]) for one in records if "version" in one.said)
    if len(versions) > 1:
        note(f"Several versions of ReAge made it: {', '.join(versions)}.")
    reasons = dict.fromkeys(
        str(one.said["past_consent"]) for one in records if one.said.get("past_consent")
    )
    for reason in reasons:
        note(f"Rendered past the consent's dates, because: {reason}")


def _of_the_model(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    there = [one for one in records if "model_sha256" in one.said]
    if not there:
        if against.model:
            wrong("no file names a model's hash that could be checked.")
        return
    if against.model is None:
        default = said_of_model(home.default_model())
        named = [one for one in there if one.said.get("model") == default["model"]]
        other = [one for one in named if one.said["model_sha256"] != default["model_sha256"]]
        if other:
            wrong(f"{_named(other)} names the default model, {default['model']}, and another hash.")
        elif named:
            note("The model is the one that comes with this ReAge.")
        return
    for person in dict.fromkeys(float(str(one.said.get("person", 1))) for one in there):
        asked = said_of_model(against.model, person)
        these = [one for one in there if float(str(one.said.get("person", 1))) == person]
        other = [one for one in these if one.said["model_sha256"] != asked["model_sha256"]]
        if other:
            wrong(f"{_named(other)} was made by another model than {against.model}.")
            continue
        note(f"The model is {against.model}.")
        cards = [one.said["card_sha256"] for one in these if "card_sha256" in one.said]
        if any(card != asked["card_sha256"] for card in cards):
            wrong(f"the card of {against.model} says something else by now.")


def _of_the_consent(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    if not against.consent:
        return
    other = [one for one in records if one.said and against.consent not in one.consents()]
    if other:
        wrong(f"{_named(other)} does not name the consent that was given.")
    else:
        note("The consent is the document that was given.")


def _signed(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """What signatures say, those of one kind together."""
    told: dict[str, list[Record]] = {}
    for one in records:
        if one.signature is not None:
            told.setdefault(one.signature.text(), []).append(one)
    for text, those in told.items():
        found = those[0].signature
        holds = found is not None and found.holds and (found.trusted or not against.anchors)
        (note if holds else wrong)(text if len(those) == 1 else f"{_named(those)}: {text}")
    signed = [one for one in records if one.signature is not None]
    files = [one for one in records if one.path.suffix == records[0].path.suffix]
    if signed and (unsigned := [one for one in files if one.signature is None]):
        wrong(f"{_named(unsigned)} is not signed, the others are.")
    marks = (one.signature.render.get("invisible_watermark") for one in signed if one.signature)
    for mark in dict.fromkeys(filter(None, marks)):
        note(f"Invisible watermark, as was signed: {mark}.")


def _line(records: Sequence[Record]) -> str:
    """What was done, by what, in a sentence."""
    first = max(records, key=lambda one: len(one.said))
    said, several = first.said, [one for one in records if one.path.suffix == ".exr"] or records
    parts = [_frames(several) or frames_told(len(several))] if len(several) > 1 else []
    if ages := list(dict.fromkeys(filter(None, (one.ages() for one in records)))):
        parts.append(f"age {ages[0]}" if len(ages) == 1 else f"ages {ages[0]} … {ages[-1]}")
    model = str(said.get("model", ""))
    if model:
        short = str(said.get("model_sha256", ""))[:_SHORT]
        parts.append(f"model {model}" + (f" ({short}…)" if short else ""))
    if "license" in said:
        parts.append(f"license {said['license']}")
    if "version" in said:
        parts.append(f"ReAge {said['version']}")
    consents = dict.fromkeys(c for one in records for c in one.consents())
    parts.append(
        "consent " + ", ".join(f"{c[:_SHORT]}…" for c in consents) if consents
        else "no consent named"
    )  # fmt: skip
    if any(one.pixels for one in records) and all(one.pixels is not False for one in records):
        parts.append("pixels as written, by a checksum that finds accidents")
    if not any(one.signature for one in records):
        parts.append("not signed")
    return ", ".join(parts) + "."


def _named(records: Sequence[Record]) -> str:
    """Files in a sentence, by their frames where there are several."""
    if len(records) == 1:
        return records[0].path.name
    return f"each of {_frames(records) or ', '.join(one.path.name for one in records[:5])}"


def _frames(records: Sequence[Record]) -> str:
    """Their frames by number; "" where not all names end on one."""
    numbers = [re.search(r"(\d+)$", one.path.stem) for one in records]
    return f"frames {compact(int(n[1]) for n in numbers if n)}" if all(numbers) else ""


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
    return value if isinstance(value, str | int | float) else str(value)
