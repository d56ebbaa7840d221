"""Encodings can be undone, and a delta of nothing is nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reage.errors import ColorspaceError
from reage.pixels.color import (
    Encoder,
    active_config,
    color_words,
    linear_space,
    plate_space,
    to_scene_linear,
)
from reage.pixels.geometry import Region
from reage.pixels.ocio import assumes_rec709, convert, find_space
from reage.pixels.plate import Attribute, Plate, PlateInfo

SPACES = ("ACEScg", "lin_rec709", "ACES2065-1")
encoders = st.builds(Encoder, st.sampled_from(SPACES), st.sampled_from(("ACEScct", "sRGB")))
pictures = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=1, max_dims=2, max_side=9).map(lambda shape: (*shape, 3)),
    elements=st.floats(-1.0, 60000.0, width=32, allow_subnormal=False),
)


@given(encoders, pictures)
def test_decode_undoes_encode(encoder: Encoder, rgb: np.ndarray) -> None:
    back = encoder.decode(encoder.encode(rgb))
    size = np.maximum(np.abs(rgb).max(-1, keepdims=True), 1e-3)
    assert back.dtype == np.float32
    assert (np.abs(back - rgb) <= 2e-5 * size).all()


@given(encoders, pictures)
def test_a_delta_of_nothing_is_exactly_nothing(encoder: Encoder, rgb: np.ndarray) -> None:
    encoded = encoder.encode(rgb)
    assert not (encoder.decode(encoded + np.float32(0)) - encoder.decode(encoded)).any()


def test_acescct_is_the_published_curve() -> None:
    """Figures of Academy S-2016-001: middle gray, one, the toe's offset, and a negative."""
    gray = np.repeat(np.float32([[0.0], [0.18], [1.0], [-0.5]]), 3, axis=1)
    want = [0.0729055, 0.4135884, 0.5547945, -0.5 * 10.5402377 + 0.0729055]
    np.testing.assert_allclose(Encoder("ACEScg", "ACEScct").encode(gray)[:, 0], want, atol=1e-5)


def test_srgb_is_the_iec_curve_mirrored_and_unbounded() -> None:
    x = np.float32([[0.0, 0.18, 1.0], [-0.18, -1.0, 0.001], [100.0, 16.0, 4.0]])
    curve = np.where(
        np.abs(x) <= 0.0031308, 12.92 * np.abs(x), 1.055 * np.abs(x) ** (1 / 2.4) - 0.055
    )
    encoded = Encoder("lin_rec709", "sRGB").encode(x)
    np.testing.assert_allclose(encoded, np.sign(x) * curve, rtol=1e-4, atol=1e-5)


def test_neutrals_stay_neutral() -> None:
    gray = np.full((1, 3), 0.18, np.float32)
    for space in SPACES:
        for encoding in ("ACEScct", "sRGB"):
            encoded = Encoder(space, encoding).encode(gray)
            assert np.ptp(encoded) < 1e-4


def test_strided_input_is_left_alone_and_gives_the_same_bits() -> None:
    whole = np.random.default_rng(1).random((40, 50, 4), dtype=np.float32)
    before = whole.copy()
    part = whole[5:31:2, 40:3:-3, 2::-1]
    encoder = Encoder("lin_rec709", "ACEScct")
    assert (encoder.encode(part) == encoder.encode(np.ascontiguousarray(part))).all()
    assert (whole == before).all()
    assert encoder.encode(np.empty((0, 7, 3), np.float32)).shape == (0, 7, 3)


def test_a_pixel_does_not_depend_on_how_many_are_beside_it() -> None:
    rgb = np.random.default_rng(0).normal(1, 3, (300, 700, 3)).astype(np.float32)
    encoder = Encoder("ACEScg", "ACEScct")
    rows = np.stack([encoder.encode(row) for row in rgb])
    assert encoder.encode(rgb).tobytes() == rows.tobytes()


