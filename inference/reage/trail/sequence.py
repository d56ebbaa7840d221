"""What a shot's files say as frames of one shot: whose number each has, which are not there, and
where settings or ages differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from reage import strict_json
from reage.errors import ReageError
from reage.media.sequence import compact
from reage.settings import LIVE
from reage.trail.against import Say
from reage.trail.found import FoundShot
from reage.trail.line import named
from reage.trail.manifest import DELIVERED_BLEND
from reage.trail.numbering import grouped
from reage.trail.record import UNREAD, Record

_LISTS = 3
"""Lists of frames that a sentence names."""

_MOST = 1_000_000
"""Numbers that a gap may span and still be counted."""


def check_sequence(records: Sequence[Record], shot: FoundShot, wrong: Say, note: Say) -> None:
    """Of each folder, or ZIP, by itself."""
    files = [one for one in records if one.packed] or list(records)
    for _, group in groupby(files, lambda one: one.path.parent):
        everything = list(group)
        these = {one.path: one for one in everything}
        if len(these) < len(everything):
            wrong("files of one name stand in it twice.")
        placed = list[tuple[int, Record]]()
        for each in _numbered(these, shot):
            by_name = [(n, these[path]) for path, n in each.items() if n is not None]
            _check_places(by_name, shot.alone, wrong, note)
            placed += by_name
        numbers = [number for number, _ in placed]
        whole = shot.alone and not everything[0].packed
        _check_there(everything, numbers, whole, wrong, note)
        _check_delivery(everything, wrong)
        _tell_settings(everything, note)
        _tell_ages([one for _, one in sorted(placed, key=_number)], note)


def _numbered(files: Mapping[Path, Record], shot: FoundShot) -> list[dict[Path, int | None]]:
    """By what was asked for; of a ZIP by its names."""
    if any(one.packed for one in files.values()):
        return grouped(files)
    return [{path: shot.number(path) for path in files}]


def _number(placed: tuple[int, Record]) -> int:
    return placed[0]


def _check_places(
    by_name: Sequence[tuple[int, Record]], alone: bool, wrong: Say, note: Say
) -> None:
    """Each file is the frame that its name says."""
    twice = [n for n, count in Counter(map(_number, by_name)).items() if count > 1]
    if twice:
        wrong(f"several files have the number of frames {compact(twice)}.")
    offsets = [(n - one.frame, one) for n, one in by_name if one.frame is not None]
    if not any(offset for offset, _ in offsets):
        return
    first = next(one for offset, one in offsets if offset)
    told = f"{first.path.name} is frame {first.frame} by its own word"
    (usual, count), *others = Counter(offset for offset, _ in offsets).most_common()
    if len(offsets) == 1:  # a still, called as somebody likes
        note(f"By its own word it is frame {first.frame}, whatever its name says.")
    elif len({one.frame for _, one in offsets}) == 1:
        wrong(f"each is the same frame, so these are no shot: {told}; ask about stills one by one.")
    elif not others:
        note(f"Their names count otherwise than they do: {told}.")
    else:
        usual = 0 if 0 in dict(offsets) or 2 * count <= len(offsets) else usual
        moved = [one for offset, one in offsets if offset != usual]
        wrong(
            f"{named(moved)} lies under another frame's number: {moved[0].path.name} is frame "
            f"{moved[0].frame} by its own word."
        )


def _check_there(
    files: Sequence[Record], by_name: Sequence[int], alone: bool, wrong: Say, note: Say
) -> None:
    """None is missing that was signed with the others. alone: whether one was asked for, and no
    more."""
    silent = [n for n, one in zip(by_name, files, strict=False) if one.frame is None]
    there = {*silent, *(one.frame for one in files if one.frame is not None)}
    listed = {n for one in files for n in one.delivered}
    absent = sorted(listed - there)
    if listed and there:
        if absent and alone:
            note(
                f"Frames {compact(listed)} were delivered together, as was signed; this one alone "
                "was asked about."
            )
        elif absent:
            wrong(
                f"frames {compact(absent)} are missing, of {compact(listed)}, which were signed "
                "together."
            )
    elif by_name and max(by_name) - min(by_name) < _MOST:
        gaps = set(range(min(by_name), max(by_name))) - set(by_name)
        if gaps:
            note(f"Between them frames {compact(gaps)} are not there.")


def _check_delivery(files: Sequence[Record], wrong: Say) -> None:
    """What was signed of a delivery as a whole is the same in all. Frames that were delivered in
    several goes share none."""
    signed = [one for one in files if one.signature and one.signature.render]
    lists = dict.fromkeys(frozenset(one.delivered) for one in signed)
    if sum(map(len, lists)) > len(frozenset().union(*lists)):
        wrong(
            "frames of several deliveries are mixed: as was signed, "
            f"{' and '.join(compact(each) for each in list(lists)[:_LISTS])} were delivered "
            "together."
        )
    for what, of in (("strengths", _strengths), ("plates", _plates)):
        by_value: dict[object, list[Record]] = {}
        for one in signed:
            by_value.setdefault(of(one), []).append(one)
        if len(by_value) > 1:
            fewest = min(by_value.values(), key=len)
            wrong(f"{named(fewest)} was delivered with other {what} than the others.")


def _strengths(one: Record) -> object:
    """Of the delivery: a blend may go by a curve, from picture to picture."""
    render = one.signature.render if one.signature else {}
    of_all = {**render, "blend": render.get(DELIVERED_BLEND, render.get("blend", ""))}
    return tuple(str(of_all.get(name, "")) for name in LIVE)


def _plates(one: Record) -> object:
    """The names of what it was made of, but for their numbers."""
    made_of = one.signature.ingredients if one.signature else ()
    return tuple((re.sub(r"\d+", "#", each.title), each.relation) for each in made_of)


def _tell_settings(files: Sequence[Record], note: Say) -> None:
    """Ages apart, which may go by a curve."""
    by_value: dict[str, list[Record]] = {}
    for one in files:
        if said := _settings(one):
            by_value.setdefault(said, []).append(one)
    if len(by_value) > 1:
        fewest = min(by_value.values(), key=len)
        note(f"Made by other settings than the others: {named(fewest)}.")


def _settings(one: Record) -> str:
    """Hashes of what was set, of each face; "" where nothing says it."""
    if several := one.said.get("faces"):
        try:
            faces = strict_json.loads(str(several), "the faces", ReageError)
            return " ".join(str(face["settings_sha256"]) for face in faces)
        except (ReageError, KeyError, TypeError):
            return ""
    return str(one.said.get("settings_sha256", ""))


def _tell_ages(files: Sequence[Record], note: Say) -> None:
    """In order. Ages may change; where those of one frame alone do, a hand may have done it."""
    speaking = [one for one in files if one.ages() not in ("", UNREAD)]
    ages = [one.ages() for one in speaking]
    counts = Counter(ages)
    if len(counts) < 2:
        return
    lone = [
        b for a, b, c in zip(speaking, speaking[1:], speaking[2:], strict=False)
        if a.ages() == c.ages() != b.ages()
    ]  # fmt: skip
    (usual, _), (other, count) = counts.most_common(2)
    if len(counts) == 2 and count == 1 < counts[usual]:
        lone = [one for one in speaking if one.ages() == other]
    for one in lone[:3]:
        note(f"{one.path.name} alone says age {one.ages()}, those beside it another.")
    if not lone:
        note("The ages change over the frames.")
