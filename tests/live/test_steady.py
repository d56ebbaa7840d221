"""Steadied without looking ahead: jitter gives way, true motion does not wait."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reage.faces import FaceFrame
from reage_live.steady import SteadyFace

OUTLINE = tuple((float(np.cos(a)) / 2, float(np.sin(a)) / 2) for a in np.arange(0, 6.2, 0.2))
FACE = FaceFrame(0, (100.0, 100.0), 80.0, 0.0, 0.9, OUTLINE, mesh=((0.1, 0.2),) * 3)
PATIENCE = 0.08


def steadied(faces, patience=PATIENCE):
    state, out = SteadyFace.begin(faces[0], 0.0, patience), []
    for number, face in enumerate(faces):
        if number:
            state = state.onwards(face, number / 24)
        out.append(state.steadied(face))
    return out


def test_steady_motion_is_not_held_back():
    moving = [
        replace(FACE, center=(100 + 6.0 * n, 100 - 3.0 * n), degrees=-170 - 2.0 * n)
        for n in range(48)
    ]
    end, true = steadied(moving)[-1], moving[-1]
    assert np.hypot(*np.subtract(end.center, true.center)) < 0.1
    assert abs((end.degrees - true.degrees + 180) % 360 - 180) < 0.1
    assert end.size == pytest.approx(80.0)
    assert np.allclose(end.outline, OUTLINE)
    assert np.allclose(end.mesh, FACE.mesh)


def test_jitter_gives_way():
    rng = np.random.default_rng(0)
    shaken = [
        replace(
            FACE,
            center=tuple(np.add(FACE.center, rng.normal(0, 1, 2))),
            size=80 * float(np.exp(rng.normal(0, 0.01))),
        )
        for _ in range(200)
    ]
    calm = steadied(shaken)[20:]
    steps = np.abs(np.diff([f.size for f in calm])).mean()
    assert steps < 0.6 * np.abs(np.diff([f.size for f in shaken])).mean()
    places = np.abs(np.diff([f.center[0] for f in calm])).mean()
    assert places < 0.85 * np.abs(np.diff([f.center[0] for f in shaken])).mean()


def test_without_patience_the_face_is_as_it_was_seen():
    rng = np.random.default_rng(1)
    shaken = [replace(FACE, center=tuple(rng.uniform(0, 200, 2))) for _ in range(10)]
    for calm, seen in zip(steadied(shaken, 0.0), shaken, strict=True):
        assert calm.center == pytest.approx(seen.center)


def test_nothing_is_known_of_the_future():
    faces = [replace(FACE, center=(100 + n * n / 4, 100.0)) for n in range(20)]
    assert steadied(faces)[:10] == steadied(faces[:10])
