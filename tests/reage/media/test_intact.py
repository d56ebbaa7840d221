"""A frame that was cut off or zeroed after it was finished is known, wherever the damage is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
import pytest

from reage.media.exr import write_layers
from reage.media.intact import is_intact, keeps_pixels
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo

WHOLE = Region(3, -5, 160, 120)
NAMES = ("R", "G", "B", "A", "reage_delta.red", "reage_matte.alpha")
KINDS: dict[str, dict[str, Any]] = {
    "rle": {},
    "zips, half": {"compression": "zips", "pixel_type": "half"},
    "parts": {"part_of": lambda channel: channel.partition(".")[0]},
    "tiles": {"tile": 64},
}


@pytest.fixture(params=KINDS.values(), ids=list(KINDS))
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Noise, which no packing makes smaller: its chunks are stored raw, zeros in them decode."""
    rng, shape = np.random.default_rng(1), (WHOLE.height, WHOLE.width)
    channels = {name: rng.normal(0, 1e3, shape).astype(np.float32) for name in NAMES}
    channels["A"][5, 5], channels["R"][0, :3] = np.nan, (np.inf, -np.inf, -0.0)
    path = tmp_path / "a.exr"
    write_layers(path, channels, WHOLE, PlateInfo(WHOLE, WHOLE, NAMES), {}, **request.param)
    return path


def test_a_file_as_it_was_written_is(file: Path) -> None:
    assert is_intact(file)


def test_one_that_was_cut_off_anywhere_is_not(file: Path) -> None:
    whole = file.read_bytes()
    for share in np.linspace(0, 0.999, 24):
        file.write_bytes(whole[: int(share * len(whole))])
        assert not is_intact(file)


def test_nor_one_whose_pixels_were_zeroed_anywhere(file: Path) -> None:
    whole = file.read_bytes()
    for at in range(8192, len(whole) - 512, len(whole) // 24):
        file.write_bytes(whole[:at] + bytes(512) + whole[at + 512 :])
        assert not is_intact(file)
    file.write_bytes(bytes(len(whole)))
    assert not is_intact(file)


@pytest.mark.parametrize("field", ["x", "y", "full_x", "full_width"])
def test_nor_one_whose_pixels_were_moved(file: Path, field: str) -> None:
    """The same numbers elsewhere on the plate, or on a plate of another size."""
    source = oiio.ImageInput.open(str(file))
    specs, pixels = [], []
    while source.seek_subimage(len(specs), 0):
        specs.append(source.spec())
        pixels.append(source.read_image(len(specs) - 1, 0, 0, specs[-1].nchannels, "unknown"))
    source.close()
    for spec in specs:
        setattr(spec, field, getattr(spec, field) + 7)
    out = oiio.ImageOutput.create(str(file))
    assert out.open(str(file), tuple(specs)) and out.write_image(pixels[0])
    for spec, part in zip(specs[1:], pixels[1:], strict=True):
        assert out.open(str(file), spec, "AppendSubimage") and out.write_image(part)
    assert out.close() and keeps_pixels(file) is False  # and not None, of one that says nothing


def test_nor_one_that_another_program_wrote_or_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "b.exr"
    oiio.ImageBuf(oiio.ImageSpec(8, 8, 3, "half")).write(str(path))
    assert path.is_file() and not is_intact(path) and not is_intact(tmp_path / "none.exr")


def test_nor_one_whose_channels_have_names_in_no_letters(file: Path) -> None:
    whole = file.read_bytes()
    for name in (b"reage_matte.alpha", b"reage_delta.red"):
        at = whole.index(name)
        file.write_bytes(whole[:at] + b"\xe9\xff" + whole[at + 2 :])
        assert not is_intact(file)
