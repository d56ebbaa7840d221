"""Layers written: windows, pixels and metadata come back; a failed write leaves nothing."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import OpenImageIO as oiio
import pytest

from helpers.plate_files import noise, write_image
from reage.errors import OutputError, PlateError
from reage.media.exr import write_layers, write_whole
from reage.media.imagefile import read_channel_names, read_channels, read_info
from reage.pixels.geometry import Region
from reage.pixels.plate import Attribute, PlateInfo

NAMES = ("reage_delta.red", "reage_delta.green", "reage_delta.blue", "reage_matte.alpha")
INFO = PlateInfo(Region(0, 0, 64, 48), Region(0, 0, 64, 48), ("R", "G", "B"))


def channels(region, seed=0):
    pixels = noise(region.height, region.width, 4, seed) / np.float32(3)
    return {name: np.ascontiguousarray(pixels[..., i]) for i, name in enumerate(NAMES)}


@pytest.mark.parametrize("compression", ["rle", "zip:1", "zips", "piz", "none"])
def test_layers_come_back_bit_for_bit(tmp_path, compression):
    region = Region(-5, 12, 33, 21)
    written = channels(region)
    path = tmp_path / "o.exr"
    write_layers(path, written, region, INFO, {}, compression)
    pixels, where, info = read_channels(path, NAMES)
    assert where == info.data == region
    assert info.display == INFO.display
    assert info.channels == NAMES
    for i, name in enumerate(NAMES):
        np.testing.assert_array_equal(pixels[..., i], written[name])


def in_parts(name):
    return "matte" if name.endswith("alpha") else "delta"


def test_parts_are_named_share_their_windows_and_read_as_one(tmp_path):
    region = Region(-5, 12, 33, 21)
    written = channels(region)
    path = tmp_path / "o.exr"
    info = replace(INFO, metadata={"smpte:TimeCode": Attribute("timecode", (0x01020304, 7))})
    write_layers(path, written, region, info, {"reage:job": "x"}, part_of=in_parts)
    headers = [oiio.ImageBuf(str(path), part, 0).spec() for part in range(2)]
    assert [h["name"] for h in headers] == ["delta", "matte"]
    assert [h.channelnames for h in headers] == [NAMES[:3], NAMES[3:]]
    windows = ("x", "y", "width", "height", "full_x", "full_y", "full_width", "full_height")
    assert len({tuple(getattr(h, name) for name in windows) for h in headers}) == 1
    assert [h["reage:job"] for h in headers] == ["x", "x"]
    across = NAMES[::-1]
    pixels, where, _ = read_channels(path, across)
    assert where == region and read_channel_names(path) == NAMES
    for i, name in enumerate(across):
        np.testing.assert_array_equal(pixels[..., i], written[name])
    some, where, _ = read_channels(path, across, Region(0, 14, 4, 5))
    np.testing.assert_array_equal(some, pixels[2:7, 5:9])


@pytest.mark.parametrize("ending", ["exr", "tif", "png"])
def test_a_file_carries_no_date_but_the_plates_so_that_two_runs_are_one(tmp_path, ending):
    rgb, files = noise(8, 8, 3), []
    for said in ({}, {}, {"DateTime": "2001:02:03 04:05:06"}):
        spec = oiio.ImageSpec(8, 8, 3, "uint8" if ending == "png" else "float")
        for name, value in said.items():
            spec.attribute(name, value)
        files.append(tmp_path / f"{len(files)}.{ending}")
        write_whole(files[-1], [spec], [rgb])
    assert not read_info(files[0]).metadata.get("DateTime")
    assert read_info(files[2]).metadata["DateTime"] == "2001:02:03 04:05:06"


def test_one_part_alone_has_no_name(tmp_path):
    path = tmp_path / "o.exr"
    write_layers(path, channels(INFO.data), INFO.data, INFO, {}, part_of=lambda _: "x")
    assert not oiio.ImageBuf(str(path)).spec().get_string_attribute("name")


def test_channels_of_parts_that_lie_elsewhere_are_refused(tmp_path):
    specs = tuple(oiio.ImageSpec(8, 8, 1, "float") for _ in range(2))
    for spec, name in zip(specs, "ab", strict=True):
        spec.channelnames = (f"{name}.Y",)
        spec.attribute("oiio:subimagename", name)
    specs[1].x = 3
    path = tmp_path / "odd.exr"
    out = oiio.ImageOutput.create(str(path))
    pixels = np.zeros((8, 8, 1), np.float32)
    assert out.open(str(path), specs) and out.write_image(pixels)
    assert out.open(str(path), specs[1], "AppendSubimage") and out.write_image(pixels)
    out.close()
    with pytest.raises(PlateError, match="parts of different data windows"):
        read_channels(path, ("a.Y", "b.Y"))
    with pytest.raises(PlateError, match="does not have the channels a.Y, c.Y. It has a.Y, b.Y."):
        read_channels(path, ("a.Y", "c.Y"))


def test_half_floats_never_overflow(tmp_path):
    region = Region(0, 0, 4, 1)
    values = np.array([[1e6, -1e6, 65504, 0.1]], np.float32)
    path = tmp_path / "o.exr"
    write_layers(path, {"d.red": values}, region, INFO, {}, "zips", "half")
    pixels, _, _ = read_channels(path, ["d.red"])
    wanted = np.array([65504, -65504, 65504, np.float16(0.1)], np.float32)
    np.testing.assert_array_equal(pixels[0, :, 0], wanted)


def test_the_files_own_windows_are_restored(tmp_path):
    plate = write_image(tmp_path / "p.exr", noise(30, 40), at=(3, -9), display=(-20, 50, 200, 90))
    info = read_info(plate)
    write_layers(tmp_path / "o.exr", channels(info.data), info.data, info, {})
    kept = ("x", "y", "width", "height", "full_x", "full_y", "full_width", "full_height")
    a, b = (oiio.ImageInput.open(str(tmp_path / n)).spec() for n in ("p.exr", "o.exr"))
    assert [getattr(a, k) for k in kept] == [getattr(b, k) for k in kept]


def test_metadata_is_carried_over_and_storage_is_not(tmp_path):
    timecode = ("timecode", (0x01020304, 7))
    primaries = ("float[8]", (0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767))
    plate = write_image(
        tmp_path / "p.exr",
        noise(8, 8),
        attributes={
            "smpte:TimeCode": timecode,
            "chromaticities": primaries,
            "framesPerSecond": ("rational", (24000, 1001)),
            "worldToCamera": ("matrix", tuple(float(i) for i in range(16))),
            "camera": "Unit A",
            "nuke/version": "16",
            "nuke/full_layer_names": 0,
            "focalLength": 35.5,
            "PixelAspectRatio": 2.0,
            "compression": "dwaa:200",
            "cryptomatte/1/name": "id",
            "Software": "an older writer",
        },
    )
    info = read_info(plate)
    write_layers(tmp_path / "o.exr", channels(info.data), info.data, info, {"camera": "B", "n": 4})
    out = read_info(tmp_path / "o.exr")
    assert out.metadata == {**info.metadata, "camera": "B", "n": 4}
    assert out.metadata["smpte:TimeCode"] == Attribute(*timecode)
    assert out.metadata["framesPerSecond"] == Attribute("rational", (24000, 1001))
    assert out.metadata["focalLength"] == 35.5
    assert isinstance(out.metadata["n"], int)
    assert out.pixel_aspect == 2.0
    stored = {"cryptomatte/1/name", "Software", "compression", "nuke/full_layer_names"}
    assert not stored & out.metadata.keys()
    header = oiio.ImageInput.open(str(tmp_path / "o.exr")).spec()
    assert header.get_string_attribute("compression") == "rle"


def test_provenance_names_survive(tmp_path):
    facts = {"Iptc4xmpExt:DigitalSourceType": "http://x/y", "reage:job": "{}", "reage:age": 35.5}
    write_layers(tmp_path / "o.exr", channels(INFO.data), INFO.data, INFO, facts)
    assert facts.items() <= read_info(tmp_path / "o.exr").metadata.items()


def test_a_value_of_no_known_type_is_a_mistake(tmp_path):
    with pytest.raises(TypeError, match="wrap it in Attribute"):
        write_layers(tmp_path / "o.exr", channels(INFO.data), INFO.data, INFO, {"x": [1, 2]})
    assert not list(tmp_path.iterdir())


def test_wrong_shapes_are_a_mistake(tmp_path):
    with pytest.raises(ValueError, match="float32"):
        write_layers(tmp_path / "o.exr", channels(Region(0, 0, 3, 3)), INFO.data, INFO, {})


def test_a_missing_folder_and_a_folder_in_the_way(tmp_path):
    with pytest.raises(OutputError, match="there is no folder"):
        write_layers(tmp_path / "no" / "o.exr", channels(INFO.data), INFO.data, INFO, {})
    (tmp_path / "o.exr").mkdir()
    with pytest.raises(OutputError, match="a folder of that name"):
        write_layers(tmp_path / "o.exr", channels(INFO.data), INFO.data, INFO, {})
    assert [p.name for p in tmp_path.iterdir()] == ["o.exr"]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from reage.errors import OutputError, PlateError
from reage.media.exr import write_layers, write_whole
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
r = Region(0, 0, 400, 400)
noise = np.random.default_rng(0).random((400, 400), dtype=np.float32)
try:
    write_layers(Path(sys.argv[1]), {"x": noise}, r, PlateInfo(r, r, ("x",)), {})
except OutputError as e:
    print(e)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_full_disk_leaves_the_earlier_frame_whole(tmp_path):
    """A file size limit stands in for the full disk: the write fails half way the same."""
    path = tmp_path / "o.exr"
    write_layers(path, channels(INFO.data), INFO.data, INFO, {})
    before = path.read_bytes()
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    )
    assert f"{path} cannot be written:" in run.stdout
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["o.exr"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a folder closed to all")
def test_a_closed_folder():
    """Not even root may create a file in /proc."""
    with pytest.raises(OutputError, match=r"o\.exr cannot be written: "):
        write_layers(Path("/proc/o.exr"), channels(INFO.data), INFO.data, INFO, {})
