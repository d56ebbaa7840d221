"""The node group's sum, as Blender computes it, held against the baked layers and numpy."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.in_blender import NOISE, Blender, color, read, write

FRAMES = {1: 1001, 2: 1002, 3: 1003}


def plate(folder: Path, number: int) -> np.ndarray:
    return color(read(folder / "plates" / f"plate.{number}.exr"))


def layers(folder: Path, number: int) -> dict[str, np.ndarray]:
    return dict(read(folder / "reage_layers" / f"shot_ReAge.{number}.exr"))


def change(baked: dict[str, np.ndarray], **strengths: float) -> np.ndarray:
    """(h, w, 3), before blend and mask."""
    delta = color(baked, "reage_delta")
    for part, strength in strengths.items():
        delta = delta + (strength - 1.0) * color(baked, f"reage_delta_{part}")
    return np.asarray(delta * baked["reage_matte.alpha"][..., None])


def test_the_result_is_the_plate_plus_the_delta(baked_once: Path) -> None:
    """To the bit outside of the matte, for values from −0.5 to 4, infinite ones and any alpha."""
    for frame, number in FRAMES.items():
        picture, before = read(baked_once / "out" / f"{frame:04d}.exr"), plate(baked_once, number)
        baked = layers(baked_once, number)
        result, matte = color(picture), baked["reage_matte.alpha"]
        np.testing.assert_allclose(result, before + change(baked), rtol=0, atol=1e-5)
        np.testing.assert_array_equal(result[matte == 0], before[matte == 0])
        assert matte[:NOISE, :NOISE].max() == 0 and matte.max() == 1
        assert before[:NOISE, :NOISE].min() < -0.49 and before[:NOISE, :NOISE].max() > 3.9
        assert np.abs(result[NOISE:] - before[NOISE:]).max() > 0.01
        alpha = read(baked_once / "plates" / f"plate.{number}.exr")["A"]
        np.testing.assert_array_equal(picture["A"], alpha)


def test_layers_cover_the_plates_window(baked_once: Path) -> None:
    assert layers(baked_once, 1001)["reage_matte.alpha"].shape == (540, 960)


@pytest.fixture(scope="module")
def live(blender: Blender, baked_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    folder = Path(shutil.copytree(baked_once, tmp_path_factory.mktemp("live") / "shot"))
    assert blender.run("live", folder) == "baked 3/3"
    return folder


def test_blend_and_strengths_need_no_bake(live: Path) -> None:
    before, baked = plate(live, 1002), layers(live, 1002)
    for name, wanted in {
        "half": 0.5 * change(baked),
        "parts": change(baked, detail=2.0, form=0.5, tone=0.0),
        "masked": 0.0 * before,
    }.items():
        assert np.abs(color(read(live / name / "0002.exr")) - before - wanted).max() < 1e-5, name


def test_hair_grays_inside_its_matte(blender: Blender, baked: Path) -> None:
    drawn = np.zeros((540, 960, 3), np.float32)
    drawn[:300] = 1.0
    write(baked / "hair.exr", drawn)
    assert blender.run("gray", baked) == [
        "baked 0/3, 3 stale: 1001-1003", [[1002], [], {}],
    ]  # fmt: skip
    before, layer = plate(baked, 1002), layers(baked, 1002)
    grayed = color(layer, "reage_delta_hair") * layer["reage_matte_hair.alpha"][..., None]
    assert np.abs(grayed).max() > 0.01 and not grayed[300:].any()
    result = color(read(baked / "gray" / "0002.exr"))
    assert np.abs(result - (before + change(layer) + 0.5 * grayed)).max() < 1e-5


def test_shape_moves_pixels_where_it_says_and_no_others(live: Path) -> None:
    """Nuke's IDistort by numpy: each pixel comes from (x + u, y − v), rows counted down."""
    before, baked = plate(live, 1002), layers(live, 1002)
    u, v = baked["reage_shape.u"], baked["reage_shape.v"]
    y, x = np.mgrid[: u.shape[0], : u.shape[1]].astype(np.float32)
    straight = (before + change(baked)).astype(np.float32)
    wanted = cv2.remap(straight, x + u, y - v, cv2.INTER_LINEAR)
    result = color(read(live / "shape" / "0002.exr"))
    still = (u == 0) & (v == 0)
    assert np.abs(u).max() > 2 and still.any()
    np.testing.assert_allclose(result[still], straight[still], atol=1e-5)
    moved = np.abs(wanted - straight)[~still].mean()
    assert np.abs(result - wanted)[~still].mean() < 0.2 * moved


def test_views(live: Path) -> None:
    before, baked = plate(live, 1002), layers(live, 1002)
    seen = {n: color(read(live / n / "0002.exr")) for n in ("plate", "delta", "matte", "split")}
    np.testing.assert_array_equal(seen["plate"], before)
    assert np.abs(seen["delta"] - change(baked)).max() < 1e-5
    assert np.abs(seen["matte"] - baked["reage_matte.alpha"][..., None]).max() < 1e-5
    left, right = np.s_[:, :480], np.s_[:, 480:]
    np.testing.assert_array_equal(seen["split"][left], before[left])
    assert np.abs(seen["split"][right] - (before + change(baked))[right]).max() < 1e-5
    assert np.abs(seen["split"] - before)[right].max() > 0.01
