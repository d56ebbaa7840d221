"""How a render's files are stored: whole in floats, or small and in parts for a comp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenImageIO as oiio
import pytest

import reage
from helpers.part_models import PartsModel
from helpers.shots import HEIGHT, WIDTH, pixels, write_plate, write_shot
from reage.frame.layers import COLORS, spread
from reage.media.imagefile import read_channel_names, read_channels
from reage.pixels.geometry import Region
from reage.shot.image import read_layers

ALL = ("delta", "matte", "parts", "shape", "beauty")
SMALL = {"datatype": "half", "multipart": True}


@pytest.fixture
def rendered(tmp_path: Path) -> dict[str, Path]:
    """Frame 1 of one shot in both ways."""
    plate, track = write_shot(tmp_path / "plates")
    files = {}
    for name, how in (("whole", {}), ("small", SMALL)):
        output = tmp_path / name / "layers.%04d.exr"
        look = reage.Settings(40, 70, crop_size=128, detail=1.5, shape=0.5)
        job = reage.RenderJob(plate, str(output), look, "1", track, layers=ALL, **how)
        reage.render(job, model=PartsModel())
        files[name] = output.with_name("layers.0001.exr")
    return files


def test_halves_are_the_floats_rounded(rendered: dict[str, Path]) -> None:
    """All but the delta, which is to be the sum of its parts."""
    names = read_channel_names(rendered["whole"])
    assert set(read_channel_names(rendered["small"])) == set(names)
    names = tuple(n for n in names if not n.startswith("reage_delta."))
    whole, where, _ = read_channels(rendered["whole"], names)
    small, also, _ = read_channels(rendered["small"], names)
    assert where == also
    np.testing.assert_array_equal(small, whole.astype(np.float16).astype(np.float32))
    assert (small != whole).any()


@pytest.mark.parametrize("lost", [(), (1,)], ids=["a face", "no face"])
def test_whole_layers_lie_where_their_plate_does(tmp_path: Path, lost: tuple[int, ...]) -> None:
    """Also where its data window is not the picture's; the pixels are those of small ones."""
    plate, track = write_shot(tmp_path, (1,), lost)
    window = Region(-20, 10, WIDTH + 40, HEIGHT - 30)
    write_plate(tmp_path / "shot.0001.exr", pixels(1, window.width, window.height), window)
    look, names = reage.Settings(40, 70, crop_size=128), ("reage_delta.red", "reage_matte.alpha")
    found = []
    for whole in (False, True):
        output = str(tmp_path / f"layers_{whole}.%04d.exr")
        job = reage.RenderJob(plate, output, look, "1", track, layers=ALL[:4], whole=whole)
        reage.render(job, model=PartsModel())
        found.append(read_channels(Path(output % 1), names)[:2])
    (small, place), (large, where) = found
    assert where == window != place
    np.testing.assert_array_equal(spread(small, place, window), large)
    assert large.any() != bool(lost)


def test_what_is_read_together_stands_together(rendered: dict[str, Path]) -> None:
    file = str(rendered["small"])
    count = oiio.ImageBuf(file).nsubimages
    parts = [oiio.ImageBuf(file, i, 0).spec()["name"] for i in range(count)]
    assert parts == ["rgba", "delta", "parts", "hair", "shape"]
    assert oiio.ImageBuf(str(rendered["whole"])).nsubimages == 1


def test_halves_of_the_delta_are_the_sum_of_the_halves_of_its_parts(
    rendered: dict[str, Path],
) -> None:
    names = [f"reage_delta{part}.{c}" for part in ("", "_detail", "_form", "_tone") for c in COLORS]
    values, _, _ = read_channels(rendered["small"], names)
    delta, *parts = np.split(values, 4, axis=-1)
    total = parts[0] + parts[1] + parts[2]
    assert np.abs(delta).max() > 0.01
    np.testing.assert_array_equal(delta, total.astype(np.float16).astype(np.float32))


def test_a_file_in_parts_is_read_as_layers(rendered: dict[str, Path]) -> None:
    layers, plate = read_layers(rendered["small"]), pixels(1)
    beauty, _, _ = read_channels(rendered["small"], ("R", "G", "B"))
    assert layers.shape is not None
    assert beauty.shape == plate.shape


def test_another_way_to_store_is_another_file_to_a_resumed_render(tmp_path: Path) -> None:
    plate, track = write_shot(tmp_path / "plates")
    look, output = reage.Settings(40, 70, crop_size=128), str(tmp_path / "layers.%04d.exr")

    def outcome(**how: object) -> str:
        job = reage.RenderJob(plate, output, look, "1", track, resume=True, **how)
        return reage.render(job, model=PartsModel()).frames[0].outcome

    assert [outcome(), outcome(), outcome(**SMALL), outcome(**SMALL)] == [
        "done", "kept", "done", "kept",
    ]  # fmt: skip


@pytest.mark.parametrize("damage", ["cut off", "zeroed"])
def test_a_resumed_render_makes_anew_what_was_damaged_behind_its_header(
    tmp_path: Path, damage: str
) -> None:
    plate, track = write_shot(tmp_path / "plates", (1, 2, 3))
    look = reage.Settings(40, 70, crop_size=128)
    job = reage.RenderJob(plate, str(tmp_path / "o.%04d.exr"), look, None, track, resume=True)
    reage.render(job, model=PartsModel())
    path = tmp_path / "o.0002.exr"
    whole = path.read_bytes()
    rest = whole[: len(whole) * 2 // 3]
    path.write_bytes(rest if damage == "cut off" else rest + bytes(len(whole) - len(rest)))
    report = reage.render(job, model=PartsModel())
    assert (report.numbers("kept"), report.numbers("done")) == ((1, 3), (2,))
    assert report.made_anew == {"the file was damaged": (2,)}
    assert path.read_bytes() == whole
