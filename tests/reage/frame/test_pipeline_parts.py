"""Laws of one frame's parts, hair and pattern on their way through the engine."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.cylinder import head
from helpers.part_models import PartsModel, network_in_parts
from helpers.shots import HEIGHT, WHOLE, WIDTH, face, pixels, plate
from reage.frame.pipeline import infer, prepare, reage_frame
from reage.models.model import NullModel
from reage.models.model_card import NEEDED
from reage.models.parts import Strengths
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_for
from reage.settings import Settings

ENCODER = Encoder("ACEScg", "ACEScct")
OLDER = Settings(source_age=40, target_age=70, crop_size=256)
NAMES = ("detail", "form", "tone")
HAIR = np.ones((HEIGHT, WIDTH), np.float32)
"""A hair matte that keeps nothing back."""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return network_in_parts(tmp_path_factory.mktemp("model") / "m.onnx")


def bits(a):
    return np.ascontiguousarray(a).view(np.uint32)


def deep_in_the_crop(at):
    """(h, w) bool: pixels so far inside the crop that nothing fades there."""
    crop = crop_for(at, PartsModel().card, 256)
    middle = np.zeros((256, 256), np.float32)
    middle[24:-24, 24:-24] = 1.0
    return crop.paste(middle, WHOLE) > 0.999


def each(layers):
    return [getattr(layers.parts, name) for name in NAMES]


@pytest.mark.parametrize("named", [True, False])
def test_parts_sum_to_the_delta_which_is_the_one_without_parts(network, named):
    """To the bit with each other, to the last rounding with the delta that is made at once."""
    model = network if named else NullModel(strength=0.5)
    layers = reage_frame(plate(), face(), model, OLDER, ENCODER, parts=True)
    detail, form, tone = each(layers)
    assert np.array_equal(bits(layers.delta), bits(detail + form + tone))
    once = reage_frame(plate(), face(), model, OLDER, ENCODER).spread(WHOLE)
    layers = layers.spread(WHOLE)
    assert np.array_equal(bits(once.matte), bits(layers.matte))
    assert np.abs(once.delta).max() > 0.1
    scale = np.abs(pixels()) + np.abs(once.delta) + np.float32(0.1)
    assert (np.abs(once.delta - layers.delta) / scale).max() < 1e-5


def test_each_part_is_what_it_adds_on_top_of_those_before_it():
    p, model = plate(), PartsModel()
    layers = reage_frame(p, face(), model, OLDER, ENCODER, parts=True, hair_matte=HAIR)
    layers = layers.spread(WHOLE)
    e, on = ENCODER.encode(p.rgb), np.float32(0.3)
    toned = e + on * np.float32(model.tone)
    formed = toned + on * np.float32(model.form)
    steps = [ENCODER.decode(x) for x in (e, toned, formed, formed + on * np.float32(model.detail))]
    inside = layers.matte == 1
    for part, before, after in zip(reversed(each(layers)), steps, steps[1:], strict=False):
        assert np.allclose(part[inside], (after - before)[inside], rtol=5e-4, atol=3e-5)
    gray = ENCODER.decode(e + on * np.float32(model.hair)) - p.rgb
    full = deep_in_the_crop(face())
    assert full.sum() > inside.sum()
    assert np.allclose(layers.hair.delta[full], gray[full], rtol=5e-4, atol=3e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_strength_of_zero_leaves_the_other_parts(name):
    p = plate()
    layers = reage_frame(p, face(), PartsModel(), OLDER, ENCODER, parts=True).spread(WHOLE)
    gone = layers.over(p.rgb, 1.0, Strengths(**{name: 0.0}))
    want = layers.over(p.rgb) - getattr(layers.parts, name) * layers.matte[..., None]
    assert np.allclose(gone, want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("model", [NullModel(), PartsModel(0.0, 0.0, 0.0, 0.0)])
def test_no_change_is_the_plates_own_bits_at_any_strengths(model):
    p = plate()
    layers = reage_frame(p, face(), model, OLDER, ENCODER, parts=True, hair_matte=HAIR)
    layers = layers.spread(WHOLE)
    assert layers.matte.any()
    result = layers.over(p.rgb, 1.0, Strengths(2.0, 0.5, 1.5, 1.0))
    assert np.array_equal(bits(result), bits(p.rgb))


@pytest.mark.parametrize("named", [True, False])
def test_what_must_not_change_does_not_in_any_part(network, named):
    """Pixels that are no numbers, and those that an age map leaves alone."""
    rgb = pixels()
    rgb[120, 150, 0], rgb[121, 170, 1], rgb[20, 160, 2] = np.nan, np.inf, -np.inf
    ages = np.ones((HEIGHT, WIDTH), np.float32)
    ages[:, :140] = 0.0
    model = network if named else NullModel(strength=0.5)
    layers = reage_frame(
        plate(rgb), face(), model, OLDER, ENCODER, ages, parts=True, hair_matte=HAIR
    ).spread(WHOLE)
    still = ~np.isfinite(rgb).all(-1) | (ages == 0)
    shown = [(part, layers.matte) for part in each(layers)]
    if named:
        shown.append((layers.hair.delta, layers.hair.matte))
    for part, matte in shown:
        assert not part[still].any() and not part[matte == 0].any()
        assert np.isfinite(part).all() and part.any()


def test_graying_reaches_beyond_the_face_and_fades_before_the_crop_ends():
    small = face(size=90.0)
    flat = plate(np.full((HEIGHT, WIDTH, 3), 0.3, np.float32))
    layers = reage_frame(flat, small, PartsModel(), OLDER, ENCODER, parts=True, hair_matte=HAIR)
    crop = crop_for(small, PartsModel().card, 256)
    assert WHOLE.intersect(crop.region).contains(layers.region)
    wide = layers.spread(WHOLE)
    shown = wide.hair.delta[..., 1] / wide.hair.delta.max()
    assert (shown > 0.99).sum() > (wide.matte > 0).sum() * 1.3
    assert max(np.abs(np.diff(shown, axis=a)).max() for a in (0, 1)) < 0.25
    assert not shown[wide.hair.matte == 0].any()


@pytest.mark.parametrize("by", [Strengths(1, 1, 1, 1), Strengths(2, 0, 1.5, 1)])
def test_without_a_hair_matte_nothing_beside_the_face_changes(network, by):
    """The model guesses at hair everywhere; a guess changes nothing."""
    for model in (network, PartsModel()):
        layers = reage_frame(plate(), face(), model, OLDER, ENCODER, parts=True).spread(WHOLE)
        if model is not network:
            assert (layers.hair.guess[layers.matte == 0] == 1).any()
        assert not layers.hair.matte.any() and not layers.hair.delta.any()
        result, outside = layers.over(pixels(), 1.0, by), layers.matte == 0
        assert np.array_equal(bits(result)[outside], bits(pixels())[outside])


def test_hair_grays_only_inside_the_artists_matte_which_is_the_layer(network):
    roto = np.random.default_rng(0).random((HEIGHT, WIDTH)).astype(np.float32)
    roto[100:] = 0.0
    layers = reage_frame(
        plate(), face(), network, OLDER, ENCODER, parts=True, hair_matte=roto
    ).spread(WHOLE)
    reached = deep_in_the_crop(face())
    assert np.array_equal(bits(layers.hair.matte[reached]), bits(roto[reached]))
    result = layers.over(pixels(), 1.0, Strengths(gray=1.0))
    plain = layers.over(pixels(), 1.0)
    changed = (bits(result) != bits(plain)).any(-1)
    assert changed[:100][reached[:100]].mean() > 0.95 and not changed[roto == 0].any()


def test_a_hair_matte_elsewhere_of_a_head_without_hair_is_no_hair():
    bald, elsewhere = PartsModel(hair_matte=0.0), np.zeros_like(HAIR)
    layers = reage_frame(plate(), face(), bald, OLDER, ENCODER, parts=True, hair_matte=elsewhere)
    without = reage_frame(plate(), face(), bald, OLDER, ENCODER, parts=True)
    assert not layers.hair.delta.any() and not layers.hair.matte.any()
    assert np.array_equal(layers.delta, without.delta) and layers.delta.any()


def test_a_hair_matte_leaves_the_face_as_it_is(network):
    with_it, without = (
        reage_frame(plate(), face(), network, OLDER, ENCODER, parts=True, hair_matte=m)
        for m in (HAIR, None)
    )
    here, there = with_it.spread(WHOLE), without.spread(WHOLE)
    assert np.array_equal(bits(here.delta), bits(there.delta))
    assert np.array_equal(bits(here.hair.guess), bits(there.hair.guess))


def test_the_data_window_is_the_faces_unless_there_is_hair_outside_it():
    tight = reage_frame(plate(), face(), PartsModel(), OLDER, ENCODER)
    assert tight.hair is None and tight.parts is None
    nothing = PartsModel(hair_matte=0.015)
    no_hair = reage_frame(plate(), face(), nothing, OLDER, ENCODER, parts=True)
    assert no_hair.region == tight.region and not no_hair.hair.guess.any()
    hair = reage_frame(plate(), face(), nothing, OLDER, ENCODER, parts=True, hair_matte=HAIR)
    assert hair.region != tight.region and hair.region.contains(tight.region)
    assert np.array_equal(bits(hair.delta[tight.region.slices(hair.region)]), bits(no_hair.delta))


def test_a_face_at_the_plates_edge_has_hair_in_the_plate_alone():
    layers = reage_frame(
        plate(), face(center=(310.0, 230.0)), PartsModel(), OLDER, ENCODER, parts=True,
        hair_matte=HAIR,
    )  # fmt: skip
    assert WHOLE.contains(layers.region) and layers.hair.matte.max() == 1


def test_the_tile_size_changes_no_pixel_of_any_part(network):
    whole, tiled = (
        reage_frame(
            plate(), face(), network, OLDER, ENCODER, tile=tile, parts=True, hair_matte=HAIR
        )
        for tile in (256, 80)
    )
    assert whole.hair.delta.any()
    assert np.array_equal(bits(whole.hair.guess), bits(tiled.hair.guess))
    one, two = ([*each(layers), layers.hair.delta] for layers in (whole, tiled))
    assert all(np.array_equal(bits(a), bits(b)) for a, b in zip(one, two, strict=True))


def test_a_conditioning_map_is_laid_on_the_face_only_for_a_model_that_takes_one(network, tmp_path):
    takes = network_in_parts(tmp_path / "m.onnx", pattern=True)
    plain, meshed = face(), head()
    assert prepare(plate(), meshed, network.card, OLDER, ENCODER).input.pattern is None
    assert not prepare(plate(), plain, takes.card, OLDER, ENCODER).input.pattern.any()
    one, same, other = (
        prepare(plate(), meshed, takes.card, replace(OLDER, pattern=seed), ENCODER).input.pattern
        for seed in (3, 3, 4)
    )
    assert one.shape == (256, 256, 3) and one.dtype == np.float32
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_another_pattern_is_another_change(tmp_path):
    model = network_in_parts(tmp_path / "m.onnx", pattern=True)
    one, other = (
        reage_frame(plate(), head(), model, replace(OLDER, pattern=seed), ENCODER, parts=True)
        for seed in (3, 4)
    )
    assert one.region == other.region
    assert not np.allclose(one.parts.detail, other.parts.detail, atol=1e-4)


def test_a_pattern_goes_to_the_model_tile_by_tile(tmp_path):
    model = network_in_parts(tmp_path / "m.onnx", pattern=True)
    ready = prepare(plate(), face(), replace(model.card, inputs=NEEDED), OLDER, ENCODER)
    pattern = np.random.default_rng(0).normal(0, 1, (256, 256, 3)).astype(np.float32)
    drawn, other = (
        replace(ready, input=replace(ready.input, pattern=g)) for g in (pattern, -pattern)
    )
    whole = infer(drawn, model, 256, apart=True)
    assert whole.values.shape == (256, 256, 13)
    assert np.array_equal(whole.values, infer(drawn, model, 80, apart=True).values)
    alone = infer(drawn, model, 80)
    assert alone.channels.names == ("delta",) and np.allclose(alone.delta, whole.delta, atol=1e-6)
    without = infer(ready, model, 256).values
    assert np.abs(alone.values - without).mean() > 0.01
    # The network is one convolution: what the pattern adds is turned round with it.
    assert np.allclose(alone.values - without, without - infer(other, model, 256).values, atol=1e-5)
