"""One scene of a career: how a person stands before a camera, and what light reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from reage.pixels.ramps import smoothstep
from reage.shape.fields import FIELDS, displaced
from reage_training.actor.career.invented import Invented
from reage_training.actor.career.lights import RIGS
from reage_training.render.bank import Bank
from reage_training.render.light import Surface
from reage_training.render.look import Look
from reage_training.render.picture import Pictures, pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.synth.backdrop import backdrop
from reage_training.synth.camera import SENSOR_HEIGHT, Camera
from reage_training.synth.hairstyle import Style
from reage_training.synth.head import Floats, Head
from reage_training.synth.person import Person, random_expression
from reage_training.synth.subject import Studio, Subject
from reage_training.synth.view import View

OTHER_SURFACE = Surface(fresnel=0.027, lobe=0.52, own=0.42, depth=1.25)
"""Skin as another renderer would have it: a sharper shine, and light that comes from deeper."""

_CLOSEST = 45.0
"""cm that a lens stays away from a face."""

_ASPECTS = (2 / 3, 4 / 5, 1.0, 4 / 3)
_SHARES = (0.50, 0.70)
"""Of the picture's height, what a face takes."""


@dataclass(frozen=True)
class Scene:
    """yaw, pitch, roll  degrees, as `synth.camera.Camera`
    lens    mm of full frame
    share   of the picture's height that the face takes
    aspect  width over height
    face_px hairline to chin
    rig     of RIGS
    """

    seed: int
    yaw: float
    pitch: float
    roll: float
    lens: float
    crop: float
    share: float
    aspect: float
    face_px: int
    rig: str

    @classmethod
    def random(cls, seed: int, faces: tuple[int, int]) -> Scene:
        """A third about frontal, the rest to ±45°; faces from small to large, px."""
        rng = np.random.default_rng([seed, 182])
        yaw = rng.normal(0, 9) if rng.uniform() < 0.34 else rng.uniform(-45, 45)
        return cls(
            seed=seed,
            yaw=float(np.clip(yaw, -45, 45)),
            pitch=float(np.clip(rng.normal(0, 8), -17, 17)),
            roll=float(np.clip(rng.normal(0, 6), -16, 16)),
            lens=float(np.exp(rng.uniform(*np.log([28, 200])))),
            crop=float(rng.uniform(0.35, 1.0)),
            share=float(rng.uniform(*_SHARES)),
            aspect=float(rng.choice(_ASPECTS)),
            face_px=round(float(np.exp(rng.uniform(*np.log(faces))))),
            rig=str(rng.choice(list(RIGS))),
        )

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) px."""
        height = round(self.face_px / self.share)
        return round(height * self.aspect), height

    def camera(self, subject: Subject) -> Camera:
        rng = np.random.default_rng([self.seed, 183])
        (x, y, z), face = subject.face
        window = face / self.share
        x += rng.normal(0, 0.04) * face * self.aspect
        y += rng.normal(-0.02, 0.03) * face
        distance = max(_CLOSEST, window * self.lens / SENSOR_HEIGHT / self.crop)
        target = (float(x), float(y), float(z) - 4)
        return Camera(self.yaw, self.pitch, self.roll, target, distance, window)


def dressed(person: Person, head: Head, scene: Scene, hair: Style, age: float) -> Person:
    """The person for a photograph: hair of their age, the scene's clothes and expression."""
    rng = np.random.default_rng([scene.seed, 184])
    expression = random_expression(rng, head.expressions)
    for lid in ("eyeBlink_L", "eyeBlink_R"):  # a picture with shut eyes is given to nobody
        expression[lid] = min(expression.get(lid, 0.0), 0.2)
    return replace(person, seed=scene.seed, expression=expression, style=hair, hair_age=age)


def amounts(strengths: Sequence[float], years: float) -> npt.NDArray[np.float64]:
    """(F,) of each of FIELDS at an age, where they are so strong at full age."""
    grown = [smoothstep(years, f.onset, f.onset + f.ramp) for f in FIELDS]
    return np.array(strengths, np.float64) * grown


def grown(head: Head, moved: Sequence[float], years: float) -> Head:
    """The head with what the years have moved of it that is not shaded on skin."""
    shift = displaced(head.vertices, amounts(moved, years))
    return replace(head, vertices=np.asarray(head.vertices + shift, np.float32))


def head_at(head: Head, actor: Invented, age: float) -> Head:
    """The actor's head at an age, before their own bones are added."""
    return grown(head, actor.moved, actor.years(age))


def subject_of(head: Head, person: Person, scene: Scene) -> Subject:
    """The person in the scene's light."""
    rig = RIGS[scene.rig](np.random.default_rng([scene.seed, 185]))
    bare = Camera(scene.yaw, scene.pitch, scene.roll, (0, 0, 0), 1.0, 1.0)
    return Subject.random(Studio.of(head), person, rig.rotated(bare.axes))


def seen(subject: Subject, scene: Scene, finer: float) -> View:
    """What the camera sees, `finer` times as large as the scene's picture, before skin is lit."""
    width, height = (round(finer * side) for side in scene.size)
    behind = backdrop(np.random.default_rng([scene.seed, 194]), scene.size[1], scene.size[0])
    rows = np.minimum((np.arange(height) / finer).astype(int), scene.size[1] - 1)
    columns = np.minimum((np.arange(width) / finer).astype(int), scene.size[0] - 1)
    return subject.view(scene.camera(subject), np.ascontiguousarray(behind[rows][:, columns]))


def lit(view: View, bank: Bank, age: float) -> Pictures:
    """The view with its person's skin at an age."""
    window = whole(view.planes, view.metadata, bank.device)
    look = Look.of(view.metadata, bank.count)
    return pictures(window, bank, look, [Ages.all(age)], surface=OTHER_SURFACE)


def light_of(picture: torch.Tensor) -> Floats:
    """(3, h, w) as (h, w, 3) float32."""
    return np.ascontiguousarray(picture.permute(1, 2, 0).numpy(), np.float32)
