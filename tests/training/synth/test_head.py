"""Laws of heads, cameras, light and the rasteriser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage_training.synth import raster
from reage_training.synth.ageing import SHADED, heights
from reage_training.synth.camera import Camera
from reage_training.synth.demo_plate import rounded
from reage_training.synth.head import CHIN, FOREHEAD, Head, Material, load_ict
from reage_training.synth.landmark_places import landmark_places
from reage_training.synth.lights import Lights, harmonics, spherical
from reage_training.synth.mesh import normals
from reage_training.synth.pack_ict import pack
from reage_training.synth.pack_places import partners, symmetric_places
from reage_training.synth.person import Person, random_expression
from reage_training.synth.small_head import small_head

angles = st.floats(-40, 40)


@pytest.fixture(scope="module")
def head() -> Head:
    return small_head()


def test_a_person_comes_back_from_the_seed(head: Head) -> None:
    one, two, other = (Person.random(head, seed) for seed in (3, 3, 4))
    assert np.array_equal(one.identity, two.identity)
    assert (one.style, one.expression, one.hair_age) == (two.style, two.expression, two.hair_age)
    assert not np.array_equal(one.identity, other.identity)


def test_every_random_expression_is_known_to_the_head(head: Head) -> None:
    for seed in range(40):
        names = random_expression(np.random.default_rng(seed), head.expressions)
        assert set(names) <= set(head.expressions)
        assert all(0 < weight <= 1.1 for weight in names.values())


def test_landmarks_are_where_their_texture_place_is(head: Head) -> None:
    points = head.landmarks_of(head.vertices)
    assert points[FOREHEAD, 1] - points[CHIN, 1] == pytest.approx(16.2, abs=1.0)
    right_eye, left_eye = points[33], points[263]
    assert right_eye[0] == pytest.approx(-left_eye[0], abs=0.4)
    assert points[1, 2] == points[:, 2].max()  # the tip of the nose is in front


def test_landmarks_are_found_again_by_looking_at_renders(head: Head) -> None:
    found = landmark_places(head)
    for index, place in {33: (0.30, 0.725), 263: (0.70, 0.725), 1: (0.50, 0.60)}.items():
        assert found[index] == pytest.approx(place, abs=0.04)


def test_landmarks_of_both_sides_are_paired_and_averaged() -> None:
    rng = np.random.default_rng(0)
    left = rng.uniform((0.05, 0.2), (0.45, 0.9), (234, 2))
    truth = np.concatenate([left, left * [-1, 1] + [1, 0]])[rng.permutation(468)]
    found = truth + rng.normal(0, 0.001, (7, 468, 2))
    pairs, places = partners(found), symmetric_places(found)
    assert np.array_equal(pairs[pairs], np.arange(468))
    assert np.allclose(places[pairs], places * [-1, 1] + [1, 0])
    assert np.abs(places - truth).max() < 0.01


def test_shape_ages_alike_on_both_sides_and_not_beyond_the_face(head: Head) -> None:
    raised = heights(head, 48)
    assert raised.shape == (len(SHADED), 48, 48) and np.isfinite(raised).all()
    for field, plane in zip(SHADED, raised, strict=True):
        assert 0.005 < np.abs(plane).max() < 0.7, field.name
        assert np.abs(plane - plane[:, ::-1]).mean() < 0.35 * np.abs(plane).mean(), field.name
        assert np.abs(plane[0]).max() < 0.01, field.name  # the crown


@given(yaw=angles, pitch=angles, roll=angles)
def test_a_camera_sees_its_target_in_the_middle(yaw: float, pitch: float, roll: float) -> None:
    camera = Camera(yaw, pitch, roll, (1.0, 2.0, 3.0), 80.0, 25.0)
    assert camera.project(np.array([1.0, 2.0, 3.0]), 200, 100) == pytest.approx([100, 50, 80])
    assert camera.axes.T @ camera.axes == pytest.approx(np.eye(3), abs=1e-6)
    right = np.array(camera.target) + 12.5 * camera.axes[:, 0]
    assert camera.project(right, 100, 100)[:2] == pytest.approx([100, 50], abs=1e-3)


@given(yaw=angles, pitch=angles, roll=angles)
def test_turned_light_is_the_same_light_seen_from_elsewhere(
    yaw: float, pitch: float, roll: float
) -> None:
    lights = Lights.random(np.random.default_rng(1))
    axes = Camera(yaw, pitch, roll, (0.0, 0.0, 0.0), 80.0, 25.0).axes
    turned = lights.rotated(axes)
    probe = spherical(np.arange(9.0), np.linspace(-1, 1, 9))
    before = harmonics(probe) @ lights.ambient
    assert harmonics(probe @ axes.T) @ turned.ambient == pytest.approx(before, abs=1e-4)
    assert turned.direction @ axes == pytest.approx(lights.direction, abs=1e-5)


def test_the_nearest_triangle_wins_and_its_weights_find_the_pixel() -> None:
    points = np.array([[0, 0, 5], [8, 0, 5], [0, 8, 5], [0, 0, 3], [4, 0, 3], [0, 4, 3.0]])
    triangles = np.array([[0, 1, 2], [3, 4, 5]], np.int32)
    depth, index, weight = raster.empty(8, 8)
    raster.draw(points, triangles, np.ones(2, bool), depth, index, weight)
    assert index[0, 0] == 1
    assert index[0, 6] == 0
    assert index[7, 7] == -1
    w = np.append(weight[1, 1], 1 - weight[1, 1].sum())
    assert w @ points[triangles[1]] == pytest.approx([1.5, 1.5, 3])


def test_normals_of_a_head_point_outward(head: Head) -> None:
    unit = normals(head.vertices, head.triangles)
    face = np.unique(head.corners(Material.FACE))
    outward = head.vertices[face] * [1, 0, 1]
    assert ((unit[face] * outward).sum(1) > 0).mean() > 0.9


def test_rounding_keeps_half_floats_within_their_last_bits() -> None:
    x = np.geomspace(1e-3, 6e4, 1000).astype(np.float32)
    y = rounded(x)
    assert np.isfinite(y).all()
    assert np.abs(y.astype(np.float32) / x - 1).max() < 2**-8 + 2**-11
    assert (y.view(np.uint16) & 7 == 0).all()


def test_packed_obj_files_come_back_as_a_head(tmp_path: Path) -> None:
    """A head of one quad and one triangle, with one identity and one expression."""
    source = tmp_path / "FaceXModel"
    source.mkdir()
    corners = ["0 0 0", "1 0 0", "1 1 0", "0 1 0", "2 0 0"]
    texture = "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
    faces = "usemtl M_Face\nf 1/1 2/2 3/3 4/4\nusemtl M_Teeth\nf 2/1 5/2 3/3\n"
    for name, shift in (("generic_neutral_mesh", 0), ("identity000", 1), ("jawOpen", 2)):
        body = "".join(f"v {c[:-1]}{shift}\n" for c in corners) + texture + faces
        (source / f"{name}.obj").write_text(body, encoding="utf-8")
    pack(source, tmp_path)
    (tmp_path / "mediapipe_face").mkdir()
    places = np.full((468, 2), (0.25, 0.5), np.float32)
    np.save(tmp_path / "mediapipe_face" / "mediapipe468_to_ict_face_uv.npy", places)
    head = load_ict(tmp_path)
    assert head.triangles.shape == (3, 3)
    assert list(head.material) == [Material.FACE, Material.TEETH, Material.FACE]
    assert head.landmarks_of(head.vertices)[7] == pytest.approx([0.25, 0.5, 0])
    shaped = head.shaped(np.ones(1, np.float32), {"jawOpen": 0.5})
    assert shaped[:, 2] == pytest.approx(2.0)
