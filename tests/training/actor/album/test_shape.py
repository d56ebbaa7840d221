"""A shape at rest does not depend on where, how large and how turned a face was photographed."""

from __future__ import annotations

import numpy as np
import pytest

from reage.faces.typical import TYPICAL_FILE
from reage_training.actor.album.shape import shapes


def _turned(mesh: np.ndarray, yaw: float, scale: float, move: tuple[float, float]) -> np.ndarray:
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return scale * mesh @ turn.T + (*move, 0.0)


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    return np.loadtxt(TYPICAL_FILE)


def test_pose_size_and_place_are_taken_out(face: np.ndarray) -> None:
    ages = [30.0, 40.0, 60.0]
    meshes = [
        _turned(face, yaw, scale, move)
        for yaw, scale, move in ((0, 300, (50, 60)), (25, 500, (700, 80)), (-30, 90, (0, 0)))
    ]
    seen = [np.ones(468)] * 3
    (young, old), spread = shapes(ages, meshes, seen, [30.0, 60.0])
    assert np.abs(young - old).max() < 1e-3 and spread < 1e-3
    assert np.linalg.norm(young[152] - young[10]) == pytest.approx(1)
    assert young[152, 1] == pytest.approx(0.5) and abs(young[152, 0]) < 0.02


def test_a_face_that_changes_with_the_years_does_so_in_its_shapes(face: np.ndarray) -> None:
    fuller = face.copy()
    fuller[:, 0] *= 1.1
    ages = [25.0, 27.0, 63.0, 65.0]
    meshes = [_turned(m, y, 200, (0, 0)) for m, y in
              ((face, 0), (face, 15), (fuller, -10), (fuller, 5))]  # fmt: skip
    (young, old), _ = shapes(ages, meshes, [np.ones(468)] * 4, [26.0, 64.0])
    width = [abs(m[454, 0] - m[234, 0]) for m in (young, old)]
    assert width[1] / width[0] == pytest.approx(1.1, abs=0.02)


def test_what_no_photograph_shows_is_as_on_the_other_side(face: np.ndarray) -> None:
    hidden = np.where(face[:, 0] > face[1, 0] + 0.05 * np.ptp(face[:, 0]), 0.01, 1.0)
    wrong = face.copy()
    wrong[hidden < 0.5, 2] += 0.2 * np.ptp(face[:, 1])
    (made,), _ = shapes([40.0], [wrong * 300], [hidden], [40.0])
    left, right = made[234], made[454]
    assert abs(left[2] - right[2]) < 0.08
