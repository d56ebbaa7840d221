"""The repository's own plate through the real face networks and the default model."""


import numpy as np
import pytest

import reage
from reage import home
from reage.media.imagefile import read_info, read_plate
from reage.models.onnx_model import OnnxModel
from reage.shot.footage import Footage
from reage.shot.image import read_layers
from reage.shot.tracking import open_track

SAMPLES = home.samples()
PLATE = str(SAMPLES / "demo.####.exr")


def job(folder, source=50.0, target=25.0, **more):
    settings = reage.Settings(source_age=source, target_age=target)
    return reage.RenderJob(PLATE, str(folder / "x.%04d.exr"), settings, device="cpu", **more)


def test_the_face_is_found_in_every_frame_and_moves_smoothly(tmp_path):
    one = job(tmp_path)
    track = open_track(one, Footage.open(one))
    faces = [track.at(n) for n in range(1001, 1009)]
    assert all(f is not None and f.state == "seen" and f.confidence > 0.5 for f in faces)
    centers = np.array([f.center for f in faces])
    sizes = np.array([f.size for f in faces])
    assert np.abs(np.diff(centers, 2, axis=0)).max() < 0.02 * sizes.mean()
    assert np.ptp(sizes) < 0.05 * sizes.mean()


def test_the_plate_is_scene_linear_light_with_its_camera_s_words():
    info = read_info(SAMPLES / "demo.1001.exr")
    assert info.colorspace == "ACEScg" and "smpte:TimeCode" in info.metadata
    rgb = read_plate(SAMPLES / "demo.1001.exr").rgb
    assert rgb.max() > 1.5 and np.isfinite(rgb).all()


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Layers of one frame, younger and older, by the default model."""
    folder = tmp_path_factory.mktemp("demo")
    out = {}
    for name, target in (("younger", 25.0), ("older", 75.0)):
        reage.render(job(folder / name, target=target, frames="1004"))
        out[name] = read_layers(folder / name / "x.1004.exr")
    return out


def test_younger_and_older_change_the_skin_oppositely(changed):
    """Where both change, the one takes away what the other puts in."""
    region = changed["younger"].region.union(changed["older"].region)
    young, old = (changed[n].spread(region).delta.mean(-1) for n in ("younger", "older"))
    rgb = read_plate(SAMPLES / "demo.1004.exr", region).rgb.mean(-1)
    assert np.abs(young).mean() > 0.01 * rgb.mean() and np.abs(old).mean() > 0.01 * rgb.mean()
    assert np.corrcoef(young.ravel(), old.ravel())[0, 1] < -0.2


def test_the_tile_size_changes_no_pixel_of_the_default_model(tmp_path):
    whole = reage.render(job(tmp_path / "a", frames="1002", tile=512))
    tiled = reage.render(job(tmp_path / "b", frames="1002", tile=384))
    assert whole.exit_code == tiled.exit_code == 0
    a, b = (read_layers(tmp_path / d / "x.1002.exr") for d in "ab")
    assert np.array_equal(a.delta.view(np.uint32), b.delta.view(np.uint32))


def test_the_default_model_says_what_it_is():
    model = OnnxModel.load(device="cpu")
    card = model.card
    assert home.default_model().stat().st_size <= 12e6
    assert card.license == "Apache-2.0" and "Synthetic faces only" in card.trained_on
    assert card.encoding == "ACEScct" and card.stride == 16 and card.figures
    assert card.age_range[0] <= 20 and card.age_range[1] >= 80
