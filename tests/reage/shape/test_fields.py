import numpy as np

from reage.shape.fields import FIELDS, GROUPS, displaced
from reage.shape.head import head

EACH = np.eye(len(FIELDS))


def test_each_field_is_the_sum_of_its_gaussians() -> None:
    points = head().points
    for field, amounts in zip(FIELDS, EACH, strict=True):
        want = np.zeros_like(points)
        for side in (1, -1) if field.paired else (1,):
            mirror = np.array([side, 1, 1])
            away = (points - mirror * field.center) / field.radius
            want += np.exp(-(away**2).sum(1))[:, None] * mirror * field.shift
        np.testing.assert_allclose(displaced(points, amounts), want, atol=1e-12)


def test_both_sides_of_a_face_move_alike() -> None:
    mirror = np.array([-1.0, 1.0, 1.0])
    points = head().points
    for amounts in EACH:
        there = displaced(points * mirror, amounts)
        np.testing.assert_allclose(there, displaced(points, amounts) * mirror, atol=1e-12)


def test_every_field_moves_skin_that_the_head_has_points_on() -> None:
    for field, amounts in zip(FIELDS, EACH, strict=True):
        moved = np.linalg.norm(displaced(head().points, amounts), axis=1).max()
        assert moved > 0.4 * np.linalg.norm(field.shift), field.name


def test_each_group_has_fields_and_each_field_a_group_or_none() -> None:
    assert {field.group for field in FIELDS} == {*GROUPS, ""}
    assert len({field.name for field in FIELDS}) == len(FIELDS)
