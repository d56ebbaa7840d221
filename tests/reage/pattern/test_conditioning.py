"""A pattern lies on the face where the landmarks say, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest

from helpers.cylinder import centers, crop_of, head, mesh, true_uv
from reage.faces.skin import coverage, facing, places
from reage.pattern import maps
from reage.pattern.conditioning import conditioning_map, halved, laid

PERCENT = 0.01 * 0.62  # of a face, in face UV


def uv_texture(side=512):
    v, u = np.mgrid[:side, :side].astype(np.float32)
    return halved(np.stack([(u + 0.5) / side, 1 - (v + 0.5) / side], -1))


def uv_shown(face, crop):
    """(size, size, 2): the place that each crop pixel shows, NaN where the face ends."""
    shown = coverage(face, crop)[..., None]
    return np.where(shown > 0.5, laid(face, crop, uv_texture()), np.nan) / shown.clip(0.5)


def at_points(picture, points):
    x, y = points.astype(np.float32).T - 0.5
    return cv2.remap(picture, x, y, cv2.INTER_LINEAR).reshape(len(points), -1).squeeze()


@pytest.mark.parametrize("yaw", [0, -20, 35])
@pytest.mark.parametrize("degrees", [0.0, 140.0])
def test_a_texture_of_u_and_v_shows_each_landmarks_place(yaw, degrees):
    face = head(yaw, degrees=degrees)
    crop = crop_of(face, 512)
    points = crop.to_plate.inverse().apply(face.landmarks())
    seen = (facing(np.array(face.mesh)) > 0.9) & (mesh(yaw)[1] > 0.5)
    seen &= at_points(coverage(face, crop)[..., None], points) == 1
    assert seen.mean() > 0.8
    shown = at_points(laid(face, crop, uv_texture()), points)
    assert np.abs(shown - places())[seen].max() < PERCENT


def test_between_the_landmarks_it_is_right_as_well():
    face = head()
    crop = crop_of(face, 512)
    got = uv_shown(face, crop)
    units = crop.to_plate.then(face.to_plate.inverse()).apply(centers(crop))
    inner = np.isfinite(got[..., 0]) & (np.linalg.norm(units / (0.4, 0.5), axis=-1) < 0.9)
    assert inner.sum() > 40_000
    assert np.abs(got[inner] - true_uv(units[inner])).max() < 1.5 * PERCENT


def test_beyond_the_face_nothing_is_shown():
    face = head()
    crop = crop_of(face)
    units = crop.to_plate.then(face.to_plate.inverse()).apply(centers(crop))
    low, high = np.min(face.outline, 0) - 0.07, np.max(face.outline, 0) + 0.07
    outside = ((units < low) | (units > high)).any(-1)
    assert outside.sum() > 10_000
    assert not laid(face, crop, uv_texture())[outside].any()


def test_it_moves_turns_and_grows_with_the_face():
    texture = uv_texture()
    one, other = head(), head(center=(90.0, 75.0), size=210.0, degrees=-60.0)
    a, b = (laid(face, crop_of(face), texture) for face in (one, other))
    np.testing.assert_allclose(a, b, atol=1e-4)


def test_a_turning_head_never_folds_the_map():
    for yaw in range(-85, 86, 17):
        face = head(yaw)
        points, slant = mesh(yaw)
        crop = crop_of(face)
        uv = uv_shown(face, crop)
        seen = crop.to_plate.inverse().apply(face.to_plate.apply(points[slant > 0.3])).astype(int)
        across = uv[seen[:, 1], seen[:, 0] + 1] - uv[seen[:, 1], seen[:, 0] - 1]
        down = uv[seen[:, 1] + 1, seen[:, 0]] - uv[seen[:, 1] - 1, seen[:, 0]]
        area = across[:, 1] * down[:, 0] - across[:, 0] * down[:, 1]
        assert (area[np.isfinite(area)] > 0).all()


def test_noise_in_the_mesh_moves_the_map_less_than_the_mesh():
    faces = [head(noise=0.004, seed=seed) for seed in range(8)]
    crop = crop_of(faces[0])
    off = np.array([uv_shown(face, crop) for face in faces]).std(0)
    assert np.nanmedian(off) < 0.7 * 0.004 * 0.62


def test_fine_detail_fades_before_it_can_shimmer():
    """Stripes of two texels are beyond a small face's pixels, and far enough apart on a large."""
    stripes = np.zeros((1024, 1024, 1), np.float32)
    stripes[:, ::4], stripes[:, 1::4], stripes[:, 2::4], stripes[:, 3::4] = 1, 1, -1, -1
    textures = halved(stripes)
    face = head()
    small, large = (np.abs(laid(face, crop_of(face, s), textures)[s // 3 : s // 2, s // 3 : s // 2])
                    for s in (128, 2048))  # fmt: skip
    assert small.max() < 0.1 and large.max() > 0.8


def test_the_pattern_of_a_seed_is_laid_and_without_a_mesh_there_is_none():
    face = head()
    crop = crop_of(face)
    shown = conditioning_map(face, crop, 3)
    assert shown.shape == (256, 256, 3) and shown.dtype == np.float32
    np.testing.assert_array_equal(shown, laid(face, crop, halved(maps(3))))
    assert all(np.abs(shown[..., channel]).max() > 0.05 for channel in (0, 1))
    assert not np.array_equal(shown, conditioning_map(face, crop, 4))
    bare = replace(face, mesh=())
    assert not conditioning_map(bare, crop, 3).any()


def test_two_threads_that_need_a_pattern_make_it_once(monkeypatch):
    face, made = head(), []
    where = "reage.pattern.mixed.maps"
    monkeypatch.setattr(where, lambda seed: made.append(seed) or maps(seed))
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: conditioning_map(face, crop_of(face), 97), range(2))
    assert made == [97]
    np.testing.assert_array_equal(one, other)
