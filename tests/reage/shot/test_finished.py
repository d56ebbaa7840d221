"""Finished pictures and movies of a shot: the plate where nothing was changed, and marked."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import reage
from helpers.plate_files import icc, sound_of, write_image, write_talkie
from helpers.shots import HEIGHT, WIDTH, pixels, write_shot
from reage import home
from reage.errors import Cancelled, SettingsError, UnreadableFrame
from reage.media.imagefile import read_alpha, read_info, read_orientation, read_plate, read_profile
from reage.media.rate import rate_of
from reage.media.video import Movie
from reage.models.model import NullModel
from reage.pixels.geometry import Region
from reage.pixels.ocio import convert

MODEL = NullModel(strength=0.5)
AI = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"


def codes(number):
    """uint8, smooth enough for a codec: the shot's colors as sRGB."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    wave = np.sin(x / 23 + number) + np.cos(y / 17)
    return np.stack([140 + 25 * wave, 110 + 20 * wave, 90 + 15 * wave], -1).astype(np.uint8)


@pytest.fixture
def track(tmp_path):
    return write_shot(tmp_path / "exr")[1]


@pytest.fixture
def pngs(tmp_path):
    """Frames 1 to 6 as 8-bit PNG with an alpha."""
    for n in range(1, 7):
        alpha = np.full((HEIGHT, WIDTH, 1), 40 * n, np.uint8)
        write_image(tmp_path / f"p.{n:04d}.png", np.dstack([codes(n), alpha]), kind="uint8",
                    attributes={"oiio:UnassociatedAlpha": 1})  # fmt: skip
    return str(tmp_path / "p.%04d.png")


def job(plate, track, output, **more):
    look = reage.Settings(source_age=40.0, target_age=70.0, crop_size=128)
    return reage.RenderJob(str(plate), str(output), look, track=track, **more)


def run(job, **more):
    return reage.render(job, model=MODEL, **more)


def test_an_8_bit_png_is_the_plates_own_outside_the_change(pngs, track, tmp_path):
    run(job(pngs, track, tmp_path / "old.####.png"))
    run(job(pngs, track, tmp_path / "layers.%04d.exr"))
    for n in (1, 6):
        plate, made = (read_plate(tmp_path / f"{name}.{n:04d}.png") for name in ("p", "old"))
        assert made.info.bits == 8 and made.info.colorspace == "srgb_rec709_scene"
        assert not made.info.doubt
        layers = reage.read_layers(tmp_path / f"layers.{n:04d}.exr")
        layers = layers.spread(plate.region)
        outside = layers.matte == 0
        assert outside.mean() > 0.5
        assert np.array_equal(made.rgb[outside], plate.rgb[outside])
        assert np.abs(made.rgb - plate.rgb)[~outside].max() > 0.1
        whole = Region(0, 0, WIDTH, HEIGHT)
        alphas = [read_alpha(tmp_path / f"{name}.{n:04d}.png", whole) for name in ("p", "old")]
        assert np.array_equal(*alphas)
        linear = convert(plate.rgb, "srgb_rec709_scene", "ACEScg")
        want = convert(layers.over(linear), "ACEScg", "srgb_rec709_scene")
        assert np.abs(np.clip(want, 0, 1) - made.rgb).max() <= 0.51 / 255


@pytest.mark.parametrize(("name", "off"), [("a.tif", 0.6 / 255), ("a.jpg", 12 / 255),
                                           ("a.dpx", 1.1 / 255)])  # fmt: skip
def test_other_formats_hold_the_same_and_say_that_a_face_was_altered(
    pngs, track, tmp_path, name, off
):
    suffix = Path(name).suffix
    for ending in (".png", suffix):
        run(job(pngs, track, tmp_path / f"a.%04d{ending}", frames="2", continue_on_error=True))
    made, png = (read_plate(tmp_path / f"a.0002{ending}") for ending in (suffix, ".png"))
    assert np.abs(made.rgb - png.rgb).max() <= off
    said = str(made.info.metadata["ImageDescription"])
    assert said.startswith("Face altered by ReAge")
    if suffix != ".dpx":  # which has room for no more
        assert AI in said and "40 to 70" in said and made.info.colorspace == "srgb_rec709_scene"
    assert png.info.metadata["Iptc4xmpExt:DigitalSourceType"] == AI


