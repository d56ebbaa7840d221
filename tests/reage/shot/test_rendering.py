"""Shots rendered from files to files, and everything that can go wrong with them."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import reage
from helpers.bundles import page
from helpers.part_models import PartsModel
from helpers.plate_files import write_image
from helpers.shots import WHOLE, oval, pixels, write_plate, write_shot
from reage import home
from reage.album import page_path
from reage.errors import (
    Cancelled,
    ColorspaceError,
    MissingFrames,
    OutputError,
    PlateError,
    SettingsError,
    TrackError,
    UnreadableFrame,
)
from reage.media.exr import write_layers
from reage.media.imagefile import read_channels, read_info, read_plate
from reage.models.model import NullModel
from reage.models.model_card import NEEDED
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE
from reage.pixels.color import plate_space
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
from reage.shot.clock import Clock
from reage.shot.image import read_layers

MODEL = NullModel(strength=0.5)


def job(shot, folder, source=40.0, target=70.0, settings=None, **more):
    plate, track = shot
    look = reage.Settings(source_age=source, target_age=target, crop_size=128, **(settings or {}))
    more = {"track": track} | more
    return reage.RenderJob(plate, str(folder / "out" / "layers.%04d.exr"), look, **more)


def run(job, model=MODEL, **more):
    return reage.render(job, model=model, **more)


@pytest.fixture
def shot(tmp_path):
    return write_shot(tmp_path / "plates")


def written(folder):
    return sorted(int(p.name.split(".")[1]) for p in (folder / "out").glob("*.exr"))


def test_layers_on_disk_add_up_to_the_beauty(shot, tmp_path):
    run(job(shot, tmp_path, layers=("delta", "matte", "beauty"), settings={"blend": 0.8}))
    for number in range(1, 7):
        path = tmp_path / "out" / f"layers.{number:04d}.exr"
        layers, plate = read_layers(path), pixels(number)
        beauty, _, _ = read_channels(path, ("R", "G", "B"))
        want = plate + layers.delta * layers.matte[..., None] * np.float32(0.8)
        assert np.allclose(beauty, want, rtol=1e-6, atol=1e-6)
        outside = layers.matte == 0
        assert np.array_equal(beauty.view(np.uint32)[outside], plate.view(np.uint32)[outside])
        assert np.abs(layers.delta).max() > 0.05


def test_the_data_window_holds_the_face_and_the_display_window_the_plate(shot, tmp_path):
    run(job(shot, tmp_path))
    first = read_info(tmp_path / "out" / "layers.0001.exr")
    last = read_info(tmp_path / "out" / "layers.0006.exr")
    assert first.display == last.display == WHOLE
    assert first.data.width * first.data.height < 0.4 * WHOLE.width * WHOLE.height
    assert 13 <= last.data.x - first.data.x <= 17
    assert set(first.channels) == {
        "reage_delta.red", "reage_delta.green", "reage_delta.blue", "reage_matte.alpha",
    }  # fmt: skip


def test_the_header_says_what_was_done_and_keeps_what_the_camera_said(tmp_path):
    shot = write_shot(tmp_path / "plates")
    write_plate(tmp_path / "plates" / "shot.0001.exr", pixels(1), cameraModel="Test 35")
    run(job(shot, tmp_path))
    said = read_info(tmp_path / "out" / "layers.0001.exr").metadata
    assert said["cameraModel"] == "Test 35"
    assert (said["reage:source_age"], said["reage:target_age"]) == (40, 70)
    assert said["reage:model_sha256"] == "0" * 64
    assert said["reage:version"] == reage.__version__
    assert said["Iptc4xmpExt:DigitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert said["reage:confidence"] == pytest.approx(0.9)


def test_equal_ages_write_no_change(shot, tmp_path):
    run(job(shot, tmp_path, target=40.0))
    layers = read_layers(tmp_path / "out" / "layers.0003.exr")
    assert not layers.delta.any() and not layers.matte.any()


def test_keyframed_ages_and_blend_hold_frame_by_frame(shot, tmp_path):
    keyed = {1: {"target_age": 40.0}, 2: {"target_age": 55.0}, 3: {"blend": 0.5}, 99: {"blend": 0}}
    everything = ("delta", "matte", "beauty")
    run(job(shot, tmp_path / "keyed", layers=everything, frames="1-4", by_frame=keyed))
    run(job(shot, tmp_path / "flat", layers=everything, frames="1-4"))
    keyed_at, flat_at = (
        [read_layers(tmp_path / d / "out" / f"layers.{n:04d}.exr") for n in range(1, 5)]
        for d in ("keyed", "flat")
    )
    whole = ("R", "G", "B")
    beauty, _, _ = read_channels(tmp_path / "keyed" / "out" / "layers.0001.exr", whole)
    assert np.array_equal(beauty.view(np.uint32), pixels(1).view(np.uint32))
    assert not keyed_at[0].delta.any() and not keyed_at[0].matte.any()
    assert 0 < np.abs(keyed_at[1].delta).max() < np.abs(flat_at[1].delta).max()
    assert np.array_equal(keyed_at[2].delta, flat_at[2].delta)
    half, _, _ = read_channels(tmp_path / "keyed" / "out" / "layers.0003.exr", whole)
    assert np.array_equal(half, keyed_at[2].over(pixels(3), 0.5))
    assert np.array_equal(keyed_at[3].delta, flat_at[3].delta)
    said = [
        read_info(tmp_path / "keyed" / "out" / f"layers.{n:04d}.exr").metadata
        for n in range(1, 5)
    ]
    assert [s["reage:target_age"] for s in said] == [40, 55, 70, 70]
    assert [s["reage:blend"] for s in said] == [1, 1, 0.5, 1]


COLORS = ("red", "green", "blue")


def write_roto(path, rows=90):
    """A hair matte: soft noise in the upper rows, and nothing below."""
    roto = np.zeros_like(pixels())
    roto[:rows] = np.random.default_rng(5).random((rows, roto.shape[1], 1))
    write_plate(path, roto)
    return str(path)


def read_layer(path, name):
    pixels, region, _ = read_channels(path, tuple(f"{name}.{c}" for c in COLORS))
    return pixels, region


@pytest.mark.parametrize("model", [MODEL, PartsModel()])
def test_parts_on_disk_add_up_to_the_delta_and_mixed_to_the_beauty(tmp_path, model):
    """The node's own arithmetic, out of the files; a frame without a face has the same layers."""
    shot = write_shot(tmp_path / "plates", (1, 2), lost=(2,))
    everything = ("delta", "matte", "parts", "beauty")
    mix = {"blend": 0.8, "detail": 0.5, "form": 1.5, "tone": 0.25, "gray": 0.6}
    roto = {"hair_matte": write_roto(tmp_path / "roto.exr")}
    run(job(shot, tmp_path, layers=everything, settings=mix | roto), model)
    path = tmp_path / "out" / "layers.0001.exr"
    layers = read_layers(path)
    names = ("detail", "form", "tone")
    parts = {name: read_layer(path, f"reage_delta_{name}")[0] for name in names}
    total = parts["detail"] + parts["form"] + parts["tone"]
    assert np.array_equal(total.view(np.uint32), layers.delta.view(np.uint32))
    mixed = sum(parts[name] * np.float32(mix[name]) for name in parts)
    want = pixels(1) + mixed * layers.matte[..., None] * np.float32(0.8)
    if model is not MODEL:
        hair, _ = read_layer(path, "reage_delta_hair")
        matte, _, _ = read_channels(path, ("reage_matte_hair.alpha",))
        assert np.abs(hair).max() > 0.01
        want += hair * matte * np.float32(0.6 * 0.8)
    beauty, _, _ = read_channels(path, ("R", "G", "B"))
    assert np.allclose(beauty, want, rtol=1e-5, atol=1e-5)
    none = read_info(tmp_path / "out" / "layers.0002.exr")
    assert set(none.channels) == set(read_info(path).channels)


