"""The laws that a person's skin keeps while it ages."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from reage.pattern.maps import shown
from reage.pattern.relief import relief
from reage_training.render.bank import Bank, bank_of
from reage_training.render.look import Look
from reage_training.render.skin import (
    Added,
    Ages,
    Found,
    albedo,
    conditioning,
    find,
    hair_opacity,
    heights,
    roughness,
    with_hair,
)
from reage_training.synth.ageing import heights as shapes
from reage_training.synth.patterns import BROWS, MOLES, pattern
from reage_training.synth.skin_color import reflectance
from reage_training.synth.small_head import small_head
from reage_training.synth.traits import Traits

SIZE = 160
AGES = (18.0, 30.0, 45.0, 60.0, 75.0, 88.0)
SEEDS = (37, 22)


@pytest.fixture(scope="module")
def bank() -> Bank:
    patterns = np.stack([pattern(seed, SIZE) for seed in SEEDS])
    return bank_of(patterns, shapes(small_head(), 64), torch.device("cpu"))


def look_of(seed: int, mirrored: bool = False, **expression: float) -> Look:
    worn = {f"{name}_{side}": amount for name, amount in expression.items() for side in "LR"}
    metadata = {"seed": seed, "expression": worn}
    look = replace(Look.of(metadata, 2), pattern=seed % 2, mirrored=mirrored)
    return replace(look, fields=np.ones_like(look.fields))


def chart(bank: Bank, look: Look) -> Found:
    """All of the face's texture, texel by texel, row 0 at v = 1."""
    line = (torch.arange(SIZE) + 0.5) / SIZE
    v, u = torch.meshgrid(line.flip(0), line, indexing="ij")
    return find(bank, look, u.flatten(), v.flatten(), 1 / SIZE)


class Skin(NamedTuple):
    """A person's skin, laid flat."""

    look: Look
    found: Found

    def height(self, age: float) -> Tensor:
        return heights(self.found, self.look, Ages.all(age))[0].reshape(SIZE, SIZE)

    def bare(self, age: float) -> Tensor:
        folds = heights(self.found, self.look, Ages.all(age))[1]
        return albedo(self.found, self.look, Ages.all(age), folds)

    def color(self, age: float) -> Tensor:
        worn = with_hair(self.bare(age), self.found, self.look, Ages.all(age))
        return worn.t().reshape(SIZE, SIZE, 3)


@pytest.fixture(scope="module", params=[1, 8])
def skin(request: pytest.FixtureRequest, bank: Bank) -> Skin:
    look = look_of(request.param)
    return Skin(look, chart(bank, look))


def test_equal_seeds_are_equal_patterns_to_the_bit() -> None:
    one, two, other = (pattern(seed, 64) for seed in (5, 5, 6))
    assert np.array_equal(one, two)
    assert np.abs(one.astype(np.float32) - other).mean() > 0.01


def test_seeds_give_different_people() -> None:
    one, two, other = (look_of(seed) for seed in (5, 5, 6))
    assert one.traits == two.traits and np.array_equal(one.delays, two.delays)
    assert one.shift == two.shift != other.shift and one.traits != other.traits


def test_skin_is_physical_at_every_age(bank: Bank) -> None:
    look = look_of(3, mouthSmile=1.0, browInnerUp=1.0, browOuterUp=1.0, browDown=1.0)
    skin = Skin(look, chart(bank, look))
    for age in AGES:
        color, rough = skin.color(age), roughness(skin.found, look, Ages.all(age))
        assert color.min() > 0 and color.max() < 1
        assert rough.min() >= 0.2 and rough.max() <= 0.8
        assert skin.height(age).isfinite().all()


def test_a_small_step_in_age_is_a_small_change(skin: Skin) -> None:
    """No feature may appear at once: a tenth of a year is far less than a tenth of a life."""
    life = (skin.height(88) - skin.height(18)).abs().max()
    color = (skin.color(88) - skin.color(18)).abs().max()
    for age in np.arange(18.0, 88.0, 8.3):
        assert (skin.height(age + 0.1) - skin.height(age)).abs().max() < 0.01 * life
        assert (skin.color(age + 0.1) - skin.color(age)).abs().max() < 0.02 * color + 1e-4


