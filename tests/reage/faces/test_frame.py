"""A face's place follows its skull exactly, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.faces import FaceFrame, face_frame
from reage.faces.outline import outline
from reage.pixels.geometry import Similarity


def rotated(mesh, yaw=0.0, pitch=0.0):
    """The mesh turned in space about its middle, degrees."""
    y, p = np.radians([yaw, pitch])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    middle = mesh.mean(0)
    return (mesh - middle) @ (about_y @ about_x).T + middle


def test_a_moved_mesh_is_a_moved_face(mesh, face):
    rng = np.random.default_rng(0)
    for scale, degrees in zip(rng.uniform(0.1, 9, 20), rng.uniform(-180, 180, 20), strict=True):
        sim = Similarity.of(scale, degrees, (30, 40), tuple(rng.uniform(-999, 999, 2)))
        moved = np.column_stack([sim.apply(mesh[:, :2]), mesh[:, 2] * scale])
        got = face_frame(moved, 7, 0.5)
        np.testing.assert_allclose(got.center, sim.apply(face.center), atol=1e-6 * got.size)
        assert got.size == pytest.approx(face.size * scale)
        assert abs((got.degrees - face.degrees - degrees + 180) % 360 - 180) < 1e-6
        np.testing.assert_allclose(got.outline, face.outline, atol=1e-4)
        np.testing.assert_allclose(got.mesh, face.mesh, atol=1e-6)
        np.testing.assert_allclose(got.landmarks(), moved[:, :2], atol=1e-6 * got.size)
        assert (got.frame, got.confidence, got.state) == (7, 0.5, "seen")


@pytest.mark.parametrize("yaw", [-90, -60, -30, 30, 60, 90])
@pytest.mark.parametrize("pitch", [-25, 0, 25])
def test_a_turning_head_keeps_its_size_and_does_not_jump(mesh, face, yaw, pitch):
    got = face_frame(rotated(mesh, yaw, pitch), 0, 1.0)
    assert got.size == pytest.approx(face.size, rel=1e-6)
    assert np.hypot(*np.subtract(got.center, face.center)) < 0.25 * face.size
    assert np.isfinite(got.oval()).all()


def test_roll_does_not_depend_on_yaw(mesh):
    start = face_frame(mesh, 0, 1.0)
    level = np.column_stack([Similarity.of(degrees=-start.degrees).apply(mesh[:, :2]), mesh[:, 2]])
    rolls = [face_frame(rotated(level, yaw), 0, 1.0).degrees for yaw in range(-90, 91, 15)]
    assert max(rolls) - min(rolls) < 20  # its pitch leans into the roll, smoothly
    assert np.abs(np.diff(rolls)).max() < 2


def test_a_falling_jaw_moves_only_the_outline(mesh, face):
    opened = mesh.copy()
    lower = mesh[:, 1] > mesh[13, 1]
    opened[lower, 1] += 0.2 * face.size
    got = face_frame(opened, 0, 1.0)
    assert got.size == pytest.approx(face.size, rel=1e-9)
    np.testing.assert_allclose(got.center, face.center)
    assert got.oval()[:, 1].max() > face.oval()[:, 1].max() + 0.15 * face.size


def test_stray_points_hardly_count(mesh, face):
    spoilt = mesh.copy()
    spoilt[[10, 33, 345]] += 0.5 * face.size
    got = face_frame(spoilt, 0, 1.0)
    assert got.size == pytest.approx(face.size, rel=0.02)
    assert np.hypot(*np.subtract(got.center, face.center)) < 0.02 * face.size


def test_size_is_hairline_to_chin(mesh, face):
    """Proportions differ between people by a few per cent, and this one smiles."""
    assert face.size == pytest.approx(np.linalg.norm(mesh[10] - mesh[152]), rel=0.06)
    assert abs(face.degrees) < 6


def test_the_outline_surrounds_the_mesh(mesh, face):
    u, v = face.to_plate.inverse().apply(mesh[:, :2]).T
    low, high = np.min(face.outline, 0), np.max(face.outline, 0)
    assert low[0] == pytest.approx(u.min(), abs=0.01) and high[0] == pytest.approx(
        u.max(), abs=0.01
    )
    assert low[1] == pytest.approx(v.min(), abs=0.01) and high[1] == pytest.approx(
        v.max(), abs=0.01
    )


def test_no_face_has_no_place():
    with pytest.raises(ValueError, match="frame 12 has no face"):
        _ = FaceFrame.none(12).to_plate


@given(
    st.floats(0.1, 50),
    st.floats(-100, 100),
    st.floats(0.2, 1),
)
def test_the_outline_of_an_ellipse_is_on_it(radius, x, squash):
    t = np.linspace(0, 2 * np.pi, 2000)
    points = np.stack([x + radius * np.sin(t), radius * squash * np.cos(t)], axis=1)
    got = outline(points) - (x, 0)
    np.testing.assert_allclose(np.hypot(got[:, 0], got[:, 1] / squash), radius, rtol=2e-3)
    assert got[0, 1] < 0 and abs(got[0, 0]) < 0.01 * radius  # the first one is straight up
    assert got[9, 0] > 0 and abs(got[9, 1]) < 0.01 * radius  # a quarter on: to the right