def test_strengths_mix_the_beauty_without_the_parts_being_written(shot, tmp_path):
    seen = {"layers": ("delta", "matte", "beauty"), "frames": "1"}
    run(job(shot, tmp_path / "a", **seen, settings={"tone": 0.0}))
    run(job(shot, tmp_path / "b", **seen))
    run(job(shot, tmp_path / "c", layers=("delta", "matte", "parts", "beauty"), frames="1"))
    a, b, c = (tmp_path / d / "out" / "layers.0001.exr" for d in "abc")
    assert set(read_info(a).channels) == set(read_info(b).channels)
    none, whole, same = (read_channels(path, ("R", "G", "B"))[0] for path in (a, b, c))
    # The fake's delta is the same everywhere, so by frequency all of it is tone.
    assert np.abs(whole - pixels(1)).max() > 0.05
    assert np.abs((none - pixels(1)) / np.maximum(pixels(1), 1)).max() < 1e-4
    assert np.allclose(whole, same, rtol=1e-5, atol=1e-6)


def test_hair_widens_the_data_window_only_where_parts_are_written(shot, tmp_path):
    run(job(shot, tmp_path / "a", frames="1"), PartsModel())
    run(job(shot, tmp_path / "b", frames="1", layers=("delta", "matte", "parts")), PartsModel())
    tight, wide = (read_info(tmp_path / d / "out" / "layers.0001.exr").data for d in "ab")
    assert wide.contains(tight) and wide.width > tight.width * 1.2