def test_a_profile_and_a_turn_go_on(track, tmp_path):
    profile = icc("Display P3")
    said = {"ICCProfile": (f"uint8[{len(profile)}]", profile), "Orientation": 6}
    plate = write_image(tmp_path / "p.0001.jpg", codes(1), kind="uint8", attributes=said)
    run(job(plate, track, tmp_path / "old.jpg"))
    assert read_profile(tmp_path / "old.jpg") == profile.tobytes()
    assert read_orientation(tmp_path / "old.jpg") == 6
    assert read_info(tmp_path / "old.jpg").colorspace == "srgb_p3d65_scene"


def test_kept_pictures_are_not_made_again(pngs, track, tmp_path):
    for suffix in ("png", "jpg"):
        one = job(pngs, track, tmp_path / f"old.%04d.{suffix}", resume=True)
        run(one)
        (tmp_path / f"old.0003.{suffix}").unlink()
        assert run(one).numbers("kept") == (1, 2, 4, 5, 6)


def test_a_scene_linear_plate_is_shown_and_says_so(tmp_path):
    plate, track = write_shot(tmp_path / "exr")
    report = run(job(plate, track, tmp_path / "old.%04d.png", frames="1"))
    assert any("scene-linear, which such a file cannot hold" in n for n in report.notices)
    made = read_plate(tmp_path / "old.0001.png")
    want = np.clip(convert(pixels(1), "ACEScg", "srgb_rec709_scene"), 0, 1)
    assert made.info.bits == 16 and np.abs(made.rgb[:30] - want[:30]).max() < 1e-4
    report = run(job(plate, track, tmp_path / "old.%04d.tif", frames="1"))  # floats hold it
    assert not any("cannot hold" in n for n in report.notices)
    assert np.array_equal(read_plate(tmp_path / "old.0001.tif").rgb[:30], pixels(1)[:30])


PATCHES = {(8.0, 5.0, 2.0): 1.0, (2.0, 3.0, 5.0): 1.0, (60000.0,) * 3: 1.0, (-1.0,) * 3: 0.0}
"""Scene-linear colors above the face, and what a display shows of them: white, or black."""


@pytest.mark.parametrize("output", ["old.mov", "old.mp4", "old.%04d.png"])
def test_highlights_end_in_white_as_on_a_display(tmp_path, output):
    plate, track = write_shot(tmp_path / "exr", (1,))
    lit = pixels(1)
    for i, color in enumerate(PATCHES):
        lit[:32, 32 * i : 32 * i + 32] = color
    write_image(tmp_path / "lit.0001.exr", lit, attributes={"colorInteropID": "lin_ap1_scene"})
    report = run(job(tmp_path / "lit.%04d.exr", track, tmp_path / output))
    assert report.exit_code == 0
    movie = output.endswith(("mov", "mp4"))
    made = Movie.open(tmp_path / output).read(0) if movie else read_plate(tmp_path / "old.0001.png")
    for i, shown in enumerate(PATCHES.values()):
        patch = made.rgb[8:24, 32 * i + 8 : 32 * i + 24]
        assert np.abs(patch - shown).max() < 4 / 255, (output, list(PATCHES)[i])


