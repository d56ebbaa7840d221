"""Laws of one frame's way through the engine."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from helpers.onnx_files import CARD, delta_network
from helpers.shots import HEIGHT, WHOLE, WIDTH, face, pixels, plate
from reage.errors import OutOfMemory, SettingsError
from reage.frame.pipeline import infer, prepare, reage_frame
from reage.models.model import NullModel
from reage.models.onnx_model import OnnxModel
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_for
from reage.pixels.geometry import Region
from reage.settings import Settings

ENCODER = Encoder("ACEScg", "ACEScct")
OLDER = Settings(source_age=40, target_age=70, crop_size=256)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A real ONNX network that mixes neighbours: halo 1."""
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    return OnnxModel.load(delta_network(path, card=CARD | {"halo": 1, "crop_size": 256}))


def bits(a):
    return np.ascontiguousarray(a).view(np.uint32)


def test_the_null_models_delta_is_the_decoded_difference():
    """decode(e + d) − decode(e) with the same d everywhere, times a matte of one inside."""
    p = plate()
    model = NullModel(strength=0.5)
    layers = reage_frame(p, face(), model, OLDER, ENCODER)
    e = ENCODER.encode(p.rgb)
    want = ENCODER.decode(e + np.float32(0.15)) - p.rgb
    inside = layers.matte == 1
    assert inside.sum() > 3000
    got, expected = layers.delta[inside], want[layers.region.slices(WHOLE)][inside]
    assert np.allclose(got, expected, rtol=2e-4, atol=2e-5)


def test_equal_ages_are_the_plates_own_bits(network):
    same = replace(OLDER, target_age=40)
    layers = reage_frame(plate(), face(), network, same, ENCODER)
    assert not layers.delta.any() and not layers.matte.any()


def test_outside_the_matte_nothing_changes_and_inside_something_does(network):
    p = plate()
    layers = reage_frame(p, face(), network, OLDER, ENCODER).spread(WHOLE)
    result = layers.over(p.rgb)
    changed = (bits(result) != bits(p.rgb)).any(-1)
    assert not changed[layers.matte == 0].any()
    assert changed[layers.matte > 0.5].mean() > 0.99
    assert np.isfinite(result).all()


@given(tile=st.sampled_from([64, 80, 112, 144, 208, 256, 400]))
@hypothesis_settings(max_examples=7)
def test_the_tile_size_changes_no_pixel(network, tile):
    whole = reage_frame(plate(), face(), network, OLDER, ENCODER, tile=256)
    tiled = reage_frame(plate(), face(), network, OLDER, ENCODER, tile=tile)
    assert np.array_equal(bits(whole.delta), bits(tiled.delta))


def test_nan_and_inf_stay_where_they_are(network):
    rgb = pixels()
    bad = [(120, 150, 0), (121, 170, 1), (90, 160, 2)]
    for (y, x, c), value in zip(bad, (np.nan, np.inf, -np.inf), strict=True):
        rgb[y, x, c] = value
    layers = reage_frame(plate(rgb), face(), network, OLDER, ENCODER).spread(WHOLE)
    result = layers.over(rgb)
    assert np.isfinite(layers.delta).all()
    for y, x, _ in bad:
        assert np.array_equal(bits(result[y, x]), bits(rgb[y, x]))
    good = np.delete(result.reshape(-1, 3), [y * WIDTH + x for y, x, _ in bad], 0)
    assert np.isfinite(good).all()


def test_highlights_and_negatives_survive():
    p, slight = plate(), NullModel(strength=0.01)
    result = reage_frame(p, face(), slight, OLDER, ENCODER).spread(WHOLE).over(p.rgb)
    assert (p.rgb == 60000).sum() == 27
    assert np.allclose(result[p.rgb == 60000], 60000 * 2 ** (0.003 * 17.52), rtol=1e-3)
    assert (result[p.rgb < 0] > -0.02).any() and result[p.rgb < 0].min() < -0.01


@pytest.mark.parametrize("center", [(5.0, 120.0), (310.0, 230.0), (160.0, -30.0)])
def test_a_face_across_the_edge_keeps_its_scale(network, center):
    """The part in the picture gets the same delta as if the plate went on."""
    layers = reage_frame(plate(), face(center=center), network, OLDER, ENCODER)
    assert WHOLE.contains(layers.region) and layers.matte.max() > 0.3
    crop = crop_for(face(center=center), network.card, 256)
    assert crop.to_plate.scale == pytest.approx(crop_for(face(), network.card, 256).to_plate.scale)


def test_a_face_outside_the_data_window_changes_nothing(network):
    layers = reage_frame(plate(), face(center=(900.0, 900.0)), network, OLDER, ENCODER)
    assert not layers.delta.any()


def test_the_matte_is_smooth_and_inside_the_crop():
    ready = prepare(plate(), face(), NullModel().card, OLDER, ENCODER)
    steps = max(np.abs(np.diff(ready.matte, axis=a)).max() for a in (0, 1))
    assert steps < 0.12
    assert WHOLE.intersect(ready.crop.region).contains(ready.region)
    assert ready.region.width < ready.crop.region.width


