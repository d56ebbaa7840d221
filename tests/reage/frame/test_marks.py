"""Laws of marks that stay: a mole of an album's page on a plate, and a model that takes it away."""

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.cylinder import head
from helpers.shots import plate
from reage.album import page_path
from reage.frame.marks import held_marks, holding
from reage.frame.pipeline import finish, infer, prepare, reage_frame
from reage.models.channels import PARTS, ChannelLayout
from reage.models.model_card import ModelCard
from reage.models.residual import Residual
from reage.pattern.conditioning import skin_of
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE
from reage.pattern.staying import bright, dark
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_for
from reage.pixels.geometry import Region
from reage.settings import Settings

ENCODER = Encoder("ACEScg", "ACEScct")
UV, RADIUS = (0.62, 0.60), 0.006
"""Where the mole is, and its sigma, in face UV."""

DEEP = 0.8
"""log2 of light that it lacks."""

MM = 1 / 162
"""Face sizes."""

SIDE = 480
WHOLE = Region(0, 0, SIDE, SIDE)
FACE = head(size=330.0, degrees=5.0, center=(240.0, 240.0))
FAR_OFF = tuple((x - 0.5, y) for x, y in FACE.outline)
OLDER = Settings(source_age=40, target_age=70, crop_size=512)
SKIN = np.float32([0.4, 0.27, 0.2])


def spot(x, y, sigma, shape):
    rows, columns = np.indices(shape, np.float32) + 0.5
    return np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2)).astype(np.float32)


def page_with(deep):
    """As an album says a mole that lacks so much light."""
    ones = np.ones((SIZE, SIZE), np.float32)
    light = -deep * spot(UV[0] * SIZE, (1 - UV[1]) * SIZE, RADIUS * SIZE, ones.shape)
    stays = dark(light) if deep > 0 else -bright(light)
    return PatternFile(np.zeros((SIZE, SIZE, 3), np.float32), ones, ones, {}, {"stays": stays})


def book_of(folder: Path, **tones: float) -> str:
    """An album with a page of each age (as `at30`), with the mark's tone there."""
    for age, tone in tones.items():
        page_with(np.float32(tone)).write(page_path(folder / "album", int(age[2:])))
    return f"{folder}@target"


@pytest.fixture(scope="module")
def comes(tmp_path_factory):
    return book_of(tmp_path_factory.mktemp("comes"), at40=0, at70=DEEP)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return book_of(tmp_path_factory.mktemp("always"), at30=DEEP, at80=DEEP)


def where():
    """(x, y) plate px of the page's mark, and px a unit of face UV there."""
    crop = crop_for(FACE, Eraser().card, 512)
    uv = skin_of(FACE, crop).over(Region(0, 0, 512, 512))
    off = np.hypot(uv[..., 0] - UV[0], uv[..., 1] - UV[1])
    row, column = np.unravel_index(off.argmin(), off.shape)
    at = crop.to_plate.apply(np.array([[column + 0.5, row + 0.5]]))[0]
    pace = np.hypot(*(uv[row, column + 1] - uv[row, column - 1])) / 2
    return at, crop.to_plate.scale / pace


def with_mole(by=(0.0, 0.0), deep=DEEP):
    """A plate of plain skin with a mole `by` face sizes off its place, and its matte."""
    (x, y), px = where()
    matte = spot(x + by[0] * FACE.size, y + by[1] * FACE.size, RADIUS * px, (SIDE, SIDE))
    return plate(SKIN * np.exp2(-np.float32(deep) * matte)[..., None], WHOLE), matte


@dataclass(frozen=True)
class Eraser:
    """Makes skin lighter, and takes away what is darker than what is around it; in parts or not."""

    in_parts: bool = False
    sha256: str = "2" * 64

    @property
    def card(self):
        outputs = PARTS if self.in_parts else ("delta",)
        inputs = ("picture", "source_age", "target_age", "pattern")
        return ModelCard(
            "eraser", "Apache-2.0", "nothing", "ReAge contributors", halo=0, inputs=inputs,
            outputs=outputs,
        )  # fmt: skip

    def run(self, input):
        e = input.picture
        gone = np.maximum(cv2.GaussianBlur(e, (0, 0), 20) - e, 0)
        lighter = np.full_like(e, 0.03)
        values = [gone, 0 * e, lighter] if self.in_parts else [gone + lighter]
        return Residual(np.concatenate(values, -1), self.card.output_channels)


