"""The fake Nuke's graph: nodes, wires, names, groups, gizmos. Strict, as tests rely on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import fake_nuke

GIZMO = """
Gizmo {
 addUserKnob {20 User}
 addUserKnob {7 gain l Gain}
 gain 2
}
 Input {
  inputs 0
  name In
 }
 Multiply {
  value {{parent.gain}}
  name Gain
 }
 Output {
 }
end_group
"""


@pytest.fixture
def nuke(session: Any) -> Any:
    return session.nuke


@pytest.fixture
def gizmo(nuke: Any, tmp_path: Path) -> Any:
    (tmp_path / "Gainer.gizmo").write_text(GIZMO, encoding="utf-8")
    nuke.pluginAddPath(str(tmp_path))
    return nuke


def test_what_is_unknown_raises(nuke: Any) -> None:
    with pytest.raises(AttributeError):
        _ = nuke.noSuchFunction
    with pytest.raises(RuntimeError, match="Unknown command"):
        nuke.createNode("Blurr")
    with pytest.raises(RuntimeError, match="Unknown command"):
        nuke.nodes.Blurr()
    with pytest.raises(NameError, match="sise"):
        nuke.nodes.Blur(sise=3)
    node = nuke.nodes.Blur()
    assert node.knob("sise") is None
    with pytest.raises(NameError, match="sise"):
        _ = node["sise"]
    with pytest.raises(AttributeError):
        node.noSuchMethod()
    with pytest.raises(ValueError, match="boxx"):
        node["filter"].setValue("boxx")
    with pytest.raises(ValueError, match="no layer"):
        node["channels"].setValue("glow")


def test_create_connects_to_the_selection_and_nodes_does_not(nuke: Any) -> None:
    first = nuke.createNode("Constant")
    second = nuke.createNode("Blur", "size 4 name Soft")
    assert second.input(0) is first and second["size"].value() == 4
    assert nuke.selectedNodes() == [second] and second.name() == "Soft"
    assert nuke.nodes.Blur().input(0) is None


def test_selected_node_raises_where_nothing_is_selected(nuke: Any) -> None:
    with pytest.raises(ValueError, match="no node selected"):
        nuke.selectedNode()


def test_names_do_not_collide(nuke: Any) -> None:
    names = [nuke.nodes.Merge2().name() for _ in range(2)]
    assert names == ["Merge1", "Merge2"]
    node = nuke.nodes.Dot(name="Merge1")
    assert node.name() not in names
    node.setName("Here")
    assert nuke.toNode("Here") is node and nuke.toNode("There") is None
    with pytest.raises(ValueError, match="no node name"):
        node.setName("a b")


def test_inputs_are_counted_and_loops_refused(nuke: Any) -> None:
    a, b = nuke.nodes.Dot(), nuke.nodes.Dot()
    assert b.setInput(0, a) and not b.setInput(1, a)
    assert not a.setInput(0, b) and a.input(0) is None
    assert a.dependent() == [b] and b.dependencies() == [a]


def test_expressions_are_dependencies_too(nuke: Any) -> None:
    a, b = nuke.nodes.Blur(), nuke.nodes.Blur()
    b["size"].setExpression(f"{a.name()}.size")
    assert b.dependencies(nuke.EXPRESSIONS) == [a] and b.dependencies(nuke.INPUTS) == []


def test_a_deleted_node_is_dead(nuke: Any) -> None:
    a, b = nuke.nodes.Constant(), nuke.nodes.Dot()
    b.setInput(0, a)
    knob = a["color"]
    nuke.delete(a)
    assert b.input(0) is None and nuke.allNodes() == [b]
    for touch in (a.name, knob.value, lambda: a["color"], lambda: nuke.delete(a)):
        with pytest.raises(ValueError, match="not attached to a node"):
            touch()


def test_groups_hold_nodes(nuke: Any) -> None:
    group = nuke.nodes.Group(name="G")
    with group:
        inner = nuke.nodes.Dot(name="Inner")
        assert nuke.toNode("Inner") is inner
    assert nuke.allNodes() == [group] and set(nuke.allNodes(recurseGroups=True)) == {group, inner}
    assert nuke.toNode("G.Inner") is inner and inner.fullName() == "G.Inner"
    assert inner.parent() is group and nuke.exists("G.Inner.label")
    group.begin()
    with pytest.raises(RuntimeError, match="without its begin"):
        nuke.nodes.Group().end()
    group.end()


def test_a_gizmo_comes_from_its_file(gizmo: Any) -> None:
    node = gizmo.createNode("Gainer")
    assert node.Class() == "Gainer" and node["gain"].value() == 2
    assert node.maxInputs() == 1 and node.node("Gain")["value"].value() == 2
    node["gain"].setValue(3)
    assert node.node("Gain")["value"].value() == 3


def test_make_group_gives_an_unconnected_copy(gizmo: Any) -> None:
    source = gizmo.nodes.Constant()
    node = gizmo.nodes.Gainer(gain=5, inputs=[source])
    group = node.makeGroup()
    assert group.Class() == "Group" and group.input(0) is None
    assert group["gain"].value() == 5 and group.node("Gain")["value"].value() == 5
    assert node in gizmo.allNodes()


def test_a_script_keeps_what_a_gizmo_s_links_say(nuke: Any, tmp_path: Path) -> None:
    """The nodes that they lead to are the gizmo's, and are not written."""
    linked = GIZMO.replace(" gain 2\n", " gain 2\n addUserKnob {41 by T Gain.channels}\n")
    assert linked != GIZMO
    (tmp_path / "Linker.gizmo").write_text(linked, encoding="utf-8")
    nuke.pluginAddPath(tmp_path.as_posix())
    nuke.createNode("Linker")
    made = nuke.createNode("Linker")
    made["by"].setValue("alpha")
    assert made.node("Gain")["channels"].value() == "alpha"
    nuke.scriptSaveAs((tmp_path / "s.nk").as_posix())
    text = (tmp_path / "s.nk").read_text()
    assert text.count(" by alpha\n") == 1 and text.count(" by ") == 1
    nuke.scriptOpen((tmp_path / "s.nk").as_posix())
    again = nuke.toNode("Linker2")
    assert again.node("Gain")["channels"].value() == again["by"].value() == "alpha"
    group = again.makeGroup()
    assert group["by"].value() == "alpha"


