"""What the photographs of about one age say together, place by place: sums, so that memory does not
grow with their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from reage.pattern.maps import SIZE
from reage.pattern.photo.expression import Expression
from reage.pattern.photo.light import Slopes
from reage.pattern.photo.solve import Evidence
from reage.pattern.staying import dark
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage_training.actor.album.align import at_places
from reage_training.actor.album.reading import Kept, reading_of

HERE = Region(128, 44, 768, 768)
"""The part of the texture that has a face's skin."""

TOGETHER = 2.0
"""Years within which photographs make one page."""

_SEAM = 10.0
"""Sigma in texels over which one photograph goes over into another."""

_PACKED = 64.0
"""Evidence is kept as half floats, times this."""


@dataclass(frozen=True)
class LaidReading:
    """age: years; reading: its file; shift (128, 128, 2): see `album.align.Laid`"""

    age: float
    reading: Path
    shift: Pixels


@dataclass(frozen=True)
class AgeSums:
    """age: the photographs' mean; all planes (HERE.height, HERE.width)

    weight  how much skin was seen how finely, summed; coverage: 0 … 1, the most of one
    count   photographs that show it; rest: mean share of folds that are there at rest
    marks   mean tone of dark spots; dark: mean of `pattern.staying.dark`
    gains, light  half floats, times _PACKED: see `Evidence`
    tone    (M, M, 4) of `album_tone`, weighted, and the weights
    """

    age: float
    photographs: int
    weight: Pixels
    coverage: Pixels
    count: Pixels
    rest: Pixels
    marks: Pixels
    dark: Pixels
    tone: Pixels
    gains: np.ndarray | None = None
    light: np.ndarray | None = None

    def evidence(self) -> Evidence:
        assert self.gains is not None and self.light is not None, "summed without stays"
        back = np.float32(1 / _PACKED)
        return Evidence(self.gains.astype(np.float32) * back, self.light.astype(np.float32) * back)


def grouped(ages: Sequence[float]) -> list[list[int]]:
    """Which photographs make a page together, from young to old. Law: no two pages are of the same
    whole year, after which their files are named."""
    groups: list[list[int]] = []
    for k in sorted(range(len(ages)), key=lambda k: ages[k]):
        if groups and ages[k] - ages[groups[-1][0]] < TOGETHER:
            groups[-1].append(k)
        else:
            groups.append([k])
    apart: list[list[int]] = []
    for group in groups:
        if apart and _year(apart[-1], ages) == _year(group, ages):
            apart[-1] += group
        else:
            apart.append(group)
    return apart


def _year(group: Sequence[int], ages: Sequence[float]) -> int:
    return round(float(np.mean([ages[k] for k in group])))


def summed(shots: Sequence[LaidReading], stays: Pixels | None) -> AgeSums:
    """Of photographs of about one age. stays: (SIZE, SIZE) tone of marks that stay, which are no
    relief and no spots of age; None: all but the evidence is summed, to find them."""
    planes = np.zeros((6, HERE.height, HERE.width), np.float32)
    weight, coverage, count, rest, marks, darker = planes
    tone = np.zeros(4, np.float32)
    evidence: Evidence | None = None
    plain = None if stays is None else 1 - _grown(stays)
    for shot, kept in zip(shots, _read(shots), strict=True):
        own = reading_of(kept)
        skin = np.clip(_here(own.skin, shot.shift), 0, 1)
        fine = np.clip(_here(own.fine, shot.shift), 0, 1)
        w = skin * cv2.GaussianBlur(skin * fine, (0, 0), _SEAM)
        spots = np.maximum(_here(own.marks, shot.shift), 0)
        weight += w
        np.maximum(coverage, skin, out=coverage)
        count += skin > 0.5
        rest += w * cut(Expression.of(kept.mesh).rest(SIZE))
        marks += w * spots
        if stays is None:
            darker += w * dark(_here(own.light, shot.shift))
        believed = kept.tone[..., 3:]
        tone = tone + np.concatenate([kept.tone[..., :3] * believed, believed], -1)
        if plain is not None:
            slopes = Slopes(*(_here(s, shot.shift) for s in (own.slopes.right, own.slopes.down)))
            one = Evidence.of(_here(own.light, shot.shift), slopes, w * plain)
            evidence = one if evidence is None else evidence + one
    least = np.maximum(weight, np.float32(1e-6))
    gains = None if evidence is None else packed(evidence.gains)
    light = None if evidence is None else packed(evidence.light)
    age = float(np.mean([shot.age for shot in shots]))
    return AgeSums(
        age, len(shots), weight, coverage, count, rest / least, marks / least,
        darker / least,
        np.asarray(tone, np.float32), gains, light,
    )  # fmt: skip


def packed(field: Pixels) -> np.ndarray:
    """Evidence as it is kept."""
    return np.asarray(np.clip(_PACKED * field, -6e4, 6e4), np.float16)


def whole(plane: Pixels) -> Pixels:
    """A plane of HERE on the whole texture."""
    out = np.zeros((SIZE, SIZE, *plane.shape[2:]), np.float32)
    out[HERE.slices(Region(0, 0, SIZE, SIZE))] = plane
    return out


def _read(shots: Sequence[LaidReading]) -> Iterable[Kept]:
    for shot in shots:
        kept = Kept.read(shot.reading)
        assert kept is not None, f"{shot.reading} was read before"
        yield kept


def _here(field: Pixels, shift: Pixels) -> Pixels:
    return cut(at_places(field, shift))


def cut(field: Pixels) -> Pixels:
    """A plane of the whole texture, of HERE."""
    return np.ascontiguousarray(field[HERE.slices(Region(0, 0, SIZE, SIZE))])


def _grown(stays: Pixels) -> Pixels:
    """0 … 1: where a mark's light is not to be taken for relief."""
    there = cv2.dilate((cut(stays) > 0.01).astype(np.float32), np.ones((7, 7), np.uint8))
    return np.asarray(cv2.GaussianBlur(there, (0, 0), 1.5))
