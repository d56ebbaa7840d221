"""Which of a file's pictures is read: the finished one, the one that is asked for, or none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.plate_files import noise, part, write_image, write_parts
from reage.errors import PlateError
from reage.media.imagefile import read_alpha, read_info, read_layer_names, read_plate
from reage.media.sequence import open_shot

Parts = dict[str, tuple[str, ...]]


def written(folder: Path, parts: Parts) -> tuple[Path, dict[str, np.ndarray]]:
    """A file of these parts (one unnamed one, if "" names it), and each channel's pixels."""
    path, every = folder / "p.exr", {}
    pictures = []
    for number, (name, channels) in enumerate(parts.items()):
        pixels = noise(6, 8, len(channels), number)
        pictures.append(pixels)
        every |= {(name, c): pixels[..., i] for i, c in enumerate(channels)}
    if list(parts) == [""]:
        write_image(path, pictures[0], names=parts[""])
    else:
        specs = [part(n, p, parts[n]) for n, p in zip(parts, pictures, strict=True)]
        write_parts(path, specs, pictures)
    return path, every


RGB = ("R", "G", "B")
RGBA = (*RGB, "A")


def under(prefix: str, names: tuple[str, ...] = RGBA) -> tuple[str, ...]:
    return tuple(f"{prefix}.{name}" for name in names)


@pytest.mark.parametrize(
    ("parts", "read"),
    [
        ({"": (*under("N"), *RGBA, *under("diffuse"))}, ("", "")),
        ({"": under("beauty")}, ("", "beauty.")),
        ({"": (*under("ViewLayer.Normal"), *under("ViewLayer.Combined"))},
         ("", "ViewLayer.Combined.")),
        ({"": (*under("right"), *under("left"))}, ("", "left.")),
        ({"": under("rgba")}, ("", "rgba.")),
        ({"": (*under("N"), *under("aov7"))}, ("", "aov7.")),
        ({"N": RGB, "C": RGBA}, ("C", "")),
        ({"depth": ("Z",), "normals": RGB, "rgba_main": RGBA}, ("rgba_main", "")),
        ({"P": under("P"), "beauty": under("beauty")}, ("beauty", "beauty.")),
        ({"rgba.right": RGBA, "rgba.left": RGBA}, ("rgba.left", "")),
    ],
)  # fmt: skip
def test_the_finished_picture_is_found(
    tmp_path: Path, parts: Parts, read: tuple[str, str]
) -> None:
    path, every = written(tmp_path, parts)
    name, prefix = read
    plate = read_plate(path)
    for i, color in enumerate(RGB):
        np.testing.assert_array_equal(plate.rgb[..., i], every[name, prefix + color])
    alpha = read_alpha(path, plate.region)
    if prefix + "A" in parts[name]:
        np.testing.assert_array_equal(alpha, every[name, prefix + "A"])
    else:
        assert alpha is None
    assert set(read_info(path).channels) == set(parts[name])


def test_of_several_that_may_be_it_none_is_taken_unasked(tmp_path: Path) -> None:
    path, every = written(tmp_path, {"": (*under("key"), *under("fill"))})
    with pytest.raises(PlateError, match="several pictures: fill, key. Choose one with --layer"):
        read_plate(path)
    plate = read_plate(path, layer="FILL")
    np.testing.assert_array_equal(plate.rgb[..., 1], every["", "fill.G"])
    np.testing.assert_array_equal(
        read_alpha(path, plate.region, "fill"), every["", "fill.A"]
    )


@pytest.mark.parametrize("layer", ["C", "right", "combined", "ViewLayer.Combined", "N", "Z"])
def test_a_layer_is_called_by_its_part_its_prefix_its_last_word_or_its_view(
    tmp_path: Path, layer: str
) -> None:
    name, prefix = {
        "C": ("C", ""), "right": ("x", "right."), "N": ("N", ""), "Z": ("Z", ""),
    }.get(layer, ("x", "ViewLayer.Combined."))  # fmt: skip
    parts = {
        "x": (*under("left"), *under("right"), *under("ViewLayer.Combined")),
        "C": RGB, "N": RGB, "Z": ("Y",),
    }  # fmt: skip
    path, every = written(tmp_path, parts)
    plate = read_plate(path, layer=layer)
    wanted = [every[name, prefix + c] for c in (RGB if layer != "Z" else "YYY")]
    np.testing.assert_array_equal(plate.rgb, np.stack(wanted, -1))


def test_a_shot_says_which_layer_it_reads(tmp_path: Path) -> None:
    plain, _ = written(tmp_path, {"": (*RGBA, *under("N"))})
    assert open_shot(plain).notices == ()
    path, _ = written(tmp_path, {"N": RGB, "C": RGBA})
    assert open_shot(path).notices == ("p.exr: the layer C is read; there are N too (--layer).",)
    assert open_shot(path, layer="N").notices == ()
    assert read_layer_names(path) == ("C", "N")


