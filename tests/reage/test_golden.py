"""What the engine writes today is what it wrote yesterday, within rounding.

The golden frame holds a small face, re-aged by a fixed little network, in scene-linear with
a highlight of 60 000 and negatives. Where a change of the picture is meant, make it anew:

    python tests/reage/test_golden.py
"""

import tempfile
from pathlib import Path

import numpy as np

import reage
from helpers.onnx_files import CARD, delta_network
from helpers.shots import HEIGHT, WIDTH, face, pixels, write_plate
from reage.faces import FaceTrack
from reage.media.imagefile import read_channels
from reage.shot.tracking import save_track

GOLDEN = Path(__file__).parent / "golden" / "layers.exr"
CHANNELS = ("reage_delta.red", "reage_delta.green", "reage_delta.blue", "reage_matte.alpha")


def render(folder):
    write_plate(folder / "plate.exr", pixels(5))
    one = {1: face(size=64.0, degrees=-11.0)}
    save_track(FaceTrack(WIDTH, HEIGHT, one), folder / "track.json")
    model = delta_network(folder / "m.onnx", card=CARD | {"halo": 1, "crop_size": 128})
    settings = reage.Settings(source_age=60, target_age=30, model=str(model))
    job = reage.RenderJob(
        str(folder / "plate.exr"), str(folder / "layers.exr"), settings,
        track=str(folder / "track.json"), device="cpu",
    )  # fmt: skip
    reage.render(job)
    return folder / "layers.exr"


def test_the_golden_frame_comes_out_again(tmp_path):
    got, region, info = read_channels(render(tmp_path), CHANNELS)
    want, golden_region, golden_info = read_channels(GOLDEN, CHANNELS)
    assert (region, info.display) == (golden_region, golden_info.display)
    assert np.abs(want[..., :3]).max() > 0.1
    # A place in the plate is rounded to 1/32 px, which other builds of OpenCV do otherwise.
    scale = np.maximum(np.abs(want), 0.02)
    assert np.quantile(np.abs(got - want) / scale, 0.999) < 0.02
    assert np.abs(got - want).mean() / np.abs(want).mean() < 1e-3
    # which the golden frame is older than
    since = {"chromaticities", "colorInteropID", "reage:made_from", "reage:license",
             "reage:card_sha256", "reage:settings_sha256"}  # fmt: skip
    assert set(info.metadata) - since == set(golden_info.metadata) - {"DateTime"}  # of its writing


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        GOLDEN.write_bytes(render(Path(folder)).read_bytes())
