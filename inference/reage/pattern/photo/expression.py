"""How a face holds itself in a photograph, by its mesh; and where that makes folds of its own."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from reage.pattern.photo.photograph import Floats
from reage.pattern.regions import place
from reage.pixels.plate import Pixels


@dataclass(frozen=True)
class Expression:
    """Each 0 (at rest) … 1 (as much as faces do)."""

    smile: float
    open_mouth: float
    raised_brows: float
    squint: float

    @classmethod
    def of(cls, mesh: Floats) -> Expression:
        """mesh: (468, 3) landmarks, any unit."""
        face = _apart(mesh, 10, 152)
        eyes = _apart(mesh, 33, 263)
        lids = (_apart(mesh, 159, 145) / _apart(mesh, 33, 133)
                + _apart(mesh, 386, 374) / _apart(mesh, 362, 263)) / 2  # fmt: skip
        brows = (_apart(mesh, 105, 33) + _apart(mesh, 334, 263)) / 2 / eyes
        return cls(
            smile=_between(_apart(mesh, 61, 291) / eyes, *_MOUTH),
            open_mouth=_between(_apart(mesh, 13, 14) / face, *_OPEN),
            raised_brows=_between(brows, *_BROWS),
            squint=_between(lids, *_LIDS),
        )

    def words(self) -> str:
        """Such as "a smile, squinting"; "at rest" where nothing is half as much as faces do."""
        names = ("a smile", "an open mouth", "raised brows", "squinting")
        said = [n for n, v in zip(names, astuple(self), strict=True) if v >= 0.5]
        return ", ".join(said) or "at rest"

    def rest(self, size: int) -> Pixels:
        """(size, size) 0 … 1: how much of the folds that the photograph shows is there at rest."""
        smiled = sum(place(n, size) for n in ("outer_eye", "under_eye", "cheek", "lower_cheek"))
        kept = 1 - _DYNAMIC * self.smile * np.clip(smiled, 0, 1)
        kept = kept * (1 - _DYNAMIC * self.raised_brows * place("forehead", size))
        kept = kept * (1 - 0.5 * _DYNAMIC * self.squint * np.clip(place("outer_eye", size), 0, 1))
        return np.asarray(kept, np.float32)


_MOUTH, _OPEN, _BROWS, _LIDS = (0.60, 0.78), (0.02, 0.12), (0.325, 0.39), (0.28, 0.18)
"""At rest, and at the most: the mouth's width over the eyes', its opening over the face's height,
brow to outer corner of the eye over the eyes' width, opening of the lids over the eye's width."""

_DYNAMIC = 0.5
"""Share of an expression's folds that goes with it in grown faces."""


def _apart(mesh: Floats, a: int, b: int) -> float:
    return float(np.linalg.norm(mesh[a] - mesh[b]))


def _between(value: float, rest: float, most: float) -> float:
    return float(np.clip((value - rest) / (most - rest), 0, 1))
