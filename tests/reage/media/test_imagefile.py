"""Image files: what is read is what lies there, whole or in part, or a sentence says why not."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import OpenImageIO as oiio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.plate_files import icc, noise, part, write_image, write_parts
from reage.errors import OutputError, PlateError, UnreadableFrame
from reage.media.exr import write_layers
from reage.media.header import plate_info
from reage.media.imagefile import read_channels, read_info, read_plate
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo

PIXELS = noise(75, 110)
WINDOWS = [
    ((0, 0), None),
    ((-13, -7), (0, 0, 90, 60)),
    ((5, 9), (-20, 30, 200, 150)),
]


@pytest.fixture(scope="module", params=[(w, t) for w in WINDOWS for t in (0, 32)], ids=str)
def exr(request, tmp_path_factory):
    (at, display), tile = request.param
    path = tmp_path_factory.mktemp("exr") / "plate.exr"
    return write_image(path, PIXELS, at=at, display=display, tile=tile), at, display


@pytest.mark.parametrize("tile", [0, 64])
def test_every_half_is_read_as_the_float_of_its_value(tmp_path, tile):
    halves = np.arange(65536, dtype=np.uint16).view(np.float16).reshape(256, 256, 1)
    pixels = np.tile(halves.astype(np.float32), 3)
    path = write_image(tmp_path / "half.exr", pixels, tile=tile, kind="half")
    for region in (None, Region(30, 40, 50, 60)):
        plate = read_plate(path, region)
        want = pixels[plate.region.slices(Region(0, 0, 256, 256))]
        assert plate.rgb.dtype == np.float32
        np.testing.assert_array_equal(plate.rgb, want)
        np.testing.assert_array_equal(np.signbit(plate.rgb[want == 0]), np.signbit(want[want == 0]))


def test_windows_count_from_the_display_windows_corner(exr):
    path, at, display = exr
    x, y, width, height = display or (*at, 110, 75)
    info = read_info(path)
    assert info.data == Region(at[0] - x, at[1] - y, 110, 75)
    assert info.display == Region(0, 0, width, height)
    assert info.origin == (x, y)


@given(
    x=st.integers(-60, 130), y=st.integers(-60, 100),
    width=st.integers(0, 120), height=st.integers(0, 90),
)  # fmt: skip
def test_a_region_is_the_same_slice_of_the_whole(exr, x, y, width, height):
    whole = read_plate(exr[0])
    np.testing.assert_array_equal(whole.rgb, PIXELS)
    asked = Region(x, y, width, height)
    plate = read_plate(exr[0], asked)
    assert plate.region == asked.intersect(whole.region)
    if not plate.region.empty:
        np.testing.assert_array_equal(plate.rgb, whole.rgb[plate.region.slices(whole.region)])


@pytest.mark.parametrize(
    ("name", "kind", "step"),
    [("a.png", "uint8", 255), ("a.png", "uint16", 65535), ("a.tif", "uint16", 65535),
     ("a.tif", "float", 1e9), ("a.dpx", "uint10", 1023), ("a.exr", "float", 1e9)],
)  # fmt: skip
def test_formats_keep_their_precision(tmp_path, name, kind, step):
    pixels = np.random.default_rng(2).random((30, 40, 3), dtype=np.float32)
    path = write_image(tmp_path / name, pixels, kind=kind)
    whole = read_plate(path)
    np.testing.assert_allclose(whole.rgb, pixels, atol=0.5001 / step + 1e-7)
    part_ = Region(7, 11, 20, 9)
    np.testing.assert_array_equal(
        read_plate(path, part_).rgb, whole.rgb[part_.slices(whole.region)]
    )


def test_nan_inf_and_negatives_come_as_they_are(tmp_path):
    pixels = noise(8, 8)
    pixels[0, :3, 0] = np.nan, np.inf, -np.inf
    np.testing.assert_array_equal(read_plate(write_image(tmp_path / "a.exr", pixels)).rgb, pixels)


def test_alpha_is_not_multiplied_in(tmp_path):
    pixels = np.full((4, 4, 4), 0.5, np.float32)
    path = write_image(
        tmp_path / "a.png", pixels, kind="uint8", attributes={"oiio:UnassociatedAlpha": 1}
    )
    np.testing.assert_allclose(read_plate(path).rgb, 0.5, atol=1 / 255)


def test_layers_and_parts_are_found_by_name(tmp_path):
    rgb, beauty, depth = noise(6, 9, 3, 1), noise(6, 9, 3, 2), noise(6, 9, 1, 3)
    flat = write_image(
        tmp_path / "flat.exr",
        np.concatenate([depth, beauty[..., ::-1], rgb], axis=-1),
        names=("Z", "beauty.B", "beauty.G", "beauty.R", "R", "G", "B"),
    )
    several = tmp_path / "several.exr"
    write_parts(
        several,
        [part("depth", depth, "Z"), part("main", rgb, "RGB"), part("beauty", beauty, "RGB")],
        [depth, rgb, beauty],
    )
    for path in (flat, several):
        np.testing.assert_array_equal(read_plate(path).rgb, rgb)
        np.testing.assert_array_equal(read_plate(path, layer="beauty").rgb, beauty)
        z, region, _ = read_channels(path, ["Z"], Region(2, 1, 4, 3))
        np.testing.assert_array_equal(z[..., 0], depth[1:4, 2:6, 0])
        assert region == Region(2, 1, 4, 3)
        with pytest.raises(PlateError, match=r"no layer 'specular'.*channels are .*Z"):
            read_plate(path, layer="specular")
    with pytest.raises(PlateError, match="does not have the channels N"):
        read_channels(flat, ["N"])


def test_luminance_becomes_gray(tmp_path):
    gray = noise(6, 9, 1)
    path = write_image(tmp_path / "y.exr", gray, names=["Y"])
    np.testing.assert_array_equal(read_plate(path).rgb, np.repeat(gray, 3, axis=-1))


def test_a_file_without_rgb_has_a_header_but_is_no_plate(tmp_path):
    path = write_image(tmp_path / "z.exr", noise(4, 4, 1), names=["Z"])
    assert read_info(path).channels == ("Z",)
    with pytest.raises(PlateError, match=r"no R, G, B channels. Its channels are Z"):
        read_plate(path)


def test_whole_numbers_without_a_range_are_refused(tmp_path):
    path = write_image(tmp_path / "id.exr", np.ones((4, 4, 3), np.uint32), kind="uint")
    with pytest.raises(UnreadableFrame, match="uint pixels"):
        read_plate(path)


@pytest.mark.parametrize("name", ["a.exr", "a.png", "a.jpg", "a.tif", "a.dpx"])
@pytest.mark.parametrize("kept", [0, 0.01, 0.5, 0.97])
def test_a_truncated_file_is_named(tmp_path, name, kept):
    kind = "half" if name == "a.exr" else "uint8"
    path = write_image(tmp_path / name, PIXELS, kind=kind)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(UnreadableFrame, match=name.replace(".", r"\.")):
        read_plate(path)


def test_what_is_no_image_or_not_there_is_named(tmp_path):
    text = tmp_path / "notes.exr"
    text.write_text("not a picture", encoding="utf-8")
    for path in (text, tmp_path):
        with pytest.raises(UnreadableFrame, match="no image"):
            read_info(path)
    with pytest.raises(UnreadableFrame, match="There is no file"):
        read_plate(tmp_path / "gone.exr")


@pytest.mark.parametrize(
    ("name", "kind", "attributes", "said"),
    [("a.exr", "half", {}, None),
     ("a.exr", "half", {"colorInteropID": "lin_ap1_scene"}, "lin_ap1_scene"),
     ("a.exr", "half", {"colorspace": "Studio Linear"}, "Studio Linear"),
     ("a.png", "uint8", {}, "srgb_rec709_scene"),
     ("a.jpg", "uint8", {}, "srgb_rec709_scene"),
     ("a.dpx", "uint10", {}, None),
     ("a.tif", "uint16", {}, None)],
)  # fmt: skip
def test_color_spaces_that_files_name(tmp_path, name, kind, attributes, said):
    path = write_image(tmp_path / name, noise(4, 4), kind=kind, attributes=attributes)
    assert read_info(path).colorspace == said


@pytest.mark.parametrize("ending", ["jpg", "tif"])
@pytest.mark.parametrize(
    ("profile", "space", "doubt"),
    [
        ("Display P3", "srgb_p3d65_scene", ""),
        ("Adobe RGB (1998)", "g22_adobergb_scene", ""),
        ("sRGB IEC61966-2.1", "srgb_rec709_scene", ""),
        ("Camera of Mine", "srgb_rec709_scene", "profile 'Camera of Mine'"),
    ],
)
def test_an_icc_profile_names_the_space(tmp_path, ending, profile, space, doubt):
    data = icc(profile)
    said = {"ICCProfile": (f"uint8[{len(data)}]", data)}
    path = write_image(tmp_path / f"a.{ending}", noise(8, 8), kind="uint8", attributes=said)
    info = read_info(path)
    assert info.colorspace == space
    assert doubt in info.doubt and bool(doubt) == bool(info.doubt)


def test_eight_bits_that_say_nothing_are_srgb_and_sixteen_nothing(tmp_path):
    eight, sixteen = (
        read_info(write_image(tmp_path / f"{kind}.tif", noise(8, 8), kind=kind))
        for kind in ("uint8", "uint16")
    )
    assert eight.colorspace == "srgb_rec709_scene" and "taken for sRGB" in eight.doubt
    assert sixteen.colorspace is None and not sixteen.doubt
    assert read_info(write_image(tmp_path / "a.dpx", noise(8, 8), kind="uint8")).colorspace is None


def test_an_ultra_hdr_jpeg_is_linear():
    """OpenImageIO applies its gain map, and gives half floats that are linear."""
    spec = oiio.ImageSpec(8, 8, 4, "half")
    spec["oiio:ColorSpace"] = "srgb_rec709_scene"
    jpeg = SimpleNamespace(format_name=lambda: "jpeg")
    assert plate_info(jpeg, spec).colorspace == "lin_rec709_scene"


@pytest.mark.parametrize("kind", ["exr", "jpg"])
def test_text_that_is_not_utf8_is_read_as_older_writers_meant_it(tmp_path, kind):
    name = "Artist" if kind != "exr" else "Copyright"
    path = tmp_path / f"a.{kind}"
    write_image(path, noise(8, 8), kind="uint8" if kind != "exr" else "half",
                attributes={name: "Muxller"})  # fmt: skip
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Muxller", b"M\xfc ller"))
    said = read_info(path)
    assert said.metadata[name] == "Mü ller"
    window = Region(0, 0, 8, 8)
    one = {"a.red": np.zeros((8, 8), np.float32)}
    write_layers(tmp_path / "o.exr", one, window, said, {})
    assert read_info(tmp_path / "o.exr").metadata[name] == "Mü ller"


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="names are text there")
def test_a_file_name_that_is_not_utf8_is_one_sentence(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.exr"))
    path.write_bytes(b"x")
    with pytest.raises(UnreadableFrame, match=r"caf\\xe9.exr is not UTF-8. Rename"):
        read_info(path)
    with pytest.raises(OutputError, match=r"caf\\xe9.exr cannot be written: its name is not UTF-8"):
        write_layers(path, {"a": np.zeros((8, 8), np.float32)}, Region(0, 0, 8, 8),
                     PlateInfo(Region(0, 0, 8, 8), Region(0, 0, 8, 8), ()), {})  # fmt: skip


@pytest.mark.parametrize(("name", "brand", "kind"), [("a.heic", b"heic", "HEIC"),
                                                     ("phone.jpg", b"mif1", "HEIC"),
                                                     ("a.avif", b"avif", "AVIF")])  # fmt: skip
def test_what_this_openimageio_does_not_read_is_called_by_its_name(tmp_path, name, brand, kind):
    if kind == "HEIC" and "heif" in str(oiio.get_string_attribute("input_format_list")):
        pytest.skip("it reads HEIF")
    path = tmp_path / name
    path.write_bytes(b"\0\0\0\x18ftyp" + brand + bytes(4) + brand + b"miaf" + bytes(99))
    with pytest.raises(UnreadableFrame, match=f"is {kind}, which .* heif-convert {name}"):
        read_plate(path)
