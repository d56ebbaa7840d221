"""A face on a cylinder: where each of its points lies in face UV is known in closed form."""

from dataclasses import replace

import numpy as np

from helpers.shots import face
from reage.faces import FaceFrame
from reage.faces.outline import outline
from reage.faces.skin import places
from reage.models.model import NullModel
from reage.pixels.crop import crop_for

RADIUS, ANGLE, HEIGHT = 0.5, 2.2, 0.62
"""Face sizes; radians from u = 0 to u = 1; face UV from chin to hairline."""


def mesh(yaw=0.0):
    """(468, 2) landmarks in face units of the head turned by `yaw` degrees, and (468,) the cosine
    of the skin's slant to the camera."""
    u, v = places().T
    turned = (u - 0.5) * ANGLE + np.radians(yaw)
    return np.stack([RADIUS * np.sin(turned), (0.6 - v) / HEIGHT], 1), np.cos(turned)


def true_uv(units):
    """Face UV of points (..., 2) in face units on the head seen straight on."""
    u = 0.5 + np.arcsin(units[..., 0] / RADIUS) / ANGLE
    return np.stack([u, 0.6 - units[..., 1] * HEIGHT], -1)


def head(yaw=0.0, noise=0.0, seed=0, **more) -> FaceFrame:
    """A face frame of it, each point `noise` face sizes off."""
    points = mesh(yaw)[0] + np.random.default_rng(seed).normal(0, noise, (468, 2))
    edge, points = (tuple(map(tuple, p.tolist())) for p in (outline(mesh(yaw)[0]), points))
    return replace(face(**more), outline=edge, mesh=points)


def crop_of(frame, side=256):
    return crop_for(frame, NullModel().card, side)


def centers(crop):
    """(side, side, 2) the crop's pixel centers in crop px."""
    x = np.arange(crop.size) + 0.5
    return np.stack(np.meshgrid(x, x), -1)
