"""Laws of a change's parts, before they meet the plate."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.part_models import PartsModel
from reage.models.model import NullModel
from reage.models.parts import WHOLE, Parts, Strengths, by_frequency
from reage.settings import Settings

SIDE, FACE = 256, 170.0


def picture(seed=0, side=SIDE):
    return np.random.default_rng(seed).normal(0, 0.1, (side, side, 3)).astype(np.float32)


def wave(cycles, side=SIDE):
    """A sine of so many cycles a face, from left to right."""
    x = (np.arange(side) + 0.5) / side * SIDE / FACE
    return np.tile(np.sin(2 * np.pi * cycles * x)[None, :, None], (side, 1, 3)).astype(np.float32)


@given(st.integers(0, 99), st.floats(20, 2000))
def test_parts_by_frequency_sum_to_the_change(seed, face_size):
    change = picture(seed, 64)
    parts = by_frequency(change, face_size)
    assert np.allclose(parts.total, change, atol=1e-6)
    assert all(p.dtype == np.float32 for p in (parts.detail, parts.form, parts.tone))


@pytest.mark.parametrize(("name", "cycles"), [("tone", 0.7), ("form", 6.0), ("detail", 30.0)])
def test_each_part_takes_its_own_width_of_structure(name, cycles):
    change = wave(cycles)
    parts = by_frequency(change, FACE)
    middle = np.s_[:, 40:-40]
    share = np.abs(getattr(parts, name)[middle]).mean() / np.abs(change[middle]).mean()
    assert share > 0.6


def test_a_flat_change_is_tone():
    parts = by_frequency(np.full((SIDE, SIDE, 3), 0.25, np.float32), FACE)
    assert np.allclose(parts.tone, 0.25, atol=1e-6)
    assert np.abs(parts.form).max() < 1e-6 and np.abs(parts.detail).max() < 1e-6


@pytest.mark.parametrize("times", [2, 5])
def test_the_crops_size_moves_no_structure_to_another_part(times):
    """Seen finer, by way of a smaller picture, the low-passes are the same."""
    small = by_frequency(wave(3.0), FACE)
    large = by_frequency(wave(3.0, SIDE * times), FACE * times)
    for name in ("tone", "form"):
        shrunk = getattr(large, name).reshape(SIDE, times, SIDE, times, 3).mean((1, 3))
        inner = np.s_[30:-30, 30:-30]
        assert np.abs(shrunk - getattr(small, name))[inner].max() < 0.03


@given(st.integers(0, 99))
def test_the_whole_mix_is_the_total_to_the_bit(seed):
    parts = Parts(*(picture(seed + i, 16) for i in range(3)))
    assert np.array_equal(parts.mix(WHOLE).view(np.uint32), parts.total.view(np.uint32))
    assert not parts.mix(Strengths(0, 0, 0)).any()


def test_strengths_are_the_settings():
    settings = Settings(detail=0.5, form=2.0, tone=0.0, gray=0.3, hair_matte="roto.exr")
    assert Strengths.of(settings) == Strengths(0.5, 2.0, 0.0, 0.3)
    assert Strengths.of(replace(settings, hair_matte=None)).gray == 0.0
    assert Strengths.of(Settings()) == WHOLE


def test_parts_are_made_only_for_strengths_that_need_them():
    plain, hairy = NullModel().card, PartsModel().card
    assert not WHOLE.mix_parts(plain) and not WHOLE.mix_parts(hairy)
    assert not Strengths(gray=1.0).mix_parts(plain) and Strengths(gray=0.1).mix_parts(hairy)
    for name in ("detail", "form", "tone"):
        assert Strengths(**{name: 0.9}).mix_parts(plain)
