"""What of an actor's photographs tells what their skin is made of: how places of the face differ in
color from the skin around them, by age; and what the generator says they should.

Only red and blue over green count. In the light itself shading hides what pigment does: on invented
people it is off by .1 to .9 in log2, where age changes it by .15; in red over green by .02 to .06,
where age changes it by .1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
import torch

from reage_training.actor.album.tone import SIDE
from reage_training.render.bank import PLACES, textures_of_places
from reage_training.render.look import Look
from reage_training.render.skin import Ages, Found, albedo
from reage_training.synth.ageing import SHADED, baked
from reage_training.synth.head import Head
from reage_training.synth.mesh import normals
from reage_training.synth.patterns import CHANNELS
from reage_training.synth.traits import Traits

Floats = npt.NDArray[np.float64]

READ = ("cheek", "nose", "alar", "under_eye", "inner_eye", "chin")
"""Of `render.bank.PLACES`; lips and lids are no bare skin to a reading."""

_BLUR = 2.5
"""Sigma in texels, as `album.tone` has it."""

_NOISES = 8
"""Channels of the bank's noise, here nothing."""

_LEAST_SHOWN = 0.35
"""Share of a place that a photograph must show."""

_LIGHT, _PLACE = 1e-5, 1e-6
"""Ridges, of a photograph's skin, that hold back its light and its places."""


@dataclass(frozen=True)
class AgedTone:
    """A photograph: age in years, and its tone (SIDE, SIDE, 4), see `album.tone.tone_of`"""

    age: float
    tone: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Differences:
    """Of one photograph, with P places of READ.

    values  (2, P) log2 of red and of blue over green, against the skin around
    known   (P,) bool: what the photograph shows
    solving (P, SIDE²) what makes such differences of a tone
    """

    values: Floats
    known: npt.NDArray[np.bool_]
    solving: Floats


class PlainSkin:
    """The generator's skin without noise or pattern, in face UV; broad (P, SIDE²): places of READ
    as a reading's tone has them."""

    def __init__(self, head: Head) -> None:
        small = cv2.resize(textures_of_places(), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        self._places = torch.from_numpy(small).reshape(SIDE * SIDE, -1).T.contiguous()
        unit = baked(head, normals(head.vertices, head.triangles), SIDE).reshape(3, -1)
        x, y, z = unit / np.maximum(np.linalg.norm(unit, axis=0), 1e-6)
        one = np.ones_like(x)
        light = [one, x, y, z, x * y, y * z, x * z, x * x - y * y, 3 * z * z - 1]
        places = self._places[[PLACES.index(name) for name in READ]].numpy()
        self.broad = _broad(places)
        self._basis = np.concatenate([np.stack(light), self.broad]).astype(np.float64)

    def read(self, shown: AgedTone) -> Differences:
        """By weighted least squares, with nine harmonics of light beside the places."""
        weight = shown.tone[..., 3].ravel().astype(np.float64)
        weighted = self._basis * weight
        ridge = (weight.sum() + 1) * np.diag([1e-9, *[_LIGHT] * 8, *[_PLACE] * len(READ)])
        solved = np.linalg.solve(weighted @ self._basis.T + ridge, weighted)[-len(READ) :]
        part = self._basis[-len(READ) :]
        known = (part * weight).sum(1) > _LEAST_SHOWN * part.sum(1)
        return Differences(_ratios(shown.tone[..., :3].reshape(-1, 3).T) @ solved.T, known, solved)

    def ratios(self, traits: Traits, age: float) -> Floats:
        """(2, SIDE²) log2 of red and of blue over green."""
        count = SIDE * SIDE
        u = (torch.arange(count) % SIDE + 0.5) / SIDE
        found = Found(
            torch.zeros(CHANNELS, count), torch.zeros(_NOISES, count), self._places,
            torch.zeros(len(SHADED), count), (u - 0.5).abs(),
        )  # fmt: skip
        look = replace(Look.of({"seed": 0, "expression": {}}, 1), traits=traits)
        color = albedo(found, look, Ages.all(age), torch.zeros(count))
        return _ratios(_broad(color.log2().numpy()))


def said(
    skin: PlainSkin, traits: Traits, read: Sequence[Differences], ages: Floats, grid: Floats
) -> Floats:
    """(I, 2, P): the differences that each photograph should show; albedos are made at the ages of
    `grid` and lie evenly between."""
    planes = [skin.ratios(traits, float(age)) for age in grid]
    out = []
    for one, age in zip(read, ages, strict=True):
        k = int(np.clip(np.searchsorted(grid, age) - 1, 0, len(grid) - 2))
        over = (age - grid[k]) / (grid[k + 1] - grid[k])
        out.append(((1 - over) * planes[k] + over * planes[k + 1]) @ one.solving.T)
    return np.stack(out)


def _ratios(rgb: npt.NDArray[np.float32]) -> Floats:
    return np.stack([rgb[0] - rgb[1], rgb[2] - rgb[1]]).astype(np.float64)


def _broad(planes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(C, SIDE²) as broad as a reading's tone."""
    soft = [cv2.GaussianBlur(p.reshape(SIDE, SIDE), (0, 0), _BLUR).ravel() for p in planes]
    return np.asarray(soft, np.float32)
