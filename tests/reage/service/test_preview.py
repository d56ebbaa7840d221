"""Previews: true to the plate and to a bake, and no step runs twice."""

import os
import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.onnx_files import CARD, delta_network, endless_network, nan_network
from helpers.part_models import PartsModel, network_in_parts
from helpers.plate_files import write_image
from helpers.shots import WHOLE, write_plate
from reage import home
from reage.album import page_path
from reage.errors import Cancelled, MissingFrames, SettingsError
from reage.frame.pipeline import reage_frame
from reage.job import RenderJob
from reage.media.imagefile import read_plate
from reage.models.onnx_model import OnnxModel
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_for
from reage.service.lru_cache import LruCache
from reage.service.preview import Previewer
from reage.service.preview.tone import Tone
from reage.settings import Settings

SAMPLES = home.samples()
DEMO = str(SAMPLES / "demo.%04d.exr")
LOOK = Settings(source_age=40, target_age=70, crop_size=256)


def never():
    return False


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    return OnnxModel.load(delta_network(path, card=CARD | {"halo": 1}), "cpu")


@pytest.fixture(scope="module")
def warm(model):
    """A previewer that has seen frame 1004."""
    previewer = Previewer()
    previewer.show(job(), 1004, model, 300, never)
    return previewer


def job(plate=DEMO, **look):
    return RenderJob(plate, "x.exr", replace(LOOK, **look), frames="1004")


def ran(preview):
    return {stage for stage, seconds in preview.seconds.items() if seconds}


def test_the_first_preview_runs_everything_and_the_same_again_only_shows(model):
    previewer = Previewer()
    first = previewer.show(job(), 1004, model, 300, never)
    assert ran(first) == {"read", "track", "encode", "infer", "decode", "show"}
    again = previewer.show(job(), 1004, model, 300, never)
    assert ran(again) == {"show"} and np.array_equal(first.after, again.after)


def test_other_ages_run_the_model_alone_and_another_blend_not_even_that(warm, model):
    assert ran(warm.show(job(target_age=55.0), 1004, model, 300, never)) == {
        "infer", "decode", "show",
    }  # fmt: skip
    assert ran(warm.show(job(target_age=55.0, blend=0.4), 1004, model, 300, never)) == {"show"}
    assert ran(warm.show(job(target_age=55.0, blend=0.0), 1004, model, 300, never)) == set()


@pytest.mark.parametrize("strength", ["detail", "form", "tone"])
def test_another_strength_runs_no_model_and_changes_the_after(warm, model, strength):
    whole = warm.show(job(target_age=55.0), 1004, model, 300, never)
    more = warm.show(job(target_age=55.0, **{strength: 1.6}), 1004, model, 300, never)
    assert ran(more) <= {"decode", "show"}
    less = warm.show(job(target_age=55.0, **{strength: 0.2}), 1004, model, 300, never)
    assert ran(less) == {"show"}
    assert np.array_equal(less.before, whole.before) and not np.array_equal(less.after, whole.after)


def test_no_strength_at_all_is_the_plate(warm, model):
    off = warm.show(job(detail=0.0, form=0.0, tone=0.0), 1004, model, 300, never)
    assert np.array_equal(off.before, off.after)


def test_gray_shows_hair_inside_its_matte_and_runs_no_model(tmp_path):
    previewer, parts = Previewer(), PartsModel()
    none = previewer.show(job(), 1004, parts, 300, never)
    without = previewer.show(job(gray=1.0), 1004, parts, 300, never)
    assert np.array_equal(none.after, without.after)
    plate = read_plate(SAMPLES / "demo.1004.exr")
    roto = np.zeros_like(plate.rgb)
    roto[: int(none.face.center[1])] = 1.0
    write_sized(tmp_path / "roto.exr", roto, plate.region)
    matte = {"hair_matte": str(tmp_path / "roto.exr")}
    previewer.show(job(**matte), 1004, parts, 300, never)
    gray = previewer.show(job(gray=1.0, **matte), 1004, parts, 300, never)
    assert ran(gray) == {"decode", "show"}
    assert ran(previewer.show(job(gray=0.5, **matte), 1004, parts, 300, never)) == {"show"}
    changed, face = ((p.after != p.before).any(-1) for p in (gray, none))
    half = changed.shape[0] // 2
    assert face.any() and (changed & ~face)[: half - 10].mean() > 0.1
    assert not (changed & ~face)[half + 10 :].any()