def test_strengths_and_blend_concern_a_frame_only_where_its_beauty_is_written(shot, tmp_path):
    """A resumed render keeps whole layers whatever the comp makes of them."""
    looks = [{name: 0.5} for name in ("blend", "detail", "form", "tone", "gray")]
    for layers, kept in ((("delta", "matte", "parts"), (1,)), (("beauty", "matte"), ())):
        these = {"layers": layers, "frames": "1", "resume": True}
        place = tmp_path / layers[0]
        for look in looks:
            run(job(shot, place, **these))
            assert run(job(shot, place, **these)).numbers("kept") == (1,)
            assert run(job(shot, place, **these, settings=look)).numbers("kept") == kept
        run(job(shot, place, **these))
        assert run(job(shot, place, **these, settings={"pattern": 7})).numbers("kept") == ()


def test_the_header_names_strengths_with_the_beauty_alone(shot, tmp_path):
    mix = {"detail": 0.5, "form": 1.5, "tone": 0.25, "gray": 0.75}
    for layers in (("delta", "matte"), ("beauty",)):
        run(job(shot, tmp_path / layers[0], layers=layers, frames="1", settings=mix), PartsModel())
    plain, beauty = (
        read_info(tmp_path / d / "out" / "layers.0001.exr").metadata for d in ("delta", "beauty")
    )
    assert {name: beauty[f"reage:{name}"] for name in mix} == mix
    assert not {f"reage:{name}" for name in mix} & set(plain)
    assert beauty["reage:blend"] == plain["reage:blend"] == 1


def test_the_header_names_the_pattern_of_a_model_that_takes_one(shot, tmp_path):
    card = replace(PartsModel().card, inputs=(*NEEDED, "pattern"))
    for name, model in (("a", PartsModel(card=card)), ("b", PartsModel())):
        run(job(shot, tmp_path / name, frames="1", settings={"pattern": 12}), model)
    takes, takes_none = (
        read_info(tmp_path / d / "out" / "layers.0001.exr").metadata for d in ("a", "b")
    )
    assert takes["reage:pattern"] == 12 and "reage:pattern" not in takes_none


def test_resume_renders_anew_what_a_changed_pattern_file_is_in(shot, tmp_path):
    file, one = tmp_path / "a.pattern.exr", np.ones((SIZE, SIZE), np.float32)
    model = PartsModel(card=replace(PartsModel().card, inputs=(*NEEDED, "pattern")))
    PatternFile(np.zeros((SIZE, SIZE, 3), np.float32), one, one).write(file)
    asked = job(shot, tmp_path, frames="1-2", settings={"pattern": f"{file}*0.5+7"}, resume=True)
    run(asked, model)
    os.utime(file, ns=(1, 1))  # touched, not changed
    assert run(asked, model).numbers("kept") == (1, 2)
    PatternFile(np.ones((SIZE, SIZE, 3), np.float32), one, one).write(file)
    assert run(asked, model).numbers("done") == (1, 2)
    file.unlink()
    with pytest.raises(SettingsError, match="There is no pattern file"):
        run(asked, model)


