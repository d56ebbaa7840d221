"""The gizmo's text: loads in Tcl, names only what Nuke has, and says what settings.py says."""

from __future__ import annotations

from pathlib import Path

import names
import pytest
import tcl

from reage.job import KEYED, RenderJob
from reage.settings import Settings, settings_of

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "gizmos" / "ReAge.gizmo").read_text(encoding="utf-8")
SETTINGS = {s.name: s for s in (*settings_of(Settings), *settings_of(RenderJob))}

LIVE = {"blend"}
"""Settings whose tooltip is the node's own: here they need no bake."""


@pytest.fixture(scope="module")
def gizmo() -> tcl.LoadedNode:
    return tcl.load_gizmo(TEXT).nodes[0]


def test_it_names_only_what_nuke_has() -> None:
    assert names.problems(tcl.load_gizmo(TEXT)) == []


def test_the_knobs_are_the_settings(gizmo: tcl.LoadedNode) -> None:
    shown = [k for k in gizmo.user_knobs if k.name in SETTINGS]
    wanted = {*KEYED, "pattern", "smooth", "steady", "model", "device", "tile"}
    assert wanted <= {k.name for k in shown}
    for knob in shown:
        setting = SETTINGS[knob.name]
        if knob.name not in LIVE | {"colorspace", "model"}:
            assert knob.tooltip.startswith(setting.help), knob.name
        if setting.slider:
            assert knob.range == setting.slider, knob.name
        if setting.choices:
            assert knob.items == setting.choices, knob.name
        if isinstance(setting.default, (int, float)):
            assert float(gizmo.knobs.get(knob.name, 0)) == setting.default, knob.name
        if setting.words:
            assert knob.items[0] == setting.default, knob.name  # an enumeration starts at its first


def test_every_knob_says_what_it_is_for(gizmo: tcl.LoadedNode) -> None:
    talking = {1, 2, 3, 4, 6, 7, 12, 22}
    silent = [
        k.name
        for k in gizmo.user_knobs
        if k.id in talking and not k.tooltip and "+INVISIBLE" not in k.flags
    ]
    assert silent == []


def test_the_inputs_are_plate_age_map_matte_and_hair(gizmo: tcl.LoadedNode) -> None:
    found = {int(n.knobs.get("number", 0)): n.name for n in gizmo.children if n.cls == "Input"}
    assert found == {0: "Plate", 1: "Age_map", 2: "Matte", 3: "Hair"}


BROKEN = {
    "a knob's name": ("raw true", "rawe true"),
    "a class": (" Merge2 {", " Merge9 {"),
    "an enumeration's word": ("operation plus", "operation pluss"),
    "a parent knob": ("parent.blend", "parent.blent"),
    "a strength's name": ("parent.detail", "parent.details"),
    "a part's layer": ("+ reage_delta_hair.blue", "+ reage_delta_hairs.blue"),
    "a layer's declaration": (" add_layer {reage_matte_hair reage_matte_hair.alpha}\n", ""),
    "a parent knob in Tcl": ("value parent.cache", "value parent.cash"),
    "a button's import": ("import reage_nuke.buttons", "import reage_nuke.butons"),
    "a button's function": ("buttons.bake_range()", "buttons.bake_rnge()"),
    "an input too many": ("  inputs 5\n", "  inputs 9\n"),
    "a stack variable": ("push $Ndelta", "push $Ndelte"),
    "the end of the group": ("end_group", ""),
    "a brace": (" Switch {", " Switch "),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_gizmo_is_noticed(what: str) -> None:
    good, bad = BROKEN[what]
    assert good in TEXT
    try:
        found = names.problems(tcl.load_gizmo(TEXT.replace(good, bad, 1)))
    except tcl.ScriptError as error:
        found = [str(error)]
    assert found, what
