"""Where MediaPipe's landmarks lie in a head's face texture: found by looking at renders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from scipy.ndimage import distance_transform_edt

from reage.errors import FaceError
from reage.faces import detect_faces, landmarks_of, viewable
from reage_training.render.bank import bank_of
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.synth import raster
from reage_training.synth.ageing import heights
from reage_training.synth.camera import Camera
from reage_training.synth.hairstyle import Style
from reage_training.synth.head import Floats, Head, Material
from reage_training.synth.lights import Lights, spherical
from reage_training.synth.patterns import SHAPE_SIZE, pattern
from reage_training.synth.person import Person
from reage_training.synth.subject import Studio, Subject

_SIZE, _TEXTURE = 512, 512
_YAWS = (-36.0, -24.0, -12.0, 0.0, 12.0, 24.0, 36.0)
_AGE, _PERSON = 30.0, 1
_MOUTH = {"jawOpen": 0.15}
"""Parts the lips, so that the landmarks on their inner edges can be told apart."""

_MIDDLE, _MIDDLE_YAW = 0.1, 24.0
"""A landmark within this of u = 0.5 is on neither side, and is looked at to this angle."""


def landmark_places(head: Head) -> Floats:
    """(468, 2) float32 texture places (u, v) of the landmarks on the mean head.

    The median of the views that show a landmark's own side. Raises FaceError where no face
    is seen.
    """
    return own_side(views(head)).astype(np.float32)


def own_side(found: Floats) -> npt.NDArray[np.float64]:
    """(468, 2) medians of `views` over those that show each landmark's own side."""
    out = np.empty(found.shape[1:])
    for index, place in enumerate(np.median(found, 0)):
        side = place[0] - 0.5
        if abs(side) > _MIDDLE:  # the head's right, u below 0.5, shows at negative yaws
            shows = [yaw * side >= 0 for yaw in _YAWS]
        else:
            shows = [abs(yaw) <= _MIDDLE_YAW for yaw in _YAWS]
        out[index] = np.median(found[shows, index], 0)
    return out


def views(head: Head) -> Floats:
    """(7, 468, 2) float32 texture places of the landmarks as each view has them.

    A landmark over an eye or the mouth goes to the nearest skin. The head's own landmarks
    only aim the camera. Raises FaceError where no face is seen.
    """
    cpu = torch.device("cpu")
    bank = bank_of(pattern(_PERSON, _TEXTURE)[None], heights(head, SHAPE_SIZE), cpu)
    person = replace(
        Person.random(head, _PERSON),
        identity=np.zeros(len(head.identity), np.float32),
        expression={name: w for name, w in _MOUTH.items() if name in head.expressions},
        style=Style("bald", 0.0, 0.0, 0.0, 0),
    )
    subject = Subject.random(Studio.of(head), person, _even_light())
    center, height = subject.face
    background = np.full((_SIZE, _SIZE, 3), 0.3, np.float32)
    found = []
    for yaw in _YAWS:
        x, y, z = (float(value) for value in center)
        camera = Camera(yaw, 0.0, 0.0, (x, y, z - 4), 150.0, 1.7 * height)
        view = subject.view(camera, background)
        look = Look.of(view.metadata, bank.count)
        lit = pictures(whole(view.planes, view.metadata, cpu), bank, look, [Ages.all(_AGE)])
        shown = viewable(lit.rgb[0].permute(1, 2, 0).numpy())
        faces = detect_faces(shown)
        if not faces:
            raise FaceError(f"no face was found on the head seen from {yaw:.0f}°: is it whole?")
        points = landmarks_of(shown, faces[0]).points
        found.append(_places(head, camera.project(subject.base, _SIZE, _SIZE), points))
    return np.stack(found)


def _places(head: Head, projected: np.ndarray, points: np.ndarray) -> Floats:
    """(468, 2) texture places under pixels `points` (468, 2 or more)."""
    depth, index, weight = raster.empty(_SIZE, _SIZE)
    raster.draw(projected, head.triangles, np.ones(len(head.triangles), bool), depth, index, weight)
    skin = (index >= 0) & (head.material[np.maximum(index, 0)] == Material.FACE)
    nearest = distance_transform_edt(~skin, return_distances=False, return_indices=True)
    x, y = np.clip(points[:, :2], 0, _SIZE - 1).astype(int).T
    row, column = nearest[0][y, x], nearest[1][y, x]
    w = weight[row, column]
    mix = np.concatenate([w, 1 - w.sum(1, keepdims=True)], 1)
    places = np.einsum("pk,pkc->pc", mix, head.uv[index[row, column]])
    return np.asarray(places, np.float32)


def _even_light() -> Lights:
    """Mostly from all around, some from the front."""
    ambient = np.zeros((9, 3), np.float32)
    ambient[0] = 1.5
    return Lights(
        ambient,
        spherical(np.array([0.3]), np.array([0.4])),
        np.full((1, 3), 0.6, np.float32),
        np.array([0.2], np.float32),
    )
