"""What a book lacks, and what that means for the result, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reage_training.actor.book import Entry
from reage_training.actor.ingest.held import pose

FEW, ENOUGH = 10, 30
"""Photographs: below the first an album hardly knows more than one light and side of each age."""

_GAP, _POSE_GAP = 6.0, 14.0
"""Years without a photograph at all, and without one from a side, that are told."""

_LINES = 220.0
"""Px of face that must be told apart for lines to be seen: those of an ordinary photograph of
350 px, see docs/patterns.md."""

_NEAR = 5.0


@dataclass(frozen=True)
class Lack:
    """missing: a sentence; means: what that does to the result, in another"""

    missing: str
    means: str


def lacks(entries: Sequence[Entry]) -> list[Lack]:
    """Of the photographs that are learned from."""
    ages = sorted(e.age for e in entries if e.age is not None)
    if not ages:
        means = "Nothing can be learned yet; write ages into a table, see --ages."
        return [Lack("There is no photograph with an age.", means)]
    out = []
    low, high = ages[0], ages[-1]
    if len(ages) < FEW:
        out.append(Lack(f"{_count(len(ages))} only.",
            "Each place of the skin is seen in few lights: expect coarse lines and folds, and "
            f"more of the default between them; {ENOUGH} and more are good."))  # fmt: skip
    if high - low < _NEAR:
        out.append(Lack(f"All show about one age, {_age(median(ages))}.",
            "Nothing here tells how this face ages: it will look like itself near that age, and "
            "change by the default away from it."))  # fmt: skip
    else:
        out += _gaps(ages)
        out += _sides(entries, low, high)
    out += _fineness(entries)
    out += _rest(entries)
    out += _lights(entries)
    return out


def _gaps(ages: Sequence[float]) -> list[Lack]:
    out = []
    for young, old in pairwise(ages):
        if old - young >= _GAP:
            means = "Ages there are made of those on either side, with the default's curve between."
            out.append(Lack(f"Nothing between {_age(young)} and {_age(old)}.", means))
    return out


def _sides(entries: Sequence[Entry], low: float, high: float) -> list[Lack]:
    sides: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("from the front", lambda p: p == "from the front",
         "forehead, mouth and chin are taken from turned faces, where they are narrow"),
        ("half turned to the left of the picture", lambda p: p in ("half left", "profile left"),
         "its own left cheek and the corner of that eye are seen slantwise only, and are coarse"),
        ("half turned to the right of the picture", lambda p: p in ("half right", "profile right"),
         "its own right cheek and the corner of that eye are seen slantwise only, and are coarse"),
        ("in profile", lambda p: p.startswith("profile"),
         "the sides of the jaw and what lies before the ears lean on the default"),
    )  # fmt: skip
    out = []
    for words, fits, means in sides:
        there = sorted(e.age for e in entries if e.age is not None and fits(pose(e.yaw)))
        if not there:
            out.append(Lack(f"Nothing {words}.", f"At every age {means}."))
            continue
        stops = [low, *there, high]
        gaps = [(a, b) for a, b in pairwise(stops) if b - a >= _POSE_GAP]
        for a, b in gaps:
            out.append(Lack(f"Nothing between {_age(a)} and {_age(b)} {words}.",
                            f"There {means}."))  # fmt: skip
    return out


def _fineness(entries: Sequence[Entry]) -> list[Lack]:
    """Decades of which no photograph shows lines."""
    best: dict[int, float] = {}
    for e in entries:
        if e.age is not None:
            decade = int(e.age // 10) * 10
            best[decade] = max(best.get(decade, 0.0), e.detail_px)
    coarse = [(d, px) for d, px in sorted(best.items()) if px < _LINES]
    return [
        Lack(f"From {d} to {d + 9} the finest photograph tells {px:.0f} px of face apart.",
             "Folds are seen there, fine lines are not: they lean on the nearest sharper age, and "
             "on the default.")
        for d, px in coarse
    ]  # fmt: skip


def _rest(entries: Sequence[Entry]) -> list[Lack]:
    by_decade: dict[int, list[Entry]] = {}
    for e in entries:
        if e.age is not None:
            by_decade.setdefault(int(e.age // 10) * 10, []).append(e)
    moved = [d for d, those in sorted(by_decade.items())
             if len(those) > 1 and not any("at rest" in e.expression for e in those)]  # fmt: skip
    return [
        Lack(f"From {d} to {d + 9} no face is at rest.",
             "Half of what a smile or raised brows fold is taken away; the rest of it stays as if "
             "it were the face's own.")
        for d in moved
    ]  # fmt: skip


def _lights(entries: Sequence[Entry]) -> list[Lack]:
    kinds = {e.light for e in entries if e.light}
    if len(entries) >= FEW and len(kinds) == 1:
        light = next(iter(kinds))
        words = "in flat light" if light == "flat" else f"lit {light}"
        return [Lack(f"All are {words}.",
            "Lines along that light are seen less than lines across it; one photograph lit from "
            "another side tells much.")]  # fmt: skip
    return []


def _count(n: int) -> str:
    return "One photograph" if n == 1 else f"{n} photographs"


def _age(age: float) -> str:
    return f"{age:.0f}"
