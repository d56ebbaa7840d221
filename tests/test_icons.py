"""The icons that Nuke reads: drawn from the one source, small, and with nothing around them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from reage import home

ICONS = home.root() / "icons"

NUKE_GRAY = 56
"""Of 255; what lies behind the icons in Nuke's menus, about."""


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reage_icons", ICONS / "render.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


render = _load()


def _pixels(name: str) -> np.ndarray:
    """h w 4, blue green red alpha, 0 to 255."""
    image = cv2.imread(str(ICONS / name), cv2.IMREAD_UNCHANGED)
    assert image is not None
    return image.astype(np.float64)


@pytest.mark.parametrize(("name", "side"), render.FILES.items())
def test_they_are_what_the_source_draws(tmp_path: Path, name: str, side: int) -> None:
    render.render(side).save(str(tmp_path / name))
    stored, drawn = _pixels(name), _pixels(str(tmp_path / name))
    assert stored.shape == drawn.shape == (side, side, 4)
    assert np.abs(stored - drawn).mean() < 2, "run `python icons/render.py`"


@pytest.mark.parametrize("name", render.FILES)
def test_nothing_lies_around_them_and_they_are_small(name: str) -> None:
    image = _pixels(name)
    alpha = image[..., 3]
    corners = alpha[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.tolist() == [0, 0, 0, 0]
    assert 0.4 < (alpha == 255).mean() < 0.8
    assert (ICONS / name).stat().st_size < 2048


@pytest.mark.parametrize("name", render.FILES)
def test_both_halves_stand_out_from_nukes_gray_and_from_each_other(name: str) -> None:
    image = _pixels(name)
    alpha = image[..., 3:] / 255
    shown = (image[..., :3] * alpha + NUKE_GRAY * (1 - alpha)) @ (0.0722, 0.7152, 0.2126)
    side = shown.shape[1]
    hair = slice(side // 8, side // 4)
    young, old = shown[hair, side // 4 : side // 2], shown[hair, side // 2 : 3 * side // 4]
    assert young.mean() > NUKE_GRAY + 40
    assert old.mean() > young.mean() + 80
