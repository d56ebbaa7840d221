"""How well a book doubts ages: of a career, whose true ages are known.

    python -m reage_training.actor.evaluation.doubting CAREER BOOK

prints which share of ten-year-wrong ages is doubted, and which of right ones: as the career was
made, and with others of its ages made wrong, drawn many times; with the identity network and
without.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reage_training.actor.book import Book
from reage_training.actor.career.career import ANOTHER, Career
from reage_training.actor.ingest.doubts import LIMIT, against, shown
from reage_training.actor.ingest.kept import KeptMeasures

Floats = npt.NDArray[np.float64]

OFF, ONE_IN, DRAWS = 10, 12, 300
"""Years that an age is made wrong by; among how many; how often they are drawn anew."""

_YOUNGEST, _OLDEST = 22, 75
"""Years beyond which no age is moved."""


def shares(ages: Floats, skin: Floats, faces: Floats, seed: int = 7) -> tuple[float, float]:
    """Of wrong and of right ages those that are doubted. ages: (n,) true years; skin, faces: see
    `doubts.shown`."""
    rng = np.random.default_rng(seed)
    found, vain = [], []
    for _ in range(DRAWS):
        wrong = rng.permutation(len(ages)) < max(1, len(ages) // ONE_IN)
        older = ages - OFF < _YOUNGEST
        older |= (ages + OFF < _OLDEST) & (rng.uniform(size=len(ages)) < 0.5)
        said = np.floor(ages) + wrong * np.where(older, OFF, -OFF)
        doubted = against(said, skin, faces).against > LIMIT
        found.append(doubted[wrong].mean())
        vain.append(doubted[~wrong].mean())
    return float(np.mean(found)), float(np.mean(vain))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("career", type=Path, help="folder of actor invent")
    parser.add_argument("book", type=Path, help="folder of actor ingest")
    args = parser.parse_args()
    truth = {t.file: t for t in Career.read(args.career).photographs}
    book, kept = Book.read(args.book), KeptMeasures.open(args.book)
    measures = {e.source: kept.measures(e.sha256) for e in book.learned_from}
    here = {
        name: m for name, m in measures.items()
        if m and m.has_face and name in truth and truth[name].kind != ANOTHER
    }  # fmt: skip
    if not here:
        raise SystemExit(f"The book {args.book} has no photographs of the career {args.career}.")
    ages, said = (np.array([getattr(truth[n], what) for n in here]) for what in ("age", "said"))
    skin, faces = shown(list(here.values()))
    doubted, wrong = against(said, skin, faces).against > LIMIT, np.abs(said - ages) > OFF / 2
    print(
        f"As made: {doubted[wrong].sum()} of {wrong.sum()} wrong ages doubted, "
        f"{doubted[~wrong].sum()} of {(~wrong).sum()} right ones."
    )
    for words, who in (("With", faces), ("Without", np.full_like(faces, np.nan))):
        found, vain = shares(ages, skin, who)
        print(f"{words} identities: {found:.0%} of wrong ages doubted, {vain:.0%} of right ones.")


if __name__ == "__main__":
    main()