def test_alpha_alone_is_an_alpha_and_no_picture(tmp_path: Path) -> None:
    path, every = written(tmp_path, {"": ("A",)})
    np.testing.assert_array_equal(read_alpha(path, read_info(path).data), every["", "A"])
    with pytest.raises(PlateError, match="has no R, G, B channels. Its channels are A"):
        read_plate(path)


LEFT, RIGHT = {"left": RGB, "right": RGB}, {"right": RGB}
BEAUTY, DIFFUSE = {"": (*under("beauty"), *under("diffuse"))}, {"": under("diffuse")}


def shot_of(folder: Path, *frames: Parts) -> tuple[str, list[dict[tuple[str, str], np.ndarray]]]:
    """A file for each frame, 1 and on; their pixels."""
    every = []
    for number, parts in enumerate(frames, 1):
        path, pixels = written(folder, parts)
        path.rename(folder / f"s.{number:04d}.exr")
        every.append(pixels)
    return str(folder / "s.%04d.exr"), every


@pytest.mark.parametrize(
    ("first", "odd", "lacks"),
    [
        (LEFT, RIGHT, r"s\.0002\.exr lacks left.* has right\."),
        (BEAUTY, DIFFUSE, r"lacks beauty.* has diffuse\."),
        ({"": RGB}, DIFFUSE, r"lacks R, G, B.* has diffuse\."),
        (DIFFUSE, {"": (*RGB, *under("spec"))}, r"lacks diffuse.* has R, G, B, spec\."),
        (BEAUTY, {"": ("Z",)}, r"lacks beauty.* has no picture\."),
    ],
)
def test_what_the_first_frame_is_read_by_holds_for_all(
    tmp_path: Path, first: Parts, odd: Parts, lacks: str
) -> None:
    pattern, _ = shot_of(tmp_path, first, odd, first)
    shot = open_shot(pattern)
    before, after = shot.read(1), shot.read(3)
    assert np.array_equal(before.rgb, after.rgb)
    with pytest.raises(PlateError, match=lacks):
        shot.read(2)
    alone = open_shot(pattern, "2")  # by itself such a frame is a shot of its own
    if odd != {"": ("Z",)}:
        assert alone.read(2).rgb.any()


def test_a_first_frame_that_is_damaged_or_missing_decides_nothing(tmp_path: Path) -> None:
    pattern, every = shot_of(tmp_path, LEFT, LEFT, LEFT, RIGHT)
    (tmp_path / "s.0001.exr").unlink()
    (tmp_path / "s.0002.exr").write_bytes(b"no image")
    shot = open_shot(pattern, "1-4")
    assert np.array_equal(shot.read(3).rgb[..., 0], every[2]["left", "R"])
    with pytest.raises(PlateError, match="lacks left"):
        shot.read(4)


def test_an_explicit_layer_is_what_is_read(tmp_path: Path) -> None:
    pattern, every = shot_of(tmp_path, LEFT, RIGHT)
    shot = open_shot(pattern, layer="right")
    for number in (1, 2):
        assert np.array_equal(shot.read(number).rgb[..., 0], every[number - 1]["right", "R"])


def test_views_in_one_part_are_called_by_their_names(tmp_path: Path) -> None:
    """The channels of the first view of `multiView` have no view in their names."""
    pixels = noise(6, 8, 6)
    path = write_image(
        tmp_path / "p.exr", pixels, names=(*RGB, *under("right", RGB)),
        attributes={"multiView": ("string[2]", ("left", "right"))},
    )  # fmt: skip
    for name, first in ((None, 0), ("left", 0), ("right", 3)):
        assert np.array_equal(read_plate(path, layer=name).rgb, pixels[..., first : first + 3])
    (said,) = open_shot(path).notices
    assert "the layer left is read; there are right too (--layer)" in said


def test_two_view_layers_are_several(tmp_path: Path) -> None:
    two = (*under("A.Combined"), *under("B.Combined"))
    path, _ = written(tmp_path, {"": two})
    with pytest.raises(PlateError, match=r"several pictures: A\.Combined, B\.Combined\."):
        read_plate(path)
    path, every = written(tmp_path, {"": (*two, *under("Composite.Combined"))})
    assert np.array_equal(read_plate(path).rgb[..., 0], every["", "Composite.Combined.R"])
    eyes = (*under("A.right.Combined"), *under("A.left.Combined"))
    path, every = written(tmp_path, {"": eyes})
    assert np.array_equal(read_plate(path).rgb[..., 0], every["", "A.left.Combined.R"])


def test_a_layer_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path, _ = written(tmp_path, {"rgba.left": RGBA, "diffuse": RGB})
    with pytest.raises(PlateError, match=r"pictures are rgba\.left.*, diffuse; its channels are R"):
        read_plate(path, layer="beauty")
