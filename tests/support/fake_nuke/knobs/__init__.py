"""Nuke's knob classes, and making one from a fact or from an addUserKnob line."""

from __future__ import annotations

from typing import Any

from fake_nuke.animation import Channel
from fake_nuke.constants import FLAG_WORDS
from fake_nuke.facts import KnobFact
from fake_nuke.knobs import array, buttons, choice, numeric, structure, text
from fake_nuke.knobs.array import Array_Knob
from fake_nuke.knobs.base import Knob
from fake_nuke.knobs.buttons import PyScript_Knob
from fake_nuke.knobs.choice import Enumeration_Knob
from fake_nuke.knobs.structure import Format_Knob, Link_Knob, OpaqueKnob, Tab_Knob
from fake_nuke.knobs.text import File_Knob, String_Knob
from fake_nuke.tcl import UserKnob, quote

__all__ = ["CLASSES", "USER_IDS", "Knob", "fact_knob", "user_knob", "user_knob_line"]

CLASSES: dict[str, type[Knob]] = {
    name: member
    for module in (array, numeric, choice, text, buttons, structure)
    for name, member in vars(module).items()
    if isinstance(member, type) and issubclass(member, Knob) and name not in ("Keyed", "OpaqueKnob")
}
"""Class name → class, as the nuke module shows them."""

USER_IDS: dict[int, type[Knob]] = {
    1: String_Knob,
    2: File_Knob,
    3: numeric.Int_Knob,
    4: Enumeration_Knob,
    6: numeric.Boolean_Knob,
    7: numeric.Double_Knob,
    8: numeric.Double_Knob,
    9: Array_Knob,
    10: text.ChannelMask_Knob,
    11: text.Channel_Knob,
    12: numeric.XY_Knob,
    13: numeric.XYZ_Knob,
    14: numeric.WH_Knob,
    15: numeric.BBox_Knob,
    17: Format_Knob,
    18: numeric.Color_Knob,
    19: numeric.AColor_Knob,
    20: Tab_Knob,
    22: PyScript_Knob,
    26: text.Text_Knob,
    27: text.Help_Knob,
    28: text.Multiline_String_Knob,
    30: numeric.UV_Knob,
    31: numeric.Box3_Knob,
    32: buttons.Script_Knob,
    40: numeric.ColorChip_Knob,
    41: Link_Knob,
    43: text.Multiline_Eval_String_Knob,
    44: text.OneView_Knob,
    45: text.MultiView_Knob,
    52: buttons.PyCustom_Knob,
    61: text.Password_Knob,
    68: choice.CascadingEnumeration_Knob,
    83: choice.Radio_Knob,
    85: choice.EditableEnumeration_Knob,
}
"""The numbers that addUserKnob has for classes."""


def fact_knob(name: str, fact: KnobFact) -> Knob:
    """A knob of a fresh node, at its default."""
    cls = CLASSES.get(fact.type)
    if cls is None:
        opaque = OpaqueKnob(name)
        opaque._type = fact.type
        opaque._held = opaque._default = "" if fact.default is None else str(fact.default)
        return opaque
    knob = cls(name)
    if isinstance(knob, Enumeration_Knob):
        knob._values = fact.values
        knob._held = (Channel(_place(fact)),)
    elif isinstance(knob, Array_Knob):
        knob._held = (Channel(float(fact.default or 0.0)),) * len(knob._held)
    elif isinstance(knob, Format_Knob):
        if fact.default:
            knob._from_script(fact.default)
    elif not isinstance(knob, Tab_Knob):
        knob._held = "" if fact.default is None else str(fact.default)
    knob._default = knob._held
    return knob


def _place(fact: KnobFact) -> float:
    return float(fact.values.index(fact.default)) if fact.default in fact.values else 0.0


def user_knob(line: UserKnob) -> Knob:
    """A knob from addUserKnob; ValueError for a number or a flag that Nuke does not have."""
    if line.id not in USER_IDS:
        raise ValueError(f"addUserKnob {line.name}: {line.id} is no knob type.")
    knob = USER_IDS[line.id](line.name, line.label or None)
    knob._tooltip = line.tooltip
    knob._line_flags = line.flags
    for flag in line.flags:
        word = flag[1:]
        if word not in FLAG_WORDS:
            raise ValueError(f"addUserKnob {line.name}: {word} is no flag.")
        knob._flags = (knob._flags | FLAG_WORDS[word]) if flag[0] == "+" else knob._flags
    if isinstance(knob, Enumeration_Knob):
        knob._values = line.items
    if isinstance(knob, Array_Knob) and line.range:
        knob._range = line.range
    if isinstance(knob, Tab_Knob):
        knob._count = line.count
    elif line.payload:
        knob._held = line.payload
    knob._default = knob._held
    return knob


def user_knob_line(knob: Knob) -> str:
    """The addUserKnob line of a knob; `user_knob` reads it back."""
    number = next(i for i, cls in USER_IDS.items() if type(knob) is cls)
    words: list[Any] = [number, knob._name]
    if knob._label:
        words += ["l", knob._label]
    if knob._tooltip:
        words += ["t", knob._tooltip]
    if isinstance(knob, Tab_Knob) and knob._count:
        words += ["n", knob._count]
    if isinstance(knob, (buttons.Script_Knob, Link_Knob, text.Text_Knob)) and knob._held:
        words += ["T", knob._held]
    line = " ".join(_word(word) for word in words)
    if isinstance(knob, Enumeration_Knob):
        line += " M {" + " ".join(_word(item) for item in knob._values) + "}"
    flags = [f for f in knob._line_flags if f[0] == "-"]
    flags += [f"+{word}" for word, bit in FLAG_WORDS.items() if knob._flags & bit]
    line = " ".join([line, *flags])
    if isinstance(knob, Array_Knob) and knob._range:
        line += f" R {knob._range[0]:g} {knob._range[1]:g}"
    return "{" + line + "}"


def _word(word: Any) -> str:
    return quote(str(word)) if str(word) else '""'