def test_threads_share_an_encoder() -> None:
    encoder = Encoder("lin_rec709", "ACEScct")
    pictures = [np.random.default_rng(i).random((64, 64, 3), dtype=np.float32) for i in range(16)]
    want = [encoder.encode(p) for p in pictures]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(encoder.encode, pictures))
    assert all((a == b).all() for a, b in zip(want, got, strict=True))


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ColorspaceError, match="no color space named 'nowhere'"):
        Encoder("nowhere", "ACEScct")
    with pytest.raises(ValueError, match="log3"):
        Encoder("ACEScg", "log3")


# ---------------------------------------------------------------- plate spaces

AP1 = (0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767)
REC709 = (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)
HERE = Region(0, 0, 5, 4)


def info(colorspace: str | None = None, primaries: tuple[float, ...] | None = None) -> PlateInfo:
    said = {"camera": "A", "colorInteropID": colorspace or ""}
    if primaries:
        said["chromaticities"] = Attribute("float[8]", primaries)
    return PlateInfo(HERE, HERE, ("R", "G", "B"), colorspace, metadata=said)


@pytest.mark.parametrize(
    ("facts", "asked", "space"),
    [
        (info(), "scene_linear", "ACEScg"),
        (info(), "lin_rec709", "Linear Rec.709 (sRGB)"),
        (info("lin_ap1_scene", REC709), "ARRI LogC4", "ARRI LogC4"),
        (info("lin_ap1_scene", REC709), None, "ACEScg"),
        (info(None, AP1), None, "ACEScg"),
        (info(None, REC709), None, "Linear Rec.709 (sRGB)"),
        (info("srgb_rec709_scene"), None, "sRGB Encoded Rec.709 (sRGB)"),
    ],
)
def test_the_asked_space_wins_then_the_files_word_then_its_primaries(facts, asked, space) -> None:
    assert plate_space(facts, asked, Path("p.exr")) == space


@pytest.mark.parametrize(
    ("facts", "asked", "words"),
    [
        (info(), None, "p.dpx does not say .*--colorspace: ACEScg, .*LogC4"),
        (info("studio_x"), None, "'studio_x'. The OCIO config does not know it"),
        (info(), "ACESgc", "no color space 'ACESgc' .*--colorspace: ACEScg"),
        (info(), "Raw", "numbers that are no colors"),
        (info(None, (0.5,) * 8), None, "does not say"),
    ],
)
def test_unknown_spaces_list_the_choices(facts, asked, words) -> None:
    with pytest.raises(ColorspaceError, match=words):
        plate_space(facts, asked, Path("p.dpx"))


def test_scene_linear_plates_are_left_alone() -> None:
    rgb = np.random.default_rng(3).normal(size=(4, 5, 3)).astype(np.float32)
    rgb[0, 0] = np.nan, np.inf, -0.0
    plate = Plate(rgb, HERE, info())
    assert to_scene_linear(plate, "Linear Rec.709 (sRGB)") == (plate, "Linear Rec.709 (sRGB)")


def test_other_plates_become_scene_linear_and_lose_their_color_words() -> None:
    plate = Plate(np.full((4, 5, 3), 0.5, np.float32), HERE, info("srgb_tx", REC709))
    linear, space = to_scene_linear(plate, "srgb_tx")
    assert space == linear.info.colorspace == "ACEScg"
    np.testing.assert_allclose(linear.rgb, ((0.5 + 0.055) / 1.055) ** 2.4, rtol=1e-3)
    assert linear.info.metadata == {"camera": "A"}
    assert (plate.rgb == 0.5).all()


STUDIO = """ocio_profile_version: 2
roles: {{default: ap0, scene_linear: house{interchange}}}
file_rules: [!<Rule> {{name: Default, colorspace: default}}]
displays: {{none: [!<View> {{name: Raw, colorspace: ap0}}]}}
colorspaces:
  - !<ColorSpace> {{name: ap0, encoding: scene-linear}}
  - !<ColorSpace>
    name: house
    encoding: scene-linear
    to_scene_reference: !<BuiltinTransform> {{style: ACEScg_to_ACES2065-1}}
  - !<ColorSpace>
    name: house_log
    encoding: log
    to_scene_reference: !<BuiltinTransform> {{style: ACEScct_to_ACES2065-1}}
"""


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "studio.ocio"
    path.write_text(STUDIO.format(interchange=", aces_interchange: ap0"), encoding="utf-8")
    monkeypatch.setenv("OCIO", str(path))
    return path


