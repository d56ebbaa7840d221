"""Strength by band and region, on changes whose strength is known; and what is called weak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.faces.skin import places
from reage_training.evaluation.regions import (
    FEATURES,
    REGIONS,
    RINGS,
    SKIN,
    Labels,
    region_map,
    regions_of,
    weight_of,
)
from reage_training.evaluation.strength import BANDS, PLACES, Strength, in_bands, share
from reage_training.evaluation.weak import ENOUGH, SEEN, weak_points, weakest, weakest_told

SIDE = 128
FACE = 100.0
LABELS: Labels = np.ascontiguousarray(region_map()[40:424:3, 64:448:3])
"""The face as a camera might see it, flat."""
ALL = np.ones((SIDE, SIDE), np.float32)


def shows(region: str) -> np.ndarray:
    return np.asarray(REGIONS.index(region) + 1 == LABELS)


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 4, (SIDE, SIDE, 3)).astype(np.float32)


def table_of(made: np.ndarray, true: np.ndarray, skin: np.ndarray = ALL) -> dict:
    return Strength.of(made, true, LABELS, skin, FACE).table()


@given(st.integers(0, 99), st.sampled_from([0.0, 0.5, 1.0, 1.5, -1.0]))
def test_a_part_of_the_truth_has_that_part_of_its_strength_everywhere(
    seed: int, part: float
) -> None:
    """Truth against itself is 100 %, half of it 50 %, also turned round."""
    true = noise(seed)
    table = table_of(part * true, true)
    assert set(table) == set(PLACES)
    for bands in table.values():
        assert set(bands) == set(BANDS)
        for cell in bands.values():
            assert cell["made"] == pytest.approx(abs(part) * cell["true"], abs=2e-3)


@pytest.mark.parametrize("region", REGIONS)
def test_a_change_in_one_region_shows_up_only_there(region: str) -> None:
    """Low-passes reach a little beyond; sharp noise keeps within."""
    table = table_of(noise(1) * shows(region)[..., None], noise(2))
    own = table[region]["detail"]["made"]
    assert own > 3
    for other in REGIONS:
        if other != region:
            assert all(cell["made"] < 0.1 * own for cell in table[other].values())


def test_bands_sum_to_the_change_and_each_holds_its_widths() -> None:
    change = noise(3)
    tone, form, detail, coarse, fine = in_bands(change, FACE)
    np.testing.assert_allclose(tone + form + detail, change, atol=1e-4)
    np.testing.assert_allclose(coarse + fine, detail, atol=1e-4)
    x = np.arange(512, dtype=np.float32)
    for width, band in ((400, "tone"), (60, "form"), (16, "coarse detail"), (4, "fine detail")):
        wave = np.sin(2 * np.pi * x / width)[None, :, None].repeat(512, 0).repeat(3, 2)
        bands = zip(BANDS, in_bands(wave, 400.0), strict=True)
        powers = {name: float((change**2).mean()) for name, change in bands}
        del powers["detail"]
        assert max(powers, key=lambda name: powers[name]) == band


def test_larger_pictures_count_no_more_than_small_ones() -> None:
    true, more = noise(4), 3 * noise(4)
    large = [np.kron(a, np.ones((2, 2, 1), np.float32)) for a in (true, more)]
    labels = np.kron(LABELS, np.ones((2, 2), np.uint8))
    skin = np.ones(labels.shape, np.float32)
    whole = Strength.of(more, true, LABELS, ALL, FACE) + Strength.of(
        large[0], large[0], labels, skin, 2 * FACE
    )
    for bands in whole.table().values():
        ratio = share(bands["tone"])
        assert ratio == pytest.approx(5**0.5, rel=0.1)  # √((3² + 1) / (1 + 1))


def test_every_place_of_the_face_is_in_its_own_region() -> None:
    middle = {
        "forehead": (0.5, 0.9), "outer eye": (0.25, 0.72), "cheek": (0.34, 0.6),
        "beside the mouth": (0.28, 0.5), "upper lip": (0.5, 0.53), "chin": (0.5, 0.3),
        "under the eye": (0.365, 0.685),
    }  # fmt: skip
    assert set(middle) == set(SKIN)
    for region, (u, v) in middle.items():
        both = np.array([[[u, v], [1 - u, v]]], np.float32)
        assert (regions_of(both) == 1 + REGIONS.index(region)).all()
    ringed = np.array([places()[list(ring)].mean(0) for ring in RINGS], np.float32)
    assert (regions_of(ringed[None]) == 1 + REGIONS.index(FEATURES)).all()
    assert not regions_of(np.zeros((1, 1, 2), np.float32)).any()


def test_a_region_counts_as_far_as_it_is_seen() -> None:
    coverage = np.full((SIDE, SIDE), 0.25, np.float32)
    for region in REGIONS:
        assert weight_of(region, LABELS, coverage).max() == 0.25


def test_what_is_weak_comes_from_the_figures_alone() -> None:
    true = noise(5)
    made = np.where(shows("cheek")[..., None], 0.3 * true, true)
    table = table_of(made, true)
    report = {"strength": {"30→65": table, "65→30": table_of(true, true)}, "worst": {}}
    report["nudges"] = {"30→20": {"made": 0.1, "true": 0.2}, "70→60": {"made": 2, "true": 2.1}}
    found = weakest(report, "30→65")
    assert {w.region for w in found} == {"cheek"} and found[0].share < 0.5
    assert found == sorted(found, key=lambda w: w.share)
    assert all(w.share < ENOUGH for w in found)
    assert "detail, cheek: 3" in weakest_told(report, (30.0, 65.0))
    assert weakest_told(report, (65.0, 30.0)).startswith("No band of any region is below 90%")
    assert "not measured" in weakest_told(report, (20.0, 80.0))
    lines = list(weak_points("this", report))
    assert sum("slider" in line for line in lines) == 1
    assert any("from 30 to 20 changes 0.10 of 255" in line for line in lines)
    faint = SEEN / 10 * true
    assert not weakest({"strength": {"30→65": table_of(0 * faint, faint)}}, "30→65")
