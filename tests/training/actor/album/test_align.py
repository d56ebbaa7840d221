"""Photographs laid over each other: places that the meshes have elsewhere are found."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from reage.pattern.photo.align import moved
from reage_training.actor.album import align
from reage_training.actor.album.align import FirstLook, Laid, full, laid_over, odd_ones, steps
from reage_training.actor.album.reading import FIRST_LOOK


def _skin(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 1, (FIRST_LOOK, FIRST_LOOK)).astype(np.float32)
    fine, broad = (cv2.GaussianBlur(noise, (0, 0), s) * s for s in (1.5, 4.0))
    return np.asarray(0.15 * (fine + broad), np.float32)


def _look(light: np.ndarray, way: np.ndarray, worth: float = 100.0) -> FirstLook:
    """The same skin where a mesh has it elsewhere, by `way` texels right and down; noisy."""
    shift = np.broadcast_to(np.asarray(way, np.float32), (FIRST_LOOK, FIRST_LOOK, 2)).copy()
    rng = np.random.default_rng(abs(int(100 * way[0] + way[1])))
    there = moved(light, -shift) + rng.normal(0, 0.02, light.shape).astype(np.float32)
    return FirstLook(there.astype(np.float16), np.ones(light.shape, np.float16), worth)


@pytest.fixture(scope="module")
def laid() -> list[Laid]:
    own = _skin(1)
    ways = [(0.0, 0.0), (3.0, -2.0), (-4.0, 1.0), (1.0, 1.0)]
    looks = [_look(own, np.array(w), 100.0 - k) for k, w in enumerate(ways)]
    return laid_over([*looks, _look(_skin(2), np.array([0.0, 0.0]), 50.0)])


def test_shifts_between_photographs_are_found(laid: list[Laid]) -> None:
    middle = slice(40, 88)
    first, second, third = (laid[k].shift[middle, middle].mean((0, 1)) for k in range(3))
    assert np.allclose(second - first, (3, -2), atol=0.3)
    assert np.allclose(third - first, (-4, 1), atol=0.3)


def test_who_disagrees_with_all_others_is_told(laid: list[Laid]) -> None:
    assert list(odd_ones(laid)) == [4]


def test_one_photograph_lies_as_its_mesh_has_it_and_is_not_doubted() -> None:
    told: list[int] = []
    (only,) = laid_over([_look(_skin(3), np.array([0.0, 0.0]))], lambda: told.append(1))
    assert not only.shift.any() and not list(odd_ones([only])) and len(told) == steps(1)


def test_a_shift_keeps_its_length_in_face_uv() -> None:
    shift = np.full((128, 128, 2), 2.0, np.float32)
    assert np.allclose(full(shift, FIRST_LOOK), 2) and np.allclose(full(shift, 1024), 4)


def _lit(light: np.ndarray, seed: int) -> tuple[FirstLook, np.ndarray]:
    """The same skin where a mesh bends it, in a light of its own that shades broad forms anew."""
    rng = np.random.default_rng(seed)
    size = (FIRST_LOOK, FIRST_LOOK)
    bend = cv2.resize(rng.normal(0, 3, (7, 7, 2)).astype(np.float32), size)
    shade = cv2.GaussianBlur(rng.normal(0, 1, size).astype(np.float32), (0, 0), 6.0) * 6.0
    there = moved(light, bend) + np.float32(0.15) * shade
    return FirstLook(there.astype(np.float16), np.ones(size, np.float16), 100.0 - seed), bend


def _apart(laid: list[Laid], bends: list[np.ndarray]) -> float:
    """Median distance in texels between where photographs have one place of the skin."""
    ends = []
    for each, bend in zip(laid, bends, strict=True):
        shift = full(each.shift, FIRST_LOOK)
        ends.append(shift + moved(bend, shift))
    middle = slice(120, 392)
    off = (np.stack(ends) - np.mean(ends, axis=0))[:, middle, middle]
    return float(np.median(np.linalg.norm(off, axis=-1)))


def test_fine_rounds_lay_skin_closer_whatever_its_shading(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, bends = zip(*(_lit(_skin(4), k) for k in range(5)), strict=True)
    by_all = _apart(laid_over(looks), list(bends))
    monkeypatch.setattr(align, "_FINE", ())
    without = _apart(laid_over(looks), list(bends))
    assert by_all < 0.8 * without and by_all < 0.5, (by_all, without)
