"""A pattern out of photographs: the whole story.

photographs ▶ one face each ▶ unrolled into face UV ▶ bare skin, its light
            ▶ laid over each other ▶ the relief that explains all of them ▶ lines, folds, marks
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple
from pathlib import Path

import cv2
import numpy as np

from reage.errors import Cancelled, SettingsError
from reage.faces.skin import places
from reage.pattern.file import PatternFile
from reage.pattern.maps import FOLDS_UNIT, LINES_UNIT, MARKS_UNIT, SIZE
from reage.pattern.photo.align import agreement, moved, shift_to
from reage.pattern.photo.expression import Expression
from reage.pattern.photo.photograph import Floats, Photograph, photograph
from reage.pattern.photo.reading import Reading, reading
from reage.pattern.photo.relief import folds_of, lines_of
from reage.pixels.plate import Pixels
from reage.pixels.ramps import smoothstep
from reage.progress import Countdown, Progress

_FIRST_LOOK = SIZE // 2
"""Side at which photographs are laid over each other."""

_SEAM = 10 / 1024
"""Sigma in face UV over which one photograph goes over into another."""

_ONE = 0.35
"""Of `align.agreement`, below which photographs are told to be of different people. Of 14 pairs of
photographs of one person (12 synthetic from sides 28° and 56° apart, two real) none lies below, of
54 synthetic pairs of different people 26 %, of 151 real ones 28 %. The mesh's shape tells less: 19
measures of it, weighed by how 45 synthetic people's vary with view and expression, told 22 % of 45
others apart where 5 % of them were taken for two."""

_WORTH = (0.25, 0.45)
"""What a flow must add to `align.agreement` to be followed a little, and wholly. Where the mesh is
off, as the networks' is between sides 28° apart, it adds .45 … .67; where it is exact, .02 … .23,
and nothing but the flow's own error: lines correlate with the true ones by .07 … .2 less."""

_WHOLE = 0.6
"""Of skin to be seen, from which a place is covered wholly."""


def make_pattern(
    photographs: Sequence[Path | str],
    colorspace: str | None = None,
    progress: Callable[[Progress], object] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> PatternFile:
    """The pattern of the one person in photographs; the more sides they show, the better.

    colorspace: of the photographs; else what each says itself
    Raises SettingsError without any, PlateError and ColorspaceError where one cannot be read,
    FaceError where one shows no face, several, or one too small, Cancelled. Where photographs seem
    to show different people the pattern says so (`doubt`), and is made.
    """
    if not photographs:
        raise SettingsError("A pattern is made from one photograph or more; name some.")
    countdown = Countdown("pattern", 3 * len(photographs))

    def told() -> None:
        progress(countdown.next(countdown.done))
        if cancelled():
            raise Cancelled("Cancelled; no pattern was made.")

    taken = []
    for each in photographs:
        taken.append(photograph(Path(each), colorspace))
        told()
    return pattern_of(taken, places(), told)


def pattern_of(
    photographs: Sequence[Photograph],
    layout: Floats,
    told: Callable[[], object] = lambda: None,
) -> PatternFile:
    """The pattern of photographs that were read; layout (468, 2): face UV of their landmarks;
    told: after each of the two times that each is looked at."""
    shifts, doubt = _laid_over(photographs, layout, told)
    readings = []
    for photo, shift in zip(photographs, shifts, strict=True):
        readings.append(reading(photo, layout, SIZE, shift))
        told()
    weights = chosen(readings)
    evidence = readings[0].evidence(weights[0])
    for each, weight in zip(readings[1:], weights[1:], strict=True):
        evidence = evidence + each.evidence(weight)
    relief, total = evidence.relief(), np.maximum(sum(weights), np.float32(1e-6))
    coverage = np.clip(np.max([r.skin for r in readings], axis=0) / _WHOLE, 0, 1)
    expressions = [Expression.of(photo.mesh) for photo in photographs]
    rest = sum(w * e.rest(SIZE) for w, e in zip(weights, expressions, strict=True)) / total
    marks = sum(w * r.marks for w, r in zip(weights, readings, strict=True)) / total
    maps = np.stack(
        [lines_of(relief) / LINES_UNIT, rest * folds_of(relief) / FOLDS_UNIT, marks / MARKS_UNIT],
        -1,
    )
    return PatternFile(
        maps=np.asarray(maps * coverage[..., None], np.float32),
        coverage=np.asarray(coverage, np.float32),
        count=np.asarray(sum(r.skin > 0.5 for r in readings), np.float32),
        said=_said(photographs, expressions, [float(w.sum()) for w in weights], doubt),
    )


def _said(
    photographs: Sequence[Photograph],
    expressions: Sequence[Expression],
    shares: Sequence[float],
    doubt: str,
) -> dict[str, str | int | float]:
    """For the header; means count a photograph by what was taken from it."""
    mean = Expression(*np.average([astuple(e) for e in expressions], axis=0, weights=shares))
    size = np.average([photo.taken_px for photo in photographs], weights=shares)
    values = {f"reage:pattern_{name}": round(float(v), 3) for name, v in asdict(mean).items()}
    return {
        "reage:pattern_photographs": len(photographs),
        "reage:pattern_face_px": round(float(size)),
        "reage:pattern_expression": mean.words(),
        "reage:pattern_doubt": doubt,
        **values,
    }


def chosen(readings: Sequence[Reading]) -> list[Pixels]:
    """(N, N) 0 … 1 each: how much each reading counts at each place, by how well it shows it beside
    the one that shows it best; seams blended. Not the best alone: light from several sides tells
    more of a relief than from one."""
    shown = [r.skin * r.fine for r in readings]
    best = np.maximum(np.max(shown, axis=0), np.float32(1e-6))
    sigma = _SEAM * len(best)
    return [
        r.skin * cv2.GaussianBlur(s / best, (0, 0), sigma)
        for r, s in zip(readings, shown, strict=True)
    ]


def _laid_over(
    photographs: Sequence[Photograph], layout: Floats, told: Callable[[], object]
) -> tuple[list[Pixels | None], str]:
    """For each photograph where to look for a place of the one that shows most skin; and what is
    doubtful about that, in a sentence."""
    looks, reliefs = [], []
    for photo in photographs:
        if len(photographs) > 1:
            looks.append(reading(photo, layout, _FIRST_LOOK))
            reliefs.append(looks[-1].evidence().relief())
        told()
    if not looks:
        return [None], ""
    first = int(np.argmax([(look.skin * look.fine).sum() for look in looks]))
    known = (reliefs[first], looks[first].skin)
    shifts: list[Pixels | None] = []
    others = []
    for k, (look, relief) in enumerate(zip(looks, reliefs, strict=True)):
        if k == first:
            shifts.append(None)
            continue
        shift = shift_to(*known, relief, look.skin)
        before = agreement(*known, relief, look.skin)
        after = agreement(*known, moved(relief, shift), moved(look.skin, shift))
        shifts.append(_enlarged(shift * np.float32(smoothstep(after - before, *_WORTH))))
        if after < _ONE:
            others.append(photographs[k].name)
    doubt = f"{', '.join(others)} may show another person than {photographs[first].name}."
    return shifts, doubt if others else ""


def _enlarged(shift: Pixels) -> Pixels:
    scale = SIZE / _FIRST_LOOK
    return np.asarray(cv2.resize(shift, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR) * scale)
