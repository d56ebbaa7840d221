"""Ingredients that a signed file names, held against the files that lie there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reage.fingerprint import sha256_of
from reage.trail.against import Against, Say
from reage.trail.line import listed
from reage.trail.record import Record
from reage.trail.signature import SignedIngredient


def check_ingredients(
    records: Sequence[Record], against: Against, wrong: Say, note: Say
) -> None:
    """Each by its name in the folders, by what is in it."""
    named = dict.fromkeys(
        each for one in records if one.signature for each in one.signature.ingredients
    )
    if not named:
        if against.folders:
            wrong("no file names ingredients that could be checked.")
        return
    kept = sum(each.signed for each in named)
    brought = f", {kept} with a signature of their own" if kept else ""
    if not against.folders:
        note(f"Made of {len(named)} files{brought}; --ingredients FOLDER checks them.")
        return
    absent, changed = list[str](), list[str]()
    for each in named:
        found = _found(each, against.folders)
        if not found:
            absent.append(each.title)
        elif each.sha256 not in found:
            changed.append(each.title)
    if changed:
        wrong(f"not the files that were signed: {listed(changed)}.")
    if len(absent) == len(named):
        wrong("not one of its ingredients lies in the folders that were given.")
    elif absent:
        note(f"Not there to be checked: {listed(absent)}.")
    fine = len(named) - len(absent) - len(changed)
    note(f"Of {len(named)} ingredients{brought} {fine} are those that were signed.")


def _found(each: SignedIngredient, folders: Sequence[Path]) -> set[str]:
    """Hashes of the files by its name."""
    name = Path(each.title).name  # a signed name leads out of no folder
    return {sha256_of(path) for folder in folders if (path := folder / name).is_file()}
