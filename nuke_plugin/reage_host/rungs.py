"""The files of a bake at a ladder: those of one pattern, an age at a time."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from pathlib import Path

from reage.media.patterns import at_rung

ANY_AGE = 0.0
"""Stands for the target age of a bake at a ladder, in its settings and in its fingerprints: each
file's name says its own, so that another rung makes none of the others stale."""


def files(layers: str, ladder: Sequence[int]) -> tuple[str, ...]:
    """The patterns that a bake writes: of each age, or the one where there is no ladder."""
    return tuple(at_rung(layers, age) for age in ladder) or (layers,)


def by_age(layers: str) -> dict[int | None, str]:
    """The pattern itself, by None, and those of all ages of which files stand."""
    path = Path(at_rung(layers, 0))
    head, _, tail = path.name.rpartition("age0")
    name = re.compile(rf"{re.escape(head)}age(\d{{1,3}}){re.escape(tail.partition('%')[0])}")
    there = path.parent.glob(f"{glob.escape(head)}age*") if path.parent.is_dir() else ()
    ages = sorted({int(found[1]) for each in there if (found := name.match(each.name))})
    return {None: layers, **{age: at_rung(layers, age) for age in ages}}


def around_age(pattern: str) -> tuple[str, str]:
    """What stands before and after an age in the names of a ladder's files."""
    head, _, tail = at_rung(pattern, 0).rpartition("age0")
    return f"{head}age", tail