def aged(shown, pattern, model=Eraser(), **settings):
    settings = replace(OLDER, pattern=pattern, **settings)
    return reage_frame(shown, FACE, model, settings, ENCODER, parts=True).spread(WHOLE)


def contrast(result, matte):
    """log2 of light that the mole lacks against the skin around."""
    light = np.log2(np.maximum(result.mean(-1), 1e-4))
    ring = (matte < 0.01) & (cv2.dilate(matte, np.ones((25, 25))) > 0.3)
    return float(np.median(light[ring]) - light[matte > 0.8].mean())


def left(shown, matte, pattern, **how):
    """Share of the plate's contrast that a result has."""
    result = aged(shown, pattern, **how).over(shown.rgb)
    return contrast(result, matte) / contrast(shown.rgb, matte)


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_mole_of_the_page_keeps_its_contrast_and_loses_it_without(book, in_parts):
    shown, matte = with_mole()
    model = Eraser(in_parts)
    assert left(shown, matte, 0, model=model) < 0.4
    assert 0.9 < left(shown, matte, book, model=model) < 1.1


@pytest.mark.parametrize("in_parts", [False, True])
def test_parts_sum_to_the_delta_where_a_mole_is_held(book, in_parts):
    shown, _ = with_mole()
    layers = aged(shown, book, Eraser(in_parts))
    once = reage_frame(shown, FACE, Eraser(in_parts), replace(OLDER, pattern=book), ENCODER)
    assert np.array_equal(layers.delta, layers.parts.total)
    assert np.abs(layers.delta - once.spread(WHOLE).delta).max() < 1e-5


@pytest.mark.parametrize("by", [(2.0, 0.0), (-1.4, 1.4), (0.0, -3.0)])
def test_a_mole_that_lies_off_its_place_is_found(book, by):
    shown, matte = with_mole((by[0] * MM, by[1] * MM))
    assert left(shown, matte, book) > 0.85


def test_skin_without_the_mole_is_aged_as_without_the_page(tmp_path, book):
    """Nothing is put on either: the page of the source age has the mole."""
    shown, _ = with_mole(deep=0.0)
    empty = book_of(tmp_path, at30=0, at80=0)
    assert np.abs(aged(shown, book).delta - aged(shown, empty).delta).max() < 1e-6


def test_a_mole_that_was_painted_out_is_not_held(tmp_path):
    shown, matte = with_mole()
    empty = book_of(tmp_path, at30=DEEP, at80=0)
    assert left(shown, matte, empty, target_age=80, source_age=30) < 0.1


def test_a_mole_that_comes_between_the_ages_is_put_on_once(comes):
    shown, matte = with_mole(deep=0.0)
    assert contrast(aged(shown, comes).over(shown.rgb), matte) == pytest.approx(DEEP, rel=0.15)
    shown, matte = with_mole()
    assert left(shown, matte, comes) == pytest.approx(1.0, abs=0.1)


def test_a_lighter_spot_is_held_as_a_scar_and_not_as_a_mole(tmp_path, book):
    shown, _ = with_mole(deep=-DEEP)
    scar = book_of(tmp_path, at30=-DEEP, at80=-DEEP)
    assert found(shown, scar).max() > 0.9
    assert found(shown, book).max() < 0.3


def found(shown, pattern):
    settings = replace(OLDER, pattern=pattern)
    crop = crop_for(FACE, Eraser().card, 512)
    picture = crop.sample(ENCODER.encode(shown.rgb), WHOLE)
    marks = held_marks(FACE, crop, picture, settings, ENCODER)
    return marks[0].matte if marks else np.zeros((1, 1), np.float32)