def test_resume_renders_anew_the_frames_whose_pages_of_an_album_changed(shot, tmp_path):
    """By each frame's own ages, and by the pages' ages too."""
    book = tmp_path / "book"
    for age in (40, 60, 80):
        page(page_path(book / "album", age), age / 100)
    model = PartsModel(card=replace(PartsModel().card, inputs=(*NEEDED, "pattern")))
    at = {"by_frame": {1: {"target_age": 50.0}}, "settings": {"pattern": f"{book}@target"}}
    asked = job(shot, tmp_path, frames="1-2", resume=True, **at)
    run(asked, model)
    assert run(asked, model).numbers("kept") == (1, 2)
    page(page_path(book / "album", 80), 0.9)
    assert run(asked, model).numbers("done") == (2,)
    page(page_path(book / "album", 40), 0.45)  # of the source age, which says what comes
    assert run(asked, model).numbers("done") == (1, 2)
    page_path(book / "album", 40).rename(page_path(book / "album", 30))
    assert run(asked, model).numbers("done") == (1, 2)


def test_settings_that_the_model_has_no_use_for_are_told(shot, tmp_path):
    useless = {"gray": 0.5, "pattern": 3}
    report = run(job(shot, tmp_path / "a", frames="1", settings=useless))
    assert [n for n in report.notices if "changes nothing" in n] == [
        "The model null does not gray hair; --gray changes nothing.",
        "The model null takes no pattern; --pattern changes nothing.",
    ]
    gray = job(shot, tmp_path / "b", settings={"gray": 0.5})
    (told,) = run(gray, PartsModel()).notices
    assert "needs a hair matte" in told and "reage_guess_hair" in told
    roto = {"gray": 0.5, "hair_matte": write_roto(tmp_path / "roto.exr")}
    assert not run(job(shot, tmp_path / "c", frames="1", settings=roto), PartsModel()).notices


def test_a_mark_stands_in_the_header_of_its_frame_alone(shot, tmp_path):
    run(job(shot, tmp_path, frames="1-2", marks={2: "knobs 7f3a, überall"}))
    first, second = (
        read_info(tmp_path / "out" / f"layers.{n:04d}.exr").metadata for n in (1, 2)
    )
    assert "reage:mark" not in first and second["reage:mark"] == "knobs 7f3a, überall"


def test_resume_renders_the_frames_whose_keys_or_marks_changed(shot, tmp_path):
    before = {"by_frame": {1: {"target_age": 50.0}}, "marks": {2: "a", 3: "a"}}
    run(job(shot, tmp_path, **before))
    assert run(job(shot, tmp_path, resume=True, **before)).numbers("kept") == (1, 2, 3, 4, 5, 6)
    after = {"by_frame": {1: {"target_age": 51.0}}, "marks": {2: "a", 3: "b"}}
    assert run(job(shot, tmp_path, resume=True, **after)).numbers("done") == (1, 3)


def test_ages_that_the_model_was_not_trained_for_are_told_once(shot, tmp_path):
    keyed = {n: {"target_age": 85.0 + n} for n in range(1, 7)}
    report = run(job(shot, tmp_path, by_frame=keyed))
    assert [n for n in report.notices if "outside" in n] == [
        "The model was trained for ages 18 to 85; 91 is outside."
    ]


def test_each_stage_tells_of_itself(tmp_path):
    plate = home.samples() / "demo.%04d.exr"
    look = reage.Settings(source_age=40, target_age=70, crop_size=128)
    wanted = reage.RenderJob(str(plate), str(tmp_path / "o.%04d.exr"), look, frames="1001-1002")
    told, clock = [], Clock()
    report = run(wanted, progress=told.append, clock=clock)
    assert [(t.stage, t.frame) for t in told] == [("render", 1001), ("render", 1002)]
    assert [t.seconds_left for t in told] == [None, 0]
    assert 0 < clock.seconds["track"] < report.seconds
    # Where the track must be whole before the first frame, it is a stage of its own, and says
    # nothing about how long a render takes: each stage begins to count anew.
    told.clear()
    run(replace(wanted, settings=replace(look, steady=1.0)), progress=told.append)
    assert [(t.stage, t.frame) for t in told] == [
        ("track", 1001), ("track", 1002), ("render", 1001), ("render", 1002),
    ]  # fmt: skip
    assert [t.seconds_left for t in told] == [None, 0, None, 0]


def test_side_by_side_is_the_same_as_one_by_one(shot, tmp_path):
    run(job(shot, tmp_path / "a", jobs=1))
    run(job(shot, tmp_path / "b", jobs=4))
    for number in range(1, 7):
        a, b = (read_layers(tmp_path / d / "out" / f"layers.{number:04d}.exr") for d in "ab")
        assert np.array_equal(a.delta, b.delta) and np.array_equal(a.matte, b.matte)


