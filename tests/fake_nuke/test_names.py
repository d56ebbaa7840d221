"""The name check finds each kind of mistake, and nothing in a gizmo that is well."""

from __future__ import annotations

import pytest

from fake_nuke import names, tcl

GIZMO = r"""
Gizmo {
 addUserKnob {20 User}
 addUserKnob {7 blend l Blend}
 blend {{root.first_frame}}
 addUserKnob {4 mode M {one two}}
 mode two
 addUserKnob {2 cache}
 cache "a b/x.%04d.exr"
 addUserKnob {22 go T "import os.path\nname = os.path.join('a')\nname.upper()"}
}
 add_layer {glow glow.red}
 Input {
  inputs 0
  name Plate
 }
 Expression {
  temp_name0 k
  temp_expr0 "parent.blend * (\[exists parent.input0] ? 1 : x)"
  expr0 "glow.red * k + Plate.number"
  channel0 glow
  name E
 }
 Blur {
  size {{parent.blend}}
  filter box
  disable {{"\[value parent.mode] == 1"}}
 }
 Output {
 }
end_group
"""


def test_a_good_gizmo_has_no_problems(session: object) -> None:
    assert names.problems(tcl.load_gizmo(GIZMO)) == []


@pytest.mark.parametrize(
    "good, bad, said",
    [
        (" Blur {", " Blurr {", "no such class"),
        ("filter box", "filtr box", "no knob filtr"),
        ("filter box", "filter boxx", "no 'boxx'"),
        ("mode two", "mode three", "no 'three'"),
        ("size {{parent.blend}}", "size {parent.blend}", "no number"),
        ("size {{parent.blend}}", "size {{parent.blent}}", "parent.blent"),
        ("size {{parent.blend}}", 'size {{"parent.blend +"}}', "was not expected"),
        ("value parent.mode", "value parent.mood", "parent.mood"),
        ("exists parent.input0", "exists parent.input1", "parent.input1"),
        ("Plate.number", "Plate.numbr", "Plate has no knob numbr"),
        ("glow.red * k", "glow.red * kk", "kk is no channel"),
        ("glow.red * k", "glow.blue * k", "glow.blue leads nowhere"),
        ("channel0 glow", "channel0 gloww", "no layer or channel gloww"),
        ("{{root.first_frame}}", "{{root.frist_frame}}", "no knob frist_frame"),
        ("import os.path", "import os.pth", "import os.pth fails"),
        ("os.path.join('a')", "os.path.jion('a')", "leads nowhere"),
        ("os.path.join('a')", "os.path.join()", "missing a required argument"),
        ("name.upper()", "name.upper(", "no Python"),
        ("a b/x", r"a b\\\\x", "forward slashes"),
        ("addUserKnob {7 blend", "addUserKnob {99 blend", "99 is no knob type"),
        (" Output {\n }\n", "", "one Output"),
        (" Blur {\n", " push 0\n push 0\n Blur {\n  inputs 3\n", "takes 3 inputs, and has 2"),
    ],
)
def test_each_mistake_is_found(session: object, good: str, bad: str, said: str) -> None:
    assert GIZMO.count(good) >= 1
    found = names.problems(tcl.load_gizmo(GIZMO.replace(good, bad, 1)))
    assert any(said in sentence for sentence in found), found
