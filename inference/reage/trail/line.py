"""What files say together, in a line, and how they are called in sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reage.media.sequence import compact
from reage.progress import frames_told
from reage.shaped import shown
from reage.trail.numbering import numbers_of
from reage.trail.record import UNREAD, Record

_SHORT = 12
"""Hex digits of a hash that a line shows."""

_WORD = re.compile(r"[\w.+-]{0,40}", re.ASCII)

_NAMED = 5
"""Files that a sentence names."""


def one_line(text: str) -> str:
    """With escapes for all that is not printed, such as a line's end: a header's words, and a
    file's name, can make no line of their own."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


def word(text: object) -> str:
    """One word as it is; a file's own words quoted and short, so that they read as its own."""
    return str(text) if _WORD.fullmatch(str(text)) else shown(str(text))


def line(records: Sequence[Record]) -> str:
    """What was done, by what, in a sentence."""
    first = max(records, key=lambda one: len(one.said))
    if not first.said and any(one.trouble for one in records):
        return "nothing in it can be read."
    said, several = first.said, [one for one in records if one.packed] or records
    parts = [frames(several) or frames_told(len(several))] if len(several) > 1 else []
    told = dict.fromkeys(filter(None, (one.ages() for one in records)))
    if ages := [each for each in told if each != UNREAD]:
        parts.append(f"age {ages[0]}" if len(ages) == 1 else f"ages {ages[0]} … {ages[-1]}")
    if UNREAD in told:
        parts.append("ages that cannot be read")
    if model := said.get("model"):
        sha256 = word(str(said.get("model_sha256", ""))[:_SHORT])
        parts.append(f"model {shown(str(model))}" + (f" ({sha256}…)" if sha256 else ""))
    if "license" in said:
        parts.append(f"license {word(said['license'])}")
    if "version" in said:
        parts.append(f"ReAge {word(said['version'])}")
    consents = list(dict.fromkeys(c for one in records for c in one.consents()))
    parts.append(
        "consent " + ", ".join(f"{word(c[:_SHORT])}…" for c in consents[:_NAMED]) if consents
        else "no consent named"
    )  # fmt: skip
    if any(one.pixels for one in records) and all(one.pixels is not False for one in records):
        parts.append("pixels as written, by a checksum that finds accidents")
    if not any(one.signature for one in records):
        parts.append("not signed")
    return ", ".join(parts) + "."


def listed(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(map(word, names[:_NAMED])) + (f" and {more} more" if more > 0 else "")


def named(records: Sequence[Record]) -> str:
    """Files in a sentence, by their frames where there are several."""
    if len(records) == 1:
        return records[0].path.name
    return f"each of {frames(records) or listed([one.path.name for one in records])}"


def frames(records: Sequence[Record]) -> str:
    """Their frames by number; "" where their names tell none."""
    numbers = numbers_of([one.path.name for one in records])
    return f"frames {compact(numbers)}" if len(numbers) == len(records) else ""
