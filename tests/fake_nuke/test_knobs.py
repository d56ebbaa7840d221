"""The fake Nuke's knobs: values, keys, expressions, scripts."""

from __future__ import annotations

from typing import Any

import pytest

from fake_nuke import expression


@pytest.fixture
def nuke(session: Any) -> Any:
    return session.nuke


@pytest.fixture
def node(nuke: Any) -> Any:
    """A node with a knob of each kind that tests look at."""
    node = nuke.nodes.NoOp(name="N")
    node.addKnob(nuke.Tab_Knob("tab", "Tab"))
    node.addKnob(nuke.Double_Knob("age", "Age"))
    node.addKnob(nuke.Int_Knob("count"))
    node.addKnob(nuke.Boolean_Knob("on"))
    node.addKnob(nuke.XY_Knob("point"))
    node.addKnob(nuke.Enumeration_Knob("mode", "Mode", ["one", "two\tTwo of them"]))
    node.addKnob(nuke.String_Knob("word"))
    node.addKnob(nuke.File_Knob("file"))
    return node


def test_values_have_their_types(node: Any) -> None:
    for name, value in {"age": 2.5, "count": 3, "on": True, "mode": "two", "word": "w"}.items():
        node[name].setValue(value)
        assert node[name].value() == value and type(node[name].value()) is type(value)
    node["point"].setValue([3, 4])
    assert node["point"].value() == [3, 4] and node["point"].value(1) == 4
    assert node["mode"].getValue() == 1


