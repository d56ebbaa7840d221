"""The fake Nuke's callbacks fire as Nuke's do, and forbid what Nuke forbids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


class Heard:
    """What was called, in order."""

    def __init__(self, nuke: Any) -> None:
        self.nuke = nuke
        self.calls: list[str] = []

    def on(self, kind: str, **more: Any) -> None:
        getattr(self.nuke, f"add{kind}")(self.note, (kind,), **more)

    def note(self, kind: str) -> None:
        knob = self.nuke.thisKnob()
        about = f" {knob.name()}" if knob is not None else ""
        self.calls.append(f"{kind} {self.nuke.thisNode().name()}{about}")


@pytest.fixture
def heard(session: Any) -> Heard:
    return Heard(session.nuke)


@pytest.fixture
def heard_gui(gui_session: Any) -> Heard:
    return Heard(gui_session.nuke)


def test_only_the_users_hand_fires_on_user_create(heard: Heard) -> None:
    heard.on("OnCreate")
    heard.on("OnUserCreate")
    heard.nuke.nodes.Dot(name="A")
    assert heard.calls == ["OnCreate A"]
    heard.nuke.createNode("Dot", "name B")
    assert heard.calls[1:] == ["OnCreate B", "OnUserCreate B"]


def test_on_user_create_comes_before_the_wires(heard: Heard) -> None:
    nuke, wired = heard.nuke, []
    nuke.addOnUserCreate(lambda: wired.append(nuke.thisNode().input(0)))
    nuke.createNode("Constant")
    dot = nuke.createNode("Dot")
    assert wired == [None, None] and dot.input(0).Class() == "Constant"


def test_class_callbacks_reach_their_class_alone(heard: Heard) -> None:
    heard.on("OnCreate", nodeClass="Blur")
    heard.nuke.nodes.Dot()
    heard.nuke.nodes.Blur()
    assert heard.calls == ["OnCreate Blur1"]


def test_the_same_callback_registers_once_and_goes(heard: Heard) -> None:
    for _ in range(2):
        heard.on("OnCreate")
    heard.nuke.nodes.Dot()
    assert heard.calls == ["OnCreate Dot1"]
    heard.nuke.removeOnCreate(heard.note, ("OnCreate",))
    heard.nuke.nodes.Dot()
    assert len(heard.calls) == 1


def test_in_a_terminal_knob_changed_always_fires_while_loading_too(heard: Heard) -> None:
    heard.on("KnobChanged", nodeClass="Blur")
    heard.nuke.scriptReadText("Blur {\n inputs 0\n size 4\n name B\n}\n")
    assert "KnobChanged B size" in heard.calls


def test_with_a_gui_knob_changed_needs_an_open_panel(gui_session: Any, heard_gui: Heard) -> None:
    nuke = heard_gui.nuke
    heard_gui.on("KnobChanged", nodeClass="Blur")
    node = nuke.nodes.Blur(name="B")
    node["size"].setValue(3)
    assert heard_gui.calls == []
    gui_session.open_panel(node)
    node["size"].setValue(4)
    node.setInput(0, nuke.nodes.Constant())
    nuke.frame(20)
    assert heard_gui.calls == [
        "KnobChanged B showPanel",
        "KnobChanged B size",
        "KnobChanged B inputChange",
    ]


def test_a_change_from_knob_changed_does_not_fire_again(heard: Heard) -> None:
    nuke = heard.nuke
    heard.on("KnobChanged", nodeClass="Blur")
    nuke.addKnobChanged(lambda: nuke.thisNode()["mix"].setValue(0.5), nodeClass="Blur")
    nuke.nodes.Blur(name="B")["size"].setValue(4)
    assert [call for call in heard.calls if "name" not in call] == ["KnobChanged B size"]


def test_the_nodes_own_python_knobs_run(session: Any) -> None:
    nuke = session.nuke
    node = nuke.nodes.Blur()
    node["knobChanged"].setValue("nuke.tprint(nuke.thisKnob().name())")
    node["size"].setValue(4)
    assert ("tprint", "size") in session.said


@pytest.mark.parametrize("kind", ["KnobChanged", "OnCreate", "BeforeRender", "AfterFrameRender"])
def test_execute_in_a_callback_raises(session: Any, tmp_path: Path, kind: str) -> None:
    nuke = session.nuke
    write = nuke.nodes.Write(inputs=[nuke.nodes.Constant()], name="W", file_type="exr")
    write["file"].setValue((tmp_path / "x.####.exr").as_posix())
    getattr(nuke, f"add{kind}")(lambda: nuke.execute("W", 1, 1), nodeClass="*")
    with pytest.raises(RuntimeError, match="already executing something else"):
        if "Render" in kind:
            nuke.execute(write, 1, 1)
        else:
            nuke.nodes.Blur()["size"].setValue(3)


def test_what_is_raised_before_a_render_ends_it(session: Any, tmp_path: Path) -> None:
    def refuse() -> None:
        raise ValueError("not today")

    nuke = session.nuke
    write = nuke.nodes.Write(inputs=[nuke.nodes.Constant()], file=f"{tmp_path.as_posix()}/o.exr")
    write["file_type"].setValue("exr")
    nuke.addBeforeRender(refuse)
    with pytest.raises(RuntimeError, match="not today"):
        nuke.execute(write, 1, 1)
    assert list(tmp_path.iterdir()) == [] and not nuke.executing()


def test_metadata_while_loading_raises(heard: Heard) -> None:
    nuke = heard.nuke
    nuke.addOnCreate(lambda: nuke.thisNode().metadata(), nodeClass="Blur")
    with pytest.raises(RuntimeError, match="can corrupt the script"):
        nuke.scriptReadText("Blur {\n inputs 0\n}\n")


def test_update_ui_runs_when_idle(session: Any, heard: Heard) -> None:
    heard.on("UpdateUI", nodeClass="Dot")
    heard.nuke.nodes.Dot()
    assert heard.calls == []
    session.idle()
    assert heard.calls == ["UpdateUI Dot1"]


def test_the_last_autolabel_that_says_something_wins(session: Any) -> None:
    nuke = session.nuke
    node = nuke.nodes.Dot()
    assert session.autolabel(node) is None
    nuke.addAutolabel(lambda: nuke.thisNode().name())
    nuke.addAutolabel(lambda: None, nodeClass="Dot")
    assert session.autolabel(node) == "Dot1"


def test_the_filename_filter_maps_paths(session: Any) -> None:
    nuke = session.nuke
    read = nuke.nodes.Read(file="here/x.%04d.exr")
    nuke.addFilenameFilter(lambda name: name.replace("here", "there"))
    assert (
        read["file"].evaluate() == "there/x.0001.exr" and read["file"].value() == "here/x.%04d.exr"
    )


def test_destroy_and_close(heard: Heard) -> None:
    for kind in ("OnDestroy", "OnScriptClose"):
        heard.on(kind)
    node = heard.nuke.nodes.Dot(name="A")
    heard.nuke.nodes.Dot(name="B")
    heard.nuke.delete(node)
    heard.nuke.scriptClear()
    assert heard.calls == ["OnDestroy A", "OnScriptClose Root", "OnDestroy B"]
