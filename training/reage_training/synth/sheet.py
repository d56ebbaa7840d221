"""A contact sheet: identities down, ages across."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from reage.errors import OutputError
from reage_training.synth.backdrop import backdrop
from reage_training.synth.camera import random_camera
from reage_training.synth.generate import LUMA, identity_seed, skin_level
from reage_training.synth.head import Floats, Head
from reage_training.synth.lights import Lights
from reage_training.synth.person import Person
from reage_training.synth.subject import Studio, Subject


def contact_sheet(
    head: Head, seed: int, identities: int, ages: tuple[float, ...], size: int, texture: int
) -> Floats:
    """(identities · size, ages · size, 3) float32, linear Rec.709, each row exposed alike."""
    studio = Studio.of(head, texture)
    rows = []
    for k in range(identities):
        person_seed = identity_seed(seed, k)
        rng = np.random.default_rng([person_seed, 3])
        person = Person.random(head, person_seed, texture)
        subject = Subject.random(studio, person, Lights.random(rng))
        camera = random_camera(rng, *subject.face, frontal=rng.uniform() < 0.6)
        background, hair = backdrop(rng, size, size), subject.hair_light(camera)
        row = [subject.picture(subject.at(age), camera, background, hair) for age in ages]
        images = np.stack(row)
        skin = (images[..., :3] @ LUMA)[images[..., 3] > 0.9]
        level = skin_level(rng, person.skin.tone) / max(float(np.percentile(skin, 90)), 1e-4)
        rows.append(np.hstack([image[..., :3] * level for image in images]))
    return np.vstack(rows)


def write_png(path: Path, linear: Floats) -> None:
    """Linear Rec.709 (h, w, 3) as an 8-bit sRGB PNG, clipped (IEC 61966-2-1).

    Raises OutputError where it cannot be written.
    """
    x = np.clip(linear, 0, 1)
    encoded = np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)
    pixels = (encoded[..., ::-1] * 255 + 0.5).astype(np.uint8)
    _, png = cv2.imencode(".png", pixels)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png.tobytes())
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
