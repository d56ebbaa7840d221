"""Steady a face without looking ahead: what a live picture can have of a track's smoothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reage.faces import FaceFrame

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SmoothedLine:
    """Values that move along a line, and the moment at which they are so."""

    when: float
    values: Floats
    speed: Floats

    def onwards(self, when: float, seen: Floats, patience: float) -> SmoothedLine:
        """The line after values were seen at a later moment.

        patience: seconds over which a single sighting loses its weight; 0 believes it wholly.
        Critically damped double exponential smoothing: what moves steadily is not held back.
        """
        passed = max(when - self.when, 1e-6)
        keep = math.exp(-passed / patience) if patience > 0 else 0.0
        expected = self.values + self.speed * passed
        off = seen - expected
        values = expected + off * (1 - keep * keep)
        speed = self.speed + off * ((1 - keep) ** 2 / passed)
        return SmoothedLine(when, values, speed)


@dataclass(frozen=True)
class SteadyFace:
    """A face so far. The place, which truly moves, is steadied for half as long as the rest."""

    place: SmoothedLine
    shape: SmoothedLine
    patience: float

    @classmethod
    def begin(cls, face: FaceFrame, when: float, patience: float) -> SteadyFace:
        still = [SmoothedLine(when, v, np.zeros_like(v)) for v in (_place(face), _shape(face))]
        return cls(still[0], still[1], patience)

    def onwards(self, face: FaceFrame, when: float) -> SteadyFace:
        degrees = float(self.shape.values[1])
        turned = degrees + (face.degrees - degrees + 180) % 360 - 180
        return SteadyFace(
            self.place.onwards(when, _place(face), self.patience / 2),
            self.shape.onwards(when, _shape(replace(face, degrees=turned)), self.patience),
            self.patience,
        )

    def steadied(self, face: FaceFrame) -> FaceFrame:
        """The face with its steadied place, size, turn, outline and mesh."""
        (x, y), (size, degrees, *rest) = self.place.values, self.shape.values
        points = tuple((u, v) for u, v in np.reshape(rest, (-1, 2)).tolist())
        return replace(
            face,
            center=(float(x), float(y)),
            size=math.exp(size),
            degrees=float((degrees + 180) % 360 - 180),
            outline=points[: len(face.outline)],
            mesh=points[len(face.outline) :],
        )


def _place(face: FaceFrame) -> Floats:
    return np.array(face.center)


def _shape(face: FaceFrame) -> Floats:
    return np.array([math.log(face.size), face.degrees, *np.ravel([*face.outline, *face.mesh])])
