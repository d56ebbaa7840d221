"""A short shot of a head that a camera moves around, in which the true motion is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from reage.pixels.plate import Pixels
from reage.settings import Settings
from reage.shape.amounts import amounts
from reage.shape.fields import displaced
from reage_training.evaluation.flicker import SkinMap
from reage_training.pairs.encoding import code
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.synth import raster
from reage_training.synth.backdrop import backdrop
from reage_training.synth.camera import Camera
from reage_training.synth.head import Floats, Head, Material
from reage_training.synth.lights import Lights
from reage_training.synth.person import Person
from reage_training.synth.subject import Studio, Subject
from reage_training.synth.view import SKIN, STILLS, UV, View

FRAMES = 12
PERSON = 900_000_011
"""Seed of the one who moves: of no set with fewer than 900 million people before it."""

SHAPED = Settings(source_age=30.0, target_age=75.0)
"""The years by which the head's shape ages."""

TEXELS = 512
"""Side of face UV in which changes are held against each other: about a pixel each."""

_NEAR = 4.0 / TEXELS
"""How far a pixel's own UV may be from a texel that is said to lie there."""


@dataclass(frozen=True)
class Moment:
    """One frame: rgb[age] (h, w, 3) scene-linear ACEScg; true landmarks (468, 3) px, and where
    they would be (468, 2) were the head SHAPED; the conditioning map (h, w, 3); where face UV
    lies."""

    rgb: dict[float, Pixels]
    landmarks: np.ndarray
    shaped: np.ndarray
    shown: Pixels
    skin: SkinMap

    def true(self, source: float, target: float) -> Pixels:
        """What to add in ACEScct."""
        return code().encode(self.rgb[target]) - code().encode(self.rgb[source])


def camera_at(t: float, subject: Subject) -> Camera:
    """The camera's path, t from 0 to 1: it circles by 22°, nods, rolls, and shifts by a tenth of
    the face; about 4 px a frame at 512 px, never a whole number of them."""
    center, height = subject.face
    return Camera(
        yaw=-9 + 22 * t,
        pitch=-3 + 5 * math.sin(2.5 * t),
        roll=2.5 * math.sin(3 * t + 0.5),
        target=(
            float(center[0]) + height * 0.10 * (t - 0.5),
            float(center[1]) + height * 0.04 * math.sin(4 * t),
            float(center[2]) - 4.0,
        ),
        distance=75.0,
        window=1.5 * height,
    )


def moving_head(
    head: Head, bank: Bank, ages: tuple[float, ...], size: int = 512, count: int = FRAMES
) -> list[Moment]:
    """`count` frames, `size` px square, of PERSON at each of the ages."""
    studio = Studio.of(head)
    person = Person.random(head, PERSON)
    subject = Subject.random(studio, person, Lights.random(np.random.default_rng([PERSON, 3])))
    background = backdrop(np.random.default_rng([PERSON, 4]), size, size)
    points = _texels(head, subject.base)
    moments: list[Moment] = []
    exposure = None
    for k in range(count):
        camera = camera_at(k / max(count - 1, 1), subject)
        view = subject.view(camera, background)
        exposure = exposure or float(view.metadata["exposure"])
        view = _exposed(view, exposure)
        shaped = camera.project(_shaped(head, subject.base), size, size)[:, :2]
        moments.append(_moment(view, bank, ages, shaped, _skin_map(points, camera, view)))
    return moments


def _shaped(head: Head, base: Floats) -> Floats:
    """(468, 3) the landmarks of a person's head, each moved as its place on the mean head is."""
    move = displaced(head.landmarks_of(head.vertices), amounts(SHAPED, SHAPED.target_age))
    return np.asarray(head.landmarks_of(base) + move, np.float32)


def _exposed(view: View, exposure: float) -> View:
    """The view as exposed as another: a shot's camera holds its stop."""
    factor = np.float32(exposure / float(view.metadata["exposure"]))
    planes = view.planes.copy()
    for still in STILLS:
        planes[..., still] = np.clip(planes[..., still].astype(np.float32) * factor, 0, 60000)
    return View(planes, {**view.metadata, "exposure": exposure})


def _moment(
    view: View, bank: Bank, ages: tuple[float, ...], shaped: np.ndarray, skin: SkinMap
) -> Moment:
    window = whole(view.planes, view.metadata, bank.device)
    lit = pictures(window, bank, Look.of(view.metadata, bank.count), [Ages.all(a) for a in ages])
    return Moment(
        {age: _array(p) for age, p in zip(ages, lit.rgb, strict=True)},
        np.array(view.metadata["landmarks"], np.float64),
        shaped,
        _array(lit.conditioning),
        skin,
    )


def _texels(head: Head, base: Floats) -> Floats:
    """(TEXELS, TEXELS, 3) head space of each texel of face UV; NaN where there is no skin."""
    count = len(head.triangles)
    corners = np.zeros((3 * count, 3))
    corners[:, 0] = head.uv[..., 0].ravel() * TEXELS
    corners[:, 1] = (1 - head.uv[..., 1].ravel()) * TEXELS
    own = np.arange(3 * count, dtype=np.int32).reshape(-1, 3)
    depth, index, weight = raster.empty(TEXELS, TEXELS)
    raster.draw(corners, own, head.material == Material.FACE, depth, index, weight)
    mix = np.concatenate([weight, 1 - weight.sum(-1, keepdims=True)], -1)
    out = np.einsum("hwk,hwkc->hwc", mix, base[head.triangles[np.maximum(index, 0)]])
    out[index < 0] = np.nan
    return np.asarray(out, np.float32)


def _skin_map(points: Floats, camera: Camera, view: View) -> SkinMap:
    """Where the texels are in a view; seen where the view's own UV and skin agree."""
    height, width = view.planes.shape[:2]
    there = np.isfinite(points).all(-1)
    placed = camera.project(np.nan_to_num(points), width, height)
    x, y = (np.where(there, placed[..., k] - 0.5, -1.0) for k in (0, 1))
    column, row = np.rint(x).astype(int), np.rint(y).astype(int)
    inside = there & (column >= 0) & (row >= 0) & (column < width) & (row < height)
    column, row = np.where(inside, column, 0), np.where(inside, row, 0)
    uv = np.ascontiguousarray(view.planes[..., UV]).view(np.uint16)[row, column] / 65535
    step = (np.arange(TEXELS) + 0.5) / TEXELS
    own = np.stack(np.meshgrid(step, 1 - step), -1)
    near = np.abs(uv - own).max(-1) < _NEAR
    skin = view.planes[..., SKIN].astype(np.float32)[row, column] > 0.95
    return SkinMap(x.astype(np.float32), y.astype(np.float32), inside & near & skin)


def _array(planes: torch.Tensor) -> Pixels:
    return np.ascontiguousarray(planes.permute(1, 2, 0).float().cpu().numpy())


def noisy(rgb: Pixels, sigma: float, seed: int) -> Pixels:
    """A camera's noise: Gaussian of `sigma` times the root of the light, each channel alone."""
    grain = np.random.default_rng(seed).standard_normal(rgb.shape, np.float32)
    return np.asarray(rgb + np.float32(sigma) * np.sqrt(np.maximum(rgb, 0)) * grain, np.float32)
