"""A face's shape at rest by age, out of meshes from any side: without pose, size and expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from functools import cache

import numpy as np

from reage.faces.skin import places
from reage.pattern.photo.expression import Expression
from reage.pattern.photo.photograph import Floats

_TOP, _CHIN = 10, 152
"""Landmarks at the hairline and the chin."""

_ROUNDS = 6

_AT_REST = 8.0
"""How fast an expression takes from what a mesh counts."""

_YEARS, _ALWAYS = 6.0, 0.05
"""Sigma over which ages tell of each other, and what all ages count for any."""


def shapes(
    ages: Sequence[float], meshes: Sequence[Floats], facings: Sequence[Floats], at: Sequence[float]
) -> tuple[list[Floats], float]:
    """(468, 3) of each age in `at`: x right, y down, z away from the camera, in face units: the
    face's middle is 0, hairline to chin 1. And the deviation of the meshes from them, likewise.

    meshes (468, 3) px and facings (468,) of photographs; what none shows is as on the other side
    """
    rest = [1 / (1 + _AT_REST * sum(v * v for v in astuple(Expression.of(m)))) for m in meshes]
    trust = [r * f for r, f in zip(rest, facings, strict=True)]
    mean = _upright(_even(meshes[int(np.argmax([t.sum() for t in trust]))]))
    laid = list(meshes)
    for _ in range(_ROUNDS):
        laid = [_laid(m, mean, f) for m, f in zip(meshes, facings, strict=True)]
        mean = _upright(_mean(laid, trust, np.ones(len(laid)), mean))
    out = []
    for age in at:
        near = np.exp(-0.5 * ((np.array(ages) - age) / _YEARS) ** 2) + _ALWAYS
        out.append(_upright(_mean(laid, trust, near, mean)))
    off = [t[:, None] * (m - mean) ** 2 for m, t in zip(laid, trust, strict=True)]
    spread = np.sqrt(np.sum(off) / max(np.sum(trust), 1e-9))
    return out, float(spread)


def _mean(
    laid: Sequence[Floats], trust: Sequence[Floats], counts: Floats, prior: Floats
) -> Floats:
    """Weighted; what nobody shows is as the mirrored rest of the face has it."""
    weights = np.stack(trust) * counts[:, None]
    total = np.einsum("pl,plc->lc", weights, np.stack(laid))
    own = weights.sum(0)[:, None]
    floor = 0.02 * float(own.max())
    mean = (total + floor * prior) / (own + floor)
    other = _even(mean, alone=True)
    share = own / (own + own[_twins()] + 1e-9)
    believed = np.clip(2 * share, 0, 1)
    return np.asarray(believed * mean + (1 - believed) * other)


def _laid(mesh: Floats, onto: Floats, weight: Floats) -> Floats:
    """Turned, scaled and moved onto another by weighted least squares (Umeyama 1991)."""
    w = weight[:, None] / weight.sum()
    a, b = (w * mesh).sum(0), (w * onto).sum(0)
    u, s, vt = np.linalg.svd((w * (onto - b)).T @ (mesh - a))
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    turn = (u * sign) @ vt
    scale = float((s * sign).sum() / (w * (mesh - a) ** 2).sum())
    return np.asarray(scale * (mesh - a) @ turn.T + b)


def _upright(mesh: Floats) -> Floats:
    """Middle at 0, height 1, looking at the camera: x from one side's points to their twins."""
    left = places()[:, 0] < 0.5
    x = (mesh[_twins()] - mesh)[left].sum(0)
    x = x / np.linalg.norm(x)
    down = mesh[_CHIN] - mesh[_TOP]
    down = down - (down @ x) * x
    y = down / np.linalg.norm(down)
    turned = mesh @ np.stack([x, y, np.cross(x, y)]).T
    middle = (turned[_TOP] + turned[_CHIN]) / 2
    return np.asarray((turned - middle) / np.linalg.norm(turned[_CHIN] - turned[_TOP]))


def _even(mesh: Floats, alone: bool = False) -> Floats:
    """A mesh's mean with its mirror image, or that image alone."""
    other = mesh[_twins()] * (-1, 1, 1)
    other = _laid(other, mesh, np.ones(len(mesh)))
    return other if alone else np.asarray((mesh + other) / 2)


@cache
def _twins() -> np.ndarray:
    """(468,) the landmark on the other side of each."""
    here = places()
    there = here * (-1, 1) + (1, 0)
    return np.asarray(((there[:, None] - here[None]) ** 2).sum(-1).argmin(1))
