import numpy as np
import pytest

from reage.shape.camera import FaceCamera
from reage.shape.head import head


def turned(yaw: float, pitch: float, roll: float, scale: float) -> np.ndarray:
    """(2, 3): a head seen by a scaled orthographic camera, y down."""
    a, b, c = np.deg2rad([yaw, pitch, roll])
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return scale * np.diag([1.0, -1.0]) @ (about_z @ about_x @ about_y)[:2]


@pytest.mark.parametrize("pose", [(0, 0, 0), (35, -10, 20), (-80, 5, -160)])
def test_a_camera_is_found_again(pose: tuple[float, float, float]) -> None:
    points = head().landmarks
    linear = turned(*pose, scale=30)
    found = FaceCamera.fitted(points, points @ linear.T + [900, 400], np.ones(len(points)))
    np.testing.assert_allclose(found.linear, linear, atol=1e-6)
    np.testing.assert_allclose(found.shift, [900, 400], atol=1e-5)


def test_points_of_little_weight_or_far_off_turn_it_little() -> None:
    points = head().landmarks
    seen = points @ turned(20, 5, 3, 30).T
    off = np.arange(len(points)) % 20 == 0
    straying = seen + 600 * off[:, None]
    hidden = np.where(off, 1e-3, 1.0)
    for weights, allowed in ((hidden, 0.1), (np.ones(len(points)), 0.6)):
        found = FaceCamera.fitted(points, straying, weights)
        assert np.abs(found.linear - turned(20, 5, 3, 30)).max() < allowed


def test_the_viewer_is_in_front_of_a_face_seen_straight_on_and_beside_a_profile() -> None:
    points = head().landmarks
    for yaw, toward in ((0, (0, 0, 1)), (90, (-1, 0, 0)), (-90, (1, 0, 0))):
        seen = points @ turned(yaw, 0, 0, 25).T
        found = FaceCamera.fitted(points, seen, np.ones(len(points)))
        np.testing.assert_allclose(found.toward, toward, atol=1e-6)
