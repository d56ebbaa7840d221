"""The Tcl loader: what a text says comes out as data, and what is wrong is said."""

from __future__ import annotations

import pytest

from fake_nuke import tcl

SCRIPT = r"""#! nuke -nx
version 17.0 v3
define_window_layout_xml {<?xml version="1.0"?><layout/>}
add_layer {glow glow.red glow.green}
Root {
 inputs 0
 name "a folder/schön.nk"
}
Constant {
 inputs 0
 color {0.5 {"frame * 2"} {curve x1 0 x5 1} 0}
 name A
}
set N1 [stack 0]
Group {
 name G
 addUserKnob {20 User l "My Tab"}
 addUserKnob {7 amount l Amount t "say \"how much\"" R 0 2 -STARTLINE}
 addUserKnob {4 mode M {one "two words"}}
 addUserKnob {22 go l Go T "import this\nthis.run(\[1])"}
 addUserKnob {20 more n 2}
 amount {{parent.x}}
}
 Input {
  inputs 0
  name In
 }
 Output {
  name Out
 }
end_group
push $N1
push 0
Merge2 {
 inputs 2+1
 name M
}
"""


@pytest.fixture
def script() -> tcl.Script:
    return tcl.load(SCRIPT)


def test_nodes_come_in_order_with_their_raw_values(script: tcl.Script) -> None:
    assert [n.name for n in script.nodes] == ["A", "G", "M"]
    assert [n.name for n in script.every()] == ["A", "G", "In", "Out", "M"]
    assert script.nodes[0].knobs["color"] == '0.5 {"frame * 2"} {curve x1 0 x5 1} 0'
    assert script.nodes[1].knobs["amount"] == "{parent.x}"


def test_what_is_no_node_is_kept_apart(script: tcl.Script) -> None:
    assert script.version == "17.0 v3"
    assert script.root is not None and script.root.knobs["name"] == "a folder/schön.nk"
    assert script.layers == {"glow": ("glow.red", "glow.green")}


def test_the_last_pushed_is_input_0_and_a_group_has_a_stack_of_its_own(script: tcl.Script) -> None:
    a, g, m = script.nodes
    assert g.inputs == [a]
    assert m.inputs == [None, a, g]
    assert g.find("Out").inputs == [g.find("In")]


def test_user_knobs(script: tcl.Script) -> None:
    tab, amount, mode, go, more = script.nodes[1].user_knobs
    assert (tab.id, tab.name, tab.label) == (20, "User", "My Tab")
    assert (amount.tooltip, amount.range) == ('say "how much"', (0.0, 2.0))
    assert amount.flags == ("-STARTLINE",)
    assert mode.items == ("one", "two words")
    assert go.payload == "import this\nthis.run([1])"
    assert more.count == 2


def test_a_paste_lands_on_what_is_selected() -> None:
    above = tcl.LoadedNode("Read")
    text = "set cut_paste_input [stack 0]\npush $cut_paste_input\nDot {\n}\n"
    assert tcl.load(text, [above]).nodes[0].inputs == [above]
    assert tcl.load(text).nodes[0].inputs == [None]


@pytest.mark.parametrize(
    "text, said",
    [
        ("Dot {\n inputs 0\n", "missing close-brace"),
        ("Dot {\n inputs 0\n}}", "extra characters"),
        ("push $N1", 'can\'t read "N1"'),
        ("Dot {\n}", "takes 1 inputs, but 0 nodes lie on the stack"),
        ("Merge2 {\n inputs 2+1\n}", "takes 3 inputs"),
        ("Group {\n inputs 0\n name G\n}\n", "end_group is missing for Group G"),
        ("end_group", "never opened"),
        ("Dot {\n inputs 0\n name a b\n}", "a line reads"),
        ('Dot {\n inputs 0\n label "[value x]"\n}', "runs while loading"),
        ('Dot {\n inputs 0\n label "open\n}', "stays open"),
        ("Dot", "is no command"),
        ("Dot {\n inputs 0\n addUserKnob {7 x QQ}\n}", "'QQ' is no attribute"),
    ],
)
def test_what_is_wrong_is_a_sentence(text: str, said: str) -> None:
    with pytest.raises(tcl.ScriptError) as error:
        tcl.load(text)
    assert said in str(error.value)


def test_a_gizmo_is_one_group() -> None:
    with pytest.raises(tcl.ScriptError, match="one Gizmo or Group"):
        tcl.load_gizmo("Dot {\n}\nDot {\n}\n")


@pytest.mark.parametrize("text", ["plain", "two words", 'a "b" [c] {d $e \\f', "line\nline", "ä#"])
def test_a_quoted_word_reads_back(text: str) -> None:
    assert tcl.split(f"{tcl.quote(text)} {{{tcl.quote(text)}}}") == [text, tcl.quote(text)]