def test_another_pattern_runs_the_model_that_takes_it_and_no_search_for_the_face(tmp_path):
    previewer, model = Previewer(), network_in_parts(tmp_path / "m.onnx", pattern=True)
    one = previewer.show(job(), 1004, model, 300, never)
    other = previewer.show(job(pattern=9), 1004, model, 300, never)
    assert ran(other) == {"encode", "infer", "decode", "show"}
    assert not np.array_equal(one.after, other.after)
    assert ran(previewer.show(job(pattern=9, detail=1.5), 1004, model, 300, never)) == {
        "decode", "show",
    }  # fmt: skip


def test_an_album_is_shown_at_its_target_age_and_read_anew_when_its_source_page_changes(tmp_path):
    """Pages without marks: `@target` is the page by the target age."""
    album, model = tmp_path / "album", network_in_parts(tmp_path / "m.onnx", pattern=True)
    texels = np.random.default_rng(0).random((SIZE, SIZE, 3), np.float32)
    one = np.ones((SIZE, SIZE), np.float32)
    for age in (40, 70):
        PatternFile(texels * age / 70, one, one).write(page_path(album, age))
    at = [
        Previewer().show(job(pattern=f"{tmp_path}@{age}"), 1004, model, 300, never).after
        for age in ("target", 70, 40)
    ]
    assert np.array_equal(at[0], at[1]) and not np.array_equal(at[0], at[2])
    previewer, marked = Previewer(), job(pattern=f"{tmp_path}@target")
    previewer.show(marked, 1004, model, 300, never)
    PatternFile(texels / 3, one, one, {}, {"stays": one}).write(page_path(album, 40))
    assert "infer" in ran(previewer.show(marked, 1004, model, 300, never))


def test_a_pattern_concerns_only_a_model_that_takes_one(warm, model):
    warm.show(job(), 1004, model, 300, never)
    assert ran(warm.show(job(pattern=9), 1004, model, 300, never)) == {"show"}


def test_another_size_looks_for_no_face_again(warm, model):
    assert "track" not in ran(warm.show(job(crop_size=128), 1004, model, 200, never))


def test_equal_ages_show_the_plate_itself(warm, model):
    preview = warm.show(job(target_age=40.0), 1004, model, 300, never)
    assert np.array_equal(preview.before, preview.after) and "nothing changes" in preview.note


def test_before_is_the_same_whatever_the_ages(warm, model):
    one, two = (warm.show(job(target_age=a), 1004, model, 300, never) for a in (20.0, 80.0))
    assert np.array_equal(one.before, two.before) and not np.array_equal(one.after, two.after)


def test_the_change_shows_on_the_face_alone_and_grows_with_blend(warm, model):
    whole, half = (warm.show(job(blend=b), 1004, model, 300, never) for b in (1.0, 0.5))
    changed = (whole.after != whole.before).any(-1)
    assert 0.15 < changed.mean() < 0.8
    edge = np.ones_like(changed)
    edge[12:-12, 12:-12] = False
    assert not changed[edge].any()
    differ = [np.abs(p.after.astype(int) - p.before).sum() for p in (half, whole)]
    assert 0 < differ[0] < differ[1]


def test_a_preview_is_near_to_what_a_bake_gives():
    """Shrunk, and seen through the same curve, the default model's bake is the preview."""
    model = OnnxModel.load(None, "cpu")
    preview = Previewer().show(job(), 1004, model, 150, never)
    plate = read_plate(SAMPLES / "demo.1004.exr")
    encoder = Encoder("ACEScg", model.card.encoding)
    layers = reage_frame(plate, preview.face, model, LOOK, encoder)
    baked = layers.spread(plate.region).over(plate.rgb)
    crop = crop_for(preview.face, model.card, 256).region.intersect(plate.region)
    height, width = preview.after.shape[:2]
    small = [
        cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
        for part in (picture[crop.slices(plate.region)] for picture in (plate.rgb, baked))
    ]
    view = Tone.of(small[0], "ACEScg")
    before, after = (view.picture(picture).astype(int) for picture in small)
    assert np.abs(preview.before - before).max() <= 1
    seen, wanted = preview.after.astype(int) - preview.before, after - before
    assert np.abs(wanted).mean() > 1
    assert np.abs(seen - wanted).mean() < 0.05 * np.abs(wanted).mean()


def test_small_regions_are_not_enlarged_and_large_ones_fit_the_side(warm, model):
    large = warm.show(job(), 1004, model, 2048, never).before.shape
    assert 400 < max(large) < 620
    assert max(warm.show(job(), 1004, model, 64, never).before.shape) == 64


