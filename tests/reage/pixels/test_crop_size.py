"""The crop's side: one for a whole shot, by the face in it and by what the model knows."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reage
from helpers.onnx_files import CARD, delta_network
from helpers.shots import HEIGHT, WIDTH, face, write_shot
from reage import home
from reage.errors import ModelError, SettingsError
from reage.faces import FaceFrame, FaceTrack
from reage.frame.layers import DELTA_CHANNELS, MATTE_CHANNEL
from reage.media.exr import write_layers
from reage.media.imagefile import read_channels, read_plate
from reage.models.model_card import ModelCard
from reage.models.onnx_model import OnnxModel
from reage.pixels.crop import crop_side, for_shot
from reage.pixels.crop_size import STEPS, auto_side, face_size, notices
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
from reage.shot.tracking import save_track

OWN = ModelCard("test", "Apache-2.0", "nothing", "ReAge contributors", crop_size=320)
LARGE = replace(OWN, face_sizes=(120.0, 1000.0))
AUTO = reage.Settings()
FACES = st.floats(1.0, 5000.0)


def cards():
    """Cards with face_sizes of any kind, also such as no step shows a face at."""
    return st.builds(
        lambda low, wide, scale, stride: replace(
            OWN, face_sizes=(low, low * wide), crop_scale=scale, stride=stride
        ),
        st.floats(10, 2000), st.floats(1.01, 20), st.floats(1, 3), st.sampled_from((16, 32, 64)),
    )  # fmt: skip


def track_of(sizes):
    frames = {n: face(n, size=s) if s else FaceFrame.none(n) for n, s in enumerate(sizes, 1)}
    return FaceTrack(WIDTH, HEIGHT, frames)


# ---------------------------------------------------------------- laws


@given(cards(), FACES)
def test_the_face_in_the_crop_is_one_that_the_model_knows_or_the_artist_is_told(card, size):
    found = for_shot(card, AUTO, track_of([size]))
    low, high = card.face_sizes
    assert low <= found.side / card.crop_scale <= high or notices(card, found)
    assert found.side % card.stride == 0


@given(cards(), FACES, FACES)
def test_a_larger_face_never_gets_a_smaller_crop(card, a, b):
    assert auto_side(card, min(a, b)) <= auto_side(card, max(a, b))


@given(FACES)
def test_a_plate_twice_as_large_takes_a_larger_step_until_the_last(size):
    steps = [side for side in STEPS if 120 <= side / 1.5 <= 1000]
    side, larger = auto_side(LARGE, size), auto_side(LARGE, 2 * size)
    assert {side, larger} <= set(steps)
    if side < steps[-1] and 3 * size > steps[0] * 1.25:
        assert larger > side


@given(st.lists(FACES, min_size=1, max_size=40), st.randoms())
def test_it_does_not_depend_on_the_order_of_the_frames(sizes, random):
    shuffled = random.sample(sizes, len(sizes))
    assert face_size(sizes) == face_size(shuffled)
    assert for_shot(LARGE, AUTO, track_of(shuffled)) == for_shot(LARGE, AUTO, track_of(sizes))


@given(st.floats(50, 900), st.floats(1, 9000))
def test_a_few_bad_frames_do_not_lead_it_astray(size, bad):
    sizes = [size] * 18 + [bad]
    assert abs(face_size(sizes) - size) <= 0.05 * size + 0.5
    assert face_size([*sizes, *[size * 0.5] * 200]) <= size + 1 + 0.05 * size


@given(cards(), FACES, st.integers(1, 60))
def test_a_number_wins_and_a_face_that_the_model_does_not_know_is_told(card, size, steps):
    side = steps * card.stride
    found = for_shot(card, reage.Settings(crop_size=side), track_of([size]))
    assert (found.side, found.auto, str(found)) == (side, False, f"crop {side} px")
    low, high = card.face_sizes
    assert bool(notices(card, found)) == (not low <= side / card.crop_scale <= high)


@given(FACES)
def test_a_card_without_face_sizes_and_one_of_fixed_size_keep_their_own(size):
    assert for_shot(OWN, AUTO, track_of([size])).side == 320
    fixed = replace(LARGE, fixed_size=256, crop_size=256)
    assert for_shot(fixed, AUTO, track_of([size])).side == 256
    assert notices(OWN, for_shot(OWN, AUTO, track_of([size]))) == []
    assert for_shot(LARGE, AUTO, track_of([0, 0])).side == 320  # no face anywhere


def test_what_the_report_and_the_notices_say():
    def said(size, settings=AUTO, card=LARGE):
        found = for_shot(card, settings, track_of([size]))
        return str(found), notices(card, found)

    assert said(640) == ("crop 1024 px (auto: face of 640 px in the plate)", [])
    assert said(640, card=OWN) == ("crop 320 px (auto: the model's own)", [])
    small = replace(LARGE, name="small", face_sizes=(120.0, 390.0))
    assert said(900, card=small)[1] == [
        "The face is 900 px high in the plate, and the model sees it at 341 px: the model small "
        "learned from faces of 120 to 390 px. The change is enlarged 2.6 times, and its finest "
        "detail is missing."
    ]
    assert said(500, card=small)[1] == []  # no further than between two steps
    assert "only 60 px high in the plate, and is enlarged to 171 px" in said(60)[1][0]
    assert said(640, reage.Settings(crop_size=128))[1] == [
        "The crop of 128 px shows the face 85 px high; the model test learned from faces of 120 "
        "to 1000 px. --crop-size auto stays within."
    ]


# ---------------------------------------------------------------- documents and words


def test_a_card_s_face_sizes_are_read_and_held_to_sense():
    text = LARGE.to_json()
    assert ModelCard.from_json(text, "x") == LARGE
    pair = "face_sizes .* is not .smallest, largest. in px"
    for wrong, said in (
        ("[390, 120]", pair),
        ("[0, 120]", "face_sizes is 0; it must be from 1"),
        ("[120]", "face_sizes is .*; it must be .a number, a number."),
    ):
        bad = text.replace("[\n    120.0,\n    1000.0\n  ]", wrong)
        assert bad != text
        with pytest.raises(ModelError, match=said):
            ModelCard.from_json(bad, "x")


@pytest.mark.parametrize(
    "said, wanted", [({}, "auto"), ({"crop_size": None}, "auto"), ({"crop_size": "auto"}, "auto"),
                     ({"crop_size": 512}, 512)],
)  # fmt: skip
def test_job_documents_of_before_and_now_load(said, wanted):
    job = reage.RenderJob.from_document({"plate": "p.exr", "output": "o.exr", "settings": said})
    assert job.settings.crop_size == wanted
    assert reage.RenderJob.from_json(job.to_json()) == job


@pytest.mark.parametrize("wrong", ["big", "512", 8])
def test_what_is_neither_a_side_nor_auto_is_refused(wrong):
    with pytest.raises(SettingsError, match="--crop-size"):
        reage.Settings(crop_size=wrong)


def test_without_a_shot_auto_is_the_model_s_own():
    assert crop_side(LARGE, AUTO) == 320


# ---------------------------------------------------------------- renders


@pytest.fixture
def push_in(tmp_path):
    """A shot in which the face comes nearer: 120 px in frames 1 to 3, 235 in 4 to 6."""
    plate, _ = write_shot(tmp_path / "plates")
    track = tmp_path / "plates" / "near.json"
    save_track(track_of([120.0] * 3 + [235.0] * 3), track)
    file = delta_network(tmp_path / "m.onnx", card=CARD | {"halo": 1, "face_sizes": [120, 390]})
    return plate, str(track), OnnxModel.load(file, "cpu")


def rendered(shot, folder, frames=None, crop_size="auto", **more):
    plate, track, model = shot
    settings = reage.Settings(40.0, 70.0, crop_size=crop_size)
    job = reage.RenderJob(
        plate, str(folder / "x.%04d.exr"), settings, frames=frames, track=track, **more
    )
    return reage.render(job, model=model)


def bits(folder, number):
    pixels, region, _ = read_channels(
        folder / f"x.{number:04d}.exr", (*DELTA_CHANNELS, MATTE_CHANNEL)
    )
    return pixels.tobytes(), region


def test_each_machine_of_a_farm_takes_the_same_and_makes_the_same_bits(push_in, tmp_path):
    whole = rendered(push_in, tmp_path / "whole")
    assert str(whole.crop) == "crop 384 px (auto: face of 240 px in the plate)"
    assert "; crop 384 px (auto: face of 240 px in the plate);" in whole.text()
    for part in ("1-2", "3-6"):
        assert rendered(push_in, tmp_path / "farm", part).crop == whole.crop
    by_number = rendered(push_in, tmp_path / "number", crop_size=384)
    assert str(by_number.crop) == "crop 384 px"
    for number in range(1, 7):
        same = [bits(tmp_path / folder, number) for folder in ("whole", "farm", "number")]
        assert same[0] == same[1] == same[2]


def test_a_frame_baked_with_another_side_is_stale_and_one_with_the_same_is_kept(push_in, tmp_path):
    rendered(push_in, tmp_path)
    again = rendered(push_in, tmp_path, crop_size=384, resume=True)
    assert again.numbers("kept") == tuple(range(1, 7))
    plate, track, model = push_in
    save_track(track_of([120.0] * 3 + [150.0] * 3), Path(track))
    # Frames 1 to 3 have the same face as before; only the shot's crop is another.
    after = rendered(push_in, tmp_path, "1-3", resume=True)
    assert after.crop.side == 256 and after.numbers("kept") == ()


def test_a_notice_comes_once_for_a_render(push_in, tmp_path):
    report = rendered(push_in, tmp_path, crop_size=64)
    assert [n for n in report.notices if "shows the face 43 px high" in n] == [report.notices[0]]


def test_the_demo_plate_with_auto_has_the_bits_of_the_number_that_auto_took(tmp_path):
    """The default model's weights, with a card that knows large faces, on the demo plate and on
    the same plate twice as large."""
    for name in ("small", "large"):
        (tmp_path / name).mkdir()
    known = replace(OnnxModel.load(device="cpu").card, face_sizes=(120.0, 1000.0))
    model = tmp_path / "model.onnx"
    model.symlink_to(home.default_model())
    model.with_suffix(".json").write_text(known.to_json())
    sample = home.samples() / "demo.1004.exr"
    rgb = read_plate(sample).rgb
    height, width = rgb.shape[:2]
    for name, times in (("small", 1), ("large", 2)):
        larger = cv2.resize(rgb, (times * width, times * height), interpolation=cv2.INTER_CUBIC)
        whole = Region(0, 0, times * width, times * height)
        channels = {c: np.ascontiguousarray(larger[..., i]) for i, c in enumerate("RGB")}
        info = PlateInfo(whole, whole, ("R", "G", "B"))
        file = tmp_path / name / "p.1004.exr"
        write_layers(file, channels, whole, info, {"colorspace": "ACEScg"})

    def render(name, crop_size):
        settings = reage.Settings(50.0, 75.0, crop_size=crop_size, model=str(model))
        out = tmp_path / name / str(crop_size)
        plate = str(tmp_path / name / "p.1004.exr")
        job = reage.RenderJob(plate, str(out / "x.%04d.exr"), settings, device="cpu")
        return reage.render(job), bits(out, 1004)

    for name, side in (("small", 512), ("large", 1024)):
        auto, made = render(name, "auto")
        assert auto.crop.side == side and not auto.notices
        assert render(name, side)[1] == made
        assert render(name, 256)[1] != made
