"""The change ends softly where the plate is clipped white, and nowhere else."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio
import pytest

import reage
from helpers.shots import HEIGHT, WHOLE, WIDTH, face, pixels, plate, write_plate, write_shot
from reage import home
from reage.frame.clipped import NEAR, PATCH, SOFT, ending, patches, plateau
from reage.frame.pipeline import reage_frame
from reage.media.imagefile import read_plate
from reage.models.model import NullModel
from reage.pixels.color import Encoder, convert
from reage.settings import Settings
from reage.shot.image import read_layers
from reage.shot.tracking import make_track

ENCODER = Encoder("ACEScg", "ACEScct")
OLDER = Settings(source_age=40, target_age=70, crop_size=256)
MODEL = NullModel(strength=0.5)
DEMO = home.samples() / "demo.1004.exr"


def bits(a):
    return np.ascontiguousarray(a).view(np.uint32)


def away(clipped):
    """Distance of each pixel to the next clipped one, px."""
    return cv2.distanceTransform((~clipped).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)


def beside_white(value=4.0, x=170):
    """Noise on the face, and from column x on a backdrop that is flat."""
    rgb = np.minimum(pixels(), np.float32(value))
    rgb[:, x:] = value
    return rgb


def written(path, values, bits_each):
    """An image of whole numbers, 0 … 1 as `values` (h, w, 3) say."""
    kind = "uint8" if bits_each == 8 else "uint16"
    spec = oiio.ImageSpec(values.shape[1], values.shape[0], 3, kind)
    spec.attribute("oiio:BitsPerSample", bits_each)
    out = oiio.ImageOutput.create(str(path))
    assert out.open(str(path), spec) and out.write_image(values.astype(np.float32))
    out.close()
    return path


@pytest.mark.parametrize(
    ("name", "each"), [("a.png", 8), ("a.png", 16), ("a.dpx", 10), ("a.tif", 16)]
)
def test_whole_numbers_are_clipped_at_the_highest_code_value_of_all_channels(tmp_path, name, each):
    top = (1 << each) - 1
    codes = np.array([[[top, top, top], [top, top, top - 1], [top - 1] * 3, [0, top, top]]])
    read = read_plate(written(tmp_path / name, codes / top, each))
    assert read.clipped.tolist() == [[True, False, False, False]]
    assert read.cut(replace(read.region, x=1, width=2)).clipped.tolist() == [[False, False]]


def test_floats_have_no_highest_value_but_a_plateau(tmp_path):
    write_plate(tmp_path / "a.exr", beside_white(1.0))
    read = read_plate(tmp_path / "a.exr")
    assert read.clipped is None
    assert np.array_equal(plateau(read.rgb), (read.rgb == 1.0).all(-1))


def test_glints_unclipped_light_and_gray_are_no_clipped_white():
    assert not patches(plateau(pixels())).any()  # has nine pixels of 60 000
    bright = np.random.default_rng(0).uniform(0.1, 40.0, (200, 200, 3)).astype(np.float32)
    assert not patches(plateau(bright)).any()
    glints = bright.copy()
    glints[::8, ::8] = 50.0
    glints[:6, :6] = 50.0
    assert 6 * 6 < PATCH * 200 * 200 < plateau(glints).sum()
    assert not patches(plateau(glints)).any()
    glints[:8, :8] = 50.0
    assert patches(plateau(glints)).sum() == 8 * 8 + 3  # hangs together with three more
    gray = np.minimum(bright, np.float32(0.3))
    assert not plateau(gray).any()
    glints[100, 100:103] = np.nan, np.inf, -np.inf
    assert patches(plateau(glints)).sum() == 8 * 8 + 3


def test_a_glint_on_the_skin_changes_as_its_surroundings_do():
    clipped = np.zeros((HEIGHT, WIDTH), bool)
    clipped[110:114, 150:153] = True
    layers = reage_frame(replace(plate(), clipped=clipped), face(), MODEL, OLDER, ENCODER)
    plain = reage_frame(plate(), face(), MODEL, OLDER, ENCODER)
    assert np.array_equal(bits(layers.delta), bits(plain.delta))


def test_the_change_is_nothing_at_clipped_white_and_rises_softly_to_whole():
    clipped = np.zeros((40, 60), bool)
    clipped[:, 30:] = True
    for pixel in (1.0, 2.5):
        ramp = ending(clipped, pixel)[20, ::-1][30:]  # by distance, from 1 px on
        distance = np.arange(1, 31) / pixel
        assert not ramp[distance <= NEAR].any() and (ramp[distance >= NEAR + SOFT] == 1).all()
        assert (np.diff(ramp) >= 0).all() and np.diff(ramp).max() < 0.3 and ramp.dtype == np.float32
    assert ending(np.zeros((4, 4), bool), 1.0) is None


@pytest.mark.parametrize("parts", [False, True])
@pytest.mark.parametrize("known", [False, True])
def test_the_delta_ends_at_white_and_is_elsewhere_the_same_bits(parts, known):
    """Whether a file of whole numbers tells, or the plateau does."""
    rgb = beside_white()
    clipped = (rgb == 4.0).all(-1)
    given = replace(plate(rgb), clipped=clipped if known else None)
    got = reage_frame(given, face(), MODEL, OLDER, ENCODER, parts=parts).spread(WHOLE)
    none = replace(plate(rgb), clipped=np.zeros_like(clipped))
    without = reage_frame(none, face(), MODEL, OLDER, ENCODER, parts=parts).spread(WHOLE)
    white = patches(clipped)
    assert not got.delta[away(white) <= NEAR].any() and without.delta[white].any()
    far = away(white) >= NEAR + SOFT
    assert got.delta[far].any()
    assert np.array_equal(bits(got.delta[far]), bits(without.delta[far]))
    assert np.array_equal(bits(got.matte), bits(without.matte))
    assert np.array_equal(bits(got.over(rgb)[white]), bits(rgb[white]))
    if parts:
        p = got.parts
        assert np.array_equal(bits(got.delta), bits(p.detail + p.form + p.tone))


def test_where_nothing_is_clipped_the_bits_are_those_of_a_plate_that_cannot_say():
    nothing = replace(plate(), clipped=np.zeros((HEIGHT, WIDTH), bool))
    one, two = (reage_frame(p, face(), MODEL, OLDER, ENCODER) for p in (plate(), nothing))
    assert one.delta.any() and np.array_equal(bits(one.delta), bits(two.delta))


def test_a_plateau_is_the_same_however_much_of_the_plate_is_read(tmp_path):
    """The beauty reads the whole plate, the layers alone only the face; a lamp beside it is no
    reason to take the backdrop for unclipped."""
    shot = write_shot(tmp_path / "plates", (1,))
    rgb = beside_white(x=210)
    rgb[:4, :4] = 900.0
    write_plate(tmp_path / "plates" / "shot.0001.exr", rgb)
    look = Settings(source_age=40, target_age=70, crop_size=128)
    deltas = []
    for layers in (("delta", "matte"), ("delta", "matte", "beauty")):
        out = str(tmp_path / layers[-1] / "l.%04d.exr")
        reage.render(reage.RenderJob(shot[0], out, look, track=shot[1], layers=layers), model=MODEL)
        deltas.append(read_layers(Path(out % 1)).spread(WHOLE).delta)
    white = patches((rgb == 4.0).all(-1))
    assert deltas[0].any() and not deltas[0][away(white) <= NEAR].any()
    assert np.array_equal(bits(deltas[0]), bits(deltas[1]))


def against_white(folder):
    """The demo plate, its backdrop right of the cheek blown out, as PNG of 8 bits in sRGB; and
    its face track. Returns (PNG, track)."""
    first = reage.RenderJob(str(DEMO), str(folder / "x.exr"))
    found = make_track(first, folder / "track.json").frames[1004]
    rgb = read_plate(DEMO).rgb
    height, width = rgb.shape[:2]
    skin = np.zeros((height, width), np.uint8)
    hull = cv2.convexHull(found.landmarks().astype(np.float32))
    cv2.fillConvexPoly(skin, np.round(hull * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    y, x = np.mgrid[:height, :width]
    neck = (x < 524) & (y > 400)
    keep = (skin > 127) | neck | (x < 500) | ((y < 320) & (x < 640))
    soft = cv2.GaussianBlur(keep.astype(np.float32), (0, 0), 1.0)[..., None]
    comped = rgb * soft + np.float32(3.0) * (1 - soft)
    shown = np.clip(convert(comped, "ACEScg", "srgb_rec709_scene"), 0.0, 1.0)
    return written(folder / "white.1004.png", shown, 8), folder / "track.json"


def test_beside_a_blown_out_backdrop_no_rim_is_left(tmp_path):
    """The default model on a picture like a photograph: nothing on white, no step beside it."""
    png, track = against_white(tmp_path)
    read = read_plate(png)
    look = Settings(source_age=50, target_age=75, crop_size=256, colorspace="srgb_rec709_scene")
    job = reage.RenderJob(str(png), str(tmp_path / "l.%04d.exr"), look, track=str(track))
    reage.render(job)
    layers = read_layers(tmp_path / "l.1004.exr").spread(read.region)
    white = patches(read.clipped)
    assert (white & (layers.matte > 0)).sum() > 100
    assert not layers.delta[away(white) <= NEAR].any()
    shown = np.abs(layers.delta * layers.matte[..., None]).max(-1)
    distance = np.ceil(away(white))
    rings = [shown[distance == r].max() for r in range(1, 10)]
    assert rings[0] == rings[1] == 0 < rings[8]
    assert rings[2] < 0.3 * rings[8] and shown.max() > 0.05
