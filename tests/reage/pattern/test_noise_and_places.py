"""Places lie symmetrically on the face; noise has the moments and the grain that it says."""

import numpy as np
import pytest

from reage.pattern.dense import crepe, fine_lines, weave
from reage.pattern.noise import smooth_noise, uv_grid
from reage.pattern.regions import PLACES, lips, neck, place, through
from reage.pattern.spots import age_spots
from reage.pattern.tension import drawn_out, tension

N = 128


@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_one_where_it_is_and_alike_on_both_sides(name):
    weight = place(name, N)
    assert weight.shape == (N, N) and weight.dtype == np.float32
    assert weight.min() >= 0 and 0.9 < weight.max() <= 1
    np.testing.assert_array_equal(weight, weight[:, ::-1])
    row, column = np.unravel_index(weight.argmax(), weight.shape)
    u, v = (g[row, column] for g in uv_grid(N))
    off, height, _, _ = PLACES[name]
    assert abs(abs(u - 0.5) - off) < 1.5 / N and abs(v - height) < 1.5 / N


def test_lips_and_neck():
    u, v = uv_grid(N)
    mouth = lips(N)
    np.testing.assert_allclose(mouth, mouth[:, ::-1], atol=1e-6)
    assert mouth.max() == pytest.approx(1, abs=1e-3) and mouth.min() >= 0
    assert mouth[(abs(u - 0.5) < 0.02) & (abs(v - 0.43) < 0.02)].min() > 0.9
    assert not mouth[(v > 0.6) | (v < 0.3)].any()
    assert (neck(N)[v < 0.16] == 1).all() and (neck(N)[v > 0.26] == 0).all()


def test_the_grid_counts_texels_by_their_centers_from_the_top():
    u, v = uv_grid(4)
    assert u[0].tolist() == [0.125, 0.375, 0.625, 0.875]
    assert v[:, 0].tolist() == [0.875, 0.625, 0.375, 0.125]


def test_a_curve_goes_through_its_points():
    knots = [(0.1, 0.2), (0.4, 0.3), (0.5, 0.7)]
    run = through(knots, 201)
    np.testing.assert_allclose(run[[0, 100, 200]], knots, atol=1e-9)


@pytest.mark.parametrize("sigma", [0.005, 0.02, 0.08])
def test_noise_is_as_coarse_as_it_is_told_and_normalised(sigma):
    made = smooth_noise(np.random.default_rng(1), 256, sigma)
    assert abs(made.mean()) < 1e-4 and abs(made.std() - 1) < 1e-4
    away = max(1, round(sigma * 256))
    near, far = (
        np.corrcoef(made[:, :-k].ravel(), made[:, k:].ravel())[0, 1] for k in (away, 6 * away)
    )
    assert 0.6 < near < 0.9 and abs(far) < 0.5


def test_the_pull_of_the_skin_is_alike_on_both_sides():
    cosine, sine = tension(N)
    np.testing.assert_allclose(cosine**2 + sine**2, 1, atol=0.03)  # less where pulls cancel
    np.testing.assert_allclose(cosine, cosine[:, ::-1], atol=1e-5)
    np.testing.assert_allclose(sine, -sine[:, ::-1], atol=1e-5)


@pytest.mark.parametrize(
    ("u", "v", "axis"), [(0.5, 0.885, 1), (0.37, 0.69, 1), (0.5, 0.53, 0), (0.5, 0.80, 0)]
)
def test_lines_lie_level_on_the_forehead_and_upright_on_the_lip(u, v, axis):
    """Along the lines noise changes less than across them."""
    made = drawn_out(np.random.default_rng(5), 512, 0.003, 0.012)
    row, column = int((1 - v) * 512), int(u * 512)
    here = made[row - 14 : row + 14, column - 14 : column + 14]
    along, across = (np.abs(np.diff(here, axis=a)).mean() for a in (axis, 1 - axis))
    assert along < 0.6 * across


@pytest.mark.parametrize("draw", [weave, fine_lines, crepe])
def test_old_skin_is_rough_everywhere(draw):
    """No place of the face's skin is smooth, and none has its roughness in a few deep grooves."""
    made = draw(np.random.default_rng(6), 512)
    rough = []
    for name in ("forehead", "outer_eye", "under_eye", "cheek", "lower_cheek", "chin"):
        here = made[place(name, 512) > 0.6]
        rough.append(here.std())
        kurtosis = ((here - here.mean()) ** 4).mean() / here.var() ** 2
        assert kurtosis < 14
    assert min(rough) > 0.2 * max(rough)


@pytest.mark.parametrize("draw", [weave, fine_lines, crepe])
def test_dense_relief_is_stronger_beside_the_eyes_than_on_the_cheek(draw):
    made = draw(np.random.default_rng(3), 256)
    u, v = uv_grid(256)
    eye = (abs(abs(u - 0.5) - 0.232) < 0.03) & (abs(v - 0.712) < 0.03)
    cheek = (abs(abs(u - 0.5) - 0.13) < 0.03) & (abs(v - 0.6) < 0.02)
    assert made[eye].std() > 1.2 * made[cheek].std()
    assert np.array_equal(made, draw(np.random.default_rng(3), 256))


def test_age_spots_are_small_soft_and_on_the_face():
    spots = age_spots(np.random.default_rng(4), 256)
    assert len(spots) > 20
    for spot in spots:
        assert 38 <= spot.onset <= 90 and 0.05 <= spot.strength <= 0.2
        height = spot.patch.height
        assert height.min() >= 0 and height.max() <= 1 and max(height.shape) < 60
