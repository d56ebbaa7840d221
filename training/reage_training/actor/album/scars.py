"""Scars in photographs of many ages: light lines that are there at once, and stay.

A light line lies beside every wrinkle, too, where skin turns to the light, and wherever a feature
has an edge. A wrinkle's has the wrinkle beside it, as dark as it is light; a feature's is on both
sides of the face, and lies where all faces have it. What remains is looked at along its length, by
which a line stands out from the weave of skin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from reage.pattern.layout import CHEEK, FOREHEAD, NECK, creases
from reage.pattern.maps import SIZE
from reage.pattern.photo.photograph import Floats
from reage.pattern.staying import bends
from reage.pixels.plate import Pixels
from reage_training.actor.album.align import at_places
from reage_training.actor.album.marks import StayingMark, near
from reage_training.actor.album.reading import Kept
from reage_training.actor.album.sums import LaidReading, cut

_SIGMA = 1.6
"""Texels over which lines are looked at together."""

_BESIDE = 8
"""Texels beside a line in which a wrinkle is its own: 2.4 mm."""

_OTHER = 14
"""Texels by which the halves of a face lie off each other."""

_LONG, _WAYS = 25, 12
"""Texels along which a line is looked at, in so many directions."""

_APART, _SCAR = 20, 40
"""Texels between two lines, and between two scars: one is up to 57 long, and is found once."""

_LEAST = 0.008
"""Mean tone of a line, along its length, that is no weave of skin."""

_STRONG = 0.03
"""The same in young photographs, for one that has always been there."""

_BEFORE, _ONCE, _LASTS = 0.15, 0.7, 0.4
"""Of a scar's tone: at most so much before it comes, so much at once, and so much for good."""

_PAGES = 3
"""Pages that must show its place before a scar comes, and more than so many after."""

_REACH = 24
"""Texels from a scar's middle to its farthest end."""

_SIDE = 0.31
"""How far from the middle, in u, no hair and no ear makes lines."""

_COURSES, _AWAY = 8, 14
"""Drawn faces whose creases say where creases run, and texels beside those that may be one."""

_SCATTERED = (FOREHEAD.name, CHEEK.name, NECK.name)
"""Kinds of creases that lie anywhere, with skin between them."""


@dataclass(frozen=True)
class Lines:
    """Of photographs of about one age, mean tone of what is lighter and darker across one of its
    directions: (HERE.height, HERE.width) each."""

    light: Pixels
    dark: Pixels

    @classmethod
    def of(cls, shots: Sequence[LaidReading]) -> Lines:
        total, light, dark = (np.float32(0) for _ in range(3))
        for shot in shots:
            kept = Kept.read(shot.reading)
            assert kept is not None, f"{shot.reading} was read before"
            w = np.clip(cut(at_places(kept.skin, shot.shift)), 0, 1)
            low, high = bends(cut(at_places(kept.light, shot.shift)))
            total, light = total + w, light + w * np.maximum(-low, 0)
            dark = dark + w * np.maximum(high, 0)
        least = np.maximum(total, np.float32(1e-3))
        return cls(np.asarray(light / least), np.asarray(dark / least))

    @property
    def alone(self) -> Pixels:
        """How light lines are that have no dark one beside them, along their length; above zero."""
        light, dark = (cv2.GaussianBlur(f, (0, 0), _SIGMA) for f in (self.light, self.dark))
        left = np.maximum(light - cv2.dilate(dark, _disk(_BESIDE)), np.float32(-0.02))
        along = np.max([cv2.filter2D(left, -1, stroke) for stroke in _strokes()], axis=0)
        return np.asarray(np.maximum(along, 0), np.float32)


def scars(
    ages: Sequence[float], lines: Sequence[Lines], weights: Sequence[Pixels]
) -> list[StayingMark]:
    """The scars, each with a tone below zero. ages: from young to old; lines, weights: of each,
    weights (HERE.height, HERE.width) how much skin was seen."""
    mean = _mean(lines, weights)
    total = sum(weights)
    line = mean.alone
    line = line - cv2.dilate(line[:, ::-1], _disk(_OTHER))
    line = line * (total > 0.2) * cut(_free())
    peaks = (line >= cv2.dilate(line, _disk(_APART))) & (line > _LEAST)
    if not peaks.any():
        return []
    alone = [each.alone for each in lines]
    out = []
    for y, x in np.argwhere(peaks):
        seen = zip(ages, alone, weights, strict=True)
        row = [(age, near(field, x, y)) for age, field, w in seen if w[y, x] > 0.2]
        since = _since(row)
        if since is not None:
            out.append(StayingMark(int(x), int(y), -float(near(mean.light, x, y)), since))
    return _each_once(out)