def test_a_movie_becomes_a_movie(track, tmp_path):
    plate = write_talkie(tmp_path / "face.mp4", [codes(n) for n in range(6)], sound="aac",
                         rate=Fraction(24000, 1001))  # fmt: skip
    report = run(job(plate, track, tmp_path / "old.mov"))
    assert report.exit_code == 0 and len(report.frames) == 6
    was, now = Movie.open(plate), Movie.open(tmp_path / "old.mov")
    assert now.length == 6 and now.header.rate == was.header.rate
    assert now.timecode(0).text == "10:00:00:00"
    assert sound_of(plate) == sound_of(tmp_path / "old.mov")
    for n in (0, 5):
        off = np.abs(now.read(n).rgb - was.read(n).rgb) * 255
        assert off[:30].max() < 3 and off.max() > 20, n
    assert now.tags["Iptc4xmpExt:DigitalSourceType"] == AI
    assert now.tags["reage:target_age"] == "70.0" and "40 to 70" in now.tags["comment"]
    assert json.loads(json.dumps(report.document()))["frames"][0]["outcome"] == "done"


def test_a_movie_keeps_its_rate_whatever_is_said(track, tmp_path):
    plate = write_talkie(tmp_path / "face.mp4", [codes(n) for n in range(6)], sound="aac")
    for rate, told in ((None, False), (float(Movie.open(plate).header.rate), False), (30.0, True)):
        report = run(job(plate, track, tmp_path / "old.mov", rate=rate))
        now = Movie.open(tmp_path / "old.mov")
        assert now.header.rate == Movie.open(plate).header.rate
        assert any("--rate changes nothing" in said for said in report.notices) == told


@pytest.mark.parametrize("named", [None, "Rec.709", "g24_rec709_scene"])
def test_a_movies_color_tags_go_on_whatever_rec709_is_called(track, tmp_path, named):
    """(1, 1, 1): primaries, transfer and matrix of BT.709 in ITU-T H.273."""
    plate = write_talkie(tmp_path / "face.mp4", [codes(1)] * 3, sound="aac")
    assert tags(plate) == (1, 1, 1)
    one = job(plate, track, tmp_path / "old.mov")
    run(replace(one, settings=replace(one.settings, colorspace=named)))
    assert tags(tmp_path / "old.mov") == (1, 1, 1)


def tags(path):
    with av.open(str(path)) as container:
        codec = container.streams.video[0].codec_context
        return codec.color_primaries, codec.color_trc, codec.colorspace


def test_numbered_files_become_a_movie_at_the_rate_that_is_said(pngs, track, tmp_path):
    report = run(job(pngs, track, tmp_path / "old.mp4", rate=29.97))
    movie = Movie.open(tmp_path / "old.mp4")
    assert movie.header.rate == Fraction(30000, 1001) and movie.length == 6
    report = run(job(pngs, track, tmp_path / "old.mp4"))
    assert "The plate says no frame rate, and 24 is taken; --rate says otherwise." in report.notices


@pytest.mark.parametrize(
    ("name", "said", "rate"),
    [("exr", {"framesPerSecond": ("rational", (25, 1))}, Fraction(25)),  # OpenEXR's own name
     ("exr", {"FramesPerSecond": ("rational", (30000, 1001))}, Fraction(30000, 1001)),
     ("dpx", {"dpx:FrameRate": 25.0}, Fraction(25)),
     ("dpx", {"dpx:TemporalFrameRate": 23.976}, Fraction(24000, 1001))],
)  # fmt: skip
def test_a_movie_runs_at_the_rate_that_the_plates_header_says(tmp_path, name, said, rate):
    track = write_shot(tmp_path / "exr", (1,))[1]
    write_image(tmp_path / f"p.0001.{name}", codes(1), attributes=said,
                kind="half" if name == "exr" else "uint8")  # fmt: skip
    one = job(tmp_path / f"p.%04d.{name}", track, tmp_path / "old.mov")
    one = replace(one, settings=replace(one.settings, colorspace="sRGB"))
    report = run(one)
    assert Movie.open(tmp_path / "old.mov").header.rate == rate
    assert not any("no frame rate" in notice for notice in report.notices)
    run(replace(one, output=str(tmp_path / "layers.%04d.exr"), layers=("delta", "matte")))
    assert rate_of(read_info(tmp_path / "layers.0001.exr").metadata) == rate


