"""Photographs as they come: good ones, and bad ones in a sentence each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio
import pytest

from helpers.plate_files import write_image
from reage import home
from reage.errors import ColorspaceError, FaceError, UnreadableFrame
from reage.media.exr import write_layers
from reage.media.imagefile import read_plate
from reage.pattern.photo.photograph import SMALLEST, photograph
from reage.pixels.color import Encoder
from reage.pixels.geometry import Region


@pytest.fixture(scope="module")
def shown() -> np.ndarray:
    """The demo plate's first frame as sRGB, (540, 960, 3) uint8."""
    rgb = np.nan_to_num(read_plate(home.demo_plate()[0]).rgb)
    return (np.clip(Encoder("ACEScg", "sRGB").encode(rgb), 0, 1) * 255 + 0.5).astype(np.uint8)


def _file(path: Path, picture: np.ndarray, orientation: int = 1) -> Path:
    spec = oiio.ImageSpec(picture.shape[1], picture.shape[0], picture.shape[2], "uint8")
    spec.attribute("Orientation", orientation)
    spec.attribute("Compression", "jpeg:95")
    out = oiio.ImageOutput.create(str(path))
    assert out.open(str(path), spec) and out.write_image(np.ascontiguousarray(picture))
    out.close()
    return path


def test_a_frame_of_a_movie_or_a_jpeg_is_a_photograph(tmp_path: Path, shown: np.ndarray) -> None:
    linear = photograph(home.demo_plate()[0])
    jpeg = photograph(_file(tmp_path / "a.jpg", shown))
    assert jpeg.taken_px == pytest.approx(linear.taken_px, rel=0.02)
    assert abs(jpeg.mesh - linear.mesh)[:, :2].max() < 0.03 * linear.face_px
    assert linear.rgb.min() >= 0 and np.isfinite(linear.rgb).all()


def test_a_frame_of_an_anamorphic_plate_is_unsqueezed(tmp_path: Path) -> None:
    plate = read_plate(home.demo_plate()[0])
    region = plate.region
    half = cv2.resize(plate.rgb, (region.width // 2, region.height), interpolation=cv2.INTER_AREA)
    there = Region(0, 0, half.shape[1], half.shape[0])
    info = replace(plate.info, data=there, display=there, pixel_aspect=2.0)
    channels = {name: np.ascontiguousarray(half[..., k]) for k, name in enumerate("RGB")}
    write_layers(tmp_path / "squeezed.exr", channels, there, info, {"colorspace": "ACEScg"})
    one, other = photograph(home.demo_plate()[0]), photograph(tmp_path / "squeezed.exr")
    assert other.taken_px == pytest.approx(one.taken_px, rel=0.02)
    width = [np.ptp(each.mesh[:, 0]) / np.ptp(each.mesh[:, 1]) for each in (one, other)]
    assert width[1] == pytest.approx(width[0], rel=0.03)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_as_exif_says(tmp_path: Path, shown: np.ndarray, orientation: int) -> None:
    turned = {
        1: lambda p: p, 2: lambda p: p[:, ::-1], 3: lambda p: p[::-1, ::-1], 4: lambda p: p[::-1],
        5: lambda p: p.swapaxes(0, 1), 6: lambda p: np.rot90(p),
        7: lambda p: p[::-1, ::-1].swapaxes(0, 1), 8: lambda p: np.rot90(p, -1),
    }[orientation]  # fmt: skip
    stored = turned(shown)
    upright = photograph(_file(tmp_path / "a.jpg", shown))
    found = photograph(_file(tmp_path / "b.jpg", stored, orientation))
    assert found.taken_px == pytest.approx(upright.taken_px, rel=0.02)
    apart = found.mesh[33, :2] - found.mesh[263, :2]  # the eyes stand where they stood
    assert apart == pytest.approx(upright.mesh[33, :2] - upright.mesh[263, :2], abs=8)


def test_gray_ones_and_bright_ones_are_taken(tmp_path: Path, shown: np.ndarray) -> None:
    upright = photograph(_file(tmp_path / "a.jpg", shown))
    gray = cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY)[..., None]
    assert photograph(_file(tmp_path / "gray.jpg", gray)).taken_px == pytest.approx(
        upright.taken_px, rel=0.03
    )


def test_what_shows_no_face_is_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8)
    with pytest.raises(FaceError, match=r"No face was found in noise\.jpg"):
        photograph(_file(tmp_path / "noise.jpg", noise))


def test_two_faces_are_refused(tmp_path: Path, shown: np.ndarray) -> None:
    both = np.hstack([shown[:, 200:760], shown[:, 200:760]])
    with pytest.raises(FaceError, match=r"two\.jpg shows 2 faces; crop it"):
        photograph(_file(tmp_path / "two.jpg", both))


def test_a_face_of_60_px_is_refused(tmp_path: Path, shown: np.ndarray) -> None:
    small = cv2.resize(shown, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_AREA)
    with pytest.raises(FaceError, match=f"px high; from {SMALLEST} px on"):
        photograph(_file(tmp_path / "small.jpg", small))


def test_what_is_no_picture_or_says_no_colorspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"no picture")
    with pytest.raises(UnreadableFrame):
        photograph(tmp_path / "x.jpg")
    with pytest.raises(UnreadableFrame, match="There is no file"):
        photograph(tmp_path / "y.jpg")
    tiff = write_image(tmp_path / "z.tif", np.full((64, 64, 3), 0.5, np.float32), kind="uint16")
    with pytest.raises(ColorspaceError, match="--colorspace"):
        photograph(tiff)