def test_wrinkles_deepen_with_every_year(skin: Skin) -> None:
    energy = [float((skin.height(a) - skin.height(18)).square().sum()) for a in AGES]
    assert all(a < b for a, b in itertools.pairwise(energy))


def test_each_age_moves_its_own_part(skin: Skin) -> None:
    """Tone lifts nothing; lines and folds change no color but the folds' own darkening."""
    look, found = skin
    young, all_ = Ages.all(25.0), heights(found, look, Ages.all(25.0))
    (same, folds), (lined, _) = (
        heights(found, look, ages) for ages in (Ages(25, 25, 80), Ages(80, 25, 25))
    )
    assert torch.equal(same, all_[0]) and torch.equal(folds, all_[1])
    assert (lined - same).abs().max() > 0.01
    by_age = (albedo(found, look, ages, folds) for ages in (young, Ages(80, 80, 25)))
    assert torch.equal(*by_age)


def test_age_spots_only_grow(skin: Skin) -> None:
    amounts = np.array([skin.look.spots(age) for age in np.linspace(18.0, 95.0, 40)])
    assert not amounts[0].any() and (amounts[-1] > 0).all()
    assert (np.diff(amounts, axis=0) >= 0).all()


def test_moles_stay_and_brows_thin_and_gray(bank: Bank) -> None:
    """Moles lie in the same texels, as dark as they were; brows lose hairs and darkness."""
    for number in range(bank.count):  # until one has moles that no brow or stubble hides
        look = replace(look_of(8), pattern=number)
        found = chart(bank, look)
        moles, brows = found.pattern[MOLES] > 0.4, found.pattern[BROWS] > 0.4
        moles &= hair_opacity(found, look, Ages.all(20.0)) < 0.2
        if moles.any():
            break
    young, old = (Skin(look, found).color(age)[..., 1].log().flatten() for age in (20.0, 75.0))
    assert moles.any() and brows.sum() > 50
    for color in (young, old):
        assert color[moles].mean() < color.median() - 0.2
    assert young[brows].mean() < young.median() - 0.3
    assert old[brows].mean() - old.median() > 0.5 * (young[brows].mean() - young.median())
    opacity = [hair_opacity(found, look, Ages.all(age)).sum() for age in (20.0, 50.0, 80.0)]
    assert opacity[0] > opacity[1] > opacity[2] > 0.2 * opacity[0]


def test_pores_are_identical_where_nothing_wrinkles(skin: Skin) -> None:
    """At the crown, above every crease, the relief of 18 is the relief of 22."""
    bare = np.s_[: int(0.03 * SIZE), :]
    young, older = skin.height(18)[bare], skin.height(22)[bare]
    assert young.std() > 0.0005
    assert (young - older).abs().max() < 1e-6


@pytest.mark.parametrize(
    ("worn", "rows", "columns"),
    [
        ("mouthSmile", (0.43, 0.58), (0.34, 0.43)),  # nasolabial fold
        ("mouthSmile", (0.69, 0.75), (0.22, 0.30)),  # crow's feet
        ("browInnerUp", (0.84, 0.93), (0.30, 0.70)),  # forehead
        ("browDown", (0.775, 0.83), (0.44, 0.56)),  # glabella
    ],
)
@pytest.mark.parametrize("age", [22.0, 45.0, 80.0])
def test_an_expression_deepens_its_folds(
    bank: Bank, worn: str, rows: tuple[float, float], columns: tuple[float, float], age: float
) -> None:
    top, bottom = (int((1 - v) * SIZE) for v in rows[::-1])
    left, right = (int(u * SIZE) for u in columns)
    depths = []
    for amount in (0.0, 0.5, 1.0):
        look = look_of(8, **{worn: amount})
        _, folds = heights(chart(bank, look), look, Ages.all(age))
        depths.append(float(folds.reshape(SIZE, SIZE)[top:bottom, left:right].square().mean()))
    if (worn, age) == ("mouthSmile", 80.0) and columns == (0.34, 0.43):
        # The head's own shape shows a laugh's fold there; drawn as deep again it turned black.
        assert 0.3 * depths[0] < depths[2] < depths[0]
    else:
        assert depths[0] < depths[1] < depths[2]