def test_a_studio_config_without_acescct_serves(studio: Path) -> None:
    rgb = np.random.default_rng(4).random((4, 5, 3), dtype=np.float32)
    want = Encoder("ACEScg", "ACEScct").encode(rgb)
    np.testing.assert_allclose(Encoder("house", "ACEScct").encode(rgb), want, atol=1e-6)
    linear, space = to_scene_linear(Plate(want, HERE, info()), "house_log")
    assert space == "house"
    np.testing.assert_allclose(linear.rgb, rgb, rtol=1e-4, atol=1e-6)
    back, _ = to_scene_linear(Plate(want, HERE, info()), "srgb_tx")
    assert back.info.colorspace == "house"


def test_names_a_studio_config_lacks_are_the_built_in_ones(studio: Path) -> None:
    assert plate_space(info(None, AP1), None, Path("p.exr")) == "ACEScg"
    with pytest.raises(ColorspaceError, match="--colorspace: house_log, house, ACEScg"):
        plate_space(info(), "hose_log", Path("p.exr"))


@pytest.mark.parametrize(
    "said",
    [
        "scene_linear",
        "scene_linear\tscene_linear (house)",
        "scene_linear (house)",
        "Colorspaces/ACES/house",
        "gone\tACES/gone\t\told_house,house",
    ],
)
def test_a_space_is_known_in_every_spelling_of_a_host(studio: Path, said: str) -> None:
    assert plate_space(info(), said, Path("p.exr")) == "house"


def test_a_role_that_is_said_to_be_an_unknown_space_is_no_other_space(studio: Path) -> None:
    with pytest.raises(ColorspaceError, match=r"'scene_linear \(lnf\)'.*does not know it"):
        plate_space(info(), "scene_linear (lnf)", Path("p.exr"))


def test_a_config_from_before_interchange_roles_meets_aces_by_names_that_all_know(
    studio: Path,
) -> None:
    old = STUDIO.format(interchange="").replace("house", "ACES - ACEScg")
    matrix = "to_scene_reference: !<MatrixTransform> {offset: [1, 2, 3, 0]}"  # known to none
    studio.write_text(re.sub(r"to_scene_reference: .*", matrix, old), encoding="utf-8")
    rgb = np.random.default_rng(4).random((4, 5, 3), dtype=np.float32)
    want = Encoder("ACEScg", "ACEScct").encode(rgb)
    space = plate_space(info(), "scene_linear", Path("p.exr"))
    np.testing.assert_allclose(Encoder(space, "ACEScct").encode(rgb), want, atol=1e-6)


FAR = re.sub(
    r"to_scene_reference: .*",
    "to_scene_reference: !<MatrixTransform> {offset: [0.5, 0.25, 0, 0]}",  # known to none
    STUDIO.format(interchange=""),
)


def test_a_config_that_knows_no_way_to_aces_is_taken_to_work_in_rec709(studio: Path) -> None:
    """As Nuke's own nuke-default and the old spi-vfx do."""
    studio.write_text(FAR, encoding="utf-8")
    rgb = np.random.default_rng(4).random((4, 5, 3), dtype=np.float32)
    want = Encoder("lin_rec709_scene", "ACEScct").encode(rgb)
    np.testing.assert_allclose(Encoder("house", "ACEScct").encode(rgb), want, atol=1e-6)
    beside = rgb + np.float32([0.5, 0.25, 0])  # ap0, whose zero the house's space is beside
    np.testing.assert_allclose(Encoder("ap0", "ACEScct").encode(beside), want, atol=1e-5)
    assert assumes_rec709("house") and assumes_rec709("ap0") and not assumes_rec709("ACEScg")