def test_no_face_shows_the_whole_plate_and_says_so(tmp_path, model):
    gray = np.full((240, 320, 3), 0.2, np.float32)
    write_plate(tmp_path / "p.1004.exr", gray)
    preview = Previewer().show(job(str(tmp_path / "p.%04d.exr")), 1004, model, 160, never)
    assert preview.face is None and "No face was found in frame 1004" in preview.note
    assert preview.before.shape == (120, 160, 3)
    assert np.array_equal(preview.before, preview.after)


def test_a_file_that_changed_is_read_again(tmp_path, model):
    path = tmp_path / "shot.1004.exr"
    path.write_bytes((SAMPLES / "demo.1004.exr").read_bytes())
    wanted, previewer = job(str(tmp_path / "shot.####.exr")), Previewer()
    previewer.show(wanted, 1004, model, 200, never)
    path.write_bytes((SAMPLES / "demo.1001.exr").read_bytes())
    os.utime(path, ns=(1, 1))
    assert {"read", "track"} <= ran(previewer.show(wanted, 1004, model, 200, never))
    path.unlink()
    with pytest.raises(MissingFrames):
        previewer.show(wanted, 1004, model, 200, never)


def test_an_age_map_steers_the_change(tmp_path, warm, model):
    plate = read_plate(SAMPLES / "demo.1004.exr")
    x = int(warm.show(job(), 1004, model, 300, never).face.center[0])
    steer = np.zeros_like(plate.rgb)
    steer[:, :x] = 1.0
    here = WHOLE.__class__(0, 0, plate.region.width, plate.region.height)
    write_sized(tmp_path / "map.exr", steer, here)
    preview = warm.show(job(age_map=str(tmp_path / "map.exr")), 1004, model, 300, never)
    changed = (preview.after != preview.before).any(-1)
    middle = changed.shape[1] // 2
    assert changed[:, : middle - 4].any() and not changed[:, middle + 4 :].any()
    again = warm.show(job(age_map=str(tmp_path / "map.exr"), blend=0.5), 1004, model, 300, never)
    assert ran(again) == {"show"}


def write_sized(path, rgb, region):
    from reage.media.exr import write_layers
    from reage.pixels.plate import PlateInfo

    channels = {name: np.ascontiguousarray(rgb[..., i]) for i, name in enumerate("RGB")}
    info = PlateInfo(region, region, ("R", "G", "B"))
    write_layers(path, channels, region, info, {"colorspace": "ACEScg"})


def test_pixels_that_are_no_numbers_do_no_harm(tmp_path, model):
    plate = read_plate(SAMPLES / "demo.1004.exr")
    rgb = plate.rgb.copy()
    rgb[:, ::7] = np.nan
    rgb[::9] = np.inf
    write_sized(tmp_path / "p.1004.exr", rgb, plate.region)
    preview = Previewer().show(job(str(tmp_path / "p.%04d.exr")), 1004, model, 200, never)
    assert preview.before.dtype == preview.after.dtype == np.uint8


def test_a_broken_answer_is_named_and_the_plate_shown(tmp_path):
    made = OnnxModel.load(nan_network(tmp_path / "m.onnx"), "cpu")
    shown = Previewer().show(job(), 1004, made, 300, never)
    assert np.array_equal(shown.before, shown.after)
    assert "The answer of the model test model is broken (NaN or inf) at 65536 px" in shown.note


def test_an_endless_model_is_stopped(tmp_path):
    made, end = OnnxModel.load(endless_network(tmp_path / "m.onnx"), "cpu"), time.monotonic() + 6
    with pytest.raises(Cancelled, match="while the model ran"):
        Previewer().show(job(), 1004, made, 300, lambda: time.monotonic() > end)
    assert time.monotonic() < end + 10


def test_a_preview_can_be_stopped_between_its_stages(warm, model):
    for stages in range(3):
        asked = iter([False] * stages + [True] * 9)
        with pytest.raises(Cancelled, match="before its stage"):
            warm.show(job(target_age=22.0 + stages), 1004, model, 300, lambda a=asked: next(a))


def test_a_crop_that_the_model_cannot_take_is_refused_as_a_bake_would(warm, model):
    with pytest.raises(SettingsError, match="multiple of 16"):
        warm.show(job(crop_size=250), 1004, model, 300, never)


# ---------------------------------------------------------------- how it is shown


