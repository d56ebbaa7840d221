"""Age maps and hair mattes: which channel counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.plate_files import write_image
from helpers.shots import HEIGHT, WIDTH, write_shot
from reage.errors import PlateError
from reage.job import RenderJob
from reage.pixels.geometry import Region
from reage.settings import Settings
from reage.shot.drawn import Drawn
from reage.shot.footage import Footage

SHAPE = (HEIGHT, WIDTH)
DISPLAY = (0, 0, WIDTH, HEIGHT)


@pytest.fixture
def footage(tmp_path: Path) -> Footage:
    plate, _ = write_shot(tmp_path / "plates", frames=[1])
    return Footage.open(RenderJob(plate, str(tmp_path / "o.exr"), Settings(40, 70)))


def ramp() -> np.ndarray:
    values = np.linspace(0, 1, WIDTH, dtype=np.float32).astype(np.float16).astype(np.float32)
    return np.broadcast_to(values, SHAPE)


def matte() -> np.ndarray:
    values = np.zeros(SHAPE, np.float32)
    values[50:90, 60:200] = 0.5
    return values


ZERO, ONE = np.zeros(SHAPE, np.float32), np.ones(SHAPE, np.float32)
PLATE = ramp() * np.float32(0.5) + np.float32(0.1)


@pytest.mark.parametrize(
    ("names", "planes", "wanted", "said"),
    [
        ("A", [matte()], matte(), ""),
        ("RGBA", [ZERO, ZERO, ZERO, matte()], matte(), "from its alpha"),
        ("RGBA", [PLATE, PLATE, PLATE, matte()], matte(), "from its alpha"),
        ("RGBA", [ramp(), ramp(), ramp(), ONE], ramp(), "from its red"),
        ("RGBA", [ZERO, ZERO, ZERO, ONE], ONE, "from its alpha"),
        ("RGB", [ramp(), ZERO, ZERO], ramp(), ""),
        ("Y", [ramp()], ramp(), ""),
    ],
    ids=["alpha alone", "a black Roto", "a Roto on the plate", "painted", "full", "rgb", "gray"],
)  # fmt: skip
def test_a_rotos_alpha_counts_and_a_paintings_red(
    tmp_path: Path, footage: Footage, names: str, planes: list[np.ndarray], wanted: np.ndarray,
    said: str,
) -> None:  # fmt: skip
    path = write_image(tmp_path / "m.exr", np.stack(planes, -1), names=tuple(names), kind="float")
    drawn = Drawn.open("age map", str(path), footage)
    region = Region(-5, 20, 200, 190)
    inside = region.intersect(Region(0, 0, WIDTH, HEIGHT))
    found = drawn.read(1, region)
    np.testing.assert_array_equal(found[:, 5:], wanted[inside.slices(Region(0, 0, WIDTH, HEIGHT))])
    assert not found[:, :5].any()
    assert said in drawn.notice and bool(drawn.notice) == bool(said)


def test_the_channel_that_is_asked_for_counts(tmp_path: Path, footage: Footage) -> None:
    pixels = np.stack([ramp(), ZERO, ZERO, matte()], -1)
    path = str(write_image(tmp_path / "m.exr", pixels, kind="float"))
    whole = Region(0, 0, WIDTH, HEIGHT)
    for channel, wanted in (("red", ramp()), ("alpha", matte())):
        drawn = Drawn.open("hair matte", path, footage, channel)
        np.testing.assert_array_equal(drawn.read(1, whole), wanted)
        assert not drawn.notice
    bare = str(write_image(tmp_path / "b.exr", pixels[..., :3], kind="float"))
    with pytest.raises(PlateError, match="hair matte .*b.exr has no alpha"):
        Drawn.open("hair matte", bare, footage, "alpha")


def test_a_matte_as_tight_as_its_shape_is_zero_around_it(tmp_path: Path, footage: Footage) -> None:
    soft = np.full((40, 60, 4), 0.5, np.float32)
    path = write_image(tmp_path / "t.exr", soft, at=(100, 30), display=DISPLAY, kind="float")
    found = Drawn.open("age map", str(path), footage).read(1, Region(0, 0, WIDTH, HEIGHT))
    assert found.sum() == soft[..., 0].sum() and (found[30:70, 100:160] == 0.5).all()
