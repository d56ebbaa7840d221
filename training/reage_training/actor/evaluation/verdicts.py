"""The figures of a page, beside what they are to reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reage_training.actor.evaluation.contender import ACTOR, ALBUM, DEFAULT, PLATE
from reage_training.actor.evaluation.pairs import MeasuredPair, moved_px


@dataclass(frozen=True)
class FigureRow:
    """text; value for each contender, as written; aim in words; reached: None where nothing is
    asked or nothing was measured"""

    text: str
    values: dict[str, str]
    aim: str = ""
    reached: bool | None = None


AIMS = {ALBUM: -0.15, ACTOR: -0.30}
"""Error on skin against the default's."""

MARKS, OTHERS = 0.90, 1.05


def gain(pairs: Sequence[MeasuredPair], label: str) -> float:
    """Error against the default's: −0.3 is 30 % less."""
    mine, default = (sum(m.results[name].error for m in pairs) for name in (label, DEFAULT))
    return mine / default - 1


def rows(pairs: Sequence[MeasuredPair]) -> list[FigureRow]:
    """Of pairs whose truth is known: the plate's, and each contender's that they were given to."""
    labels = [label for label in (PLATE, DEFAULT, ALBUM, ACTOR) if label in pairs[0].results]
    out = []
    for text, some in (
        ("error on skin against the default's", list(pairs)),
        ("the same, made older", [m for m in pairs if m.pair.older]),
        ("the same, made younger", [m for m in pairs if not m.pair.older]),
    ):
        gains = {label: gain(some, label) for label in labels} if some else {}
        asked = {label: g <= AIMS[label] for label, g in gains.items() if label in AIMS}
        first = len(some) == len(pairs)
        wanted = "; ".join(f"{label} {AIMS[label]:+.0%}" for label in labels if label in AIMS)
        out.append(FigureRow(text, {label: f"{g:+.1%}" for label, g in gains.items()},
                       wanted if first else "",
                       all(asked.values()) if first and asked else None))  # fmt: skip
    out.append(FigureRow("error on skin, ACEScct", {
        label: f"{np.mean([m.results[label].error for m in pairs]):.4f}" for label in labels
    }))  # fmt: skip
    out += _marks(pairs, labels)
    out.append(FigureRow("landmarks of bone moved, median px at 512", {
        label: f"{moved_px([m.results[label] for m in pairs]):.2f}" for label in labels
    }))  # fmt: skip
    return out


def _marks(pairs: Sequence[MeasuredPair], labels: Sequence[str]) -> list[FigureRow]:
    out = []
    for text, name in (
        ("marks of the plate that stay, present and in place", "kept"),
        ("marks that come between the two ages, present and in place", "new"),
    ):
        shares = {}
        for label in labels:
            found = [f for m in pairs for f in getattr(m.results[label], name)]
            if found:
                shares[label] = (sum(f.there for f in found), len(found))
        last = shares.get(labels[-1])
        reached = last[0] >= MARKS * last[1] if last else None
        out.append(FigureRow(text, {k: f"{a} of {b}, {a / b:.0%}" for k, (a, b) in shares.items()},
                       f"{MARKS:.0%} or more", reached))  # fmt: skip
    left = {label: [s for m in pairs for s in m.results[label].left] for label in labels}
    out.append(FigureRow("left of marks that are not there yet, mean", {
        label: f"{np.mean(shares):.0%} of {len(shares)}" for label, shares in left.items() if shares
    }))  # fmt: skip
    return out


def other_people(pairs: Sequence[MeasuredPair]) -> FigureRow:
    """Another person's pairs, with this model and with the default, on the same drawn pattern."""
    change = gain(pairs, ACTOR)
    return FigureRow("another person's error on skin against the default's",
               {ACTOR: f"{change:+.1%} on {len(pairs)} pairs"},
               f"at most {OTHERS - 1:+.0%}", 1 + change <= OTHERS)  # fmt: skip
