"""What files say together, in a line, and how they are called in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from reage.media.sequence import compact
from reage.progress import frames_told
from reage.shaped import short
from reage.trail.numbering import numbers_of
from reage.trail.record import Record

_SHORT = 12
"""Hex digits of a hash that a line shows."""

_NAMED = 5
"""Files that a sentence names."""


def one_line(text: str) -> str:
    """With escapes for all that is not printed, such as a line's end: a header's words, and a
    file's name, can make no line of their own."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


def line(records: Sequence[Record]) -> str:
    """What was done, by what, in a sentence."""
    first = max(records, key=lambda one: len(one.said))
    if not first.said and any(one.trouble for one in records):
        return "nothing in it can be read."
    said, several = first.said, [one for one in records if one.packed] or records
    parts = [frames(several) or frames_told(len(several))] if len(several) > 1 else []
    if ages := list(dict.fromkeys(filter(None, (one.ages() for one in records)))):
        parts.append(f"age {ages[0]}" if len(ages) == 1 else f"ages {ages[0]} … {ages[-1]}")
    if model := said.get("model"):
        sha256 = str(said.get("model_sha256", ""))[:_SHORT]
        parts.append(f"model {short(model)}" + (f" ({sha256}…)" if sha256 else ""))
    if "license" in said:
        parts.append(f"license {short(said['license'])}")
    if "version" in said:
        parts.append(f"ReAge {short(said['version'])}")
    consents = list(dict.fromkeys(c for one in records for c in one.consents()))
    parts.append(
        "consent " + ", ".join(f"{c[:_SHORT]}…" for c in consents[:_NAMED]) if consents
        else "no consent named"
    )  # fmt: skip
    if any(one.pixels for one in records) and all(one.pixels is not False for one in records):
        parts.append("pixels as written, by a checksum that finds accidents")
    if not any(one.signature for one in records):
        parts.append("not signed")
    return ", ".join(parts) + "."


def named(records: Sequence[Record]) -> str:
    """Files in a sentence, by their frames where there are several."""
    if len(records) == 1:
        return records[0].path.name
    more = len(records) - _NAMED
    listed = ", ".join(one.path.name for one in records[:_NAMED])
    return f"each of {frames(records) or listed + (f' and {more} more' if more > 0 else '')}"


def frames(records: Sequence[Record]) -> str:
    """Their frames by number; "" where their names tell none."""
    numbers = numbers_of([one.path.name for one in records])
    return f"frames {compact(numbers)}" if len(numbers) == len(records) else ""
