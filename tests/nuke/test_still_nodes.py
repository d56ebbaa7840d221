"""The nodes of a still face: they load, name what Nuke has, and hold still what they should."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fake_nuke import names, tcl
from helpers.shots import pixels, write_plate
from reage.faces import FaceTrack
from reage.faces.typical import typical_face
from reage.shot.stabilizing import StillFace, still_face, write_st_maps
from reage.tools.still_nuke import corners, toolset

FRAMES = (1, 2, 3)


@pytest.fixture
def still(tmp_path: Path) -> StillFace:
    smooth = np.mgrid[:240, :320].sum(0) / 560
    for number in FRAMES:
        rgb = pixels(number)
        rgb[..., 0] = np.sin(smooth * 20 + number)
        rgb[..., 1:] = smooth[..., None]
        write_plate(tmp_path / f"shot.{number:04d}.exr", rgb.astype(np.float32))
    faces = {
        n: replace(
            typical_face(n, yaw), center=(140.0 + 8 * n, 120.0), size=110.0, degrees=3.0 * n
        )
        for n, yaw in ((1, 14.0), (2, 0.0), (3, -9.0))
    }  # fmt: skip
    track = FaceTrack(320, 240, faces)
    found = still_face(track, str(tmp_path / "shot.%04d.exr"), str(tmp_path / "o" / "s.%04d.exr"))
    write_st_maps(found)
    return found


def test_it_loads_and_names_only_what_nuke_has(still: StillFace, session: Any) -> None:
    script = tcl.load(toolset(still))
    assert names.problems(script) == []
    assert [node.cls for node in script.nodes].count("STMap") == 2


@pytest.fixture
def pasted(still: StillFace, session: Any, tmp_path: Path) -> Any:
    nuke = session.nuke
    plate = nuke.nodes.Read(
        file=(tmp_path / "shot.%04d.exr").as_posix(), first=1, last=3, raw=True
    )
    for node in nuke.allNodes():
        node["selected"].setValue(node is plate)
    (tmp_path / "still.nk").write_text(toolset(still))
    nuke.nodePaste((tmp_path / "still.nk").as_posix())
    return nuke, plate


def test_pins_take_the_face_to_its_held_place_and_back(still: StillFace, pasted: Any) -> None:
    nuke, _ = pasted
    for name, source, target in (("StabilizePin", 1, 0), ("MatchMovePin", 0, 1)):
        node = nuke.toNode(name)
        for frame in FRAMES:
            both = (corners(still.held, still), corners(still.faces[frame], still))
            for word, which in (("from", source), ("to", target)):
                knobs = [node[f"{word}{k}"] for k in (1, 2, 3, 4)]
                at = [[knob.valueAt(frame, axis) for axis in (0, 1)] for knob in knobs]
                assert np.abs(np.array(at) - both[which]).max() < 1e-3


def test_the_mesh_leads_to_the_still_face_and_back_over_the_plate(
    still: StillFace, pasted: Any
) -> None:
    from fake_nuke import evaluate

    nuke, plate = pasted
    assert nuke.toNode("StillPlate").input(0) is plate
    for frame in FRAMES:
        before = evaluate.picture(plate, frame).array()[..., :3]
        after = evaluate.picture(nuke.toNode("FaceOverPlate"), frame).array()[..., :3]
        there, back = still.maps(frame)
        outside = back.matte == 0
        assert np.array_equal(before[outside], after[outside])
        sure = back.matte > 0.9
        assert sure.sum() > 4000
        off = np.abs(after - before)[sure]
        assert off.mean() < 2e-4 and np.percentile(off, 99.5) < 5e-3
    held = evaluate.picture(nuke.toNode("StabilizeFace"), 2).array()[..., :3]
    assert np.abs(held - evaluate.picture(plate, 2).array()[..., :3]).max() < 1e-4
