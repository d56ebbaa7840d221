"""What photographs tell of a skin is nearer to the truth than what the population says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reage.pixels.ramps import smoothstep
from reage_training.actor.album.tone import SIDE
from reage_training.actor.book import Entry
from reage_training.actor.double.places import AgedTone, PlainSkin
from reage_training.actor.double.skin_color import (
    GROWN,
    LEFT,
    OLD,
    YOUNG,
    Estimate,
    SkinColor,
    shown_by,
    tone_by_places,
)
from reage_training.synth.small_head import small_head
from reage_training.synth.traits import Traits

AGES = np.linspace(22, 72, 10)


def shown(tone: float, speed: float, seed: int) -> tuple[AgedTone, ...]:
    """Photographs of a skin as a reading shows it: with what shading leaves at places, in a light
    and a white balance of its own, with noise."""
    rng, skin = np.random.default_rng(seed), PlainSkin(small_head())
    traits = replace(
        Traits.random(4), tone=tone, ageing_speed=speed, beard=0.0, makeup=(0.0, 0.0, 0.0, 0.0),
        hollow=1.0,
    )  # fmt: skip
    u, v = np.meshgrid(*[np.linspace(-1, 1, SIDE)] * 2)
    face = (u**2 + v**2 < 0.6).astype(np.float32)
    out = []
    for age in AGES:
        ratios = skin.ratios(traits, float(age)).reshape(2, SIDE, SIDE)
        old = smoothstep(float(age) * speed, YOUNG, OLD)
        ratios = ratios + ((LEFT + old * GROWN) @ skin.broad).reshape(ratios.shape)
        green = rng.normal(0, 0.2) * u + rng.normal(0, 0.2) * v + rng.normal(0, 0.5)
        cast = rng.normal(0, 0.15, 2)[:, None, None] + rng.normal(0, 0.01, ratios.shape)
        red, blue = green + ratios + cast
        out.append(AgedTone(float(age), np.stack([red, green, blue, face], -1).astype(np.float32)))
    return tuple(out)


@pytest.mark.parametrize(("tone", "speed"), [(0.1, 1.12), (0.7, 0.88)])
def test_photographs_bring_a_skin_nearer_than_the_population(tone: float, speed: float) -> None:
    usual, found = SkinColor().tone, tone_by_places(small_head(), shown(tone, speed, 5))
    assert found.width < usual.width
    assert abs(found.value - tone) < abs(usual.value - tone)
    assert abs(found.value - tone) < 3 * found.width


def test_no_photographs_tell_what_the_population_does(tmp_path: Path) -> None:
    unread = Entry("photographs/1.png", "", "", 30.0, "name")
    assert shown_by(tmp_path / "album", [unread]) == ()
    assert tone_by_places(small_head(), ()) == SkinColor().tone


def test_a_picture_without_skin_tells_nothing() -> None:
    dark = [AgedTone(float(age), np.zeros((SIDE, SIDE, 4), np.float32)) for age in AGES]
    found = tone_by_places(small_head(), dark)
    assert found.value == pytest.approx(SkinColor().tone.value)
    assert found.width == pytest.approx(SkinColor().tone.width)


def test_a_sitting_is_drawn_as_widely_as_a_trait_is_unsure() -> None:
    color = SkinColor(tone=Estimate(0.5, 0.1), blood=Estimate(0.1, 0.02))
    rng, one = np.random.default_rng(2), Traits.random(1)
    drawn = [color.drawn(rng, one) for _ in range(400)]
    assert np.std([each.tone for each in drawn]) == pytest.approx(0.1, rel=0.15)
    assert np.mean([each.blood for each in drawn]) == pytest.approx(0.1, abs=0.005)
    assert {each.sallow for each in drawn} == {one.sallow}


def test_no_sitting_lies_at_a_limit() -> None:
    rng, pale = np.random.default_rng(3), Estimate(0.02, 0.16)
    drawn = [pale.drawn(rng, 0.0, 1.0) for _ in range(300)]
    assert min(drawn) > 0.0 and max(drawn) < 1.0 and len(set(drawn)) == 300
