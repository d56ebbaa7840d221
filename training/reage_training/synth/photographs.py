"""Photographs of an invented person from several sides, and the relief of their skin.

What is shown is known: `reage.pattern.photo` is measured by it, and a network can be shown patterns
as real photographs give them, see `seen_pattern`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE
from reage.pattern.photo.extract import pattern_of
from reage.pattern.photo.photograph import Photograph
from reage_training.render.bank import Bank, bank_of
from reage_training.render.look import IS_FOLD, Look
from reage_training.render.picture import pictures
from reage_training.render.skin import TENTH_MM, Ages, find
from reage_training.render.skin import heights as skin_heights
from reage_training.render.window import whole
from reage_training.synth.ageing import heights
from reage_training.synth.camera import Camera
from reage_training.synth.hairstyle import Style
from reage_training.synth.head import Floats, Head
from reage_training.synth.lights import Lights
from reage_training.synth.patterns import KIND, SHAPE_SIZE, pattern
from reage_training.synth.person import Person
from reage_training.synth.subject import Studio, Subject

_NOISE = 0.006
"""Deviation of a photograph's noise, of its brightest skin."""

_DISTANCE, _ROOM = 150.0, 1.5
"""cm from the face, and the picture's side in face heights."""


@dataclass(frozen=True)
class Sitting:
    """photographs  of a person at rest, each in a light of its own
    layout  (468, 2) face UV of their landmarks
    relief  (SIZE, SIZE) 0.1 mm that their skin is high at that age
    folds   (SIZE, SIZE) 0.1 mm of it that are folds, see `reage.pattern.maps.FOLDS`
    """

    photographs: tuple[Photograph, ...]
    layout: Floats
    relief: Floats
    folds: Floats


def sitting(
    head: Head, layout: Floats, seed: int, age: float, face_px: int, yaws: Sequence[float]
) -> Sitting:
    """Photograph the person and the pattern of a seed, without hair.

    layout: (468, 2) face UV of the head's landmarks; they stand in place of the networks', so that
    what is measured is the reading alone
    """
    bank = bank_of(pattern(seed, SIZE)[None], heights(head, SHAPE_SIZE), torch.device("cpu"))
    return sitting_of(head, layout, Person.random(head, seed), bank, age, face_px, yaws)


def sitting_of(
    head: Head,
    layout: Floats,
    person: Person,
    bank: Bank,
    age: float,
    face_px: int,
    yaws: Sequence[float],
) -> Sitting:
    """Photograph a person who wears one of a bank's patterns, at rest and without hair; the lights
    follow from their seed."""
    seed = person.seed
    bald = Style("bald", 0.0, 0.0, 0.0, 0)
    person = replace(person, expression={}, style=bald)
    studio = Studio.of(head)
    taken, look = [], None
    for k, yaw in enumerate(yaws):
        rng = np.random.default_rng([seed, 55, k])
        subject = Subject.random(studio, person, Lights.random(rng))
        (x, y, z), height = subject.face
        camera = Camera(
            yaw, 0.0, 0.0, (float(x), float(y), float(z) - 4), _DISTANCE, _ROOM * height
        )
        side = round(_ROOM * face_px)
        view = subject.view(camera, np.full((side, side, 3), 0.3, np.float32))
        look = replace(Look.of(view.metadata, bank.count), mirrored=False)
        lit = pictures(
            whole(view.planes, view.metadata, bank.device), bank, look, [Ages.all(age)]
        )
        rgb = lit.rgb[0].permute(1, 2, 0).numpy()
        rgb = rgb * np.float32(0.6 / np.percentile(rgb[lit.skin.numpy() > 0.9], 95))
        grain = rng.normal(0, _NOISE, rgb.shape).astype(np.float32)
        mesh = subject.landmarks(camera, side, side).astype(np.float64)
        taken.append(
            Photograph(
                f"{yaw:+.0f}°", np.maximum(rgb + grain, 0), np.zeros(rgb.shape[:2], bool), mesh,
                np.ones(len(mesh)), face_px, face_px,
            )
        )  # fmt: skip
    assert look is not None, "a sitting has photographs"
    return Sitting(tuple(taken), layout, *_relief(bank, look, age))


def seen_pattern(shown: Sitting) -> PatternFile:
    """The pattern that photographs of a sitting give."""
    return pattern_of(shown.photographs, shown.layout.astype(np.float64))


def _relief(bank: Bank, look: Look, age: float) -> tuple[Floats, Floats]:
    at = (torch.arange(SIZE) + 0.5) / SIZE
    v, u = torch.meshgrid(1 - at, at, indexing="ij")
    found = find(bank, look, u.flatten(), v.flatten(), 1 / SIZE)
    height, _ = skin_heights(found, look, Ages.all(age))
    folds = torch.from_numpy(look.depths(age) * IS_FOLD) @ found.pattern[KIND]
    high, deep = (plane.reshape(SIZE, SIZE).numpy() for plane in (height / TENTH_MM, folds))
    return high, deep
