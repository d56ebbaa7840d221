"""Pairs to measure models of an invented actor on: one picture at two ages, all else the same.

    CAREER/held/NN/plate.exr     scene-linear ACEScg, half float, at one age
    CAREER/held/NN/truth.exr     the same at another: the plate plus what the renderer changes
    CAREER/held/NN/skin.png      coverage by what ages of the face, 0 … 1
    CAREER/held/NN/mark_K.png    of mark K of person.json, 0 … 1, in those that show it
    CAREER/held/NN/pair.json     see `HeldPair`; written last
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch

from reage import strict_json
from reage.errors import SettingsError
from reage.shape.fields import displaced
from reage.shaped import made
from reage_training.actor.career.career import HELD, write_json
from reage_training.actor.career.files import write_linear, write_matte
from reage_training.actor.career.invented import Invented
from reage_training.actor.career.invented_skin import coverage
from reage_training.actor.career.photographs import Set
from reage_training.actor.career.scene import (
    Scene,
    amounts,
    dressed,
    head_at,
    light_of,
    lit,
    seen,
    subject_of,
)
from reage_training.render.lookup import sampled
from reage_training.render.window import whole
from reage_training.synth.head import Floats
from reage_training.synth.said import LOOK
from reage_training.synth.subject import Subject
from reage_training.synth.view import SKIN, UV, View

STEPS = (
    (27.0, 62.0), (66.0, 31.0), (35.0, 67.0), (60.0, 26.0),
    (43.0, 65.0), (52.0, 28.0), (30.0, 54.0), (68.0, 45.0),
)  # fmt: skip
"""From which age to which: half of them older, half younger."""

_JITTER, _SHARE, _NOISE, _SOFT = 1.5, 0.62, 0.004, 0.0009
"""Years; of the picture's height; grain at the root of light; sigma of the lens, face heights."""

_LEAST = 5e-5
"""Area of a mark that is seen, in squared face heights, from which a picture shows it."""


@dataclass(frozen=True)
class SeenMark:
    """A mark in a pair; x, y its middle, px; area: px of it that are seen."""

    number: int
    name: str
    kind: str
    x: float
    y: float
    area: float
    in_plate: bool
    in_truth: bool


@dataclass(frozen=True)
class HeldPair:
    """landmarks  (468, 2) px in the plate; moved: where they would be, were the head's shape that
    of the target age, too; nothing else of the truth tells of that"""

    age: float
    target: float
    seed: int
    rig: str
    yaw: float
    face_px: int
    marks: tuple[SeenMark, ...]
    landmarks: tuple[tuple[float, float], ...]
    moved: tuple[tuple[float, float], ...]


def pairs(career: Path) -> tuple[tuple[Path, HeldPair], ...]:
    """The folders of a career's pairs and what is said of them. Raises SettingsError."""
    found = []
    for file in sorted((career / HELD).glob("*/pair.json")):
        said = strict_json.load(file, f"the pair {file}", SettingsError)
        found.append((file.parent, made(HeldPair, said, f"The pair {file}", SettingsError)))
    if not found:
        raise SettingsError(f"{career} has no pairs to measure on in {HELD}/.")
    return tuple(found)


def step(seed: int, k: int) -> tuple[float, float]:
    """The two ages of pair k."""
    rng = np.random.default_rng([seed, 189, k])
    age, target = np.array(STEPS[k % len(STEPS)]) + rng.uniform(-_JITTER, _JITTER, 2)
    return round(float(age), 1), round(float(target), 1)


def complete(career: Path, k: int) -> bool:
    return (_folder(career, k) / "pair.json").is_file()


def write_pair(career: Path, stage: Set, k: int, face_px: int) -> None:
    """Raises OutputError."""
    seed = stage.actor.seed
    age, target = step(seed, k)
    rng = np.random.default_rng([seed, 190, k])
    scene = Scene.random(720_000_000 + seed * 1000 + k, stage.faces)
    scene = replace(
        scene, face_px=face_px, share=_SHARE, yaw=round(0.8 * scene.yaw, 2), aspect=0.8
    )
    hair = stage.production(age).hair
    head = head_at(stage.head, stage.actor, age)
    person = dressed(stage.actor.at(age), head, scene, hair, age)
    subject = subject_of(head, person, scene)
    view = seen(subject, scene, 1.0)
    before = lit(view, stage.bank, age)
    other = stage.actor.at(target).said
    assert other is not None, "an invented actor's look is said"
    changed = replace(view, metadata={**view.metadata, LOOK: other.to_dict()})
    after = lit(changed, stage.bank, target)
    young, old = (_through_the_lens(light_of(p.rgb[0]), face_px) for p in (before, after))
    grain = rng.standard_normal(young.shape, dtype=np.float32) * _NOISE
    plate = np.maximum(young + grain * np.sqrt(young + 0.02), 0)
    folder = _folder(career, k)
    write_linear(folder / "plate.exr", plate)
    write_linear(folder / "truth.exr", np.maximum(plate + old - young, 0))
    write_matte(folder / "skin.png", before.skin.numpy())
    marks = _marks(folder, stage, view, face_px, (age, target))
    points = np.array(view.metadata["landmarks"])[:, :2]
    moved = _moved(subject, scene, stage.actor, age, target)
    pair = HeldPair(
        age, target, scene.seed, scene.rig, scene.yaw, face_px, marks, _listed(points),
        _listed(moved),
    )  # fmt: skip
    write_json(folder / "pair.json", asdict(pair))


def _folder(career: Path, k: int) -> Path:
    return career / HELD / f"{k:02d}"


def _through_the_lens(light: Floats, face_px: int) -> Floats:
    return np.asarray(cv2.GaussianBlur(light, (0, 0), max(0.3, _SOFT * face_px)), np.float32)


def _marks(
    folder: Path, stage: Set, view: View, face_px: int, ages: tuple[float, float]
) -> tuple[SeenMark, ...]:
    """Write the mattes of the marks that are seen."""
    planes = whole(view.planes, view.metadata, torch.device("cpu")).planes
    u, v = (plane.flatten() for plane in planes[UV])
    out = []
    for k, mark in enumerate(stage.actor.marks):
        texture = torch.from_numpy(np.abs(coverage([mark], stage.texture)) / mark.strength)
        there = sampled(texture[..., None], u, v)[0].reshape(planes.shape[1:])
        matte = (there * planes[SKIN]).numpy()
        area = round(float(matte.sum()), 1)
        if area < _LEAST * face_px**2:
            continue
        y, x = np.indices(matte.shape)
        middle = [round(float((axis * matte).sum()) / area + 0.5, 2) for axis in (x, y)]
        write_matte(folder / f"mark_{k}.png", matte)
        in_plate, in_truth = (mark in stage.actor.there(years) for years in ages)
        out.append(
            SeenMark(k, mark.name, mark.kind, middle[0], middle[1], area, in_plate, in_truth)
        )
    return tuple(out)


def _moved(subject: Subject, scene: Scene, actor: Invented, age: float, target: float) -> Floats:
    """(468, 2) landmarks of the head in the shape of the target age, seen by the same camera."""
    change = amounts(actor.shape, actor.years(target)) - amounts(actor.shape, actor.years(age))
    head = subject.studio.head
    base = np.asarray(subject.base + displaced(head.vertices, change), np.float32)
    width, height = scene.size
    camera = scene.camera(subject)
    return replace(subject, base=base).landmarks(camera, height, width)[:, :2]


def _listed(points: Sequence[Sequence[float]] | Floats) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)
