"""A window is the view, turned, scaled, mirrored, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from reage.pixels.geometry import Similarity
from reage_training.dataset import StoredView
from reage_training.render.window import Window, cut, whole
from reage_training.synth.view import PLANES, SKIN, UV, Planes

CPU = torch.device("cpu")


def cut_of(
    planes: Planes,
    scale: float = 1.0,
    degrees: float = 0.0,
    mirrored: bool = False,
    size: int | None = None,
    center: tuple[float, float] | None = None,
) -> Window:
    side = planes.shape[0]
    middle = center or (side / 2, side / 2)
    return cut(planes, {}, CPU, size or side, scale, degrees, middle, mirrored)


def same(made: Tensor, wanted: Tensor) -> None:
    torch.testing.assert_close(made, wanted, rtol=1e-4, atol=2e-4)


def test_a_cut_of_a_whole_view_at_scale_one_is_the_view(views: tuple[StoredView, ...]) -> None:
    planes = views[0].planes()
    same(cut_of(planes).planes, whole(planes, {}, CPU).planes)
    part = cut_of(planes, size=32, center=(40, 52)).planes
    same(part, whole(planes, {}, CPU).planes[:, 36:68, 24:56])


def test_turned_twice_by_half_a_turn_it_comes_back(views: tuple[StoredView, ...]) -> None:
    planes = views[0].planes()
    plain = whole(planes, {}, CPU).planes
    same(cut_of(planes, degrees=180).planes, plain.flip(1, 2))
    same(cut_of(planes, degrees=360).planes, plain)
    same(cut_of(planes, mirrored=True).planes, plain.flip(2))
    same(cut_of(planes, degrees=90).planes, plain.rot90(1, (1, 2)))


@given(scale=st.floats(0.3, 1.2), degrees=st.floats(-180, 180), mirrored=st.booleans())
@settings(max_examples=25, deadline=None)
def test_its_matrix_and_its_scale_say_the_same(
    scale: float, degrees: float, mirrored: bool
) -> None:
    planes = np.zeros((32, 32, PLANES), np.float16)
    window = cut_of(planes, scale, degrees, mirrored, size=16)
    assert window.px_per_texel == pytest.approx(scale, rel=1e-4)
    assert float(torch.linalg.det(window.to_view)) * (-1 if mirrored else 1) > 0


@given(
    scale=st.floats(0.4, 1.15),
    degrees=st.floats(-25, 25),
    mirrored=st.booleans(),
    spot=st.tuples(st.integers(70, 90), st.integers(70, 90)),
)
@settings(max_examples=25, deadline=None)
def test_a_spot_lands_where_the_similarity_says(
    scale: float, degrees: float, mirrored: bool, spot: tuple[int, int]
) -> None:
    x, y = spot
    rows, columns = np.ogrid[:160, :160]
    planes = np.zeros((160, 160, PLANES), np.float16)
    planes[..., SKIN] = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 18)
    out = cut_of(planes, scale, degrees, mirrored, size=64).planes[SKIN].double()
    grid = torch.arange(64) + 0.5
    found = np.array([float(out.sum(0) @ grid.double()), float(out.sum(1) @ grid.double())])
    found /= float(out.sum())
    move = Similarity.of(scale, -degrees, (80, 80), (32, 32))
    wanted = np.array(move.apply((x + 0.5, y + 0.5)))
    if mirrored:
        wanted[0] = 64 - wanted[0]
    np.testing.assert_allclose(found, wanted, atol=0.06)


def test_shrinking_does_not_alias() -> None:
    checks = np.zeros((128, 128, PLANES), np.float16)
    checks[..., SKIN] = np.indices((128, 128)).sum(0) % 2
    half = cut_of(checks, 0.5, 7.0, size=64).planes[SKIN]
    assert half[16:48, 16:48].std() < 0.05
    assert abs(float(half[16:48, 16:48].mean()) - 0.5) < 0.01


def test_places_are_numbers_from_zero_to_one() -> None:
    planes = np.zeros((2, 2, PLANES), np.float16)
    planes[..., UV] = np.array([0, 65535], np.uint16).view(np.float16)
    assert whole(planes, {}, CPU).planes[UV].unique().tolist() == [0.0, 1.0]
