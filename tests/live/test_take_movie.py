"""The movies of a take: what goes in comes out, and what is cut off can be played."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.take_kit import HEIGHT, RATE, WIDTH, grays, level, picture
from reage.errors import OutputError, SettingsError
from reage.media import yuv
from reage.media.timecode import Timecode
from reage.media.video import Movie
from reage.pixels.color import plate_space
from reage.pixels.geometry import Region
from reage_live.fragments import boxes, is_closed, trim
from reage_live.take_movie import CODECS, MovieWriter
from reage_live.ycbcr import to_422


def soft(height: int, width: int, dtype: type) -> np.ndarray:
    """A colorful picture without hard edges."""
    rng = np.random.default_rng(0)
    small = rng.random((4, 6, 3)).astype(np.float32)
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.round(large * np.iinfo(dtype).max).astype(dtype)


def write(path: Path, pictures: list[np.ndarray], codec: str = "prores", rate: Fraction = RATE,
          colorspace: str = "srgb_rec709_scene") -> Path:  # fmt: skip
    height, width = pictures[0].shape[:2]
    start = Timecode.parse("01:00:00:20", rate)
    assert start is not None
    movie = MovieWriter(path, (width, height), rate, start, colorspace, codec)
    for each in pictures:
        movie.write(each)
    movie.close()
    return path


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_way_to_ycbcr_is_the_way_back_of_the_reader(dtype: type) -> None:
    given, whole = soft(180, 320, dtype), Region(0, 0, 320, 180)
    back = yuv.to_rgb(to_422(given), 10, False, 1, whole)
    off = np.abs(back - given / np.iinfo(dtype).max)[:, 1:-1] * 1023
    assert off.max() < 16 and off.mean() < 1, (off.max(), off.mean())
    gray = np.repeat(given[..., :1], 3, axis=2)
    back = yuv.to_rgb(to_422(gray), 10, False, 1, whole)
    assert np.abs(back - gray / np.iinfo(dtype).max).max() <= 0.51 / 876 + 1e-6


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("size", [(320, 180), (321, 181)])
def test_a_movie_gives_its_picture_back(
    tmp_path: Path, codec: str, dtype: type, size: tuple[int, int]
) -> None:
    given = soft(size[1], size[0], dtype)
    movie = Movie.open(write(tmp_path / "a.mov", [given] * 3, codec))
    assert movie.length == 3
    seen = movie.read(2).rgb
    assert seen.shape == (size[1] + size[1] % 2, size[0] + size[0] % 2, 3)
    off = np.abs(seen[: size[1], : size[0]] - given / np.iinfo(dtype).max) * 1023
    assert off.mean() < 2 and off.max() < 24, (off.mean(), off.max())


def test_header_and_tags_say_what_the_movie_is(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    path = write(tmp_path / "a.mov", [picture(0)] * 30, rate=rate)
    info = Movie.open(path).info(5)
    assert info.metadata["framesPerSecond"].value == (30000, 1001)
    assert info.metadata["smpte:TimeCode"].value[0] == 0x01000025
    assert plate_space(info, None, tmp_path) == "sRGB Encoded Rec.709 (sRGB)"
    other = write(tmp_path / "b.mov", [picture(0)], colorspace="g24_rec709_scene")
    assert plate_space(Movie.open(other).info(0), None, tmp_path) == "Gamma 2.4 Encoded Rec.709"


def test_a_closed_movie_is_an_ordinary_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mov", [picture(i) for i in range(50)])
    assert [kind for kind, _ in boxes(path)] == [b"ftyp", b"wide", b"mdat", b"moov"]
    assert is_closed(path)
    assert np.abs(np.array(grays(path)) - [level(i) for i in range(50)]).max() < 0.6


@pytest.mark.parametrize("codec", CODECS)
def test_a_movie_cut_anywhere_plays_up_to_its_last_whole_fragment(
    tmp_path: Path, codec: str
) -> None:
    start = Timecode.parse("01:00:00:20", RATE)
    assert start is not None
    size = (WIDTH, HEIGHT)
    movie = MovieWriter(tmp_path / "a.mov", size, RATE, start, "srgb_rec709_scene", codec)
    for i in range(72):
        movie.write(picture(i, busy=True))
    whole = (tmp_path / "a.mov").read_bytes()  # not closed: as a crash leaves it
    draw, before = random.Random(1), 0
    for cut in sorted(draw.randrange(len(whole) // 3, len(whole)) for _ in range(6)):
        short = tmp_path / "short.mov"
        short.write_bytes(whole[:cut])
        trim(short)
        found = Movie.open(short)
        assert found.length >= max(before, 72 * cut // len(whole) - 24)
        before = found.length
        assert len(grays(short)) == found.length
        assert not any(np.isnan(found.read(i).rgb).any() for i in (0, found.length - 1))
        assert found.info(0).metadata["smpte:TimeCode"].value[0] == 0x01000020
    movie.abandon()


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    start = Timecode(0, 24)
    with pytest.raises(SettingsError, match="no codec h264; a take is prores or dnxhr"):
        MovieWriter(tmp_path / "a.mov", (320, 180), RATE, start, "x", "h264")
    with pytest.raises(OutputError, match="dnxhr takes no pictures of 64×48 px"):
        MovieWriter(tmp_path / "b.mov", (64, 48), RATE, start, "x", "dnxhr")
    assert not list(tmp_path.iterdir())
    with pytest.raises(OutputError, match=r"gone/a\.mov cannot be made: No such file"):
        MovieWriter(tmp_path / "gone" / "a.mov", (320, 180), RATE, start, "x")
