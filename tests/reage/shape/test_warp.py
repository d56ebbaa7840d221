import numpy as np
import pytest

from reage.shape.warp import warped

HEIGHT, WIDTH = 48, 60


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(1).normal(0.4, 1.0, (HEIGHT, WIDTH, 3)).astype(np.float32)


def keys(pixels: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Cubic convolution by its definition, in double precision, one tap after the other."""

    def weight(d: np.ndarray) -> np.ndarray:
        d = np.abs(d)
        near, far = 1.5 * d**3 - 2.5 * d**2 + 1, -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
        return np.where(d < 1, near, np.where(d < 2, far, 0))

    total = np.zeros((*x.shape, pixels.shape[2]))
    for row in range(-4, HEIGHT + 4):
        for column in range(-4, WIDTH + 4):
            at = pixels[np.clip(row, 0, HEIGHT - 1), np.clip(column, 0, WIDTH - 1)]
            total += (weight(x - column) * weight(y - row))[..., None] * at.astype(np.float64)
    return total


def test_it_is_cubic_convolution(picture: np.ndarray) -> None:
    xy = np.random.default_rng(2).uniform(-3, 3, (HEIGHT, WIDTH, 2)).astype(np.float32)
    row, column = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    want = keys(picture, column + xy[..., 0] * 0.5, row + xy[..., 1] * 0.5)
    np.testing.assert_allclose(warped(picture, xy, 0.5), want, atol=5e-6)


def test_whole_pixels_are_fetched_as_they_are(picture: np.ndarray) -> None:
    xy = np.zeros((HEIGHT, WIDTH, 2), np.float32)
    xy[..., 0], xy[..., 1] = 3, -2
    moved = warped(picture, xy)
    np.testing.assert_array_equal(moved[2:, :-3], picture[:-2, 3:])


def test_what_does_not_move_keeps_its_bits(picture: np.ndarray) -> None:
    odd = np.array([np.nan, np.inf, -0.0, 6e4, -1e-42], np.float32)
    picture[5, :5, 0] = odd
    xy = np.zeros((HEIGHT, WIDTH, 2), np.float32)
    xy[20:, 20:] = 1.3
    for moved in (warped(picture, xy)[:15, :15], warped(picture, xy, 0.0)[:15, :15]):
        assert moved.tobytes() == picture[:15, :15].tobytes()
    assert warped(picture, xy, 0.0).tobytes() == picture.tobytes()
    assert (warped(picture, xy)[30:40, 30:40] != picture[30:40, 30:40]).any()


def test_each_channel_is_warped_as_it_is_alone() -> None:
    rng = np.random.default_rng(3)
    large = rng.normal(0, 1, (300, 400, 4)).astype(np.float32)
    xy = rng.uniform(-6, 6, (300, 400, 2)).astype(np.float32)
    whole = warped(large, xy)
    for k in range(4):
        np.testing.assert_array_equal(warped(large[..., k : k + 1], xy)[..., 0], whole[..., k])


def test_the_picture_is_not_written_to(picture: np.ndarray) -> None:
    before = picture.copy()
    warped(picture, np.full((HEIGHT, WIDTH, 2), 0.4, np.float32))
    np.testing.assert_array_equal(picture, before)
