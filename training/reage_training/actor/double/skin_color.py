"""The tone of an actor's skin, out of what an album has read of each photograph, by age.

Analysis by synthesis: what the generator's own formulas say of places of a face, its noise at
nothing, is laid beside what every photograph shows (`places`), and its numbers are sought by
Gauss-Newton steps: blood shows through deep skin less than through pale. What is no pigment's
(shading, the reading itself) was measured on invented people: its mean is taken off, its deviation
is the prior of what is solved for beside. Priors of the numbers are those of default people; so
what photographs do not tell stays average, and as wide.

How fast skin ages and how hollow eyes become is solved for beside, and not told: it was no nearer
to the truth than the mean on three invented actors (ADR 26). Sallowness cannot be told: it yellows
all skin alike, as a white balance does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reage.pixels.ramps import smoothstep
from reage_training.actor.album.files import age_of, reading_file, said_before
from reage_training.actor.album.reading import Kept
from reage_training.actor.book import Entry
from reage_training.actor.double.places import AgedTone, Differences, PlainSkin, said
from reage_training.synth.head import Head
from reage_training.synth.traits import Traits

Floats = npt.NDArray[np.float64]

LEFT = np.array([
    [-0.024, -0.008, -0.163, -0.003, 0.030, -0.025],
    [-0.003, -0.020, -0.008, 0.019, -0.009, -0.005],
])  # fmt: skip
_LEFT_WIDTH = np.array([
    [0.024, 0.022, 0.091, 0.039, 0.070, 0.045],
    [0.019, 0.021, 0.099, 0.032, 0.077, 0.022],
])  # fmt: skip
GROWN = np.array([
    [-0.035, -0.071, 0.030, -0.027, -0.076, 0.019],
    [-0.015, -0.011, 0.011, -0.026, 0.016, 0.006],
])  # fmt: skip
_GROWN_WIDTH = np.array([
    [0.023, 0.024, 0.080, 0.042, 0.047, 0.026],
    [0.017, 0.017, 0.053, 0.041, 0.038, 0.020],
])  # fmt: skip
"""Median and deviation, over 54 invented people who were photographed at 24, 47 and 70 and read as
an album reads, of what a reading shows beyond the formulas: log2 of red, then of blue over green,
at each of `places.READ`; at every age, and more on the oldest skin."""

_TOGETHER = 3.0
"""Differences that are off together and count as one: as many as make the deviations true of 18
other invented people, in 9 to 13 photographs each."""

YOUNG, OLD = 30.0, 84.0
"""Years between which skin's color ages, see `render.skin.albedo`."""

_LEAST_NOISE, _ROBUST = 0.01, 3.0
"""Of a photograph's differences, in log2; deviations at which one counts half."""

_DRAWS = 100
"""Until one lies within its limits."""

_ROUNDS, _STEP, _STRIDE, _GRID = 5, 0.02, 0.3, 8
"""Gauss-Newton steps, that of a derivative, the longest step, ages at which albedos are made."""


@dataclass(frozen=True)
class Estimate:
    """A number and its deviation."""

    value: float
    width: float

    def drawn(self, rng: np.random.Generator, low: float, high: float) -> float:
        """Within the limits; what falls outside is drawn anew, so that no limit is likelier than
        what lies by it."""
        for _ in range(_DRAWS):
            value = float(rng.normal(self.value, self.width))
            if low <= value <= high:
                return value
        return float(np.clip(self.value, low, high))


_TONES, _SPEEDS, _BLOODS, _HOLLOWS = (0.0, 1.0), (0.8, 1.2), (-0.3, 0.3), (-1.0, 1.0)
"""What each may be."""


@dataclass(frozen=True)
class SkinColor:
    """See `synth.traits.Traits`. Without photographs they are the population's."""

    tone: Estimate = Estimate(0.35, 0.28)
    blood: Estimate = Estimate(0.02, 0.09)

    def likeliest(self, traits: Traits) -> Traits:
        """Traits with these in place of their own."""
        return replace(traits, tone=self.tone.value, blood=self.blood.value)

    def drawn(self, rng: np.random.Generator, traits: Traits) -> Traits:
        """The same, each drawn as widely as it is unsure."""
        tone, blood = self.tone.drawn(rng, *_TONES), self.blood.drawn(rng, *_BLOODS)
        return replace(traits, tone=tone, blood=blood)


