"""What makes a frame stale is what its files hold; where they lie and when they came does not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import OpenImageIO as oiio
import pytest

from helpers.bundles import page
from helpers.folder_graph import FolderGraph
from reage import version
from reage.album import page_path
from reage_host import fingerprint
from reage_host.bake import Bake
from reage_host.engine import Engine
from reage_host.fingerprint import UNSEEN, MadeFrom, Mark, contents
from reage_host.state import states

USUAL = {"source_age": 50.0, "target_age": 70.0, "colorspace": "ACEScg", "crop_size": 256}


@pytest.fixture
def baked(shot: Path, engine: Engine) -> FolderGraph:
    graph = FolderGraph(shot, USUAL)
    assert Bake(graph, engine.worker).run().failed == {}
    return graph


def test_the_same_files_on_another_mount_are_fresh(baked: FolderGraph, tmp_path: Path) -> None:
    home = Path(baked.files.pattern).parent
    mount = tmp_path / "mnt" / "sh010"
    shutil.copytree(home, mount, copy_function=shutil.copyfile)
    there = FolderGraph(mount / "plate_v01.1001.exr", USUAL)
    assert states(there).text() == "baked 3/3"
    (mount / "plate_v01.1001.exr").rename(mount / "plate_v02.1001.exr")
    assert states(FolderGraph(mount / "plate_v01.1002.exr", USUAL)).text() == "baked 2/2"


def test_where_the_plates_are_not_seen_only_settings_make_frames_stale(
    baked: FolderGraph, tmp_path: Path
) -> None:
    Path(baked.layers).parent.rename(tmp_path / "layers")
    baked.layers = str(tmp_path / "layers" / "face.%04d.exr")
    home = Path(baked.files.pattern).parent
    home.rename(home.with_name("unmounted"))
    assert states(baked).text() == "baked 3/3"
    baked.values["target_age"] = 60.0
    assert states(baked).text() == "baked 0/3, 3 stale"


def test_another_version_keeps_what_is_baked_and_another_format_does_not(
    baked: FolderGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reage_host import state, track

    monkeypatch.setattr(version, "__version__", "9.9")
    assert states(baked).text() == "baked 3/3"
    for module in (state, track):
        monkeypatch.setattr(module, "BAKE_FORMAT", version.BAKE_FORMAT + 1)
    assert states(baked).text() == "baked 0/3, 3 stale"


def test_a_page_of_an_album_that_gets_another_age_makes_frames_stale(
    shot: Path, engine: Engine, tmp_path: Path
) -> None:
    album = tmp_path / "book" / "album"
    for age in (60, 80):
        page(page_path(album, age))
    graph = FolderGraph(shot, USUAL | {"pattern": f"{tmp_path / 'book'}@target"})
    assert Bake(graph, engine.worker).run().failed == {}
    assert states(graph).text() == "baked 3/3"
    page_path(album, 60).rename(page_path(album, 65))
    assert states(graph).text() == "baked 0/3, 3 stale"


def plate(path: Path, seed: int, compression: str = "none", side: int = 1024) -> None:
    """Grain, and a patch of 24 px with other grain, as a paint fix leaves it."""
    rgb = np.random.default_rng(7).normal(0.18, 0.01, (side, side, 3)).astype(np.float32)
    patch = np.random.default_rng(seed).normal(0.18, 0.01, (24, 24, 3))
    rgb[side // 3 :, side // 3 :][:24, :24] = patch
    spec = oiio.ImageSpec(side, side, 3, "half")
    spec["compression"] = compression
    out = oiio.ImageOutput.create(str(path))
    assert out.open(str(path), spec) and out.write_image(rgb) and out.close()


@pytest.mark.parametrize("compression", ["none", "zip", "zips", "piz", "b44", "dwaa"])
def test_a_painted_patch_is_noticed(tmp_path: Path, compression: str) -> None:
    file = tmp_path / "plate.1001.exr"
    plate(file, 1, compression)
    before = contents(file)
    plate(file, 2, compression)
    assert contents(file) != before


def test_a_file_is_read_once_while_it_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, opened = tmp_path / "plate.1001.exr", list[Path]()
    plate(file, 1, "zip", side=64)
    look = fingerprint.chunks_vary
    monkeypatch.setattr(fingerprint, "chunks_vary", lambda p: opened.append(p) or look(p))
    first = contents(file)
    assert contents(file) == first and opened == [file]
    os.utime(file, ns=(1, 1))
    assert contents(file) == first and opened == [file, file]


@pytest.mark.parametrize("mib, places", [(40, (0, 0.5, 1)), (400, (0, 1))])
def test_a_frame_is_read_whole_and_a_movie_in_pieces_to_its_end(
    tmp_path: Path, mib: int, places: tuple[float, ...]
) -> None:
    file = tmp_path / "plate.mov"
    with file.open("wb") as empty:
        empty.truncate(mib << 20)
    before = contents(file)
    for at in (int(place * ((mib << 20) - 1)) for place in places):
        with file.open("r+b") as f:
            f.seek(at)
            f.write(b"x")
        assert contents(file) != before, at
        before = contents(file)


def test_a_missing_file_is_none_and_one_of_a_missing_folder_is_unseen(tmp_path: Path) -> None:
    assert contents(tmp_path / "a.exr") is None
    assert contents(tmp_path / "gone" / "a.exr") == UNSEEN


MARKS: dict[str, Callable[[MadeFrom], bool]] = {
    "the same": lambda at_home: Mark.of(at_home).agrees(str(Mark.of(at_home))),
    "not seen from here": lambda at_home: Mark.of(MadeFrom("a", (UNSEEN,))).agrees(
        str(Mark.of(at_home))
    ),
}


@pytest.mark.parametrize("what", MARKS)
def test_marks_agree(what: str) -> None:
    assert MARKS[what](MadeFrom("a", ("held",)))


@pytest.mark.parametrize(
    "now, then",
    [
        (MadeFrom("b", ("held",)), MadeFrom("a", ("held",))),
        (MadeFrom("a", ("other",)), MadeFrom("a", ("held",))),
        (MadeFrom("b", (UNSEEN,)), MadeFrom("a", ("held",))),
        # A file that was not there when it was baked says nothing of those that were.
        (MadeFrom("a", ("other", UNSEEN)), MadeFrom("a", ("held", UNSEEN))),
        (MadeFrom("a", ("held",)), MadeFrom("a", (UNSEEN,))),
    ],
)
def test_marks_do_not_agree(now: MadeFrom, then: MadeFrom) -> None:
    assert not Mark.of(now).agrees(str(Mark.of(then)))
    assert not Mark.of(now).agrees(None) and not Mark.of(now).agrees("")
