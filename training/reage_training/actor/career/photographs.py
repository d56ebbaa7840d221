"""The photographs of a career, taken."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch

from reage_training.actor.career.camera import Development, developed
from reage_training.actor.career.career import ANOTHER, BLURRED, Truth
from reage_training.actor.career.invented import Invented
from reage_training.actor.career.invented_skin import skins
from reage_training.actor.career.plan import Production
from reage_training.actor.career.scene import (
    Scene,
    dressed,
    grown,
    head_at,
    light_of,
    lit,
    seen,
    subject_of,
)
from reage_training.output import Shown
from reage_training.render.bank import Bank, bank_of
from reage_training.synth.ageing import heights
from reage_training.synth.head import Floats, Head
from reage_training.synth.patterns import SHAPE_SIZE, pattern
from reage_training.synth.person import Person
from reage_training.synth.said import SaidLook

FINEST, FINER = 1400, 2.0
"""Px of a side up to which a picture is drawn finer than it is, and by how much at most."""

_BLUR, _SHAKE = (0.016, 0.030), (0.05, 0.11)
"""In face heights: sigma of what is out of focus, and the length of a shake."""


@dataclass(frozen=True)
class Set:
    """Who and what stands before the camera; shapes (F, M, M) of the head, see `synth.ageing`."""

    head: Head
    actor: Invented
    productions: tuple[Production, ...]
    faces: tuple[int, int]
    texture: int
    shapes: Floats
    bank: Bank

    @classmethod
    def of(
        cls, head: Head, actor: Invented, productions: tuple[Production, ...],
        faces: tuple[int, int], texture: int,
    ) -> Set:  # fmt: skip
        shapes = heights(head, SHAPE_SIZE)
        bank = bank_of(skins(actor, texture), shapes, torch.device("cpu"))
        return cls(head, actor, productions, faces, texture, shapes, bank)

    def production(self, age: float) -> Production:
        """The last one that had begun."""
        return [p for p in self.productions if p.age <= age + 1e-6][-1]


def taken(stage: Set, truth: Truth) -> Shown:
    """(h, w, 3) sRGB: the photograph that is no duplicate."""
    scene = Scene.random(truth.seed, stage.faces)
    rng = np.random.default_rng([truth.seed, 188])
    hair = stage.production(truth.age).hair
    if truth.kind == ANOTHER:
        person, bank = _another(stage, truth.seed)
        head, hair = grown(stage.head, stage.actor.moved[::-1], truth.age), person.style
    else:
        person, bank = stage.actor.at(truth.age), stage.bank
        head = head_at(stage.head, stage.actor, truth.age)
    finer = float(np.clip(FINEST / max(scene.size), 1.0, FINER))
    sitter = dressed(person, head, scene, hair, truth.age)
    view = seen(subject_of(head, sitter, scene), scene, finer)
    light = light_of(lit(view, bank, truth.age).rgb[0])
    how = Development.random(rng, truth.age)
    face_px = scene.face_px * finer
    if truth.kind == BLURRED:
        light = _blurred(light, face_px, rng)
    return developed(light, face_px, scene.size, how, rng)


def twin(picture: Shown, rng: np.random.Generator) -> Shown:
    """The same picture as somebody else saved it: cropped, scaled, a little graded."""
    height, width = picture.shape[:2]
    cut = rng.uniform(0, 0.05, 4)
    top, bottom = int(cut[0] * height), height - int(cut[1] * height)
    left, right = int(cut[2] * width), width - int(cut[3] * width)
    part = picture[top:bottom, left:right]
    scale = rng.uniform(0.6, 0.95)
    size = (round(scale * part.shape[1]), round(scale * part.shape[0]))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    graded = 255 * (small / 255) ** rng.uniform(0.92, 1.08) * rng.uniform(0.95, 1.05, 3)
    return np.asarray(np.clip(graded + 0.5, 0, 255), np.uint8)


def _another(stage: Set, seed: int) -> tuple[Person, Bank]:
    """Somebody of the actor's sex and about their tone, with a skin of their own."""
    actor = stage.actor.person.traits
    for k in range(1000):
        person = Person.random(stage.head, 800_000_000 + (seed % 1_000_000) * 1000 + k)
        if person.traits.male == actor.male and abs(person.traits.tone - actor.tone) < 0.25:
            break
    one = pattern(person.seed, stage.texture)[None]
    bank = bank_of(one, stage.shapes, torch.device("cpu"))
    return replace(person, look=SaidLook(pattern=0)), bank


def _blurred(light: Floats, face_px: float, rng: np.random.Generator) -> Floats:
    """Out of focus, or shaken."""
    if rng.uniform() < 0.5:
        return np.asarray(cv2.GaussianBlur(light, (0, 0), rng.uniform(*_BLUR) * face_px))
    length, turn = rng.uniform(*_SHAKE) * face_px, rng.uniform(0, np.pi)
    side = 2 * int(length / 2 + 1) + 1
    line = np.zeros((side, side), np.float32)
    middle = side // 2
    reach = np.array([np.cos(turn), np.sin(turn)]) * length / 2
    ends = np.rint([middle - reach, middle + reach]).astype(int)
    cv2.line(line, ends[0], ends[1], 1.0, 1, cv2.LINE_AA)
    return np.asarray(cv2.filter2D(light, -1, line / line.sum()), np.float32)
