"""What cannot be baked is refused in a sentence, and nothing is lost; other kinds of plates."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.in_blender import Blender, color, demo, read, write
from helpers.plate_files import write_talkie

REFUSED = {
    "no plate": "There is no plate here",
    "no file": "nowhere.%04d.exr",
    "unsaved": "Save the file first",
    "backwards": "ReAge: 3 to 2 runs backwards.",
    "outside": "has no frames from 50 to 60; in this scene it runs from 1 to 3.",
    "model": "none.onnx is not there.",
    "files": "its files are //layers.exr; name a pattern",
    "pattern": "nonsense*",
    "map": "There is no file",
    "driver": "ReAge: target_age has a driver",
    "long": "The plate cannot be looked at: ",
    "alpha": "the output Alpha of ",
    "data": "is set to Non-Color",
    "graph": "ReAge: Blur leads into Plate, and ReAge bakes files.",
    "unconnected": "ReAge has no plate: connect an Image or Movie Clip node",
    "empty": "holds nothing; choose a plate in it.",
    "two": "ReAge is used on 2 plates",
    "moved": "There is no folder",
    "engine": "REAGE_PYTHON names /nowhere/python, which is no program.",
}


def test_each_wrong_input_is_a_sentence(blender: Blender, tmp_path: Path) -> None:
    (tmp_path / "plates").mkdir()
    for number in (1001, 1002, 1003):
        write(tmp_path / "plates" / f"plate.{number}.exr", demo(number))
    said = blender.run("refused", tmp_path)
    wrong = {name: said[name] for name, part in REFUSED.items() if part not in said[name]}
    assert wrong == {}
    sentences = [said[name] for name in REFUSED]
    assert all(s.startswith("Error: ") and "Traceback" not in s for s in sentences)
    assert said["still there"]
    assert "engine: NOT WELL. REAGE_PYTHON names" in said["troubleshoot"]
    assert not (tmp_path / "reage_layers").exists()


def test_a_clip_with_overscan_begins_where_its_scene_says(blender: Blender, tmp_path: Path) -> None:
    """Blender takes the data window for the picture, of plate and layers alike."""
    for number in (1001, 1002, 1003):
        write(tmp_path / f"plate.{number}.exr", demo(number), window=(-16, -9))
    said = blender.run("clip", tmp_path, "plate.1001.exr", "11")
    assert said == {"range": [11, 13], "computed": [1001, 1002, 1003], "state": "baked 3/3"}
    for frame, number in ((11, 1001), (13, 1003)):
        before = _is_changed(tmp_path, frame, number)
        np.testing.assert_array_equal(before, color(read(tmp_path / f"plate.{number}.exr")))


def test_a_movie(blender: Blender, tmp_path: Path) -> None:
    """Blender's frame 1 of it is the engine's."""
    shown = [_eight_bits(demo(1001)) * share for share in (0.5, 0.75, 1.0)]
    write_talkie(tmp_path / "face.mov", [picture.astype(np.uint8) for picture in shown])
    said = blender.run("clip", tmp_path, "face.mov", "1")
    assert said == {"range": [1, 3], "computed": [1, 2, 3], "state": "baked 3/3"}
    for frame in (1, 2, 3):
        before = _is_changed(tmp_path, frame, frame)
        apart = [abs(np.median(before) - np.median(p / 255.0) ** 2.2) for p in shown]
        assert apart.index(min(apart)) == frame - 1


def _eight_bits(picture: np.ndarray) -> np.ndarray:
    """(h, w, 3) as a monitor shows it."""
    seen = np.clip(picture[..., :3], 0.0, 1.0) ** (1 / 2.2)
    return np.asarray((seen * 255.0).round().astype(np.uint8))


def _is_changed(folder: Path, frame: int, number: int) -> np.ndarray:
    """Holds that the change in the render of a frame is the baked one; its plate."""
    before, after = (color(read(folder / n / f"{frame:04d}.exr")) for n in ("without", "with"))
    baked = read(next((folder / "reage_layers").glob(f"*.{number:04d}.exr")))
    wanted = color(baked, "reage_delta") * baked["reage_matte.alpha"][..., None]
    assert np.abs(wanted).max() > 0.01
    assert np.abs(after - before - wanted).max() < 1e-5
    return before


@pytest.mark.parametrize("space", ["ACEScg", "sRGB"])
def test_colors_are_converted_once(blender: Blender, tmp_path: Path, space: str) -> None:
    """Of a plate in another space Blender's picture and the layers, by the space that they are
    in, go through the same matrix; of an encoded one the layers are in the working space."""
    picture = demo(1001)[..., :3]
    if space == "sRGB":
        assert cv2.imwrite(str(tmp_path / "plate.1001.png"), _eight_bits(picture)[..., ::-1])
        name = "plate.1001.png"
    else:
        write(tmp_path / "plate.1001.exr", picture)
        name = "plate.1001.exr"
    said = blender.run("spaces", tmp_path, name, space)
    assert said["state"] == "baked 1/1"
    wanted = "ACEScg" if space == "ACEScg" else "Linear Rec.709"
    assert f"plate in {space}, layers in {wanted}" in said["text"]
    before, after = (color(read(tmp_path / n / "0001.exr")) for n in ("without", "with"))
    baked = read(next((tmp_path / "reage_layers").glob("*.exr")))
    change = color(baked, "reage_delta") * baked["reage_matte.alpha"][..., None]
    if space == "ACEScg":
        matrix = np.linalg.lstsq(picture.reshape(-1, 3), before.reshape(-1, 3), rcond=None)[0]
        np.testing.assert_allclose(matrix, AP1_TO_REC709.T, atol=1e-3)
        change = change @ matrix
    assert np.abs(change).max() > 0.01
    assert np.abs(after - before - change).max() < 1e-5


AP1_TO_REC709 = np.array([
    [1.70505, -0.62179, -0.08326], [-0.13026, 1.14080, -0.01055], [-0.02400, -0.12897, 1.15297],
])  # fmt: skip
"""ACEScg to linear Rec.709, Bradford-adapted, as ACES 1.3 publishes it; configs round it."""