def _each_once(found: Sequence[StayingMark]) -> list[StayingMark]:
    """Without those that are a stronger one's other end."""
    kept: list[StayingMark] = []
    for scar in sorted(found, key=lambda one: one.tone):
        if all(np.hypot(scar.x - one.x, scar.y - one.y) > _SCAR for one in kept):
            kept.append(scar)
    return kept


def drawn_scars(
    found: Sequence[StayingMark], ages: Sequence[float], lines: Sequence[Lines],
    weights: Sequence[Pixels],
) -> Pixels:  # fmt: skip
    """(HERE.height, HERE.width) tone of scars, below zero, as those photographs show them that
    have them."""
    out = np.zeros_like(weights[0])
    y, x = np.indices(out.shape, np.float32)
    for scar in found:
        there = [k for k, age in enumerate(ages) if age > scar.since]
        mean = _mean([lines[k] for k in there], [weights[k] for k in there])
        light = np.maximum(cv2.GaussianBlur(mean.light, (0, 0), 1) - np.median(mean.light), 0)
        strongest = float(near(light, scar.x, scar.y))
        close = np.hypot(x - scar.x, y - scar.y) < _REACH
        line = mean.alone
        own = close & (light > 0.4 * strongest) & (line > 0.3 * near(line, scar.x, scar.y))
        _, parts = cv2.connectedComponents(own.astype(np.uint8))
        best = np.argmax(np.where(close & (np.hypot(x - scar.x, y - scar.y) < 9), light, 0))
        this = parts == parts.flat[best]
        soft = cv2.GaussianBlur(cv2.dilate(this.astype(np.float32), _disk(2)), (0, 0), 1)
        out = np.minimum(out, -light * soft)
    return out


def _since(row: Sequence[tuple[float, float]]) -> float | None:
    """From which age on a line is there, as `marks.staying` says it; None where it is no scar."""
    if len(row) < _PAGES:
        return None
    tones = np.array([tone for _, tone in row])
    if np.median(tones[: (len(tones) + 1) // 2]) > _STRONG:
        return 0.0
    if len(row) < 2 * _PAGES:
        return None
    steps = [k for k in range(_PAGES, len(row) - _PAGES) if _is_step(tones[:k], tones[k:])]
    if not steps:
        return None
    k = min(steps, key=lambda k: k * tones[:k].var() + (len(row) - k) * tones[k:].var())
    return float(row[k - 1][0] + row[k][0]) / 2


def _is_step(before: Floats, after: Floats) -> bool:
    """Whether there is nothing before, and at once all of it, for good."""
    usual = float(np.median(after))
    nothing = max(np.median(before), before[-1]) < _BEFORE * usual and before.max() < usual
    once, rest = np.median(after[:_PAGES]), np.minimum(after[_PAGES:], 2 * usual).mean()
    return bool(usual > _LEAST and nothing and once > _ONCE * usual and rest > _LASTS * usual)


def _mean(lines: Sequence[Lines], weights: Sequence[Pixels]) -> Lines:
    total = np.maximum(sum(weights), np.float32(1e-3))
    light, dark = (
        sum(w * field for w, field in zip(weights, fields, strict=True)) / total
        for fields in ([each.light for each in lines], [each.dark for each in lines])
    )
    return Lines(np.asarray(light, np.float32), np.asarray(dark, np.float32))


@lru_cache(maxsize=1)
def _strokes() -> tuple[Pixels, ...]:
    """Short soft lines in _WAYS directions, of sum 1."""
    out = []
    middle = _LONG // 2
    for angle in np.pi * np.arange(_WAYS) / _WAYS:
        x, y = round(np.cos(angle) * middle), round(np.sin(angle) * middle)
        ends = (middle - x, middle - y), (middle + x, middle + y)
        stroke = cv2.line(np.zeros((_LONG, _LONG), np.float32), *ends, 1.0, 1, cv2.LINE_AA)
        stroke = cv2.GaussianBlur(stroke, (0, 0), 1.2)
        out.append(stroke / stroke.sum())
    return tuple(out)


@lru_cache(maxsize=1)
def _free() -> Pixels:
    """(SIZE, SIZE) 0 or 1: where no drawn face has creases of a course that all faces share."""
    out = np.zeros((SIZE, SIZE), np.float32)
    side = round((0.5 - _SIDE) * SIZE)
    out[:, side:-side] = 1
    for seed in range(_COURSES):
        for crease in creases(np.random.default_rng(seed)):
            if crease.kind.name in _SCATTERED:
                continue
            points = np.round(crease.points * [SIZE, -SIZE] + [0, SIZE]).astype(np.int32)
            cv2.polylines(out, [points], False, 0.0, 2 * _AWAY)
    return out


def _disk(radius: int) -> np.ndarray:
    side = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