def test_frames_come_back_in_order_with_progress(shot, tmp_path):
    told = []
    report = run(job(shot, tmp_path, frames="1-6x2", jobs=3), progress=told.append)
    assert [p.frame for p in told] == [1, 3, 5] == written(tmp_path)
    assert [p.done for p in told] == [1, 2, 3] and told[0].total == 3
    assert report.exit_code == 0


def test_missing_frames_are_listed_held_or_left_out(shot, tmp_path):
    for number in (3, 4):
        Path(shot[0] % number).unlink()
    with pytest.raises(MissingFrames, match="3-4"):
        run(job(shot, tmp_path))
    assert not (tmp_path / "out").exists()
    report = run(job(shot, tmp_path / "skip", missing="skip"))
    assert report.left_out == (3, 4) and "left out: 3-4" in report.text()
    assert written(tmp_path / "skip") == [1, 2, 5, 6]
    run(job(shot, tmp_path / "hold", missing="hold", layers=("beauty", "matte", "delta")))
    assert written(tmp_path / "hold") == [1, 2, 3, 4, 5, 6]
    held = tmp_path / "hold" / "out" / "layers.0004.exr"
    outside = read_layers(held).matte == 0
    beauty, _, _ = read_channels(held, ("R", "G", "B"))
    assert np.array_equal(beauty[outside], pixels(2)[outside])


