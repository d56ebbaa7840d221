"""Laws of splitting and joining."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.errors import SettingsError
from reage.models.tiles import run_tiled, smallest_tile, split, together
from reage.pixels.geometry import Region

STRIDE = 16
sides = st.integers(1, 12).map(lambda n: n * STRIDE)
halos = st.integers(0, 40)


def tiled_over(function, picture, tile, halo, batch=1):
    """`function` of a picture, tile by tile, or some of them at once."""
    height, width = picture.shape[:2]
    whole = Region(0, 0, width, height)

    def of_windows(windows):
        assert len(windows) <= batch
        return [function(picture[window.slices(whole)]) for window in windows]

    return run_tiled(of_windows, height, width, tile, halo, STRIDE, batch)


@given(sides, sides, halos, st.integers(0, 12))
def test_cores_cover_the_picture_exactly_once(height, width, halo, extra):
    tile = smallest_tile(halo, STRIDE) + extra * 7
    count = np.zeros((height, width), int)
    whole = Region(0, 0, width, height)
    for part in split(height, width, tile, halo, STRIDE):
        count[part.core.slices(whole)] += 1
        assert whole.contains(part.window) and part.window.contains(part.core)
        assert part.window.width <= max(tile, 0) or part.window.width == width <= tile
        assert part.window.x % STRIDE == part.window.y % STRIDE == 0
        reach = part.core.expand(halo).intersect(whole)
        assert part.window.contains(reach)
    assert (count == 1).all()


@given(sides, halos, st.integers(0, 12), st.integers(1, 9))
def test_a_device_sees_one_shape_whatever_crop_and_tile(side, halo, extra, batch):
    """A GPU prepares itself for each: that of a window, and how many come at once."""
    tile, seen = smallest_tile(halo, STRIDE) + extra * 7, []

    def shown(windows):
        seen.append([(w.height, w.width) for w in windows])
        return [np.zeros((w.height, w.width, 1), np.float32) for w in windows]

    run_tiled(shown, side, side, tile, halo, STRIDE, batch)
    count = sum(map(len, seen))
    assert {*map(tuple, seen)} == {((seen[0][0],) * together(count, batch))}


@given(st.integers(1, 60), st.integers(1, 9))
def test_as_many_at_once_as_go_into_all_of_them(count, most):
    at_once = together(count, most)
    assert count % at_once == 0 and 1 <= at_once <= most
    assert not [n for n in range(at_once + 1, min(most, count) + 1) if count % n == 0]


@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_how_many_tiles_come_at_once_changes_no_pixel(batch, seed):
    picture = np.random.default_rng(seed).random((160, 160, 3), np.float32)
    one = tiled_over(lambda p: p * 2, picture, 64, 8)
    assert np.array_equal(one, tiled_over(lambda p: p * 2, picture, 64, 8, batch))


@given(sides, sides, st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_joining_gives_the_picture_back(height, width, extra, seed):
    picture = np.random.default_rng(seed).random((height, width, 3), np.float32)
    tile = smallest_tile(0, STRIDE) + extra * 5
    assert np.array_equal(tiled_over(lambda p: p, picture, tile, 0), picture)


@given(st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_the_tile_size_changes_no_pixel_of_a_local_function(extra, seed):
    """A box sum of radius 20 that also knows its place modulo the stride."""
    reach, side = 20, 160
    picture = np.random.default_rng(seed).integers(0, 9, (side, side)).astype(np.float32)

    def local(p):
        summed = np.pad(p, reach)
        for axis in (0, 1):  # of whole numbers, so that the order changes no bit
            summed = np.lib.stride_tricks.sliding_window_view(summed, 2 * reach + 1, axis).sum(-1)
        phase = np.arange(p.shape[0])[:, None] % STRIDE
        return summed[..., None] + phase[..., None]

    whole = tiled_over(local, picture, side, reach)
    tiled = tiled_over(local, picture, smallest_tile(reach, STRIDE) + extra, reach)
    assert np.array_equal(whole, tiled)


def test_too_small_a_halo_is_seen():
    """The law above can fail: with half the reach the tiles show."""
    picture = np.random.default_rng(0).random((160, 160), np.float32)

    def local(p):
        return (np.roll(p, 20, 0) + p)[..., None]

    whole = tiled_over(local, picture, 160, 20)
    assert not np.array_equal(whole, tiled_over(local, picture, 64, 8))


def test_a_tile_that_cannot_hold_the_halo_is_refused_with_the_least_that_can():
    with pytest.raises(SettingsError, match="--tile 272"):
        list(split(512, 512, 256, 128, STRIDE))
