"""Shots whose frames are not alike, as a person renders them: real files, real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.plate_files import part, write_image, write_parts
from helpers.shots import HEIGHT, WIDTH, pixels, write_plate, write_shot
from reage.media.imagefile import read_info
from reage.media.sequence import open_shot
from reage.shot.image import read_layers

RGB = ("R", "G", "B")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    return delta_network(path, card=CARD | {"halo": 1, "crop_size": 128})


def rendered(
    shot: tuple[str, str], out: Path, model: Path, *more: object
) -> tuple[int, dict[str, Any], str]:
    """Exit code, report and stderr."""
    words = ["render", shot[0], "--source-age", "40", "--target-age", "70", "--model", model,
             "--track", shot[1], "--colorspace", "ACEScg", "-o", out, "--json", *more]  # fmt: skip
    command = [sys.executable, "-m", "reage.cli", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    report = next((line["result"] for line in lines if "result" in line), {})
    return done.returncode, report, done.stderr


def test_a_frame_without_the_eye_of_the_first_fails(tmp_path: Path, model: Path) -> None:
    shot = write_shot(tmp_path / "p", frames=range(1, 4))
    for number in range(1, 4):
        views = ("left", "right") if number != 2 else ("right",)
        pictures = [pixels(n).astype(np.float16) for n, _ in enumerate(views)]
        specs = [part(name, p, RGB) for name, p in zip(views, pictures, strict=True)]
        for spec, name in zip(specs, views, strict=True):
            spec.attribute("view", name)
        write_parts(Path(shot[0] % number), specs, pictures)
    code, _, said = rendered(shot, tmp_path / "a.%04d.exr", model)
    assert code == 3 and "shot.0002.exr lacks left" in said, said
    code, report, _ = rendered(shot, tmp_path / "b.%04d.exr", model, "--continue-on-error")
    assert code == 1 and [f["outcome"] for f in report["frames"]] == ["done", "failed", "done"]
    assert "lacks left" in report["frames"][1]["error"]
    code, report, _ = rendered(shot, tmp_path / "c.%04d.exr", model, "--layer", "right")
    assert code == 0 and report["written"] == [1, 2, 3]


@pytest.mark.parametrize(
    ("mode", "values", "same_as"),
    [("scale", (255.0, -3.0, 1.5), (1.0, 0.0, 1.0)), ("replace", (80.0, -0.2, 2.0), (1, 0, 1))],
)
def test_an_age_map_beyond_0_to_1_is_held_there_and_named(
    tmp_path: Path, model: Path, mode: str, values: tuple[float, ...], same_as: tuple[float, ...]
) -> None:
    shot = write_shot(tmp_path / "p", frames=range(1, 4))
    made = []
    for name, levels in (("odd", values), ("fine", same_as)):
        for number, level in enumerate(levels, 1):
            flat = np.full((HEIGHT, WIDTH, 3), level, np.float32)
            write_plate(tmp_path / f"{name}.{number}.exr", flat)
        code, report, _ = rendered(shot, tmp_path / name / "o.%d.exr", model, "--age-map-mode",
                                   mode, "--age-map", tmp_path / f"{name}.%d.exr")  # fmt: skip
        assert code == 0
        made.append([read_layers(tmp_path / name / f"o.{n}.exr").delta for n in (1, 2, 3)])
        said = [line for line in report["notices"] if "counts as 0" in line]
        assert len(said) == (name == "odd")
        if said:
            assert "odd.%d.exr goes from " in said[0] and "in frames 1-3;" in said[0]
            assert f"{min(values):.3g} to {max(values):.3g}" in said[0]
    for odd, fine in zip(*made, strict=True):
        assert np.array_equal(odd, fine)
    assert made[0][0].any()


def sized(folder: Path) -> tuple[str, str]:
    """A shot whose frame 2 has fewer rows; frame 3 is of the others' size, with a smaller data
    window."""
    shot = write_shot(folder, frames=range(1, 5))
    for number, rows, shown in ((2, 180, 180), (3, 200, HEIGHT)):
        Path(shot[0] % number).unlink()
        write_image(Path(shot[0] % number), pixels(number)[:rows], display=(0, 0, WIDTH, shown))
    return shot


def test_a_frame_of_another_size_is_worth_a_look(tmp_path: Path, model: Path) -> None:
    for name in ("layers.%d.exr", "picture.%d.png"):
        code, report, _ = rendered(sized(tmp_path / "p"), tmp_path / name, model)
        assert code == 0 and report["written"] == [1, 2, 3, 4]
        assert report["faces"][0]["worth_a_look"]["another size"] == [2]
        assert "another size: 2" in report["text"]
    assert read_info(tmp_path / "picture.2.png").display.height == 180


def test_a_movie_has_no_frame_of_another_size(tmp_path: Path, model: Path) -> None:
    shot, out = sized(tmp_path / "p"), tmp_path / "o.mov"
    code, _, said = rendered(shot, out, model)
    assert code == 3 and "320×180 px, the shot's first frame 320×240" in said, said
    assert not out.exists()
    code, report, said = rendered(shot, out, model, "--continue-on-error")
    assert code == 1 and [f["number"] for f in report["frames"] if f["error"]] == [2], said
    made = open_shot(out)
    before, odd = (made.read(n).rgb for n in (1, 2))
    assert made.frames == (1, 2, 3, 4)
    assert np.abs(before - odd).max() < 0.1  # the one before is shown again


def test_a_color_space_that_changes_is_told(tmp_path: Path, model: Path) -> None:
    shot = write_shot(tmp_path / "p", frames=range(1, 5))
    for number in range(1, 5):
        space = "lin_rec709_scene" if number > 2 else "ACEScg"
        write_plate(Path(shot[0] % number), pixels(number), colorspace=space)
    words = ["render", shot[0], "--source-age", "40", "--target-age", "70", "--model", model,
             "--track", shot[1], "-o", tmp_path / "o.%d.exr"]  # fmt: skip
    command = [sys.executable, "-m", "reage.cli", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].endswith("(ACEScg; 3-4 in Linear Rec.709 (sRGB))")