def test_what_holds_moves_smoothly_as_a_mole_fades(book):
    """No step from frame to frame: a hundredth of its contrast less, a few hundredths held less."""
    mattes = [found(with_mole(deep=d)[0], book) for d in np.linspace(0, DEEP, 81)]
    steps = [float(np.abs(b - a).max()) for a, b in pairwise(mattes)]
    assert mattes[0].max() == 0 and mattes[-1].max() > 0.95 and max(steps) < 0.12


@pytest.mark.parametrize("pattern", [0, "7*0.5+3"])
def test_without_an_album_nothing_is_looked_for(pattern):
    assert found_in(pattern) == ()


def test_without_marks_on_its_pages_the_bits_stay(tmp_path):
    assert found_in(book_of(tmp_path, at30=0, at80=0)) == ()
    some = Residual(np.ones((4, 4, 3), np.float32), ChannelLayout(("delta",)))
    assert holding(some, ()) is some


def found_in(pattern):
    crop = crop_for(FACE, Eraser().card, 512)
    picture = crop.sample(ENCODER.encode(with_mole()[0].rgb), WHOLE)
    return held_marks(FACE, crop, picture, replace(OLDER, pattern=pattern), ENCODER)


def test_without_a_mesh_nothing_is_held(book):
    shown, _ = with_mole()
    flat = replace(FACE, mesh=())
    crop = crop_for(flat, Eraser().card, 512)
    picture = crop.sample(ENCODER.encode(shown.rgb), WHOLE)
    assert held_marks(flat, crop, picture, replace(OLDER, pattern=book), ENCODER) == ()


def test_a_broken_answer_stays_where_it_is(book):
    """NaN in a model's answer beside a mole spoils nothing around it."""
    shown, _ = with_mole()
    ready = prepare(shown, FACE, Eraser().card, replace(OLDER, pattern=book), ENCODER)
    assert ready is not None
    values = np.full((512, 512, 3), 0.1, np.float32)
    row, column = np.unravel_index(np.argmax(marked(ready)), (512, 512))
    values[row + 3, column] = np.nan
    held = holding(Residual(values, ChannelLayout(("delta",))), ready.marks)
    assert np.array_equal(np.isnan(held.values), np.isnan(values))
    assert np.nanmax(np.abs(held.values - 0.1)) < 1e-5


def test_what_is_put_on_beside_a_broken_answer_is_whole(comes):
    shown, _ = with_mole(deep=0.0)
    ready = prepare(shown, FACE, Eraser().card, replace(OLDER, pattern=comes), ENCODER)
    assert ready is not None
    (mark,) = ready.marks
    values = np.zeros((512, 512, 3), np.float32)
    row, column = np.unravel_index(np.abs(mark.added).max(-1).argmax(), mark.matte.shape)
    values[mark.window.y + row, mark.window.x + column + 2] = np.nan
    held = holding(Residual(values, ChannelLayout(("delta",))), ready.marks).values
    window = mark.window
    here = held[window.y : window.bottom, window.x : window.right]
    assert np.array_equal(np.isnan(held), np.isnan(values))
    assert np.nanmax(np.abs(here - mark.added)) < 1e-6


