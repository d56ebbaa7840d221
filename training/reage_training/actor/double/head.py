"""A double's head and the color of its skin, out of photographs.

The head: identity coefficients by least squares over the photographs' meshes, each moved, turned
and scaled onto the head (Umeyama 1991, IEEE PAMI 13(4)), its expression solved for as well. A
coefficient of deviation 1 is its own prior: what the meshes do not tell stays average.

The color: photographs tell neither exposure nor white balance. So only the ratios of red and blue
to green count, their median over all photographs, against what white balance does to them, and what
`skin_color` tells of the tone; what remains unsure is drawn anew for each sitting of the double.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from reage.pattern.photo.photograph import Photograph
from reage_training.actor.double.skin_color import Estimate
from reage_training.synth.head import Head
from reage_training.synth.person import IDENTITY_LIMIT
from reage_training.synth.skin_color import reflectance
from reage_training.synth.view import REC709_TO_ACESCG

Array = np.ndarray

_NOISE, _DEEP_NOISE = 0.25, 0.9
"""cm by which a mesh's landmark is off across the picture and along the view, beyond what the mean
over photographs takes off it."""

_TOGETHER = 20
"""Landmarks that are off together, as neighbours are: so many count as one."""

_SHARED = 0.6
"""Share of that which all meshes of one person have in common: more photographs do not help."""

_SMILES = 0.5
"""Deviation of the weight of an expression."""

_ROUNDS = 6

_BALANCE = 0.12
"""Deviation of a photograph's log ratios from the skin's own, by its white balance and light."""

_CHEEKS = (50, 280, 101, 330, 117, 346, 118, 347, 205, 425)
"""Landmarks on both cheeks, where there is skin and no stubble."""

_TONES, _BLOODS = np.linspace(0, 1, 41), np.linspace(-0.28, 0.32, 31)

_BLOOD = Estimate(0.02, 0.13)
"""What is held for likely of an actor's blood: wider than of default people."""


def identity_of(head: Head, meshes: Sequence[Array], facing: Sequence[Array]) -> Array:
    """(K,) float32 coefficients of a head's modes.

    meshes (468, 3) px each: x right, y down, z away from the camera; facing (468,) 0 … 1, how much
    each landmark is believed
    """
    mean = head.landmarks_of(head.vertices).astype(np.float64)
    modes = np.stack([_moved(head, mode) for mode in head.identity]).reshape(len(head.identity), -1)
    faces = np.stack([_moved(head, e) for e in head.expression]).reshape(len(head.expression), -1)
    seen = [mesh * (1.0, -1.0, -1.0) for mesh in meshes]
    believed = [np.clip(f, 0.02, 1.0) for f in facing]
    worth = [np.outer(f, _trust(len(meshes))).ravel() for f in believed]
    coefficients: Array = np.zeros(len(modes))
    expressions: list[Array] = [np.zeros(len(faces)) for _ in meshes]
    for _ in range(_ROUNDS):
        normal, right = np.eye(len(modes)), np.zeros(len(modes))
        for k, (mesh, w) in enumerate(zip(seen, worth, strict=True)):
            shape = mean + (coefficients @ modes + expressions[k] @ faces).reshape(-1, 3)
            laid = onto(mesh, shape, believed[k])
            off = (laid - mean).ravel()
            left = off - coefficients @ modes
            inner = (faces * w) @ faces.T + np.eye(len(faces)) / _SMILES**2
            expressions[k] = np.clip(np.linalg.solve(inner, (faces * w) @ left), 0, 1)
            normal += (modes * w) @ modes.T
            right += (modes * w) @ (off - expressions[k] @ faces)
        coefficients = np.linalg.solve(normal, right)
    return np.asarray(np.clip(coefficients, -IDENTITY_LIMIT, IDENTITY_LIMIT), np.float32)


def onto(points: Array, goal: Array, weights: Array) -> Array:
    """(L, 3) points moved, turned and scaled to lie on goal (L, 3) best, by weights (L,)."""
    share = (weights / weights.sum())[:, None]
    a, b = points - (share * points).sum(0), goal - (share * goal).sum(0)
    u, s, vt = np.linalg.svd((share * b).T @ a)
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    scale = float((s * sign).sum() / (share * a**2).sum())
    return np.asarray(scale * a @ ((u * sign) @ vt).T + (share * goal).sum(0))


def color_of(photographs: Sequence[Photograph], before: Estimate) -> tuple[Estimate, Estimate]:
    """Tone and blood of a person's skin, see `synth.traits.Traits`; before: what is known of the
    tone."""
    ratios = np.array([_ratios(photo) for photo in photographs])
    red, blue = np.median(ratios, 0)
    tone, blood = np.meshgrid(_TONES, _BLOODS, indexing="ij")
    at = torch.from_numpy(np.stack([tone, blood]).astype(np.float32))
    color = reflectance(at[0], at[1] + 0.1, torch.zeros_like(at[0])).log().numpy()
    unsure = _BALANCE**2 * (0.3 + 0.7 / len(ratios))  # a photographer's taste stays the same
    cost = ((color[0] - color[1] - red) ** 2 + (color[2] - color[1] - blue) ** 2) / unsure
    for value, prior in ((tone, before), (blood, _BLOOD)):
        cost = cost + ((value - prior.value) / prior.width) ** 2
    likely = np.exp(-0.5 * (cost - cost.min()))
    return _estimate(tone, likely), _estimate(blood, likely)


def _estimate(values: Array, likely: Array) -> Estimate:
    mean = float(np.average(values, weights=likely))
    return Estimate(mean, float(np.sqrt(np.average((values - mean) ** 2, weights=likely))))


def _ratios(photo: Photograph) -> Array:
    """Natural logarithms of red and of blue over green, on the cheeks."""
    height, width = photo.rgb.shape[:2]
    x, y = np.floor(photo.mesh[list(_CHEEKS), :2]).astype(int).T
    near = photo.rgb[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]
    rec709 = np.linalg.solve(REC709_TO_ACESCG, np.median(near, 0))  # photographs are in ACEScg
    r, g, b = np.log(np.maximum(rec709, 1e-4))
    return np.array([r - g, b - g])


def _moved(head: Head, by: Array) -> Array:
    """(468, 3) what a displacement of the vertices does to the landmarks."""
    return np.asarray(head.landmarks_of(by), np.float64)


def _trust(count: int) -> Array:
    """(3,) 1/cm² across, across and along the view, for each of so many meshes."""
    noise = np.array([_NOISE, _NOISE, _DEEP_NOISE])
    return np.asarray(1 / (noise**2 * _TOGETHER * (1 + _SHARED * (count - 1))))
