"""What goes on without the plugin: the Tracker node, the plain group."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fake_nuke import tcl
from helpers import bakes


@pytest.fixture
def baked(session: Any, tmp_path: Path) -> Any:
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    node = reage_nuke.create(bakes.read(nuke), source_age=50, target_age=25, crop_size="256")
    reage_nuke.bake(node)
    return nuke, node


def test_the_tracker_follows_the_face_in_nukes_coordinates(baked: Any) -> None:
    nuke, node = baked
    node["export_track"].execute()
    (tracker,) = nuke.allNodes("Tracker4")
    (head, columns, rows) = tcl.split(tracker["tracks"].toScript())
    assert head.split() == ["1", "31", "3"]
    assert len(tcl.split(columns)) == 31
    face = tcl.split(tcl.split(rows)[0])
    assert len(face) == 31 and face[1] == "face"
    x, y = (dict(_keys(face[k])) for k in (2, 3))
    pattern = Path(node["cache"].value())
    track = json.loads((pattern.parent / "ReAge1.track.json").read_text())
    for entry in track["frames"]:
        assert x[entry["frame"]] == pytest.approx(entry["center"][0], abs=1e-3)
        assert y[entry["frame"]] == pytest.approx(track["height"] - entry["center"][1], abs=1e-3)


def test_the_tracker_of_a_squeezed_plate_is_in_its_own_px(baked: Any) -> None:
    nuke, node = baked
    path = Path(node["cache"].value()).parent / "ReAge1.track.json"
    track = json.loads(path.read_text()) | {"pixel_aspect": 2.0}
    path.write_text(json.dumps(track))
    node["export_track"].execute()
    (tracker,) = nuke.allNodes("Tracker4")
    rows = [tcl.split(row) for row in tcl.split(tcl.split(tracker["tracks"].toScript())[2])]
    (center, y), (right, _) = ([dict(_keys(row[k])) for k in (2, 3)] for row in (rows[0], rows[2]))
    for entry in track["frames"]:
        turned = 0.5 * entry["size"] * math.cos(math.radians(entry["degrees"]))
        assert center[entry["frame"]] == pytest.approx(entry["center"][0], abs=1e-3)
        assert right[entry["frame"]] - center[entry["frame"]] == pytest.approx(turned / 2, abs=1e-3)


def _keys(curve: str) -> list[tuple[int, float]]:
    words = curve.split()[1:]
    return [(int(k[1:]), float(v)) for k, v in zip(words[::2], words[1::2], strict=True)]


def test_a_node_without_a_track_says_so(session: Any, tmp_path: Path) -> None:
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    node = reage_nuke.create(bakes.read(nuke))
    node["export_track"].execute()
    assert "bake" in node["status"].value()
    assert nuke.allNodes("Tracker4") == []


def test_the_native_group_gives_the_same_pixels_without_the_plugin(baked: Any) -> None:
    nuke, node = baked
    after = nuke.nodes.Multiply(inputs=[node], value=1)
    shown = bakes.pixels(node, 1002)
    node["to_native"].execute()
    assert nuke.allNodes("ReAge") == []
    (group,) = nuke.allNodes("Group")
    assert after.input(0) is group
    assert np.array_equal(bakes.pixels(group, 1002), shown)
    group["detail"].setValue(0)
    group["form"].setValue(2)
    steered = bakes.pixels(group, 1002)
    assert np.abs(steered - shown).max() > 1e-3
    group["blend"].setValue(0)
    assert np.array_equal(bakes.pixels(group, 1002), bakes.pixels(group.input(0), 1002))
    assert "reage_nuke" not in group.writeKnobs()
    assert not [node.name() for node in group.nodes() if node.Class() == "Write"]
