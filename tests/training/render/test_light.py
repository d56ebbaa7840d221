"""Light falls on a raised surface as its slope says, however the window lies."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from reage_training.dataset import StoredView
from reage_training.render.bank import Bank
from reage_training.render.light import Rig, diffuse, gaussian, gloss, normals, scattered
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import cut, whole
from reage_training.synth.lights import Lights, open_light
from reage_training.synth.view import PLANES

CPU = torch.device("cpu")
SIZE, CM = 64, 0.02


def rig(seed: int = 0) -> tuple[Rig, Lights]:
    lights = Lights.random(np.random.default_rng(seed))
    said = {n: getattr(lights, n).tolist() for n in ("ambient", "direction", "color", "spread")}
    return Rig.of({"lights": said}, CPU), lights


def tilted() -> Tensor:
    """(2, SIZE, SIZE) normals of a ball."""
    line = torch.linspace(-0.6, 0.6, SIZE)
    y, x = torch.meshgrid(-line, line, indexing="ij")
    return torch.stack([x, y])


def test_a_flat_height_changes_no_normal() -> None:
    flat = tilted()
    made = normals(flat, torch.full((2, SIZE, SIZE), 0.3), torch.eye(2), CM)
    torch.testing.assert_close(made[:, :2], flat.expand(2, -1, -1, -1), rtol=0, atol=1e-6)
    torch.testing.assert_close(made.norm(dim=1), torch.ones(2, SIZE, SIZE))


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(("scale", "degrees"), [(1.0, 0.0), (0.6, 30.0), (1.15, -110.0)])
def test_a_bump_tilts_as_its_slope_says(scale: float, degrees: float, mirrored: bool) -> None:
    """A bell of 0.1 cm seen straight on: the normal is (−∂h/∂x, −∂h/∂y, 1), y upwards."""
    empty = np.zeros((SIZE, SIZE, PLANES), np.float16)
    window = cut(empty, {}, CPU, SIZE, scale, degrees, (SIZE / 2, SIZE / 2), mirrored)
    line = torch.arange(SIZE) + 0.5 - SIZE / 2
    here = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1)
    x, y = ((here @ window.to_view.T) * CM).unbind(-1)  # cm in the view, y down
    width = 0.25
    height = 0.1 * (-(x * x + y * y) / (2 * width**2)).exp()
    slope = torch.stack([height * x / width**2, -height * y / width**2, torch.ones_like(x)])
    wanted = slope / slope.norm(dim=0)
    made = normals(torch.zeros(2, SIZE, SIZE), height[None], window.to_view, CM)[0]
    inner = np.s_[:, 2:-2, 2:-2]
    torch.testing.assert_close(made[inner], wanted[inner], rtol=0, atol=0.01)
    assert wanted[0].abs().max() > 0.2


@pytest.mark.parametrize(("degrees", "mirrored"), [(0.0, True), (180.0, False), (180.0, True)])
def test_a_window_is_lit_as_the_view_is(
    views: tuple[StoredView, ...], bank: Bank, degrees: float, mirrored: bool
) -> None:
    """Lit mirrored or turned, and brought back, it is the same picture."""
    stored = views[1]
    planes, side = stored.planes(), stored.planes().shape[0]
    look, ages = Look.of(stored.metadata, bank.count), [Ages.all(30), Ages.all(80)]
    plain = pictures(whole(planes, stored.metadata, CPU), bank, look, ages)
    window = cut(planes, stored.metadata, CPU, side, 1.0, degrees, (side / 2, side / 2), mirrored)
    other = pictures(window, bank, look, ages)
    axes = [2] * mirrored + [1, 2] * (degrees == 180)
    for name in ("rgb", "gray", "skin", "hair", "conditioning"):
        back = getattr(other, name)
        for axis in axes:
            back = back.flip(back.ndim - 3 + axis)
        wanted = getattr(plain, name)
        inner = np.s_[..., 4:-4, 4:-4]
        off = (back - wanted)[inner].abs()
        assert off.mean() < 2e-4 and off.quantile(0.999) < 0.02, name


def test_open_skin_gets_the_light_that_the_lamps_give() -> None:
    """On a ball without shadows the ambient part is the analytic one."""
    light, lights = rig(3)
    flat = tilted()
    unit = torch.cat([flat, (1 - flat.square().sum(0, keepdim=True)).sqrt()])
    open_ = torch.from_numpy(open_light(unit.permute(1, 2, 0).numpy(), lights)).permute(2, 0, 1)
    dark = torch.zeros(3, SIZE, SIZE)
    made = diffuse(flat, unit[None], open_, dark, light)
    torch.testing.assert_close(made[0], open_, rtol=1e-4, atol=1e-4)
    keyed = diffuse(flat, unit[None], open_, torch.ones(3, SIZE, SIZE), light)
    wanted = open_.clone()
    for toward, color in zip(light.direction, light.color, strict=True):
        facing = (toward[:, None, None] * unit).sum(0).clamp_min(0)
        wanted = wanted + facing * color[:, None, None]
    torch.testing.assert_close(keyed[0], wanted, rtol=1e-4, atol=1e-4)


def test_light_under_the_skin_spreads_red_the_furthest_and_is_not_lost() -> None:
    light = torch.zeros(1, 3, SIZE, SIZE)
    light[..., SIZE // 2, SIZE // 2] = 1
    made = scattered(light, torch.ones(SIZE, SIZE), px_per_mm=3.0)[0]
    torch.testing.assert_close(made.sum((1, 2)), torch.ones(3), rtol=0.02, atol=0)
    red, green, blue = made[:, SIZE // 2, SIZE // 2]
    assert red < green < blue
    even = scattered(torch.ones(1, 3, SIZE, SIZE), torch.ones(SIZE, SIZE), 3.0)
    torch.testing.assert_close(even, torch.ones_like(even))


def test_nothing_comes_from_where_there_is_no_skin() -> None:
    coverage = torch.zeros(SIZE, SIZE)
    coverage[:, : SIZE // 2] = 1
    one, other = (torch.full((1, 3, SIZE, SIZE), 0.5) for _ in range(2))
    other[..., SIZE // 2 :] = 9.0
    a, b = (scattered(x, coverage, 2.0)[..., : SIZE // 2] for x in (one, other))
    torch.testing.assert_close(a, b)
    torch.testing.assert_close(a, one[..., : SIZE // 2], rtol=1e-4, atol=1e-4)


def test_a_blur_is_the_gaussian_that_it_is_called() -> None:
    point = torch.zeros(1, 2, 41, 41)
    point[..., 20, 20] = 1
    made = gaussian(point, [1.5, 3.0])[0]
    away = torch.arange(41) - 20
    for plane, sigma in zip(made, (1.5, 3.0), strict=True):
        assert float(plane.sum()) == pytest.approx(1, abs=1e-5)
        assert math.sqrt(float(plane.sum(0) @ away.square().float())) == pytest.approx(
            sigma, rel=0.06
        )


def test_gloss_follows_the_half_vector_and_smooth_skin_shines_brighter() -> None:
    light, _ = rig(5)
    flat = tilted()
    unit = torch.cat([flat, (1 - flat.square().sum(0, keepdim=True)).sqrt()])[None]
    key, open_ = torch.ones(3, SIZE, SIZE), torch.zeros(SIZE, SIZE)
    sharp, soft = (
        gloss(unit, torch.full((1, SIZE, SIZE), rough), key, open_, light)[0].sum(0)
        for rough in (0.25, 0.6)
    )
    assert sharp.min() >= 0 and sharp.max() > 2 * soft.max()
    dark = gloss(unit, torch.full((1, SIZE, SIZE), 0.4), 0 * key, open_, light)
    assert not dark.any()
