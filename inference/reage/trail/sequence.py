"""What a shot's files say as frames of one shot: whose number each has, which are not there, and
where settings or ages differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from reage import strict_json
from reage.errors import ReageError
from reage.media.sequence import compact
from reage.trail.against import Against, Say
from reage.trail.line import named
from reage.trail.numbering import last_number, numbers_of
from reage.trail.record import Record

_MOST = 1_000_000
"""Numbers that a gap may span and still be counted."""


def check_sequence(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """Of each folder, or ZIP, by itself."""
    files = [one for one in records if one.packed] or list(records)
    for _, group in groupby(files, lambda one: one.path.parent):
        these = list(group)
        by_name = numbers_of([one.path.name for one in these])
        if len({one.path for one in these}) < len(these):
            wrong("files of one name stand in it twice.")
        elif by_name:
            _check_places(dict(zip(by_name, these, strict=True)), wrong, note)
        else:
            _tell_place(these, note)
        _check_there(these, by_name, wrong, note)
        _tell_settings(these, note)
        _tell_ages([one for _, one in sorted(zip(by_name, these, strict=False), key=_number)], note)


def _number(placed: tuple[int, Record]) -> int:
    return placed[0]


def _check_places(by_name: dict[int, Record], wrong: Say, note: Say) -> None:
    """Each file is the frame that its name says."""
    offsets = {n: n - one.frame for n, one in by_name.items() if one.frame is not None}
    if not set(offsets.values()) - {0}:
        return
    first = next(one for n, one in by_name.items() if offsets.get(n))
    told = f"{first.path.name} is frame {first.frame} by its own word"
    frames = {by_name[n].frame for n in offsets}
    usual, count = Counter(offsets.values()).most_common(1)[0]
    if count == len(offsets):
        note(f"Their names count otherwise than they do: {told}.")
    elif len(frames) == 1 and 0 not in offsets.values():  # stills, called as somebody liked
        note(f"Each is the same frame: {told}.")
    else:
        usual = 0 if 0 in offsets.values() or 2 * count <= len(offsets) else usual
        moved = [by_name[n] for n, offset in offsets.items() if offset != usual]
        wrong(
            f"{named(moved)} lies under another frame's number: {moved[0].path.name} is frame "
            f"{moved[0].frame} by its own word."
        )


def _tell_place(files: Sequence[Record], note: Say) -> None:
    """Of a picture alone, which may be called as somebody likes."""
    if len(files) == 1 and (frame := files[0].frame) is not None:
        number = last_number(files[0].path)
        if number not in (None, frame):
            note(f"By its own word it is frame {frame}, whatever its name says.")


def _check_there(files: Sequence[Record], by_name: Sequence[int], wrong: Say, note: Say) -> None:
    """None is missing that was signed with the others."""
    silent = [n for n, one in zip(by_name, files, strict=False) if one.frame is None]
    there = {*silent, *(one.frame for one in files if one.frame is not None)}
    listed = {n for one in files for n in one.delivered}
    absent = sorted(listed - there)
    if listed and there:
        if absent and len(files) == 1 and not files[0].packed:
            note(f"It is one of frames {compact(listed)}, which were delivered together.")
        elif absent:
            wrong(
                f"frames {compact(absent)} are missing, of {compact(listed)}, which were signed "
                "together."
            )
    elif by_name and max(by_name) - min(by_name) < _MOST:
        gaps = set(range(min(by_name), max(by_name))) - set(by_name)
        if gaps:
            note(f"Between them frames {compact(gaps)} are not there.")


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
    speaking = [one for one in files if one.ages()]
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