def test_an_age_map_scales_the_change_pixel_by_pixel():
    p, model = plate(), NullModel(strength=0.5)
    ages = np.zeros((HEIGHT, WIDTH), np.float32)
    ages[:, WIDTH // 2 :] = 1.0
    mapped = reage_frame(p, face(), model, OLDER, ENCODER, ages).spread(WHOLE)
    plain = reage_frame(p, face(), model, OLDER, ENCODER).spread(WHOLE)
    assert not mapped.delta[:, : WIDTH // 2].any()
    right = np.s_[:, WIDTH // 2 + 4 :]
    assert np.allclose(mapped.delta[right], plain.delta[right], rtol=1e-3, atol=1e-5)


def test_an_age_map_replaces_the_target_age():
    p, model = plate(), NullModel(strength=0.5)
    by_map = replace(OLDER, target_age=20, age_map_mode="replace")
    ages = np.full((HEIGHT, WIDTH), 0.70, np.float32)
    mapped = reage_frame(p, face(), model, by_map, ENCODER, ages)
    plain = reage_frame(p, face(), model, OLDER, ENCODER)
    assert np.allclose(mapped.delta, plain.delta, rtol=1e-3, atol=1e-5)


@dataclass(frozen=True)
class SmallDevice:
    """A model on a device that holds no tile wider than `holds` px."""

    inner: OnnxModel
    holds: int

    @property
    def card(self):
        return self.inner.card

    def run(self, input):
        width = input.picture.shape[1]
        if width > self.holds:
            raise OutOfMemory(f"no room for {width} px")
        return self.inner.run(input)


def test_out_of_memory_means_smaller_tiles_and_a_notice(network):
    ready = prepare(plate(), face(), network.card, OLDER, ENCODER)
    told = []
    got = infer(ready, SmallDevice(network, 100), 1024, told.append)
    assert np.array_equal(got.values, infer(ready, network, 1024).values)
    assert told[-1] == "Not enough memory on the device: going on with tiles of 64 px."
    with pytest.raises(OutOfMemory):
        infer(ready, SmallDevice(network, 10), 1024)


@dataclass(frozen=True)
class BatchDevice:
    """A model on a device that takes four tiles at once and holds so many px at once; it notes
    how many tiles of which size it was given."""

    inner: OnnxModel
    holds: int
    seen: list
    batch: int = 4

    @property
    def card(self):
        return self.inner.card

    def run(self, input):
        return self.run_batch([input])[0]

    def run_batch(self, inputs):
        sides = [each.picture.shape[:2] for each in inputs]
        self.seen.append((len(sides), *{*sides}))
        if sum(h * w for h, w in sides) > self.holds:
            raise OutOfMemory(f"no room for {sides}")
        return self.inner.run_batch(inputs)


@pytest.fixture(scope="module")
def batches(tmp_path_factory):
    """The like network, which takes several tiles at once."""
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    card = CARD | {"halo": 1, "crop_size": 256}
    return OnnxModel.load(delta_network(path, card=card, batch="n"))


@pytest.mark.parametrize("tile", [64, 96, 128, 1024])
def test_several_tiles_at_once_are_the_same_pixels_and_one_shape(network, batches, tile):
    ready = prepare(plate(), face(), network.card, OLDER, ENCODER)
    device = BatchDevice(batches, 10**9, [])
    got = infer(ready, device, tile)
    assert np.array_equal(got.values, infer(ready, network, tile).values)
    assert len({*device.seen}) == 1  # (how many, and their size)
    count = {64: 49, 96: 16, 128: 9, 1024: 1}[tile]
    assert len(device.seen) * device.seen[0][0] == count
    assert device.seen[0][0] == {49: 1, 16: 4, 9: 3, 1: 1}[count]  # the most that goes into it


def test_out_of_memory_means_fewer_tiles_at_once_before_smaller_ones(network, batches):
    ready, told = prepare(plate(), face(), network.card, OLDER, ENCODER), []
    device = BatchDevice(batches, 2 * 96 * 96, [])
    got = infer(ready, device, 96, told.append)
    assert np.array_equal(got.values, infer(ready, network, 1024).values) and not told
    assert [*dict.fromkeys(device.seen)] == [(4, (96, 96)), (2, (96, 96))]
    device = BatchDevice(batches, 64 * 64, [])
    infer(ready, device, 128, told.append)
    tried = [seen for seen in device.seen if seen[1] != (64, 64)]
    assert tried == [(3, (128, 128)), (1, (128, 128))] and device.seen[-1] == (1, (64, 64))
    assert told == ["Not enough memory on the device: going on with tiles of 64 px."]


def test_crop_sizes_that_the_model_cannot_take_are_refused(network):
    with pytest.raises(SettingsError, match="multiple of 16.*496 would do"):
        reage_frame(plate(), face(), network, replace(OLDER, crop_size=500), ENCODER)


def test_only_the_plate_under_the_crop_is_needed(network):
    """Reading just the crop's region gives the same layers as reading the whole plate."""
    p = plate()
    crop = crop_for(face(), network.card, 256)
    part = p.cut(crop.region.expand(2))
    assert part.region != Region(0, 0, WIDTH, HEIGHT)
    a = reage_frame(p, face(), network, OLDER, ENCODER).spread(WHOLE)
    b = reage_frame(part, face(), network, OLDER, ENCODER).spread(WHOLE)
    # cv2 rounds places to 1/32 px, a little differently from another corner.
    assert np.abs(a.matte - b.matte).max() < 0.005
    assert np.abs(a.delta - b.delta).mean() <= 1e-3 * np.abs(a.delta).mean()
