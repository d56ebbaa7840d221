"""One picture in memory."""


import numpy as np
import pytest

import reage
from helpers.onnx_files import CARD, delta_network
from reage import home
from reage.media.imagefile import read_plate
from reage.pixels.color import plate_space
from reage.pixels.ocio import convert
from reage.shot.image import SRGB

DEMO = home.samples() / "demo.1001.exr"


@pytest.fixture(scope="module")
def plate():
    return read_plate(DEMO)


@pytest.fixture(scope="module")
def space(plate):
    return plate_space(plate.info, None, DEMO)


@pytest.fixture(scope="module")
def linear(plate):
    """The demo plate's first frame, scene-linear."""
    return plate.rgb


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    return reage.OnnxModel.load(delta_network(path, card=CARD | {"halo": 1, "crop_size": 128}))


def test_it_is_what_a_render_makes_of_one_frame(linear, space, model, tmp_path):
    job = reage.RenderJob(
        str(DEMO), str(tmp_path / "o.exr"), reage.Settings(50, 70), layers=("delta", "matte")
    )
    reage.render(job, model=model)
    layers = reage.read_layers(tmp_path / "o.exr")
    whole = reage.Region(0, 0, linear.shape[1], linear.shape[0])
    wanted = layers.spread(whole).over(linear)
    got = reage.reage_image(linear, 50, 70, space, model)
    assert np.array_equal(got, wanted) and (got != linear).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_what_nothing_is_added_to_keeps_its_bits(linear, space, model, dtype):
    shown = np.clip(convert(linear, space, SRGB), 0, 1)
    top = 1 if dtype is np.float32 else np.iinfo(dtype).max
    given = (shown * top + (0 if top == 1 else 0.5)).astype(dtype)
    before = given.copy()
    got = reage.reage_image(given, 50, 70, model=model)
    assert got.dtype == dtype and got.shape == given.shape
    assert np.array_equal(given, before) and np.array_equal(got[:, :40], given[:, :40])
    assert (got != given).any()
    same = reage.reage_image(given, 50, 50, model=model)
    none = reage.reage_image(given, 50, 70, model=model, blend=0.0)
    assert np.array_equal(same, given) and np.array_equal(none, given)


def test_half_floats_do_not_overflow(linear, space, model):
    bright = np.maximum(linear * 3e5, 1.0)
    top = np.finfo(np.float16).max
    given = np.minimum(bright, top).astype(np.float16)
    got = reage.reage_image(given, 50, 70, space, model, face="480,300")
    assert np.isfinite(got).all() and (got != given).any()


def test_what_is_no_picture_or_has_no_face_is_told(model):
    with pytest.raises(reage.PlateError, match=r"\(4, 4\)"):
        reage.reage_image(np.zeros((4, 4), np.uint8), 50, 70, model=model)
    with pytest.raises(reage.PlateError, match="int64"):
        reage.reage_image(np.zeros((4, 4, 3), np.int64), 50, 70, model=model)
    with pytest.raises(reage.FaceError, match="No face was found"):
        reage.reage_image(np.full((128, 128, 3), 90, np.uint8), 50, 70, model=model)
    for drawn in ("age_map", "hair_matte"):
        with pytest.raises(reage.SettingsError, match="use render"):
            reage.reage_image(np.zeros((8, 8, 3)), 50, 70, model=model, **{drawn: "m.exr"})
    with pytest.raises(reage.SettingsError, match="--blend"):
        reage.reage_image(np.full((128, 128, 3), 90, np.uint8), 50, 70, model=model, blend=3)