@pytest.mark.parametrize("damage", [lambda d: d[: len(d) // 2], lambda d: b"no image at all"])
def test_a_broken_file_is_named_and_with_continue_on_error_passed_over(shot, tmp_path, damage):
    broken = Path(shot[0] % 4)
    broken.write_bytes(damage(broken.read_bytes()))
    with pytest.raises(UnreadableFrame, match=r"shot\.0004\.exr"):
        run(job(shot, tmp_path))
    report = run(job(shot, tmp_path / "on", continue_on_error=True))
    assert report.exit_code == 1 and report.numbers("failed") == (4,)
    assert "shot.0004.exr" in report.text()
    assert written(tmp_path / "on") == [1, 2, 3, 5, 6]


def test_a_frame_without_a_face_passes_through_and_is_listed(tmp_path):
    shot = write_shot(tmp_path / "plates", lost=(2, 5))
    report = run(job(shot, tmp_path, layers=("delta", "matte", "beauty")))
    assert report.numbers("no face") == (2, 5) and "no face" in report.text()
    path = tmp_path / "out" / "layers.0002.exr"
    assert read_info(path).metadata["reage:confidence"] == 0
    beauty, _, _ = read_channels(path, ("R", "G", "B"))
    assert np.array_equal(beauty, pixels(2))


def test_resume_keeps_what_stands_and_renders_what_changed(shot, tmp_path):
    run(job(shot, tmp_path, frames="1-4"))
    times = {n: (tmp_path / "out" / f"layers.{n:04d}.exr").stat().st_mtime_ns for n in range(1, 5)}
    (tmp_path / "out" / "layers.0002.exr").write_bytes(b"half a fra")
    again = Path(shot[0] % 3)
    os.utime(again, ns=(again.stat().st_atime_ns, again.stat().st_mtime_ns + 10**9))
    report = run(job(shot, tmp_path, resume=True))
    assert report.numbers("kept") == (1, 4) and report.numbers("done") == (2, 3, 5, 6)
    assert "made anew: 2: the file was damaged" in report.text()
    assert report.document()["made_anew"]["changed since: plate"] == [3]
    for n in (1, 4):
        assert (tmp_path / "out" / f"layers.{n:04d}.exr").stat().st_mtime_ns == times[n]
    assert run(job(shot, tmp_path, resume=True)).numbers("kept") == (1, 2, 3, 4, 5, 6)
    report = run(job(shot, tmp_path, target=71.0, resume=True))
    assert report.numbers("kept") == ()
    assert "made anew: 1-6: changed since: ages" in report.text()


def test_resume_says_that_the_track_of_more_frames_is_another(tmp_path):
    """A part of a shot, and then the whole: all is made again, and why is told."""
    look = reage.Settings(50, 25, crop_size="auto")
    plate, output = str(home.samples() / "demo.%04d.exr"), str(tmp_path / "o.%04d.exr")
    part = reage.RenderJob(plate, output, look, "1001-1002")
    assert "made anew" not in run(part).text()
    report = run(replace(part, frames="1001-1004", resume=True))
    assert report.made_anew == {"changed since: face track": (1001, 1002)}


def test_stopping_leaves_whole_frames_and_resume_goes_on(shot, tmp_path):
    seen = []
    with pytest.raises(Cancelled, match="--resume"):
        run(job(shot, tmp_path), progress=seen.append, cancelled=lambda: len(seen) >= 2)
    assert not list((tmp_path / "out").glob(".*"))
    before = written(tmp_path)
    assert 2 <= len(before) < 6
    for number in before:
        assert read_layers(tmp_path / "out" / f"layers.{number:04d}.exr").delta.any()
    report = run(job(shot, tmp_path, resume=True))
    assert report.numbers("kept") == tuple(before) and written(tmp_path) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("gray", [0.0, 1.0])
def test_without_a_hair_matte_the_beauty_outside_the_matte_is_the_plate(shot, tmp_path, gray):
    everything = ("delta", "matte", "parts", "beauty")
    look = {"detail": 2.0, "form": 0.5, "tone": 1.5, "gray": gray}
    run(job(shot, tmp_path, layers=everything, frames="1", settings=look), PartsModel())
    path = tmp_path / "out" / "layers.0001.exr"
    names = ("R", "G", "B", "reage_matte.alpha", "reage_matte_hair.alpha", "reage_guess_hair.alpha")
    got, _, _ = read_channels(path, names)
    outside = got[..., 3] == 0
    beauty = np.ascontiguousarray(got[..., :3]).view(np.uint32)
    assert np.array_equal(beauty[outside], pixels(1).view(np.uint32)[outside])
    assert not got[..., 4].any() and (got[..., 5][outside] > 0.9).any()


def test_a_hair_matte_bounds_the_graying_and_a_new_one_renders_anew(shot, tmp_path):
    look = {"gray": 1.0, "hair_matte": write_roto(tmp_path / "roto.exr")}
    these = {"layers": ("parts", "beauty"), "frames": "1", "resume": True}
    run(job(shot, tmp_path, settings=look | {"gray": 0.0}, **these), PartsModel())
    path = tmp_path / "out" / "layers.0001.exr"
    plain, _, _ = read_channels(path, ("R", "G", "B"))
    run(job(shot, tmp_path, settings=look, **these), PartsModel())
    gray, _, _ = read_channels(path, ("R", "G", "B"))
    matte, _, _ = read_channels(path, ("reage_matte_hair.alpha",))
    changed = (gray.view(np.uint32) != plain.view(np.uint32)).any(-1)
    assert changed.any() and not changed[matte[..., 0] == 0].any() and not changed[90:].any()
    assert run(job(shot, tmp_path, settings=look, **these), PartsModel()).numbers("kept") == (1,)
    write_roto(tmp_path / "roto.exr", 70)
    assert run(job(shot, tmp_path, settings=look, **these), PartsModel()).numbers("done") == (1,)


@pytest.mark.parametrize("what", ["age map", "hair matte"])
def test_what_is_drawn_must_fit_the_plate(shot, tmp_path, what):
    name = what.replace(" ", "_")
    for number in (1, 2, 4, 5, 6):
        write_plate(tmp_path / f"map.{number:04d}.exr", pixels())
    with pytest.raises(PlateError, match=f"{what} .* lacks frame 3"):
        run(job(shot, tmp_path, settings={name: str(tmp_path / "map.%04d.exr")}))
    small, size = tmp_path / "small.exr", Region(0, 0, 64, 48)
    write_layers(small, {"R": np.ones((48, 64), np.float32)}, size, PlateInfo(size, size, ()), {})
    with pytest.raises(PlateError, match=f"{what} .* is 64×48 px, the plate 320×240"):
        run(job(shot, tmp_path, settings={name: str(small)}))


def test_an_age_map_steers_the_change(shot, tmp_path):
    half = np.zeros_like(pixels())
    half[:, :160] = 1.0
    write_plate(tmp_path / "map.exr", half)
    run(job(shot, tmp_path, settings={"age_map": str(tmp_path / "map.exr")}))
    layers = read_layers(tmp_path / "out" / "layers.0001.exr").spread(WHOLE)
    assert np.abs(layers.delta[:, :150]).max() > 0.05 and not layers.delta[:, 160:].any()


def test_alpha_overscan_and_offset_windows_come_through(tmp_path):
    data = reage_region = WHOLE.expand(8)
    shot = write_shot(tmp_path / "plates", frames=(1,))
    rgb = pixels(1, data.width, data.height)
    alpha = np.random.default_rng(0).random(rgb.shape[:2], np.float32)
    write_plate(tmp_path / "plates" / "shot.0001.exr", rgb, data, alpha)
    run(job(shot, tmp_path, layers=("beauty", "delta", "matte")))
    got, region, info = read_channels(tmp_path / "out" / "layers.0001.exr", ("R", "G", "B", "A"))
    assert (region, info.display) == (reage_region, WHOLE)
    assert np.array_equal(got[..., 3], alpha)
    plate = read_plate(tmp_path / "plates" / "shot.0001.exr")
    edge = np.s_[:8]
    assert np.array_equal(got[edge][..., :3], plate.rgb[edge])


def test_jobs_that_cannot_work_are_refused_before_the_first_frame(shot, tmp_path):
    plate, track = shot
    with pytest.raises(SettingsError, match=r"Layers are written as \*\.exr"):
        run(reage.RenderJob(plate, str(tmp_path / "x.%04d.gif"), track=track))
    with pytest.raises(SettingsError, match="overwrite the plate"):
        run(reage.RenderJob(plate, plate, track=track))
    with pytest.raises(SettingsError, match=r"x\.%04d\.exr"):
        run(reage.RenderJob(plate, str(tmp_path / "x.exr"), track=track))
    with pytest.raises(ColorspaceError, match="nonsense"):
        run(job(shot, tmp_path, settings={"colorspace": "nonsense"}))
    with pytest.raises(TrackError, match="lacks frames 2-6"):
        one = write_shot(tmp_path / "one", frames=(1,))
        run(job((plate, one[1]), tmp_path))
    write_plate(tmp_path / "small.exr", pixels()[:100, :100], WHOLE.__class__(0, 0, 100, 100))
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match="cannot be made"):
        run(reage.RenderJob(plate, str(tmp_path / "file" / "x.%04d.exr"), track=track))
    with pytest.raises(PlateError, match="folder"):
        run(reage.RenderJob(str(tmp_path / "nowhere" / "x.%04d.exr"), str(tmp_path / "y.%04d.exr")))


def test_a_job_survives_json(shot, tmp_path):
    before = job(shot, tmp_path, frames="1-3", layers=("beauty",), settings={"face": "10,20"})
    assert reage.RenderJob.from_json(before.to_json()) == before
    with pytest.raises(SettingsError, match="unknown keys: color"):
        reage.RenderJob.from_json('{"plate": "a", "output": "b", "color": 1}')


def test_the_outline_of_the_test_face_is_an_oval():
    """The hand-made track is a face the engine would write: closed, around the center."""
    points = np.array(oval())
    assert np.allclose(points.mean(0), 0, atol=1e-9) and np.ptp(points[:, 1]) == pytest.approx(1)


def test_a_render_says_which_colors_its_layers_are_in_and_a_plate_of_them_is_read_so(tmp_path):
    path = tmp_path / "p.png"
    write_image(path, np.full((240, 320, 3), 0.5, np.float32), kind="uint8")
    track = write_shot(tmp_path / "plates", frames=[1])[1]
    asked = job((str(path), track), tmp_path, layers=("delta", "matte", "beauty"))
    for working, name in ((None, "ACEScg"), ("lin_rec709", "Linear Rec.709 (sRGB)")):
        output = str(tmp_path / f"{name[:3]}.exr")
        report = run(replace(asked, output=output, working_space=working))
        assert report.space == name == report.document()["space"]
        info = read_info(Path(output))
        assert "chromaticities" in info.metadata
        assert plate_space(info, None, Path(output)) == name
        beauty, _, _ = read_channels(Path(output), ("G",))
        assert beauty[0, 0, 0] == pytest.approx(0.214, abs=2e-3)


def test_what_is_taken_for_granted_is_said(tmp_path):
    path = tmp_path / "p.tif"
    write_image(path, np.full((240, 320, 3), 0.5, np.float32), kind="uint8")
    track = write_shot(tmp_path / "plates", frames=[1])[1]
    asked = job((str(path), track), tmp_path)
    assert any("p.tif does not say its color space" in said for said in run(asked).notices)
    said = replace(asked, settings=replace(asked.settings, colorspace="ACEScg"))
    assert not any("does not say" in said for said in run(said).notices)
