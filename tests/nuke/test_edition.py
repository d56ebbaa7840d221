"""Nuke Indie and Non-commercial, whose Python reaches ten nodes of a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpers import bakes
from reage.errors import PlateError


@pytest.fixture
def script(limited_session: Any, tmp_path: Path) -> Any:
    """A script of more nodes than can be reached."""
    nuke = bakes.start(limited_session, tmp_path)
    nuke.scriptReadText("Constant {\n inputs 0\n}\n" + "Multiply {\n value 1\n}\n" * 12)
    return nuke


def test_an_untouched_read_is_baked_and_looked_after(limited_session: Any, script: Any) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = reage_nuke.create(plate, source_age=50, target_age=25, crop_size="256")
    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)
    limited_session.idle()
    limited_session.pump()
    script.scriptSave()
    assert node["status"].value() == "baked 1/3"


def test_any_other_plate_is_refused_in_a_sentence(limited_session: Any, script: Any) -> None:
    import reage_nuke

    touched = script.toNode("Multiply12")
    node = reage_nuke.create(touched, source_age=50, target_age=25)
    with pytest.raises(PlateError, match=r"Multiply12 .*Nuke (Indie|Non-commercial) .*EXR, Read"):
        reage_nuke.bake(node, 1001, 1001)
    limited_session.idle()  # looked at, and saved, with no traceback
    limited_session.pump()
    script.scriptSave()
    node["bake_range"].execute()
    limited_session.pump(until=lambda: "ten nodes" in node["status"].value())


def test_the_fake_lets_ten_nodes_through(script: Any) -> None:
    """The check of the check."""
    for number in range(1, 11):
        script.toNode(f"Multiply{number}")
    with pytest.raises(RuntimeError, match="10 nodes"):
        script.toNode("Multiply11")
    with pytest.raises(RuntimeError, match="10 nodes"):
        script.allNodes()
