"""What a book covers: photographs counted by age and by how the face is held and lit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reage_training.actor.book import Entry
from reage_training.actor.ingest.held import EXPRESSIONS, LIGHTS, POSES, pose

BAND = 5
"""Years."""


@dataclass(frozen=True)
class Coverage:
    """first: age at which the first band begins; bands: how many; and counts by names and bands,
    (len(names), bands), of poses, lights and expressions. A photograph with two expressions
    counts in both."""

    first: int
    bands: int
    poses: np.ndarray
    lights: np.ndarray
    expressions: np.ndarray

    @property
    def names(self) -> list[str]:
        """Of the bands, such as 30–34."""
        starts = (self.first + BAND * k for k in range(self.bands))
        return [f"{start}–{start + BAND - 1}" for start in starts]


def covered(entries: Sequence[Entry]) -> Coverage:
    """Of photographs with an age."""
    ages = [e.age for e in entries if e.age is not None]
    first = BAND * math.floor(min(ages) / BAND) if ages else 0
    bands = math.floor(max(ages) / BAND) - first // BAND + 1 if ages else 0
    counts = [np.zeros((len(names), bands), int) for names in (POSES, LIGHTS, EXPRESSIONS)]
    for entry in entries:
        if entry.age is None or not entry.face_px:
            continue
        band = math.floor(entry.age / BAND) - first // BAND
        counts[0][POSES.index(pose(entry.yaw)), band] += 1
        if entry.light in LIGHTS:
            counts[1][LIGHTS.index(entry.light), band] += 1
        for word in entry.expression.split(", "):
            if word in EXPRESSIONS:
                counts[2][EXPRESSIONS.index(word), band] += 1
    return Coverage(first, bands, *counts)