def test_a_config_that_has_no_scene_linear_either_says_so(studio: Path) -> None:
    studio.write_text(FAR.replace(", scene_linear: house", ""), encoding="utf-8")
    with pytest.raises(ColorspaceError, match=r"no way from 'house' to ACES.*aces_interchange"):
        Encoder("house", "ACEScct")
    Encoder("ACEScg", "ACEScct")


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("sRGB", {0.5: 0.21404, 0.02: 0.02 / 12.92}),
        ("srgb", {0.5: 0.21404}),
        ("default (sRGB)", {0.5: 0.21404}),
        ("Rec.709", {0.5: ((0.5 + 0.099) / 1.099) ** (1 / 0.45), 0.04: 0.04 / 4.5}),
        ("rec709", {0.5: ((0.5 + 0.099) / 1.099) ** (1 / 0.45)}),
        ("linear", {0.5: 0.5, 7.0: 7.0}),
        ("Gamma2.2", {0.5: 0.5**2.2}),
        ("Cineon", {685 / 1023: 1.0, 95 / 1023: 0.0, 445 / 1023: 0.1493}),
    ],
)
def test_nukes_names_mean_what_they_do_there(said: str, values: dict[float, float]) -> None:
    """As formulas: IEC 61966-2-1, ITU-R BT.709's camera, Kodak's Cineon; Rec.709 primaries all."""
    rgb = np.float32([[v, v, v] for v in values])
    space = plate_space(info(), said, Path("p.jpg"))
    got = convert(rgb, space, "lin_rec709_scene")
    np.testing.assert_allclose(got[:, 1], list(values.values()), atol=3e-4)
    np.testing.assert_allclose(got, got[:, 1:2].repeat(3, 1), atol=1e-5)


@pytest.mark.parametrize("said", ["Output - sRGB", "Output - Rec.709"])
def test_a_picture_through_the_aces_output_transform_goes_back(said: str) -> None:
    scene = np.float32([[0.18, 0.18, 0.18], [0.6, 0.35, 0.2], [0.02, 0.03, 0.05]])
    shown = convert(scene, "ACEScg", said)
    assert (shown > 0).all() and (shown < 1).all() and shown[0, 0] > 0.3
    np.testing.assert_allclose(convert(shown, said, "ACEScg"), scene, rtol=2e-2, atol=2e-3)


def test_the_working_space_is_the_one_that_is_asked_for() -> None:
    plate = Plate(np.full((4, 5, 3), 0.5, np.float32), HERE, info())
    moved, space = to_scene_linear(plate, find_space("sRGB"), "lin_rec709")
    assert space == "Linear Rec.709 (sRGB)"
    assert moved.rgb[0, 0, 0] == pytest.approx(0.21404, abs=1e-4)
    same, space = to_scene_linear(plate, "ACEScg", "lin_rec709")
    assert space == "ACEScg" and same is plate
    with pytest.raises(ColorspaceError, match="ARRI LogC4 is not scene-linear.*--working-space"):
        linear_space(find_space("sRGB"), "ARRI LogC4")
    with pytest.raises(ColorspaceError, match="no color space 'nowhere' to work in"):
        linear_space(find_space("sRGB"), "nowhere")


def test_a_header_says_what_its_pixels_are_in() -> None:
    for name, primaries in (("ACEScg", AP1), ("Linear Rec.709 (sRGB)", REC709)):
        words = color_words(name)
        assert words["chromaticities"].value == pytest.approx(primaries)
        assert plate_space(info(None, words["chromaticities"].value), None, Path("p")) == name
        assert find_space(words["colorInteropID"]) == name
    assert color_words("Linear ARRI Wide Gamut 4") == {}


def test_a_config_that_cannot_be_read_is_named(studio: Path) -> None:
    studio.write_text("no: config", encoding="utf-8")
    with pytest.raises(ColorspaceError, match=r"studio\.ocio.*unset it"):
        active_config()


@pytest.mark.parametrize("seed", range(8))
def test_so_is_one_that_is_no_text(studio: Path, seed: int) -> None:
    studio.write_bytes(np.random.default_rng(seed).bytes(5000))
    with pytest.raises(ColorspaceError, match=r"studio\.ocio.*unset it"):
        active_config()