def test_a_mole_of_a_squeezed_plate_is_held(book):
    shown, matte = with_mole()
    narrow, seen = (cv2.resize(p, (SIDE // 2, SIDE), interpolation=cv2.INTER_AREA)
                    for p in (shown.rgb, matte))  # fmt: skip
    window = Region(0, 0, SIDE // 2, SIDE)
    squeezed = plate(narrow, window)
    squeezed = replace(squeezed, info=replace(squeezed.info, pixel_aspect=2.0))
    kept = []
    for pattern in (0, book):
        settings = replace(OLDER, pattern=pattern)
        layers = reage_frame(squeezed, FACE, Eraser(), settings, ENCODER).spread(window)
        kept.append(contrast(layers.over(narrow), seen) / contrast(narrow, seen))
    assert kept[0] < 0.5 and 0.85 < kept[1] < 1.1


def marked(ready):
    out = np.zeros((512, 512), np.float32)
    for mark in ready.marks:
        window = mark.window
        out[window.y : window.bottom, window.x : window.right] = mark.matte
    return out


@pytest.mark.parametrize("yaw", [-75.0, -50.0, 50.0, 75.0])
@pytest.mark.parametrize("size", [20.0, 900.0])
def test_any_face_is_aged_with_finite_pixels(comes, yaw, size):
    """A mole to come that is turned away, next to nothing, or at the crop's edge."""
    shown, _ = with_mole(deep=0.0)
    turned = head(yaw=yaw, size=size, center=(240.0, 240.0))
    ready = prepare(shown, turned, Eraser().card, replace(OLDER, pattern=comes), ENCODER)
    assert ready is not None
    assert yaw > 60 or any(mark.added is not None for mark in ready.marks)
    layers = finish(ready, infer(ready, Eraser(), 1024))
    assert np.isfinite(layers.delta).all() and layers.delta.any()


@pytest.mark.parametrize("stops", [-7, -4, 3])
def test_a_dark_plate_s_mole_is_held_as_a_light_one_s(book, stops):
    shown, matte = with_mole()
    dark = plate(shown.rgb * np.float32(2.0**stops), WHOLE)
    assert found(dark, book).max() == pytest.approx(found(shown, book).max(), abs=0.02)


@pytest.mark.parametrize("by", ["*0.1", "*3", "*0.5+7*0.5"])
def test_a_pattern_s_weight_is_its_ageing_s_and_not_its_marks(book, by):
    shown, matte = with_mole()
    assert left(shown, matte, book + by) == pytest.approx(left(shown, matte, book), abs=0.02)


@pytest.mark.parametrize("way", [1, -1])
def test_a_mark_comes_and_goes_by_as_much_as_an_age_map_asks_for(tmp_path, way):
    """way: 1 for a mole to come, -1 for a scar of later years that is taken off."""
    tones = (0.0, DEEP) if way > 0 else (-DEEP, 0.0)
    pattern = book_of(tmp_path, at40=tones[0], at70=tones[1])
    shown, matte = with_mole(deep=tones[0])
    got = []
    for value in (0.01, 0.5, 1.0):
        ages = np.full((SIDE, SIDE), value, np.float32)
        settings = replace(OLDER, pattern=pattern)
        layers = reage_frame(shown, FACE, Eraser(), settings, ENCODER, ages).spread(WHOLE)
        got.append(contrast(layers.over(shown.rgb), matte))
    assert got == pytest.approx(tones[0] + np.array([0.01, 0.5, 1.0]) * DEEP, abs=0.15)


def test_a_mark_that_is_put_on_moves_smoothly_as_a_head_turns(comes):
    """A fiftieth at most, each half degree, while it turns from sight."""
    amounts = []
    for yaw in np.arange(0, 60, 0.5):
        (mark,) = marks_on(head(size=330.0, yaw=float(yaw), center=(240.0, 240.0)), comes)
        amounts.append(float(np.abs(mark.added).sum()))
    assert amounts[-1] < 0.5 * amounts[0]
    assert np.abs(np.diff(amounts)).max() < 0.02 * amounts[0]


def test_nothing_is_put_on_beside_the_face(comes):
    """Where the mesh goes on and the outline does not, as on the far cheek of a turned head."""
    (whole,), (cut,) = (marks_on(replace(FACE, outline=o), comes) for o in (FACE.outline, FAR_OFF))
    assert np.abs(whole.added).max() > 0.01 and not cut.added.any()


def marks_on(face, pattern):
    crop = crop_for(face, Eraser().card, 512)
    picture = crop.sample(ENCODER.encode(with_mole(deep=0.0)[0].rgb), WHOLE)
    return held_marks(face, crop, picture, replace(OLDER, pattern=pattern), ENCODER)


def test_a_mole_at_the_plate_s_border_is_held(book):
    shown, matte = with_mole()
    cut = int(np.argwhere(matte > 0.3)[:, 1].max()) + 3
    window = Region(0, 0, cut, SIDE)
    part = plate(shown.rgb[:, :cut], window)
    layers = reage_frame(part, FACE, Eraser(), replace(OLDER, pattern=book), ENCODER)
    after = layers.spread(window).over(part.rgb)
    assert np.isfinite(after).all()
    whole, here = contrast(shown.rgb, matte), contrast(after, matte[:, :cut])
    assert here / whole > 0.85
