"""What of a plate a frame is made from: its crop and two pixels more, no more and no less."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from helpers.onnx_files import CARD, delta_network
from helpers.shots import WHOLE, face, plate
from reage.frame.pipeline import prepare, reage_frame
from reage.models.onnx_model import OnnxModel
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_for, pixels_for
from reage.pixels.geometry import Region
from reage.pixels.plate import Plate
from reage.settings import Settings

ENCODER = Encoder("ACEScg", "ACEScct")
SIDE = 128
OLDER = Settings(source_age=40, target_age=70, crop_size=SIDE)

FINEST = SIDE / 1.5
"""Up to this face size in px the crop is no coarser than the plate, at the card's crop_scale."""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A real ONNX network that mixes neighbours: what lies at the crop's rim comes inside."""
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    return OnnxModel.load(delta_network(path, card=CARD | {"halo": 1, "crop_size": SIDE}))


def seen(plate: Plate, face, network):
    """What the model sees: (SIDE, SIDE, 3)."""
    ready = prepare(plate, face, network.card, OLDER, ENCODER)
    assert ready is not None
    return ready.input.picture


def another_outside(region: Region) -> Plate:
    """The plate, and a bright picture of nothing where `region` ends."""
    rgb = np.full_like(plate().rgb, 37.0)
    rgb[region.slices(WHOLE)] = plate().rgb[region.slices(WHOLE)]
    return plate(rgb)


places = st.builds(
    face,
    center=st.tuples(st.floats(0, 320) | st.integers(0, 320), st.floats(0, 240)),
    size=st.floats(20, FINEST),
    degrees=st.floats(-180, 180) | st.sampled_from([0, 90, 180]),
)


@given(places)
@hypothesis_settings(max_examples=25)
def test_what_lies_outside_counts_for_nothing(network, subject):
    """The layers keep their bits, whatever the rest of the plate is."""
    region = pixels_for(subject, network.card, SIDE, WHOLE)
    one = reage_frame(plate(), subject, network, OLDER, ENCODER)
    other = reage_frame(another_outside(region), subject, network, OLDER, ENCODER)
    assert one.region == other.region and one.delta.any()
    assert np.array_equal(one.delta, other.delta) and np.array_equal(one.matte, other.matte)


@given(places)
@hypothesis_settings(max_examples=25)
def test_the_model_sees_the_same_bits_where_no_more_is_read(network, subject):
    part = plate().cut(pixels_for(subject, network.card, SIDE, WHOLE))
    assert np.array_equal(seen(part, subject, network), seen(plate(), subject, network))


@pytest.mark.parametrize(
    "ring",
    [np.s_[:, :1], np.s_[:, -1:], np.s_[:1], np.s_[-1:]],
    ids=["left", "right", "top", "bottom"],
)
def test_each_outermost_row_and_column_counts(network, ring):
    """Reading one pixel less on any side would change what the model sees."""
    subject = face(center=(160.0, 120.0), size=FINEST / 2, degrees=0)  # edges between pixels
    region = pixels_for(subject, network.card, SIDE, WHOLE)
    assert region == crop_for(subject, network.card, SIDE).region.expand(2)
    rgb = plate().rgb.copy()
    rgb[region.slices(WHOLE)][ring] *= 1.5
    assert not np.array_equal(seen(plate(rgb), subject, network), seen(plate(), subject, network))


@given(
    size=st.floats(1.1, 3.0).map(lambda times: times * FINEST),
    degrees=st.floats(-180, 180),
    x=st.floats(-40, 360),
)
@hypothesis_settings(max_examples=25)
def test_a_crop_that_shrinks_the_plate_is_the_same_but_at_its_rim(network, size, degrees, x):
    """The filter against aliasing reaches past the margin, four of its sigmas: only so far in
    from the rim does it matter that the plate's last pixels went on."""
    subject = face(center=(x, 120.0), size=size, degrees=degrees)
    part = plate().cut(pixels_for(subject, network.card, SIDE, WHOLE))
    less, all_of_it = (seen(each, subject, network) for each in (part, plate()))
    shrink = size / FINEST
    rim = math.ceil((2 * math.sqrt(shrink**2 - 1) + 2) / shrink) + 1
    inside = np.s_[rim:-rim, rim:-rim]
    assert np.abs(less - all_of_it)[inside].max() < 1e-6


def test_it_stays_inside_the_data_window(network):
    data = Region(-20, 10, 150, 150)
    subject = replace(face(), center=(0.0, 20.0), size=FINEST)
    region = pixels_for(subject, network.card, SIDE, data)
    assert data.contains(region) and region.x == -20 and region.y == 10 and not region.empty
    assert pixels_for(replace(subject, center=(900.0, 20.0)), network.card, SIDE, data).empty
