"""What is put aside and why, and what is doubtful; a hand's word wins over all of it.

by itself ▶ blurred ▶ another person ▶ the same moment twice ▶ ages that do not suit
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from reage.pattern.photo.photograph import SMALLEST
from reage_training.actor.book import Entry
from reage_training.actor.ingest import alike, doubts, people
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.shelved import ASIDE, TAKEN

BLURRED = 0.4 * SMALLEST
"""Px of a face that must be told apart, see `sharpness`: the smallest face, rather soft, has them;
one that is out of focus or shaken by an eightieth of its height has fewer, at any size."""

SAME_MOMENT, SOON = 40, 64
"""Bits of `alike.HASH` up to which two photographs show one moment, and up to which they do where
they were taken within A_MOMENT."""

A_MOMENT = 3.0
"""Seconds."""


@dataclass(frozen=True)
class Judged:
    entries: tuple[Entry, ...]
    notices: tuple[str, ...] = ()


def judged(
    entries: Sequence[Entry], measures: Mapping[str, Measures], like: Measures | None = None
) -> Judged:
    """Entries with what each is put aside for, and doubts."""
    found = [measures[e.sha256] for e in entries]
    aside = [_by_itself(m) for m in found]
    open_to = [not reason for reason, _ in aside]
    notices: list[str] = []

    def still() -> list[int]:
        """Those that may be the actor's: not put aside, or wanted by a hand."""
        return [
            k for k, e in enumerate(entries)
            if found[k].has_face and e.hand != ASIDE
            and (open_to[k] or e.hand == TAKEN)
        ]  # fmt: skip

    said = [""] * len(entries)
    here = still()
    group = people.actor([found[k] for k in here], [entries[k] for k in here], like)
    notices += group.notices
    for k, why, sure in zip(here, group.why, group.sure, strict=True):
        if why and sure:
            aside[k], open_to[k] = ("other_person", why), False
        elif why:
            said[k] = why
    here = still()
    for k, other in _twice([entries[k] for k in here], [found[k] for k in here]).items():
        why = f"It shows the same moment as {entries[here[other]].source}, which is better."
        aside[here[k]], open_to[here[k]] = ("duplicate", why), False
    out = []
    for k, entry in enumerate(entries):
        reason, why = aside[k]
        doubt = said[k]
        if entry.hand == TAKEN:
            doubt = doubt or (why and reason not in ("other_person", "duplicate") and why) or ""
            reason = why = ""
        elif entry.hand == ASIDE:
            reason, why, doubt = entry.aside, entry.why, ""
        out.append(replace(entry, aside=reason, why=why, doubt="" if reason else doubt))
    return Judged(tuple(_with_ages(out, measures)), tuple(notices))


def _with_ages(entries: list[Entry], measures: Mapping[str, Measures]) -> list[Entry]:
    """Doubts about ages added."""
    kept = [
        k for k, e in enumerate(entries)
        if not e.aside and e.age is not None and measures[e.sha256].has_face
    ]  # fmt: skip
    found = doubts.of_ages(
        [entries[k].age or 0.0 for k in kept], [measures[entries[k].sha256] for k in kept]
    )
    for k, doubt in zip(kept, found, strict=True):
        if doubt:
            said = f"{entries[k].doubt} {doubt}".strip()
            entries[k] = replace(entries[k], doubt=said)
    return entries


def _by_itself(found: Measures) -> tuple[str, str]:
    if found.aside:
        return found.aside, found.why
    if found.detail_px < BLURRED:
        return "blurred", (
            f"Of its {found.face_px:.0f} px of face {found.detail_px:.0f} are told apart; from "
            f"{BLURRED:.0f} on there is something to see of skin."
        )
    return "", ""


def _twice(entries: Sequence[Entry], found: Sequence[Measures]) -> dict[int, int]:
    """Those that show the moment of a better one: index → its index."""
    if len(entries) < 2:
        return {}
    hashes = np.stack([m.hash for m in found])
    rank = [_rank(e, m) for e, m in zip(entries, found, strict=True)]
    better: dict[int, int] = {}
    close = [
        (differ, i, j) for i, j, differ in alike.pairs(hashes, SOON)
        if differ <= SAME_MOMENT or _soon(entries[i], entries[j])
    ]  # fmt: skip
    for _, i, j in sorted(close):
        worse, best = (i, j) if rank[i] > rank[j] else (j, i)
        while best in better:
            best = better[best]
        if worse not in better and entries[worse].hand != TAKEN and worse != best:
            better[worse] = best
    return better


def _rank(entry: Entry, found: Measures) -> tuple[bool, float, float, str, str]:
    """Less is better: a hand's choice, then the finest, the largest, the first."""
    return (
        entry.hand != TAKEN, -found.detail_px, -found.face_px, entry.source, entry.sha256
    )  # fmt: skip


def _soon(one: Entry, other: Entry) -> bool:
    if not (one.taken and other.taken):
        return False
    apart = datetime.fromisoformat(one.taken) - datetime.fromisoformat(other.taken)
    return abs(apart.total_seconds()) <= A_MOMENT