@pytest.mark.parametrize("stops", [-6, -3, 0, 3, 6])
def test_a_face_can_be_read_at_any_exposure(stops):
    skin = np.random.default_rng(0).normal(0.25, 0.05, (64, 64, 3)).astype(np.float32)
    shown = Tone.of(skin * 2.0**stops, "ACEScg").picture(skin * np.float32(2.0**stops))
    assert 60 < np.median(shown) < 200


def test_a_normal_exposure_is_shown_as_it_is():
    skin = np.full((8, 8, 3), 0.25, np.float32)
    view = Tone.of(skin, "ACEScg")
    assert view.gain == 1.0
    plain = np.round(Encoder("ACEScg", "sRGB").encode(skin) * 255)
    assert np.abs(view.picture(skin) - plain).max() <= 1


@given(st.floats(-1, 60_000), st.floats(0, 100))
def test_more_light_is_never_shown_darker(light, more):
    pair = np.array([[[light] * 3], [[light + more] * 3]], np.float32)
    shown = Tone(Encoder("ACEScg", "sRGB"), 1.0).picture(pair).astype(int)
    assert (shown[1] >= shown[0]).all()


def test_a_shelf_keeps_the_last_few():
    shelf, made = LruCache(2), []
    for key in (1, 2, 1, 3, 1, 2):
        shelf.get(key, lambda k=key: made.append(k))
    assert made == [1, 2, 3, 2]
    with pytest.raises(ZeroDivisionError):
        shelf.get(9, lambda: 1 / 0)
    assert shelf.get(9, lambda: "made") == "made"


def test_auto_is_the_model_s_own_crop_in_a_preview_so_it_stays_quick(tmp_path):
    """However large the faces are that the model knows."""
    card = CARD | {"halo": 1, "crop_size": 128, "face_sizes": [20, 2000]}
    large = OnnxModel.load(delta_network(tmp_path / "large.onnx", card=card), "cpu")
    by_auto, by_number = (
        Previewer().show(job(crop_size=size), 1004, large, 300, never) for size in ("auto", 128)
    )
    assert np.array_equal(by_auto.after, by_number.after)
    other = Previewer().show(job(crop_size=512), 1004, large, 300, never)
    assert not np.array_equal(by_auto.after, other.after)


def test_a_squeezed_plate_is_previewed_unsqueezed(model, tmp_path):
    rgb = read_plate(home.demo_plate()[0]).rgb
    half = cv2.resize(rgb, (rgb.shape[1] // 2, rgb.shape[0]), interpolation=cv2.INTER_AREA)
    shown = []
    for name, pixels, aspect in (("one", rgb, 1.0), ("two", half, 2.0)):
        attributes = {"PixelAspectRatio": aspect, "colorspace": "ACEScg"}
        path = write_image(tmp_path / f"{name}.exr", pixels, attributes=attributes)
        asked = replace(job(str(path)), frames=None)
        shown.append(Previewer().show(asked, 1, model, 300, never))
    one, two = shown
    assert abs(two.face.size / one.face.size - 1) < 0.02
    assert (two.aspect, two.region.width) == (2.0, pytest.approx(one.region.width / 2, abs=4))
    height, width = min(one.before.shape, two.before.shape)[:2]
    small = [cv2.resize(p.before, (width // 4, height // 4)).astype(float) for p in shown]
    assert np.abs(small[0] - small[1]).mean() < 0.03 * 255
    assert (two.after != two.before).any()


def test_shape_is_shown_as_a_bake_moves_it_and_runs_no_model_again(model):
    previewer = Previewer()
    flat = previewer.show(job(), 1004, model, 300, never)
    moved = previewer.show(job(shape=1.0), 1004, model, 300, never)
    assert "infer" not in ran(moved)
    again = previewer.show(job(shape=2.0), 1004, model, 300, never)
    assert not ran(again) & {"infer", "decode"}
    apart = [np.abs(p.after.astype(int) - flat.after).mean() for p in (moved, again)]
    assert 0.1 < apart[0] < apart[1]
    lids = previewer.show(job(shape=1.0, shape_jowls=0.0), 1004, model, 300, never)
    assert np.abs(lids.after.astype(int) - moved.after).max() > 10
    alone = previewer.show(job(shape=1.0, blend=0.0), 1004, model, 300, never)
    assert np.abs(alone.after.astype(int) - alone.before).max() > 10
    np.testing.assert_array_equal(
        previewer.show(job(shape=0.0), 1004, model, 300, never).after, flat.after
    )
