"""Laws of mixes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reage.mix import REGIONS, Mix
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE, maps
from reage.pattern.mixed import mixed, share


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A groove on the left cheek alone."""
    planes = np.zeros((SIZE, SIZE, 3), np.float32)
    planes[400:500, 300:310, 0] = -1
    path = tmp_path / "one.pattern.exr"
    one = np.ones((SIZE, SIZE), np.float32)
    PatternFile(planes, one, one).write(path)
    return path


def test_a_seed_gives_its_own_maps_to_the_bit() -> None:
    assert mixed(Mix.of(3)) is maps(3)


def test_weights_add_up(file: Path) -> None:
    half = mixed(Mix.of(f"{file}*0.5+3*0.5"))
    assert np.allclose(half, (mixed(Mix.of(str(file))) + maps(3)) / 2, atol=1e-6)


def test_a_mirror_turns_left_and_right(file: Path) -> None:
    there = mixed(Mix.of(f"{file}:mirror"))
    assert np.array_equal(there[:, ::-1], mixed(Mix.of(str(file))))


def test_regions_share_the_face_out(file: Path) -> None:
    shares = np.stack([share(region, 256) for region in REGIONS])
    assert shares.min() >= 0
    assert np.allclose(shares.sum(0), 1, atol=1e-5)
    parts = sum(mixed(Mix.of(f"{file}:{region}")) for region in REGIONS)
    assert np.allclose(parts, mixed(Mix.of(str(file))), atol=1e-5)
    on_cheeks = mixed(Mix.of(f"{file}:cheeks"))
    assert abs(on_cheeks).sum() > 0.8 * abs(parts).sum()


def test_a_file_that_has_changed_is_read_again(file: Path) -> None:
    before = mixed(Mix.of(str(file)))
    one = np.ones((SIZE, SIZE), np.float32)
    PatternFile(np.full((SIZE, SIZE, 3), 0.25, np.float32), one, one).write(file)
    assert not np.array_equal(mixed(Mix.of(str(file))), before)
