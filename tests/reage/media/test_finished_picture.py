"""However little room a disk has left, a picture stands there whole or is a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.shots import WHOLE, pixels
from helpers.small_disk import small_disk
from reage.errors import OutputError
from reage.media.exr import write_layers
from reage.media.finished_picture import PictureSpec, write_picture
from reage.pixels.plate import PlateInfo

PAGE, SIZE = 4096, 4 << 20


def write(path: Path, part_of=lambda name: "") -> None:
    info, rgb = PlateInfo(WHOLE, WHOLE, ("R", "G", "B")), pixels(1)
    if path.suffix == ".exr":
        channels = {name: np.ascontiguousarray(rgb[..., i]) for i, name in enumerate("RGB")}
        write_layers(path, channels, WHOLE, info, {}, part_of=part_of)
    else:
        write_picture(path, np.clip(rgb, 0, 1), PictureSpec(info))


@pytest.mark.parametrize("name", ["f.png", "f.tif", "f.jpg", "f.dpx", "f.exr", "parts.exr"])
def test_a_full_disk_leaves_a_whole_file_or_none(tmp_path: Path, name: str) -> None:
    part_of = (lambda name: name) if name == "parts.exr" else (lambda name: "")
    calm = tmp_path / name
    write(calm, part_of)
    whole = calm.read_bytes()
    pages = -(-len(whole) // PAGE)
    with small_disk(tmp_path / "small", SIZE) as mounted:
        if not mounted:
            pytest.skip("only root of Linux may mount a small disk")
        path, ballast = tmp_path / "small" / name, tmp_path / "small" / "ballast"
        write(path, part_of)
        path.unlink()
        refused = 0
        for left in (0, 1, pages // 2, *range(max(2, pages - 12), pages + 1)):
            ballast.write_bytes(bytes(SIZE - left * PAGE))
            try:
                write(path, part_of)
            except OutputError as e:
                refused += 1
                assert str(path) in str(e) and "disk" in str(e), str(e)
                assert not path.exists()
            else:
                assert path.read_bytes() == whole, f"{left} of {pages} pages were left"
                path.unlink()
            assert [each.name for each in path.parent.iterdir()] == ["ballast"]
        assert refused
