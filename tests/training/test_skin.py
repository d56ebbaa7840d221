"""The laws that a person's skin keeps while it ages."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from reage_training.synth.skin import Skin
from reage_training.synth.skin_color import reflectance
from reage_training.synth.wrinkles import Expression, Wrinkles

SIZE = 192
AGES = (18.0, 30.0, 45.0, 60.0, 75.0, 90.0)


@pytest.fixture(scope="module", params=[1, 8, 11])
def skin(request: pytest.FixtureRequest) -> Skin:
    return Skin.random(int(request.param), SIZE)


def folds(seed: int, age: float, **worn: float) -> np.ndarray:
    """The creases of a face, drawn coarsely, in 0.1 mm."""
    return Wrinkles.random(seed, SIZE, common=True).creases(age, Expression(**worn))


def test_a_seed_gives_one_skin() -> None:
    first, second = (Skin.random(5, SIZE).maps(61.0, smile=0.4) for _ in range(2))
    assert np.array_equal(first.albedo, second.albedo)
    assert np.array_equal(first.height, second.height)
    assert np.array_equal(first.roughness, second.roughness)


def test_seeds_give_different_skins() -> None:
    first, second = (Skin.random(seed, SIZE).maps(61.0).height for seed in (5, 6))
    assert np.abs(first - second).mean() > 0.05


def test_an_order_of_asking_changes_nothing(skin: Skin) -> None:
    young = skin.maps(25.0)
    skin.maps(80.0)
    assert np.array_equal(skin.maps(25.0).albedo, young.albedo)
    assert np.array_equal(skin.maps(25.0).height, young.height)


def test_maps_are_float32_and_physical(skin: Skin) -> None:
    for age in AGES:
        maps = skin.maps(age, smile=1.0, brow_raise=1.0, brow_frown=1.0)
        assert maps.albedo.shape == (SIZE, SIZE, 3)
        assert maps.height.shape == maps.roughness.shape == (SIZE, SIZE)
        assert {m.dtype for m in (maps.albedo, maps.height, maps.roughness)} == {np.dtype("f4")}
        assert maps.albedo.min() > 0.0 and maps.albedo.max() < 1.0
        assert maps.roughness.min() >= 0.2 and maps.roughness.max() <= 0.8
        assert np.isfinite(maps.height).all()


def test_a_small_step_in_age_is_a_small_change(skin: Skin) -> None:
    """No feature may appear at once: a tenth of a year is far less than a tenth of a life."""
    whole = skin.maps(90.0)
    start = skin.maps(18.0)
    life = np.abs(whole.height - start.height).max()
    color = np.abs(whole.albedo - start.albedo).max()
    for age in np.arange(18.0, 90.0, 8.3):
        here, soon = skin.maps(age), skin.maps(age + 0.1)
        assert np.abs(soon.height - here.height).max() < 0.01 * life
        assert np.abs(soon.albedo - here.albedo).max() < 0.02 * color + 1e-4


def test_wrinkles_deepen_with_every_year(skin: Skin) -> None:
    energy = [float(np.square(skin.maps(a).height - skin.maps(18.0).height).sum()) for a in AGES]
    assert all(a < b for a, b in itertools.pairwise(energy))


def test_age_spots_only_grow() -> None:
    spots = Skin.random(3, SIZE)._spots
    assert len(spots) > 10
    for spot in spots:
        amounts = [spot.amount(age) for age in np.linspace(18.0, 95.0, 40)]
        assert amounts[0] == 0.0 and amounts[-1] > 0.0
        assert all(a <= b for a, b in itertools.pairwise(amounts))


def test_what_does_not_age_stays() -> None:
    """Freckles, moles and brows lie in the same texels, as dark as they were."""
    skin = Skin.random(3, SIZE)
    young, old = (np.log(skin.maps(age).albedo[..., 1]) for age in (20.0, 75.0))
    marked = skin._ground.tone > skin.tone + 0.12
    assert marked.any()
    assert (young[marked] < np.median(young) - 0.1).all()
    assert (old[marked] < np.median(old) - 0.1).all()
    hair = (skin._brows.dark > 0.3) | (skin._brows.grey > 0.3)
    assert np.corrcoef(young[hair], old[hair])[0, 1] > 0.95


def test_pores_are_identical_where_nothing_wrinkles() -> None:
    """At the crown, above every crease, the relief of 20 is the relief of 30."""
    skin = Skin.random(8, SIZE)
    bare = np.s_[: int(0.03 * SIZE), :]
    young, older = (skin.maps(age).height[bare] for age in (20.0, 30.0))
    assert np.std(young) > 0.02
    assert np.abs(young - older).max() < 1e-5


@pytest.mark.parametrize(
    ("worn", "rows", "columns"),
    [
        ("smile", (0.43, 0.58), (0.34, 0.43)),  # nasolabial fold
        ("smile", (0.69, 0.75), (0.22, 0.30)),  # crow's feet
        ("brow_raise", (0.84, 0.93), (0.30, 0.70)),  # forehead
        ("brow_frown", (0.775, 0.83), (0.44, 0.56)),  # glabella
    ],
)
@pytest.mark.parametrize("age", [22.0, 45.0, 80.0])
def test_an_expression_deepens_its_folds(
    worn: str, rows: tuple[float, float], columns: tuple[float, float], age: float
) -> None:
    there = np.s_[
        int((1 - rows[1]) * SIZE) : int((1 - rows[0]) * SIZE),
        int(columns[0] * SIZE) : int(columns[1] * SIZE),
    ]
    rest, half, full = (
        float(np.square(folds(8, age, **{worn: amount})[there]).mean())
        for amount in (0.0, 0.5, 1.0)
    )
    assert rest < half < full


def test_tones_darken_every_channel_and_deep_skin_is_not_orange() -> None:
    tone = np.linspace(0.0, 1.0, 21, dtype=np.float32)
    none = np.zeros_like(tone)
    albedo = reflectance(tone, none, none)
    assert (np.diff(albedo, axis=0) < 0.0).all()
    assert albedo[0] == pytest.approx((0.58, 0.40, 0.31), rel=0.02)
    assert albedo[-1] == pytest.approx((0.094, 0.0495, 0.033), rel=0.02)
    red_over_blue = albedo[:, 0] / albedo[:, 2]
    assert red_over_blue[-1] < red_over_blue.max()


def test_blood_reddens_and_yellow_takes_blue() -> None:
    tone, none = np.float32([0.3]), np.float32([0.0])
    plain = reflectance(tone, none, none)[0]
    flushed = reflectance(tone, np.float32([0.5]), none)[0]
    sallow = reflectance(tone, none, np.float32([0.5]))[0]
    assert flushed[0] / flushed[1] > plain[0] / plain[1]
    assert sallow[2] / sallow[1] < plain[2] / plain[1]


def test_tones_and_layouts_are_spread_over_the_seeds() -> None:
    skins = [Skin.random(seed, SIZE) for seed in range(200)]
    counts, _ = np.histogram([s.tone for s in skins], bins=5, range=(0.0, 1.0))
    assert counts.min() >= 36 and counts.max() <= 44
    common = np.mean([s.layout == "common" for s in skins])
    assert 0.5 < common < 0.7
    assert all(0.8 <= s.ageing_speed <= 1.2 for s in skins)


def test_common_faces_wrinkle_alike_and_random_ones_do_not() -> None:
    def likeness(common: bool) -> float:
        a, b = (
            Wrinkles.random(seed, SIZE, common).creases(75.0, Expression()).ravel()
            for seed in (21, 22)
        )
        return float(np.corrcoef(a, b)[0, 1])

    assert likeness(True) > 0.95
    assert likeness(False) < 0.8


def test_hair_greys_and_stays_grey(skin: Skin) -> None:
    greys = [skin.hair_grey(age) for age in AGES]
    assert greys[0] == 0.0 and greys[-1] > 0.8
    assert greys == sorted(greys)
