"""Damage that a decoder would fill in, or tell of in its own words, is found before it decodes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from reage.errors import UnreadableFrame
from reage.media.damaged import damage
from reage.media.imagefile import (
    read_info,
    read_layer,
    read_orientation,
    read_plate,
    read_profile,
)
from reage.media.intact import keeps_pixels


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """Bytes that this process reads from files meanwhile, by Linux's own count."""
    if not (counts := Path("/proc/self/io")).is_file():
        pytest.skip("the system counts no reads")

    def now() -> int:
        return int(counts.read_text().split("rchar: ")[1].split()[0])

    before = now()
    yield lambda: now() - before


@pytest.fixture(params=["png", "jpg"])
def picture(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    path = tmp_path / f"p.{request.param}"
    assert cv2.imwrite(str(path), pixels)
    return path


def test_a_whole_picture_has_none_and_other_files_are_not_judged(picture: Path, tmp_path) -> None:
    assert damage(picture) == ""
    (tmp_path / "words.png").write_bytes(b"no image")
    (tmp_path / "empty.jpg").write_bytes(b"")
    for path in (tmp_path / "words.png", tmp_path / "empty.jpg", tmp_path / "none.png", tmp_path):
        assert damage(path) == ""


@pytest.mark.parametrize(
    "how", [[], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1], [cv2.IMWRITE_JPEG_RST_INTERVAL, 2]]
)
def test_what_lies_behind_a_jpeg_or_in_its_segments_is_none_of_its_picture(tmp_path, how) -> None:
    path = tmp_path / "p.jpg"
    pixels = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    assert cv2.imwrite(str(path), pixels, how)
    whole = path.read_bytes()
    path.write_bytes(whole + b"ftyp film \xff\xda of a phone")
    assert damage(path) == "" and np.isfinite(read_plate(path).rgb).all()
    preview = b"\xff\xe1\x00\x0a\xff\xd8\xff\xda\x00\x00\xff\xd9"  # a segment of its own length
    whole = whole[:2] + preview + whole[2:]
    path.write_bytes(whole)
    assert damage(path) == ""
    for cut in (2, 40, len(whole) // 2):
        path.write_bytes(whole[:-cut])
        assert "in the middle" in damage(path)


def test_a_picture_that_is_cut_off_is_said_to_be(picture: Path) -> None:
    whole = picture.read_bytes()
    for share in (0.3, 0.6, 0.9, 0.99):
        picture.write_bytes(whole[: int(share * len(whole))])
        assert "in the middle" in damage(picture)
        with pytest.raises(UnreadableFrame, match="p.* is damaged or no image .*in the middle"):
            read_plate(picture)


@pytest.mark.parametrize("rows", [48, 300])  # of one IDAT, and several
def test_a_png_with_a_bit_turned_is_refused_in_our_words_alone(tmp_path, capfd, rows) -> None:
    path = tmp_path / "p.png"
    pixels = np.random.default_rng(0).integers(0, 255, (rows, 64, 3), np.uint8)
    assert cv2.imwrite(str(path), pixels)
    whole, choose = path.read_bytes(), random.Random(0)
    start = whole.index(b"IDAT") + 4
    inside = choose.sample(range(start, len(whole) - 16), 60)
    turned = [(at, choose.randrange(8)) for at in inside]
    heads = [*range(8, 33), *range(start - 8, start)]
    for at, bit in turned + [(at, bit) for at in heads for bit in range(8)]:
        data = bytearray(whole)
        data[at] ^= 1 << bit
        path.write_bytes(data)
        assert keeps_pixels(path) is False
        with pytest.raises(UnreadableFrame, match=r"p\.png is damaged"):
            read_plate(path)
        told = suppress(UnreadableFrame)  # by where the pixels begin, which may seem later
        if at < 33:
            told = pytest.raises(UnreadableFrame, match=r"p\.png is damaged")
        elif at >= start:
            told = nullcontext()
        with told:
            assert read_info(path).channels == ("R", "G", "B")
    assert capfd.readouterr() == ("", "")


def test_a_pngs_header_is_told_without_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    pixels = np.random.default_rng(0).integers(0, 255, (512, 512, 3), np.uint8)
    assert cv2.imwrite(str(path), pixels)
    before = path.stat().st_size
    with counted() as read:
        read_info(path), read_layer(path), read_orientation(path), read_profile(path)
    assert read() < 0.5 * before
    with counted() as read:
        read_plate(path)
    assert before <= read() < 2.5 * before
