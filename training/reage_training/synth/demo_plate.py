"""The repository's demo plate: eight frames of an invented man of fifty, turning his head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio
import torch

from reage.errors import OutputError
from reage.media import attributes
from reage.media.timecode import Timecode
from reage.pixels.plate import Attribute
from reage_training.render.bank import Bank, bank_of
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.synth.ageing import heights
from reage_training.synth.backdrop import backdrop
from reage_training.synth.camera import Camera
from reage_training.synth.hairstyle import Style
from reage_training.synth.head import Floats, Head
from reage_training.synth.lights import Lights, spherical
from reage_training.synth.patterns import SHAPE_SIZE, pattern
from reage_training.synth.person import Person
from reage_training.synth.subject import Studio, Subject
from reage_training.synth.view import LUMA, REC709_TO_ACESCG

WIDTH, HEIGHT, FIRST, COUNT, RATE = 960, 540, 1001, 8, 24
AGE = 50.0
SKIN_LEVEL = 0.42
"""90th percentile of skin luminance in the first frame."""
MANTISSA = 7
"""Bits kept of a half float's ten: the rest is finer than the grain, and does not compress."""
AP1 = (0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767)
"""CIE xy of ACEScg's red, green, blue and white (Academy S-2014-004)."""
_PERSON, _PATTERN = 968, 968
"""Seeds."""


def write_demo_plate(
    folder: Path, head: Head, texture: int, progress: Callable[[int, int], None]
) -> None:
    """Write demo.1001.exr … demo.1008.exr: half float, ZIP, scene-linear ACEScg.

    `progress(done, of)` after each frame. Raises OutputError where a file cannot be written.
    """
    cpu = torch.device("cpu")
    bank = bank_of(pattern(_PATTERN, texture)[None], heights(head, SHAPE_SIZE), cpu)
    studio = Studio.of(head)
    person = _man(head)
    background = _lamps(backdrop(np.random.default_rng(_PERSON), HEIGHT, WIDTH))
    exposure = None
    for i in range(COUNT):
        light, skin = _frame(studio, bank, person, i, background)
        if exposure is None:
            luminance = (light @ np.linalg.inv(REC709_TO_ACESCG).T @ LUMA)[skin > 0.9]
            exposure = SKIN_LEVEL / float(np.percentile(luminance, 90))
        grained = _grain(light * exposure, np.random.default_rng([_PERSON, i]))
        _write(folder / f"demo.{FIRST + i}.exr", rounded(grained), FIRST + i)
        progress(i + 1, COUNT)


def _man(head: Head) -> Person:
    """Brown skin, swept dark hair that begins to gray, shaven."""
    person = Person.random(head, _PERSON)
    traits = replace(
        person.traits,
        male=True,
        tone=0.567,
        ageing_speed=1.0,
        hair_rgb=(0.0203, 0.0140, 0.0104),
        iris_rgb=(0.0320, 0.0151, 0.0070),
        gray_onset=36.8,
        brow_loss=0.4,
        beard=0.0,
        oil=0.049,
        blood=0.015,
        lip_blood=0.576,
        sallow=1.17,
        hollow=1.05,
        caught=0.44,
        spots=0.4,
        freckles=0.0,
        makeup=(0.0, 0.0, 0.0, 0.0),
    )
    style = Style("swept", 4.16, 0.152, 3.41, 17000)
    return replace(person, traits=traits, style=style, hair_age=46.0)


