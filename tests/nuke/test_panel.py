"""The panel in Nuke: real widgets, the fake Nuke as Nuke, the real worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import OpenImageIO as oiio
import pytest

from helpers import bakes
from reage_ui.picture import Picture


@pytest.fixture
def script(gui_session: Any, tmp_path: Path) -> Any:
    return bakes.start(gui_session, tmp_path)


@pytest.fixture
def panel(
    gui_session: Any, script: Any, qtbot: Any, tmp_path: Path, monkeypatch: Any
) -> Iterator[Any]:
    import reage_nuke

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    plate = bakes.read(script)
    reage_nuke.create(plate, source_age=50, target_age=30, crop_size="256")
    widget = gui_session.registered_panels["reage.panel"].open()
    qtbot.addWidget(widget)
    widget.show()
    yield widget
    widget.close()


def until(session: Any, qtbot: Any, what: Any, timeout: int = 60_000) -> None:
    def both() -> bool:
        session.pump()
        return bool(what())

    qtbot.waitUntil(both, timeout=timeout)


def test_it_lists_the_nodes_and_follows_the_selection(
    gui_session: Any, script: Any, panel: Any, qtbot: Any
) -> None:
    import reage_nuke

    other = reage_nuke.create(bakes.read(script), target_age=70)
    other["selected"].setValue(True)
    until(gui_session, qtbot, lambda: panel.state.name == other.name())
    assert panel.controls["target_age"].value == 70


def test_it_follows_a_toolset_s_group_too(
    gui_session: Any, script: Any, panel: Any, qtbot: Any
) -> None:
    from reage_nuke import gizmo_knobs

    script.nodePaste(gizmo_knobs.TOOLSET.as_posix())
    for node in script.selectedNodes():
        node["selected"].setValue(False)
    script.toNode("ReAge2")["selected"].setValue(True)
    until(gui_session, qtbot, lambda: panel.state.name == "ReAge2", timeout=5_000)


def test_a_slider_sets_the_knob_and_a_key_where_it_is_animated(
    script: Any, panel: Any, qtbot: Any
) -> None:
    node = script.toNode("ReAge1")
    panel.controls["target_age"].chosen.emit("target_age", 33.0)
    assert node["target_age"].value() == 33
    node["blend"].setAnimated()
    node["blend"].setValueAt(1.0, 1001)
    script.frame(1003)
    panel.refresh()
    panel.controls["blend"].chosen.emit("blend", 0.25)
    assert node["blend"].valueAt(1003) == 0.25 and node["blend"].valueAt(1001) == 1


def test_strengths_and_pattern_reach_their_knobs(script: Any, panel: Any) -> None:
    node = script.toNode("ReAge1")
    panel.controls["form"].chosen.emit("form", 1.5)
    panel.controls["pattern"].draw()
    panel.refresh()
    assert node["form"].value() == panel.controls["form"].value == 1.5
    assert node["pattern"].value() == panel.controls["pattern"].value > 0
    settings = panel.nuke_host.preview_request("ReAge1").settings
    assert settings["form"] == 1.5 and settings["pattern"] == node["pattern"].value()


def test_the_preview_comes_from_the_worker(
    gui_session: Any, script: Any, panel: Any, qtbot: Any
) -> None:
    script.frame(1002)
    until(gui_session, qtbot, lambda: panel.preview.shown is not None)
    assert panel.preview.shown.asked.request.frame == 1002


def test_scrubbing_renders_nothing_until_the_playhead_rests(
    gui_session: Any, script: Any, panel: Any, qtbot: Any
) -> None:
    node = script.toNode("ReAge1")
    graded = script.nodes.Multiply(inputs=[bakes.read(script, last=1008)], value=2)
    node.setInput(0, graded)
    node["target_age"].setAnimated()
    for frame in (1001, 1008):
        node["target_age"].setValueAt(30 + frame - 1000, frame)  # so that values change as well
    until(gui_session, qtbot, lambda: panel.preview.shown is not None)
    gui_session.world.rendered.clear()

    def scrub() -> None:
        for frame in range(1002, 1009):
            script.frame(frame)
            for _ in range(3):
                gui_session.pump()
                qtbot.wait(40)

    scrub()
    assert gui_session.world.rendered == []
    until(gui_session, qtbot, lambda: panel.preview.shown.asked.request.frame == 1008)
    assert [frame for _, frame, _ in gui_session.world.rendered] == [1008]
    gui_session.world.executing = True  # the artist renders
    script.frame(1003)
    gui_session.idle()
    qtbot.wait(800)
    assert panel.preview.shown.asked.request.frame == 1008
    gui_session.world.executing = False
    until(gui_session, qtbot, lambda: panel.preview.shown.asked.request.frame == 1003)


def test_a_preview_makes_no_node_and_asks_for_the_face_s_surroundings_alone(
    gui_session: Any, script: Any, panel: Any, tmp_path: Path
) -> None:
    """Where there is a track; and it is pixel for pixel the preview of the whole plate."""
    import reage_nuke
    from reage_nuke import baking

    node, made = script.toNode("ReAge1"), list[str]()
    wide = oiio.ImageBuf(oiio.ImageSpec(2048, 1080, 3, oiio.HALF))
    oiio.ImageBufAlgo.paste(wide, 900, 300, 0, 0, oiio.ImageBuf(bakes.PLATE % 1002))
    wide.write(str(tmp_path / "wide.1002.exr"))
    read = bakes.read(script, (tmp_path / "wide.%04d.exr").as_posix())
    node.setInput(0, script.nodes.Multiply(inputs=[read], value=2))
    script.addOnCreate(lambda: made.append(script.thisNode().name()))
    script.addOnDestroy(lambda: made.append(script.thisNode().name()))
    script.frame(1002)
    whole = Path(panel.nuke_host.preview_request("ReAge1").plate % 1002)
    shutil.copy(whole, tmp_path / "whole.1002.exr")
    assert made == [] and node["preview_on"].value() is False
    gui_session.world.rendered.clear()
    script.execute(script.root(), 1002, 1002)  # as `nuke -x` does: every Write, those inside too
    assert gui_session.world.rendered == []
    script.scriptSave(script.root().name())
    assert "\n preview_" not in Path(script.root().name()).read_text()
    reage_nuke.bake(node, 1002, 1002)
    request = panel.nuke_host.preview_request("ReAge1")
    assert request.track
    plates = [request.plate, (tmp_path / "whole.%04d.exr").as_posix()]
    cut, full = (oiio.ImageBuf(str(plate % 1002)).spec() for plate in plates)
    assert cut.format == full.format == oiio.HALF and cut.full_width == full.full_width
    assert cut.width * cut.height < 0.6 * full.width * full.height
    shown = []
    for plate in plates:
        asked = {"plate": plate, "frame": 1002, "settings": request.settings, "side": 512}
        result = baking.ENGINE.worker().call("preview", track=request.track, **asked)
        shown.append(Picture.of(result))
    assert shown[0].region == shown[1].region
    assert shown[0].after == shown[1].after != shown[0].before == shown[1].before


def test_nothing_is_called_for_every_node_and_a_slider_renders_nothing(
    gui_session: Any, script: Any, panel: Any, qtbot: Any
) -> None:
    calls = gui_session.world.callbacks.registered("UpdateUI")
    assert [cls for cls, _ in calls] == ["ReAge", "Group"]
    node = script.toNode("ReAge1")
    node.setInput(0, script.nodes.Multiply(inputs=[bakes.read(script)], value=2))
    script.frame(1002)
    until(gui_session, qtbot, lambda: panel.preview.shown and gui_session.world.rendered)
    made = len(gui_session.world.rendered)
    for age in (35.0, 60.0):
        panel.controls["target_age"].chosen.emit("target_age", age)
        until(
            gui_session, qtbot,
            lambda age=age: panel.preview.shown.asked.request.settings["target_age"] == age,
        )  # fmt: skip
    assert len(gui_session.world.rendered) == made


def test_the_preview_sees_the_age_map_and_the_hair_matte(script: Any, panel: Any) -> None:
    node = script.toNode("ReAge1")
    script.frame(1002)
    before = panel.nuke_host.preview_request("ReAge1").settings
    assert not {"age_map", "hair_matte"} & before.keys()
    node.setInput(1, bakes.read(script))
    graded = script.nodes.Grade(inputs=[bakes.read(script)])
    node.setInput(3, graded)
    settings = panel.nuke_host.preview_request("ReAge1").settings
    assert settings["age_map"] == bakes.read(script)["file"].value()  # an untouched Read's own
    drawn = Path(settings["hair_matte"] % 1002)
    stood = drawn.stat().st_mtime_ns
    panel.nuke_host.preview_request("ReAge1")
    assert drawn.stat().st_mtime_ns == stood  # the same frame is not written again
    node.setInput(3, None)
    assert "hair_matte" not in panel.nuke_host.preview_request("ReAge1").settings


def test_bake_from_the_panel(gui_session: Any, script: Any, panel: Any, qtbot: Any) -> None:
    node = script.toNode("ReAge1")
    assert panel.nuke_host.preview_request("ReAge1").track is None
    panel.bake_bar.bake_range.emit()
    until(gui_session, qtbot, lambda: node["status"].value() == "baked 3/3")
    until(gui_session, qtbot, lambda: panel.state.baked == 3 and not panel.state.busy)
    track = Path(panel.nuke_host.preview_request("ReAge1").track)
    assert track.name == "ReAge1.track.json" and track.is_file()


def test_an_error_is_a_sentence_in_the_strip(script: Any, panel: Any, qtbot: Any) -> None:
    script.toNode("ReAge1").setInput(0, None)
    panel.refresh()
    panel.bake_bar.bake_range.emit()
    assert "no plate" in panel.message.text
