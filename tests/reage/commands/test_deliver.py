"""`reage deliver` hands out the maps of a face held still beside what it delivers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reage import home
from reage.cli import main

PLATE = str(home.samples() / "demo.%04d.exr")


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    baked = tmp_path_factory.mktemp("baked") / "l.%04d.exr"
    ages = ("--source-age", "50", "--target-age", "70", "--crop-size", "256")
    frames = ("--frames", "1001-1002", "-q")
    assert main(["render", PLATE, *ages, "-o", str(baked), *frames]) == 0
    return baked


def test_st_maps_are_those_that_stabilize_makes(layers: Path, tmp_path: Path) -> None:
    words = ["--plate", PLATE, "-o", str(tmp_path / "d.%04d.png"), "-q"]
    assert main(["deliver", str(layers), *words, "--st-map", str(tmp_path / "s.%04d.exr")]) == 0
    track = str(layers.parent / "l.track.json")
    other = ["stabilize", track, "--plate", PLATE, "-o", str(tmp_path / "t.%04d.exr"), "-q"]
    assert main(other) == 0
    maps = sorted(path.name for path in tmp_path.glob("s.*.exr"))
    assert maps == [f"s.{way}.{n}.exr" for way in ("matchmove", "stabilize") for n in (1001, 1002)]
    for name in maps:
        assert (tmp_path / name).read_bytes() == (tmp_path / f"t{name[1:]}").read_bytes()
    assert (tmp_path / "s.nk").is_file() and (tmp_path / "d.1001.png").is_file()


@pytest.mark.parametrize("more, name, sentence", [
    (("--plate", PLATE, "--track", "none.json"), "s.%04d.exr", "none.json"),
    ((), "s.%04d.exr", "name it with --plate"),
    (("--plate", PLATE), "s.exr", "has no place for a frame number"),
    (("--plate", PLATE), "s.png", "ST maps are written as"),
])  # fmt: skip
def test_what_the_maps_cannot_be_made_of_is_refused_first(
    layers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...],
    name: str, sentence: str,
) -> None:  # fmt: skip
    words = ["deliver", str(layers), "-o", str(tmp_path / "d.zip"), *more]
    assert main([*words, "--st-map", str(tmp_path / name)]) in (2, 5)
    assert sentence in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_maps_overwrite_neither_layers_nor_plate(
    layers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plate, and layers, that lie where the maps would go."""
    plate, baked = str(tmp_path / "s.stabilize.%04d.exr"), str(tmp_path / "s.matchmove.%04d.exr")
    for n in (1001, 1002):
        shutil.copy(PLATE % n, plate % n)
        shutil.copy(str(layers) % n, baked % n)
    maps, kept = str(tmp_path / "s.%04d.exr"), str(layers.parent / "l.track.json")
    track = ("--st-map", maps, "--track", kept)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for one, other, what in ((str(layers), plate, "plate"), (baked, PLATE, "layers")):
        words = ["deliver", one, "--plate", other, "-o", str(tmp_path / "d.mov"), *track]
        assert main(words) == 2
        assert f"would overwrite the {what}" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_rung_of_a_ladder_has_the_track_of_them_all(tmp_path: Path) -> None:
    baked = str(tmp_path / "l.%04d.exr")
    ages = ("--source-age", "50", "--ladder", "30,70", "--crop-size", "256", "--frames", "1001")
    assert main(["render", PLATE, *ages, "-o", baked, "-q"]) == 0
    words = ["--plate", PLATE, "--st-map", str(tmp_path / "s.%04d.exr"), "-q"]
    rung = str(tmp_path / "l.age30.%04d.exr")
    assert main(["deliver", rung, "-o", str(tmp_path / "d.%04d.png"), *words]) == 0
    assert (tmp_path / "s.stabilize.1001.exr").is_file() and (tmp_path / "d.1001.png").is_file()