def _frame(
    studio: Studio, bank: Bank, person: Person, i: int, background: Floats
) -> tuple[Floats, Floats]:
    """Light (HEIGHT, WIDTH, 3) in ACEScg, not exposed, and the skin's coverage (HEIGHT, WIDTH).

    The head turns, nods and begins to smile; light and camera stay.
    """
    t = i / (COUNT - 1)
    smile = 0.30 + 0.45 * t * t * (3 - 2 * t)
    expression = {
        "mouthSmile_L": smile,
        "mouthSmile_R": 0.92 * smile,
        "cheekSquint_L": 0.5 * smile,
        "cheekSquint_R": 0.5 * smile,
        "browOuterUp_L": 0.15 * t,
        "browOuterUp_R": 0.15 * t,
        "eyeBlink_L": 0.08,
        "eyeBlink_R": 0.08,
    }
    camera = Camera(
        yaw=-16 + 13 * t,
        pitch=-3 + 3 * np.sin(2.2 * t),
        roll=2 - 3 * t,
        target=(2.6 - 1.2 * t, 1.4 + 0.25 * np.sin(3 * t), 5.0),
        distance=95.0,
        window=29.0,
    )
    lights = _world_light().rotated(camera.axes)
    subject = Subject.random(studio, replace(person, expression=expression), lights)
    view = subject.view(camera, background)
    own = Look.of(view.metadata, bank.count)
    look = replace(own, traits=person.traits, fields=np.ones_like(own.fields))
    lit = pictures(whole(view.planes, view.metadata, bank.device), bank, look, [Ages.all(AGE)])
    light = lit.rgb[0].permute(1, 2, 0).numpy() / float(view.metadata["exposure"])
    return np.asarray(light, np.float32), lit.skin.numpy()


def _world_light() -> Lights:
    """A window to the left of the picture, a lamp behind to the right; as the camera sees it."""
    ambient = np.zeros((9, 3), np.float32)
    ambient[0] = [0.98, 1.04, 1.12]
    ambient[1] = 0.22
    return Lights(
        ambient=ambient,
        direction=spherical(np.array([-0.85, 2.15, 0.5]), np.array([0.45, 0.35, 0.15])),
        color=np.array([[1.05, 1.0, 0.93], [1.1, 0.85, 0.6], [0.14, 0.15, 0.17]], np.float32),
        spread=np.array([0.25, 0.10, 0.2], np.float32),
    )


def _lamps(background: Floats) -> Floats:
    """Two lamps out of focus, well above 1 after exposure."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    lit = background
    for cx, cy, radius, power in ((812, 104, 27, 6.0), (882, 160, 19, 3.0)):
        disk = np.clip(radius - np.hypot(x - cx, y - cy), 0, 2)[..., None] / 2
        lit = lit + disk * power * np.array([1.0, 0.72, 0.42], np.float32)
    return np.asarray(cv2.GaussianBlur(lit, (0, 0), 1.2))


def _grain(rgb: Floats, rng: np.random.Generator) -> Floats:
    """Light grain, as strong as on a well exposed sensor: constant plus root of light."""
    noise = cv2.GaussianBlur(rng.standard_normal(rgb.shape).astype(np.float32), (0, 0), 0.6)
    strength = 0.0006 + 0.007 * np.sqrt(np.minimum(rgb, 1.0))
    return np.asarray(np.maximum(rgb + strength * noise, 0), np.float32)


def rounded(rgb: Floats) -> Floats:
    """float16 with MANTISSA bits of mantissa, rounded to nearest."""
    bits = rgb.astype(np.float16).view(np.uint16)
    step = 1 << (10 - MANTISSA)
    kept = ((bits + step // 2) & ~np.uint16(step - 1)).astype(np.uint16)
    return np.asarray(kept.view(np.float16))


def _write(path: Path, rgb: Floats, frame: int) -> None:
    spec = oiio.ImageSpec(WIDTH, HEIGHT, 3, "half")
    spec.attribute("compression", "zip")
    code = Timecode(count=RATE * 3600 + frame - FIRST, base=RATE).attribute()
    assert code is not None, "24 frames per second fit the header's packing"
    metadata = {
        "chromaticities": Attribute("float[8]", AP1),
        "colorspace": "ACEScg",
        "framesPerSecond": Attribute("rational", (RATE, 1)),
        "smpte:TimeCode": code,
        "Software": "ReAge reage-train demo-plate",
    }
    attributes.put(spec, metadata)
    temporary = path.with_name(f".{path.name}.part.exr")
    path.parent.mkdir(parents=True, exist_ok=True)
    out = oiio.ImageOutput.create(str(temporary))
    if not (out and out.open(str(temporary), spec) and out.write_image(rgb) and out.close()):
        temporary.unlink(missing_ok=True)
        reason = out.geterror() if out else oiio.geterror()
        raise OutputError(f"cannot write {path}: {reason}")
    temporary.replace(path)
