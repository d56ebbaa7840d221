"""How a head's shape changes with the years: smooth fields on its vertices.

The changed shape is shaded, not drawn: every pore, edge and silhouette of a pair stays on
its pixel. A delta adds to pixels and cannot move them; where shapes were drawn as they aged,
two thirds of what that changed was drifting skin grain, which no network can foresee.

Amplitudes and onsets were judged by eye on renders against the old-minus-young shape
targets of MakeHuman (CC0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage_training.synth.head import Floats, Head, Material


@dataclass(frozen=True)
class Field:
    """One change of shape.

    center, radius  cm; a Gaussian around the center, mirrored to the other side if paired
    shift           cm at full strength: outward from the middle plane, up, forward
    onset, ramp     years at which it starts, and that it takes to full strength
    """

    name: str
    center: tuple[float, float, float]
    radius: tuple[float, float, float]
    shift: tuple[float, float, float]
    onset: float
    ramp: float
    paired: bool = True


FIELDS = (
    Field("jowl", (4.6, -5.3, 7.4), (1.9, 1.8, 2.6), (0.32, -0.50, 0.05), 42, 40),
    Field("prejowl", (3.0, -5.7, 9.3), (1.0, 1.2, 1.6), (0.0, -0.10, -0.17), 45, 40),
    Field("cheek hollow", (4.7, -0.6, 8.6), (1.8, 1.9, 2.2), (-0.10, -0.12, -0.33), 40, 45),
    Field("nasolabial", (3.0, -0.8, 10.3), (0.85, 1.2, 1.2), (0.05, -0.16, 0.20), 35, 45),
    Field("temple", (6.6, 6.2, 6.2), (1.3, 1.8, 2.2), (-0.28, 0.0, -0.10), 45, 40),
    Field("lid bag", (3.1, 2.15, 9.5), (1.1, 0.42, 0.9), (0.0, -0.06, 0.17), 38, 40),
    Field("tear trough", (2.9, 1.25, 9.7), (1.2, 0.45, 0.9), (0.0, 0.0, -0.14), 40, 45),
    Field("hooding", (4.1, 4.75, 9.2), (1.1, 0.42, 0.8), (0.0, -0.18, 0.12), 42, 40),
    Field("brow", (4.8, 6.0, 9.0), (1.4, 0.8, 1.4), (0.0, -0.22, 0.03), 40, 45),
    Field("nose tip", (0, 0.2, 12.8), (1.1, 0.9, 1.4), (0.0, -0.24, 0.08), 35, 50, False),
    Field("nose wing", (1.2, -0.6, 11.3), (0.7, 0.7, 1.0), (0.09, -0.06, 0.04), 35, 50),
    Field("upper lip", (0, -2.7, 11.7), (2.2, 0.5, 1.2), (0.0, 0.05, -0.19), 45, 40, False),
    Field("lower lip", (0, -4.1, 11.3), (2.0, 0.5, 1.2), (0.0, 0.04, -0.19), 45, 40, False),
    Field("mouth corner", (2.6, -3.6, 10.1), (0.8, 0.8, 1.0), (0.0, -0.09, -0.06), 42, 40),
    Field("under chin", (0, -9.5, 7.0), (1.6, 2.2, 2.6), (0.0, -0.65, 0.22), 48, 40, False),
    Field("ear lobe", (8.6, -0.4, 0.5), (1.0, 1.6, 2.0), (0.0, -0.35, 0.0), 40, 50),
)


@dataclass(frozen=True)
class ShapeAgeing:
    """The fields laid on one head. shifts (F, V, 3) float32 cm at full strength."""

    shifts: Floats

    @classmethod
    def on(cls, head: Head) -> ShapeAgeing:
        """Only skin moves: eyes, lashes and teeth stay where they are."""
        skin = np.zeros(len(head.vertices), np.float32)
        skin[np.unique(head.corners(Material.FACE, Material.BACK))] = 1
        return cls(np.stack([_laid(field, head.vertices) * skin[:, None] for field in FIELDS]))

    def displaced(self, vertices: Floats, age: float, gains: Floats) -> Floats:
        """`vertices` (V, 3) as they are shaded at an age, (V, 3) float32.

        gains: (F,) this person's strength of each field; age in years, already multiplied
        by the person's speed of ageing.
        """
        strength = np.array([smoothstep(age, f.onset, f.onset + f.ramp) for f in FIELDS])
        full = (strength * gains).astype(np.float32)
        return np.asarray(vertices + np.tensordot(full, self.shifts, 1), np.float32)


def smoothstep(x: float, low: float, high: float) -> float:
    """0 below low, 1 above high, smooth between."""
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


def _laid(field: Field, vertices: Floats) -> Floats:
    """(V, 3) displacement of one field at full strength."""
    sides = (1, -1) if field.paired else (1,)
    total = np.zeros_like(vertices)
    for side in sides:
        mirrored = np.array([side, 1, 1], np.float32)
        away = (vertices - mirrored * field.center) / np.array(field.radius)
        weight = np.exp(-(away**2).sum(-1))[:, None]
        total += weight * (mirrored * np.array(field.shift))
    return total.astype(np.float32)
