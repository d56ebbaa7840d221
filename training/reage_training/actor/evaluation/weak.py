"""Where a model of one actor is weak, told from its figures alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from reage_training.actor.evaluation.contender import DEFAULT, PLATE
from reage_training.actor.evaluation.pairs import MeasuredPair
from reage_training.actor.evaluation.photographs import Trial, blind, mean_distance

_WORSE = 0.01
"""More error than the default's, of which a pair is told."""

_OUTSIDE = 2.0
"""Years that an asked age may lie outside what the book shows."""


def weak_points(
    label: str, span: tuple[float, float], pairs: Sequence[MeasuredPair], some: Sequence[Trial]
) -> Iterator[str]:
    """Sentences on the contender `label`; span: the book's, in years."""
    worse = [
        m for m in pairs if m.results[label].error > (1 + _WORSE) * m.results[DEFAULT].error
    ]
    for m in worse if label != DEFAULT else ():
        more = m.results[label].error / m.results[DEFAULT].error - 1
        yield (
            f"{m.pair.title} (pair {m.pair.name}) is {more:.0%} further from the truth than the "
            "default's."
        )
    if pairs:
        last = max(pairs, key=lambda m: m.results[label].error / m.nothing)
        share = last.results[label].error / last.nothing
        yield (
            f"Least is taken away of {last.pair.title} (pair {last.pair.name}, {last.pair.said.rig}"
            f" light, {last.pair.said.yaw:+.0f}°): {share:.0%} of the error of doing nothing is "
            "left."
        )
        for name, which in (("kept", "of the plate"), ("new", "that come between the two ages")):
            found = [f for m in pairs for f in getattr(m.results[label], name)]
            lost = sum(not f.there for f in found)
            if lost:
                yield (
                    f"{lost} of {len(found)} marks {which} are missing, too faint, or off their "
                    "place."
                )
    ages = [a for m in pairs for a in (m.pair.said.age, m.pair.said.target)]
    ages += [h.age for t in some for h in (t.plate, t.real)]
    beyond = [a for a in ages if not span[0] - _OUTSIDE <= a <= span[1] + _OUTSIDE]
    if beyond:
        yield (
            f"Ages of {min(beyond):.0f} to {max(beyond):.0f} lie outside the book's "
            f"{span[0]:.0f} to {span[1]:.0f}; there the default is leaned on."
        )
    if some and blind(some):
        yield (
            f"Distances in {' and '.join(blind(some))} tell nothing of a model here: held-out "
            "photographs of one age lie no nearer to one another than plates of other ages do."
        )
    if some and "relief" not in blind(some):
        mine, before = (mean_distance(some, name).relief for name in (label, PLATE))
        if np.isfinite(mine) and mine >= before:
            yield (
                "On photographs the result's relief is no nearer to the real photographs' "
                f"({mine:.2f}) than the plate's ({before:.2f})."
            )