def test_the_demo_plates_own_rate_is_read():
    info = read_info(home.root() / "inference" / "samples" / "demo.1001.exr")
    assert rate_of(info.metadata) == 24


def test_frames_that_fail_show_the_plate_and_are_listed(pngs, track, tmp_path):
    whole = Path(pngs % 4).read_bytes()
    Path(pngs % 4).write_bytes(whole[: len(whole) // 2])
    for output in ("old.mov", "old.%04d.png"):
        with pytest.raises(UnreadableFrame):
            run(job(pngs, track, tmp_path / output))
    assert not (tmp_path / "old.mov").exists() and not list(tmp_path.glob(".*"))
    report = run(job(pngs, track, tmp_path / "old.mov", continue_on_error=True))
    assert report.exit_code == 1 and report.numbers("failed") == (4,)
    movie = Movie.open(tmp_path / "old.mov")
    assert movie.length == 6
    assert np.abs(movie.read(3).rgb - movie.read(2).rgb).max() < 0.02  # the one before, again


def test_what_the_model_cannot_do_shows_the_plate(pngs, track, tmp_path):
    class Fails(NullModel):
        def run(self, input):
            raise RuntimeError("of a library")

    one = job(pngs, track, tmp_path / "old.%04d.png", frames="2", continue_on_error=True)
    report = reage.render(one, model=Fails(strength=0.5))
    assert report.numbers("failed") == (2,)
    made = read_plate(tmp_path / "old.0002.png")
    assert np.array_equal(made.rgb, read_plate(Path(pngs % 2)).rgb)
    assert "ImageDescription" not in made.info.metadata


def test_a_stopped_movie_leaves_what_stood(pngs, track, tmp_path):
    path = tmp_path / "old.mov"
    run(job(pngs, track, path))
    before, seen = path.read_bytes(), []
    with pytest.raises(Cancelled, match="whole or not at all, and .*old.mov was not touched"):
        run(job(pngs, track, path), progress=seen.append, cancelled=lambda: len(seen) > 2)
    assert path.read_bytes() == before and not list(tmp_path.glob(".old*"))


def test_what_no_movie_can_be_is_a_sentence(pngs, track, tmp_path):
    movie = job(pngs, track, tmp_path / "old.mov")
    for wrong, said in (
        (replace(movie, resume=True), "nothing to resume"),
        (replace(movie, output=str(tmp_path / "a.%04d.mov")), "leave the frame number out"),
        (replace(movie, layers=("parts",)), "name it \\*.exr for --layers parts"),
        (replace(movie, layers=("delta", "matte", "beauty")), "for --layers delta,matte,beauty"),
        (replace(movie, output=str(tmp_path / "a.avi")), "the finished picture as \\*.mov"),
    ):
        with pytest.raises(SettingsError, match=said):
            run(wrong)


@pytest.mark.parametrize("suffix", ["png", "tif", "jpg", "dpx"])
@pytest.mark.parametrize(("turned", "orientation"), [(0, 1), (90, 8), (-90, 6), (180, 3)])
def test_a_telephones_movie_stands_upright_as_pictures(
    track, tmp_path, suffix, turned, orientation
):
    """turned: counterclockwise, as FFmpeg counts; 6 is a quarter turn clockwise, by EXIF."""
    movie = write_talkie(tmp_path / "p.mov", [codes(1)], turned=turned)
    report = run(job(movie, track, tmp_path / f"o.%d.{suffix}", frames="1"))
    assert read_orientation(tmp_path / f"o.1.{suffix}") == orientation
    assert "turn" not in report.text()


def test_a_movie_that_is_turned_askew_is_said(track, tmp_path):
    movie = write_talkie(tmp_path / "p.mov", [codes(1)], turned=30)
    report = run(job(movie, track, tmp_path / "o.%d.png", frames="1"))
    assert read_orientation(tmp_path / "o.1.png") == 1 and "by no quarter turn" in report.text()