def test_a_pattern_that_comes_over_a_face_begins_where_it_is_told(bank: Bank) -> None:
    look = replace(look_of(1), pattern=0)
    found, other = chart(bank, look), chart(bank, replace(look, pattern=1))
    added = Added(other.pattern, since=40.0)
    for age in (25.0, 40.0):
        plain, grown = (heights(found, look, Ages.all(age), a)[0] for a in (None, added))
        torch.testing.assert_close(grown, plain, rtol=0, atol=1e-6)
    at_40, at_80 = (heights(found, look, Ages.all(age), added)[1] for age in (40.0, 80.0))
    own = (heights(f, look, Ages.all(80.0))[1] for f in (found, other))
    like = [torch.corrcoef(torch.stack([at_80 - at_40, f]))[0, 1] for f in own]
    assert like[1] > like[0] + 0.1


def test_a_face_is_guided_as_the_engine_guides_it(bank: Bank) -> None:
    look = replace(look_of(1), pattern=0)
    look = replace(look, traits=replace(look.traits, spots=1.0))
    made = conditioning(chart(bank, look), look).reshape(3, SIZE, SIZE)
    np.testing.assert_allclose(made.permute(1, 2, 0), shown(relief(SEEDS[0], SIZE)), atol=4e-3)
    flipped = replace(look, mirrored=True)
    mirrored = conditioning(chart(bank, flipped), flipped).reshape(3, SIZE, SIZE)
    torch.testing.assert_close(mirrored.flip(2), made, rtol=0, atol=1e-4)


def test_tones_darken_every_channel_and_deep_skin_is_not_orange() -> None:
    tone = torch.linspace(0, 1, 21)[None]
    none = torch.zeros_like(tone)
    color = reflectance(tone, none, none)[:, 0].t().numpy()
    assert (np.diff(color, axis=0) < 0).all()
    assert color[0] == pytest.approx((0.58, 0.40, 0.31), rel=0.02)
    assert color[-1] == pytest.approx((0.094, 0.0495, 0.033), rel=0.02)
    red_over_blue = color[:, 0] / color[:, 2]
    assert red_over_blue[-1] < red_over_blue.max()


def test_blood_reddens_and_yellow_takes_blue() -> None:
    tone, none, some = (torch.full((1, 1), x) for x in (0.3, 0.0, 0.5))
    plain, flushed, sallow = (
        reflectance(tone, blood, yellow).flatten()
        for blood, yellow in ((none, none), (some, none), (none, some))
    )
    assert flushed[0] / flushed[1] > plain[0] / plain[1]
    assert sallow[2] / sallow[1] < plain[2] / plain[1]


def test_tones_and_sexes_are_spread_over_the_seeds() -> None:
    traits = [Traits.random(seed) for seed in range(200)]
    counts, _ = np.histogram([t.tone for t in traits], bins=5, range=(0.0, 1.0))
    assert counts.min() >= 36 and counts.max() <= 44
    deep = [t.male for t in traits if t.tone > 0.5]
    assert 0.45 < np.mean(deep) < 0.55
    assert all(0.8 <= t.ageing_speed <= 1.2 for t in traits)


def test_hair_grays_and_stays_gray(skin: Skin) -> None:
    grays = [skin.look.traits.hair_gray(age) for age in AGES]
    assert grays[0] == 0.0 and grays[-1] > 0.8
    assert grays == sorted(grays)


def test_a_scar_is_paler_and_sunk_at_every_age_and_a_bare_skin_has_none(skin: Skin) -> None:
    """A mark below zero among the moles; elsewhere nothing changes."""
    marked = skin.found.pattern.clone()
    marked[MOLES] = 0.0
    bare = skin._replace(found=replace(skin.found, pattern=marked))
    scarred = marked.clone()
    here = scarred.shape[1] // 2 + SIZE // 3
    scarred[MOLES, here] = -1.0
    scar = skin._replace(found=replace(skin.found, pattern=scarred))
    for age in (20.0, 80.0):
        sunk = (scar.height(age) - bare.height(age)).flatten()
        paler = (scar.bare(age) - bare.bare(age)).reshape(3, -1)
        assert sunk[here] < -0.01 and (paler[:, here] > 0.02).all()
        others = torch.arange(len(sunk)) != here
        assert not sunk[others].any() and not paler[:, others].any()
