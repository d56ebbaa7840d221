import numpy as np

from reage.faces.frame import MESH_POINTS
from reage.shape.head import head


def test_the_landmarks_come_first_and_lie_as_on_a_face() -> None:
    points = head().landmarks
    assert points.shape == (MESH_POINTS, 3)
    forehead, chin, nose, right_eye, left_eye = points[[10, 152, 4, 33, 263]]
    assert forehead[1] > right_eye[1] > nose[1] > chin[1]
    assert nose[2] > max(forehead[2], chin[2]) and right_eye[0] < 0 < left_eye[0]


def test_both_sides_are_alike() -> None:
    mirror = np.array([-1.0, 1.0, 1.0])
    for points, off in ((head().landmarks, 0.15), (head().around, 0.002)):
        apart = np.linalg.norm(points[:, None] * mirror - points, axis=2).min(1)
        assert apart.max() < off


def test_normals_are_unit_and_look_outward() -> None:
    table = head()
    np.testing.assert_allclose(np.linalg.norm(table.normals, axis=1), 1, atol=2e-3)
    outward = (table.points - [0, 0, -2]) * table.normals
    assert (outward.sum(1) > 0).mean() > 0.95
