"""Kinds of crease, how deep they get with age, and the course of a single one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reage.pattern.noise import wander
from reage.pattern.regions import Points, mirrored, through
from reage.pixels.ramps import smooth_ramp, smoothstep

SAMPLES = 72


@dataclass(frozen=True)
class Kind:
    """How the creases of one place age.

    Depth (0.1 mm) grows from 0 at `onset` years to `depth` at onset + ramp. A full
    expression adds `dynamic` (0.1 mm) at any age and multiplies the aged depth by
    1 + `deepening`. `width` is the half width of the groove in UV units.
    """

    name: str
    onset: float
    ramp: float
    depth: float
    width: float
    shoulder: float = 0.35
    lean: float = 0.0
    taper: tuple[float, float] = (0.3, 0.4)
    follows: str = ""  # "smile", "brow_raise", "brow_frown", or nothing
    dynamic: float = 0.0
    deepening: float = 0.0

    def aged_depth(self, age: float, delay: float = 0.0) -> float:
        """Depth in 0.1 mm on a face at rest at a skin age in years; `delay` years later."""
        return self.depth * smoothstep(age, self.onset + delay, self.onset + delay + self.ramp)


@dataclass(frozen=True)
class Crease:
    """A curve on the skin: points (K, 2) UV, widths (K,) UV, depths (K,) in 0..~1.5."""

    kind: Kind
    points: Points
    widths: Points
    depths: Points
    gain: float

    def other_side(self) -> Crease:
        """The crease mirrored to the other half of the face."""
        kind = replace(self.kind, lean=-self.kind.lean)
        return replace(self, kind=kind, points=mirrored(self.points))


def crease(
    rng: np.random.Generator,
    kind: Kind,
    points: npt.ArrayLike,
    *,
    loose: float = 0.0,
    strength: float = 1.0,
    slim: float = 1.0,
) -> Crease:
    """A crease along the given UV points, made irregular so that it never looks drawn.

    The line wavers, its depth swells, fades and breaks along its run, its width follows
    the depth. `loose` is how far (UV units) the whole curve may be bent by the seed.
    """
    knots = np.asarray(points, dtype=np.float64)
    knots = knots + rng.normal(0.0, 0.55 * loose, knots.shape) + rng.normal(0.0, 0.6 * loose, 2)
    run = through(knots, SAMPLES)
    length = float(np.linalg.norm(np.diff(run, axis=0), axis=1).sum())
    tangent = np.gradient(run, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-9
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    period = SAMPLES * min(0.5, 0.016 / max(length, 1e-3))
    t = np.linspace(0.0, 1.0, SAMPLES)
    ends = smooth_ramp(t, 0.0, kind.taper[0]) * smooth_ramp(1.0 - t, 0.0, kind.taper[1])
    unruly = min(1.0, 0.0036 / kind.width)  # a deep fold runs steadier than a fine line
    waver = 0.0011 * wander(rng, SAMPLES, period)
    waver += 0.0004 * unruly * wander(rng, SAMPLES, period / 3)
    swell = 0.30 * wander(rng, SAMPLES, 2.2 * period) + 0.20 * wander(rng, SAMPLES, period)
    depths = np.float64(ends) * np.clip(1.0 + unruly * swell, 0.05, 1.7)
    widths = kind.width * slim * (0.55 + 0.45 * depths) * rng.uniform(0.85, 1.15)
    return Crease(
        kind=kind,
        points=run + waver[:, None] * normal * min(1.0, length / 0.06),
        widths=np.maximum(widths, 0.0004),
        depths=depths,
        gain=strength,
    )


def branch(rng: np.random.Generator, parent: Crease) -> Crease:
    """A finer crease that leaves its parent at a small angle."""
    start = int(rng.integers(SAMPLES // 6, SAMPLES * 2 // 3))
    ahead = parent.points[min(start + 4, SAMPLES - 1)] - parent.points[start]
    total = float(np.linalg.norm(parent.points[-1] - parent.points[0]))
    reach = rng.uniform(0.18, 0.38) * total
    turn = rng.choice([-1.0, 1.0]) * rng.uniform(0.12, 0.32)
    heading = np.arctan2(ahead[1], ahead[0]) + turn * np.array([0.5, 1.0])
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=1) * reach / 2
    origin = parent.points[start]
    path = [origin, origin + steps[0], origin + steps.sum(axis=0)]
    kind = replace(parent.kind, taper=(0.1, 0.7), lean=0.0)
    return crease(rng, kind, path, strength=parent.gain * rng.uniform(0.3, 0.5), slim=0.6)