_SPEED, _HOLLOW = Estimate(1.0, 0.08), Estimate(0.0, 0.5)
"""Of the ageing speed and of the logarithm of how hollow eyes are."""


def shown_by(album: Path, entries: Sequence[Entry]) -> tuple[AgedTone, ...]:
    """What an album keeps of photographs; without those that disagree with all others."""
    odd = said_before(album)[0]
    out = []
    for entry in entries:
        kept = Kept.read(reading_file(album, entry))
        if kept is not None and entry.source not in odd:
            out.append(AgedTone(age_of(entry), kept.tone))
    return tuple(out)


def tone_by_places(head: Head, shown: Sequence[AgedTone]) -> Estimate:
    """What photographs tell of the tone; of none, the population's."""
    if not shown:
        return SkinColor().tone
    skin, ages = PlainSkin(head), np.array([each.age for each in shown])
    read = [skin.read(each) for each in shown]
    sought = (SkinColor().tone, _SPEED, _HOLLOW)
    prior = np.array([(each.value, each.width) for each in sought])
    values = prior[:, 0]
    for _ in range(_ROUNDS):
        values, covariance = _stepped(skin, read, ages, values, prior)
    return Estimate(float(values[0]), float(np.sqrt(covariance[0, 0])))


def _stepped(
    skin: PlainSkin, read: Sequence[Differences], ages: Floats, values: Floats, prior: Floats
) -> tuple[Floats, Floats]:
    """Values (n,) after one step, and their covariance (n, n)."""
    grid = np.linspace(min(ages.min(), YOUNG), max(ages.max(), OLD), _GRID)
    here = said(skin, _traits(values), read, ages, grid)
    ahead = [said(skin, _traits(values + step), read, ages, grid)
             for step in _STEP * np.eye(len(values))]  # fmt: skip
    slopes = np.stack([(one - here) / _STEP for one in ahead], -1)  # (I, 2, P, n)
    old = np.array([smoothstep(float(a) * values[1], YOUNG, OLD) for a in ages])
    known = np.stack([each.known for each in read])
    off = np.stack([each.values for each in read]) - here
    normal = np.diag(1 / prior[:, 1] ** 2)
    right = (prior[:, 0] - values) / prior[:, 1] ** 2
    for c, p in np.ndindex(off.shape[1:]):
        k = known[:, p]
        if k.sum() < 2:
            continue
        beyond = off[k, c, p] - LEFT[c, p] - GROWN[c, p] * old[k]
        spread = _noise(beyond, old[k])
        shared = _LEFT_WIDTH[c, p] ** 2 + _GROWN_WIDTH[c, p] ** 2 * np.outer(old[k], old[k])
        trust = np.linalg.inv(np.diag(spread**2) + shared) / _TOGETHER
        slope = slopes[k, c, p]
        normal += slope.T @ trust @ slope
        right += slope.T @ trust @ beyond
    covariance = np.linalg.inv(normal)
    step = np.clip(covariance @ right, -_STRIDE, _STRIDE)
    limits = np.array([_TONES, _SPEEDS, _HOLLOWS])
    return np.asarray(np.clip(values + step, *limits.T)), np.asarray(covariance)


def _noise(beyond: Floats, old: Floats) -> Floats:
    """(I,) deviation of each photograph's own error: a robust spread about a line over the ages,
    more where a photograph is far off it."""
    line = np.stack([np.ones_like(old), old], -1)
    away = beyond - line @ np.linalg.lstsq(line, beyond, rcond=None)[0]
    usual = max(1.4826 * float(np.median(np.abs(away))), _LEAST_NOISE)
    return np.asarray(usual * np.sqrt(1 + (away / (_ROBUST * usual)) ** 2))


def _traits(values: Floats) -> Traits:
    tone, speed, hollow = map(float, values)
    return replace(
        Traits.random(0), tone=tone, blood=SkinColor().blood.value, ageing_speed=speed,
        hollow=float(np.exp(hollow)), sallow=1.0, spots=0.0, freckles=0.0, beard=0.0,
        makeup=(0.0, 0.0, 0.0, 0.0),
    )  # fmt: skip