def test_a_script_says_which_layers_it_has(nuke: Any, tmp_path: Path) -> None:
    nuke.Layer("skin", ["skin.red"])
    nuke.nodes.Remove(channels="skin")
    nuke.scriptSaveAs((tmp_path / "s.nk").as_posix())
    other = fake_nuke.install()
    try:
        other.nuke.scriptOpen((tmp_path / "s.nk").as_posix())
        assert other.nuke.toNode("Remove1")["channels"].value() == "skin"
    finally:
        other.uninstall()


def test_the_curve_editor_shows_curves_but_for_those_with_its_flag(
    gui_session: Any,
) -> None:
    node = gui_session.nuke.nodes.Grade()
    node["mix"].setExpression("frame / 100")
    node["mix"].setFlag(gui_session.nuke.INVISIBLE)
    assert gui_session.curve_editor(node) == {"mix"}
    node["mix"].setFlag(fake_nuke.NO_CURVE_EDITOR)
    assert gui_session.curve_editor(node) == set()


def test_views_and_frames(nuke: Any) -> None:
    assert nuke.views() == ["main"]
    nuke.root()["views"].fromScript("left #ff0000\nright #00ff00")
    assert nuke.views() == ["left", "right"]
    nuke.frame(12)
    assert nuke.frame() == 12 and nuke.root().name() == "Root"


def test_a_write_has_a_datatype_once_it_is_exr(nuke: Any) -> None:
    write = nuke.nodes.Write()
    assert write.knob("datatype") is None
    write["file_type"].setValue("exr")
    write["datatype"].setValue("32 bit float")
    assert write["datatype"].value() == "32 bit float"