@pytest.mark.parametrize(
    "name, value", [("age", "x"), ("point", [1, 2, 3]), ("word", 3), ("mode", 2), ("mode", "Two")]
)
def test_values_of_another_kind_are_refused(node: Any, name: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        node[name].setValue(value)


def test_a_name_is_taken_once(nuke: Any, node: Any) -> None:
    with pytest.raises(ValueError, match="already"):
        node.addKnob(nuke.Double_Knob("age"))
    knob = node["age"]
    node.removeKnob(knob)
    with pytest.raises(ValueError, match="no user knob"):
        node.removeKnob(knob)


def test_keys(nuke: Any, node: Any) -> None:
    age = node["age"]
    age.setAnimated()
    age.setValueAt(20, 1001)
    age.setValueAt(40, 1011)
    assert age.isAnimated() and not age.hasExpression()
    keys = age.animation(0).keys()
    assert [(k.x, k.y) for k in keys] == [(1001, 20), (1011, 40)]
    assert age.valueAt(1001) == 20 and 20 < age.valueAt(1006) < 40 and age.getValueAt(2000) == 40
    nuke.frame(1011)
    assert age.value() == 40
    age.setValue(50)
    assert age.valueAt(1011) == 50 and age.isKeyAt(1011) and not age.isKeyAt(1006)
    age.removeKeyAt(1011)
    assert age.getKeyList() == [1001]
    age.clearAnimated()
    assert not age.isAnimated() and age.value() == 20


def test_set_value_at_sets_the_number_where_nothing_is_animated(node: Any) -> None:
    node["age"].setValueAt(33, 5)
    assert not node["age"].isAnimated() and node["age"].value() == 33


def test_no_animation_is_no_animation(nuke: Any, node: Any) -> None:
    node["age"].setFlag(nuke.NO_ANIMATION)
    with pytest.raises(RuntimeError, match="NO_ANIMATION"):
        node["age"].setExpression("frame")


def test_expressions(nuke: Any, node: Any) -> None:
    other = nuke.nodes.Blur(name="B")
    other["size"].setExpression("N.age * 2 + N.point.y", 0)
    other["size"].setExpression("N.mode == 1 ? frame : [value N.count]", 1)
    node["age"].setValue(3)
    node["point"].setValue([0, 7])
    node["count"].setValue(9)
    assert other["size"].value() == [13, 9]
    node["mode"].setValue("two")
    assert other["size"].valueAt(50) == [13, 50]
    other["size"].setExpression("N.nothing")
    with pytest.raises(expression.ExpressionError, match=r"B\.size.*N\.nothing stands for nothing"):
        other["size"].value()


def test_tcl_in_texts(nuke: Any, node: Any) -> None:
    nuke.root()["name"].setValue("shots/a b/comp.nk")
    node["file"].setValue("[file dirname [value root.name]]/[value this.word]_%V.####.exr")
    node["word"].setValue("x")
    nuke.frame(7)
    assert node["file"].evaluate() == "shots/a b/x_main.0007.exr"
    assert node["file"].getEvaluatedValue() == "shots/a b/x_%V.%04d.exr"
    with pytest.raises(RuntimeError, match="ambiguous"):
        node["file"].value()
    node["file"].setValue("[value this.wrod]")
    with pytest.raises(RuntimeError, match="nothing called this.wrod"):
        node["file"].evaluate()


@pytest.mark.parametrize(
    "name, script",
    [
        ("age", "2.5"),
        ("age", "{curve x1 2 x5 3}"),
        ("age", '{"frame + 1"}'),
        ("age", "{N.count}"),
        ("point", "1 {frame}"),
        ("on", "true"),
        ("mode", "two"),
        ("word", 'a "b" [c]'),
    ],
)
def test_a_script_comes_back(node: Any, name: str, script: str) -> None:
    node[name].fromScript(script)
    assert node[name].toScript() == script
    assert node[name].toScript(True) == "{" + script + "}"


@pytest.mark.parametrize(
    "name, script", [("age", "frame"), ("age", "{frame + 1}"), ("age", "1 2"), ("mode", "three")]
)
def test_a_script_that_is_none_is_refused(node: Any, name: str, script: str) -> None:
    with pytest.raises(ValueError, match=name):
        node[name].fromScript(script)


def test_links(nuke: Any, node: Any) -> None:
    link = nuke.Link_Knob("linked")
    node.addKnob(link)
    link.setLink("age")
    node["linked"].setValue(8)
    assert node["age"].value() == 8 and node.knob("linked", False) is link
    link.setLink("nothing")
    assert node.knob("linked") is None


def test_buttons_run_python_on_their_node(session: Any, node: Any) -> None:
    nuke = session.nuke
    node.addKnob(nuke.PyScript_Knob("go", "Go", "nuke.tprint(nuke.thisNode().name())"))
    node["go"].execute()
    assert session.said == [("tprint", "N")]


def test_inside_a_groups_button_nodes_are_made_in_the_group(nuke: Any) -> None:
    group = nuke.nodes.Group()
    group.addKnob(nuke.PyScript_Knob("go", "Go", "nuke.createNode('Dot')"))
    group["go"].execute()
    assert [n.Class() for n in group.nodes()] == ["Dot"]


def test_reload_counts_the_version(nuke: Any) -> None:
    read = nuke.nodes.Read()
    read["reload"].execute()
    assert read["version"].value() == 1


def test_a_knobs_critical_needs_a_gui(session: Any, node: Any) -> None:
    node["age"].error("too old")
    assert session.said == [("error", "too old")]
    with pytest.raises(RuntimeError, match="no GUI"):
        node["age"].critical("much too old")


def test_a_number_is_taken_for_a_word_first(nuke: Any) -> None:
    knob = nuke.Enumeration_Knob("size", "", ["auto", "1", "512"])
    for value, word in {512: "512", 1: "1", 0: "auto", 2: "512"}.items():
        knob.setValue(value)
        assert knob.value() == word


def test_knobs_go_from_node_to_node_as_text(nuke: Any, node: Any) -> None:
    node["age"].setExpression("frame * 2")
    node["word"].setValue('a "b" [c]')
    flags = nuke.TO_SCRIPT | nuke.WRITE_NON_DEFAULT_ONLY | nuke.WRITE_USER_KNOB_DEFS
    other = nuke.nodes.NoOp()
    other.readKnobs(node.writeKnobs(flags))
    assert other.name() != node.name() and other["age"].valueAt(4) == 8
    assert (
        other["word"].getText() == 'a "b" [c]' and other["mode"].values() == node["mode"].values()
    )
    with pytest.raises(ValueError, match="no knob nothing"):
        other.readKnobs("nothing 3")


def test_the_script_knows_that_it_was_changed(nuke: Any, node: Any) -> None:
    nuke.root().setModified(False)
    node["age"].setValue(1)
    assert nuke.modified()


def test_a_choice_can_have_keys_and_a_yes_or_no_can(node: Any) -> None:
    for name, first, second in (("mode", "one", "two"), ("on", False, True)):
        node[name].setAnimated()
        node[name].setValueAt(first, 1)
        node[name].setValueAt(second, 2)
        assert [node[name].valueAt(t) for t in (1, 2)] == [first, second]
        script = node[name].toScript()
        node[name].clearAnimated()
        node[name].fromScript(script)
        assert node[name].valueAt(2) == second and node[name].isAnimated()
