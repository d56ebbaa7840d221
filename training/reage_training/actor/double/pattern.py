"""A double's pattern in the generator's own channels, out of an album's pages.

A page says which pattern of the oldest years, put through the default curves of ageing, gives what
photographs near its age show. When each kind of crease comes with this person is not told: fitted
to pages as delays, it was no nearer to the truth than nothing on two invented actors (ADR 26).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from reage.pattern.crease import Kind
from reage.pattern.file import PatternFile
from reage.pattern.layout import KINDS
from reage.pattern.maps import FOLDS, FOLDS_UNIT, LINES_UNIT, MARKS_UNIT, SIZE
from reage.pattern.noise import Field
from reage.pattern.relief import relief
from reage_training.actor.album.growth import Growth
from reage_training.actor.double.calibration import Gains
from reage_training.render.look import IS_FOLD
from reage_training.synth.patterns import CREPE, FINE, KIND, MOLES, SPOTS, WEAVE

Floats = npt.NDArray[np.float64]

_DRAWN, _COARSE, _BLUR = 8, 256, 0.010
"""Drawn patterns whose mean says where a kind's creases lie, their side, the blur in face UV."""

_ELSEWHERE = 0.06
"""Of a kind's usual strength at its strongest place: where all kinds together have less, a line is
of none of them and counts as a fine one."""

_LEAST_AGED = 0.05
"""Share of a kind that must have come by the oldest page for pages to tell of it."""

_LIGHTEST, _DARKEST = 0.12, 0.45
"""What a mole may add to a tone, as `render.skin.albedo` has it."""


@dataclass(frozen=True)
class Pages:
    """Those of an album, from young to old. ages (A,) years; files (A,)"""

    ages: tuple[float, ...]
    files: tuple[PatternFile, ...]


@dataclass(frozen=True)
class Fitted:
    """kinds   (K, N, N) unit relief of each of `layout.KINDS`
    rest    (N, N) 0.1 mm at full age of lines that are of no kind
    marks   (N, N) tone of the spots at full age
    stays   (N, N) tone of what stays: moles above zero, scars below
    covered (N, N) 0 … 1: where photographs showed skin
    """

    kinds: Field
    rest: Field
    marks: Field
    stays: Field
    covered: Field

    def stronger(self, gains: Gains) -> Fitted:
        """With its lines and folds as a calibration asks for."""
        pairs = zip(self.kinds, IS_FOLD, strict=True)
        kinds = np.stack([gains.on(plane, int(fold)) for plane, fold in pairs])
        return replace(self, kinds=kinds, rest=gains.on(self.rest, 0))

    def into(self, drawn: Field, tone: float, dense: float = 1.0) -> Field:
        """(N, N, CHANNELS) of `synth.patterns`: a drawn pattern with the person's creases and marks
        where photographs show them. Weave, fine lines and crepe, which photographs do not resolve,
        are the drawn ones times `dense`."""
        out = np.array(drawn, np.float32)
        seen = self.covered[..., None]
        out[..., KIND] += seen * (np.moveaxis(self.kinds, 0, -1) - out[..., KIND])
        out[..., [WEAVE, FINE, CREPE]] *= 1 + seen * np.float32(dense - 1)
        out[..., FINE] += self.covered * self.rest
        spots = self.marks[..., None] / 3
        out[..., SPOTS] += seen * (spots - out[..., SPOTS])
        stays = self.stays / float(np.clip(0.75 - tone, _LIGHTEST, _DARKEST))
        out[..., MOLES] += self.covered * (np.clip(stays, -1.0, 1.5) - out[..., MOLES])
        return out


def fitted(pages: Pages) -> Fitted:
    """The pattern that an album's pages agree on."""
    lines, folds, marks = (
        np.stack([file.maps[..., c] * unit for file in pages.files])
        for c, unit in enumerate((LINES_UNIT, FOLDS_UNIT, MARKS_UNIT))
    )  # (A, N, N)
    coverage = np.stack([file.coverage for file in pages.files])
    of_line, of_fold = shares(SIZE)
    kinds = np.zeros((len(KINDS), SIZE, SIZE), np.float32)
    for k, kind in enumerate(KINDS):
        share = of_fold[k] if IS_FOLD[k] else of_line[k]
        relief = folds if IS_FOLD[k] else lines
        kinds[k] = share * agreed(kind, pages.ages, relief) / kind.depth
    older = np.array(pages.ages) / sum(pages.ages)
    rest = np.clip(1 - of_line.sum(0), 0, 1) * np.tensordot(older, lines, 1)
    stays = np.stack([file.further.get("stays", np.zeros((SIZE, SIZE), np.float32))
                      for file in pages.files])  # fmt: skip
    # A scar that comes is on the later pages alone.
    stays = np.take_along_axis(stays, np.abs(stays).argmax(0)[None], 0)[0]
    return Fitted(
        kinds, rest.astype(np.float32), np.tensordot(older, marks, 1).astype(np.float32),
        stays.astype(np.float32), coverage.max(0),
    )  # fmt: skip


@lru_cache(maxsize=2)
def shares(size: int) -> tuple[Field, Field]:
    """(K, size, size) each, lines' and folds': how much of a relief is of each kind, by where drawn
    patterns have that kind. Law: over the lines, and over the folds, they sum to 1 at most, and to
    next to nothing where none of them lies."""
    mean = np.mean([np.abs(relief(9000 + n, _COARSE).kinds) for n in range(_DRAWN)], 0)
    depths = np.array([kind.depth for kind in KINDS], np.float32)[:, None, None]
    soft = np.stack([cv2.GaussianBlur(p, (0, 0), _BLUR * _COARSE) for p in mean * depths])
    soft = (soft + soft[:, :, ::-1]) / 2
    out = []
    none = _ELSEWHERE * float(np.median(soft.max((1, 2))))
    for kept in (~IS_FOLD, IS_FOLD):
        there = soft * kept[:, None, None]
        part = there / (there.sum(0) + none)
        out.append(np.stack([cv2.resize(p, (size, size)) for p in part]).astype(np.float32))
    return out[0], out[1]


def agreed(kind: Kind, ages: Sequence[float], pages: Field) -> Field:
    """(N, N) 0.1 mm: what a kind's relief is when it is all there, by pages (A, N, N): such a one
    as explains best what photographs of their ages showed."""
    grown, aged = _grown(kind, ages), _aged(kind, ages)
    if aged.max() < _LEAST_AGED:  # nobody of these ages has any: what the oldest page says
        aged = grown = np.eye(len(ages))[-1]
    weights = (grown * aged / (aged @ aged)).astype(np.float32)
    return np.asarray(np.tensordot(weights, pages, 1), np.float32)


def _grown(kind: Kind, ages: Sequence[float]) -> Floats:
    """(A,) share of a page's relief that photographs of its age showed, see `album.growth`."""
    grown = [Growth.at(age) for age in ages]
    return np.array([each.folds if kind in FOLDS else each.lines for each in grown])


def _aged(kind: Kind, ages: Sequence[float]) -> Floats:
    """(A,) 0 … 1: how much of a kind has come."""
    return np.array([kind.aged_depth(age) for age in ages]) / kind.depth
