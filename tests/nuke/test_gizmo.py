"""The gizmo's text: loads in Tcl, names only what Nuke has, and says what settings.py says."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from fake_nuke import names, tcl
from reage import home
from reage.job import RenderJob
from reage.settings import KEYED, Settings, settings_of
from reage.version import __version__
from reage_nuke import gizmo_knobs

ROOT = home.root()
TEXT = home.gizmo().read_text(encoding="utf-8")
SETTINGS = {s.name: s for s in (*settings_of(Settings), *settings_of(RenderJob))}

@pytest.fixture(scope="module")
def gizmo() -> tcl.LoadedNode:
    return tcl.load_gizmo(TEXT).nodes[0]


def test_it_names_only_what_nuke_has(gui_session: object) -> None:
    assert names.problems(tcl.load_gizmo(TEXT)) == []


def test_the_knobs_are_the_settings(gizmo: tcl.LoadedNode) -> None:
    shown = [k for k in gizmo.user_knobs if k.name in SETTINGS]
    wanted = {*KEYED, "pattern", "smooth", "steady", "model", "device", "tile"}
    assert wanted <= {k.name for k in shown}
    for knob in shown:
        setting = SETTINGS[knob.name]
        if knob.name == "map_channel":  # nodes cannot tell which of the two says something
            assert knob.items == setting.choices[1:]
            continue
        if knob.name not in {"colorspace", "model"}:
            assert knob.tooltip.startswith(setting.help), knob.name
        if setting.slider:
            assert knob.range == setting.slider, knob.name
        if setting.choices:
            assert knob.items == setting.choices, knob.name
        if isinstance(setting.default, (int, float)):
            assert float(gizmo.knobs.get(knob.name, 0)) == setting.default, knob.name
        if setting.words:
            assert knob.items[0] == setting.default, knob.name  # an enumeration starts at its first


def test_the_settings_knobs_are_written_from_the_settings() -> None:
    """Else: python -m reage_nuke.gizmo_knobs"""
    assert gizmo_knobs.written(TEXT) == TEXT
    worn = re.sub(r"^ addUserKnob \{7 tone .*\n tone 1\n", "", TEXT, flags=re.MULTILINE)
    assert worn != TEXT and gizmo_knobs.written(worn).count("{7 tone ") == 1
    assert gizmo_knobs.written(TEXT.replace("R 0 2", "R 0 3")) == TEXT
    assert f'version T "ReAge {__version__}' in TEXT
    assert gizmo_knobs.written(TEXT.replace(f"ReAge {__version__}", "ReAge 0.0.9")) == TEXT


def test_the_toolset_s_group_is_the_gizmo_s_text(gui_session: object) -> None:
    """Else: python -m reage_nuke.gizmo_knobs"""
    assert gizmo_knobs.TOOLSET.read_text(encoding="utf-8") == gizmo_knobs.toolset(TEXT)
    script = tcl.load(gizmo_knobs.toolset(TEXT), [None])
    assert names.problems(script) == [] and [n.cls for n in script.nodes] == ["Group"]


A_NEW_SLIDER = """    shine: float = setting(
        1.0, "Strength of the skin's gloss.", float, label="Shine", **_STRENGTH,
    )
    pattern: int"""

WHO_HAS_IT = """
import argparse, json, sys, types
import reage
name, file = "reage.settings", sys.argv[1]
source = open(file, encoding="utf-8").read().replace("    pattern: int", sys.argv[2], 1)
module = sys.modules[name] = types.ModuleType(name)
exec(compile(source, file, "exec"), module.__dict__)
from reage import cli, job
from reage_live import command
from reage_nuke import gizmo_knobs
from reage_host import values
mirror = argparse.ArgumentParser()
command.add_arguments(mirror)
gizmo = gizmo_knobs.written(gizmo_knobs.GIZMO.read_text(encoding="utf-8"))
strengths = gizmo[gizmo.index("strengths_group l"):gizmo.index("strengths_group_end")]
look = module.Settings(shine=0.5)
keyed = job.RenderJob("a", "b", look, by_frame={3: {"shine": 2.0}}).at(3)
print(json.dumps({
    "command": cli._parser("render").parse_args(
        "render x -o y --source-age 4 --target-age 5 --shine 0.3".split()).shine,
    "mirror": "--shine" in mirror.format_help(),
    "keys": keyed.shine, "live": "shine" in module.LIVE, "stale": "shine" in module.BAKED,
    "panel": [s.name for s in values.SHOWN], "strengths": module.STRENGTHS,
    "node": " addUserKnob {7 shine l shine t" in strengths,
}))
"""


def test_a_new_live_slider_is_one_field_of_the_settings() -> None:
    """Commands, mirror, panel, keys, stale frames and the gizmo's knob come of it alone. What it
    does to pixels is then `parts.Strengths`, and its place in the gizmo's expressions."""
    file = ROOT / "inference" / "reage" / "settings.py"
    done = subprocess.run(
        [sys.executable, "-c", WHO_HAS_IT, str(file), A_NEW_SLIDER], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    has = json.loads(done.stdout)
    assert has.pop("panel")[-6:] == ["detail", "form", "tone", "gray", "shape", "shine"]
    assert has.pop("strengths") == ["detail", "form", "tone", "gray", "shape", "shine"]
    assert has == {
        "command": 0.3, "mirror": True, "keys": 2.0, "live": True, "stale": False, "node": True,
    }  # fmt: skip


def test_every_knob_says_what_it_is_for(gizmo: tcl.LoadedNode) -> None:
    talking = {1, 2, 3, 4, 6, 7, 12, 22}
    silent = [
        k.name
        for k in gizmo.user_knobs
        if k.id in talking and not k.tooltip and "+INVISIBLE" not in k.flags
    ]
    assert silent == []


def test_the_inputs_are_plate_age_map_mask_and_hair(gizmo: tcl.LoadedNode) -> None:
    found = {int(n.knobs.get("number", 0)): n.name for n in gizmo.children if n.cls == "Input"}
    assert found == {0: "Plate", 1: "Age_map", 2: "mask", 3: "Hair"}


BROKEN = {
    "a knob's name": ("raw true", "rawe true"),
    "a class": (" Merge2 {", " Merge9 {"),
    "an enumeration's word": ("operation plus", "operation pluss"),
    "a parent knob": ("parent.blend", "parent.blent"),
    "a strength's name": ("parent.detail", "parent.details"),
    "a part's layer": ("+ reage_delta_hair.blue", "+ reage_delta_hairs.blue"),
    "a layer's declaration": (" add_layer {reage_matte_hair reage_matte_hair.alpha}\n", ""),
    "a parent knob in Tcl": ("value parent.cache", "value parent.cash"),
    "a variable of Nuke's": ("!$gui", "!$gu"),
    "the error's class": (" Assert {", " Asert {"),
    "what is an error": ("parent.strict", "parent.strickt"),
    "a button's import": ("import reage_nuke.buttons", "import reage_nuke.butons"),
    "a button's function": ("buttons.bake_range()", "buttons.bake_rnge()"),
    "an input too many": ("  inputs 5\n", "  inputs 10\n"),
    "a stack variable": ("push $Ndelta", "push $Ndelte"),
    "the end of the group": ("end_group", ""),
    "a brace": (" Switch {", " Switch "),
    "a link's knob": ("T this.blend", "T this.blends"),
    "a link's node": ("T MatteAlpha.from0", "T Matte.from0"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_gizmo_is_noticed(gui_session: object, what: str) -> None:
    good, bad = BROKEN[what]
    assert good in TEXT
    try:
        found = names.problems(tcl.load_gizmo(TEXT.replace(good, bad, 1)))
    except tcl.ScriptError as error:
        found = [str(error)]
    assert found, what
