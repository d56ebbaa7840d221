"""A render says so where its change is next to nothing, and why: on the demo plate, with the
default model."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

import reage
from reage import home
from reage.media.exr import write_layers
from reage.media.imagefile import read_plate
from reage.models.model import NullModel
from reage.models.onnx_model import OnnxModel
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
from reage.shot.tracking import load_track, save_track

SAMPLES = home.samples()
PLATE = str(SAMPLES / "demo.%04d.exr")
BEAUTY = ("delta", "matte", "beauty")


@pytest.fixture(scope="module")
def model():
    return OnnxModel.load(device="cpu")


def write(path, pixels):
    whole = Region(0, 0, pixels.shape[1], pixels.shape[0])
    channels = {c: np.ascontiguousarray(pixels[..., i]) for i, c in enumerate("RGB")}
    write_layers(path, channels, whole, PlateInfo(whole, whole, ("R", "G", "B")),
                 {"colorspace": "ACEScg"})  # fmt: skip
    return str(path)


@pytest.fixture
def said(model, tmp_path):
    """said(source, target, …): what the report says of a change that is next to nothing."""

    def render(source, target, plate=PLATE, model=model, layers=("delta", "matte"), track=None,
               **settings):  # fmt: skip
        look = reage.Settings(source, target, **settings)
        job = reage.RenderJob(
            plate, str(tmp_path / "x.%04d.exr"), look, frames="1004", layers=layers, track=track
        )
        report = reage.render(job, model=model)
        lines = [line for line in report.text().splitlines() if "next to nothing" in line]
        assert lines == [n for n in report.notices if "next to nothing" in n] and len(lines) < 2
        return lines[0] if lines else ""

    return render


def test_a_change_that_is_seen_is_not_spoken_of(said):
    assert said(50, 75) == said(50, 25) == said(50, 55) == ""
    assert said(50, 75, layers=BEAUTY, detail=0.0, form=0.5) == ""
    assert said(50, 75, detail=0, form=0, tone=0, blend=0) == ""  # all of it is in the layers


def test_nothing_is_said_where_hardly_anything_was_asked_for(said):
    assert said(50, 54.5, model=NullModel(0.0)) == said(50, 50) == ""


def test_strengths_and_blend_at_zero_are_the_reason(said):
    for none in ({"detail": 0, "form": 0, "tone": 0}, {"blend": 0}):
        assert "0.00000 of the ACEScct scale" in (line := said(50, 75, layers=BEAUTY, **none))
        assert "blend and strengths leave so little" in line and "Raise --blend" in line


def test_a_dark_age_map_is_the_reason(said, tmp_path):
    like = read_plate(SAMPLES / "demo.1004.exr").rgb
    dark = write(tmp_path / "dark.exr", np.full_like(like, 0.004))
    assert "the age map asks for 0.1 years" in said(50, 75, age_map=dark)
    bright = write(tmp_path / "bright.exr", np.ones_like(like))
    assert said(50, 75, age_map=bright) == ""


def test_a_track_without_a_mesh_is_the_likely_reason(said, tmp_path):
    assert "all that the model reage-default makes of these ages" in said(25, 30)
    found = load_track(tmp_path / "x.track.json")
    bare = {n: replace(f, mesh=()) for n, f in found.frames.items()}
    save_track(replace(found, frames=bare), tmp_path / "bare.json")
    line = said(25, 30, track=str(tmp_path / "bare.json"))
    assert "the face track has no mesh" in line and "reage track" in line


def test_a_small_face_or_crop_is_the_likely_reason(said, tmp_path):
    like = read_plate(SAMPLES / "demo.1004.exr").rgb
    size = (like.shape[1] // 5, like.shape[0] // 5)
    small = write(tmp_path / "small.1004.exr", cv2.resize(like, size, interpolation=cv2.INTER_AREA))
    null = NullModel(0.001)
    assert "the face is only 6" in said(50, 75, plate=small, model=null)
    assert "the crop of 64 px shows the face only 43 px" in said(50, 75, model=null, crop_size=64)
    assert "all that the model null makes" in said(50, 75, model=null)


def test_ages_beyond_the_model_s_are_the_reason(said):
    assert "knows ages 18 to 85 only" in said(84, 95, model=NullModel(0.001))
