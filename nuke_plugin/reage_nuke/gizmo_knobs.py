"""The gizmo's knobs that are settings, written from `reage.settings`; its version; and the same
node as a Group, for toolsets.

    python -m reage_nuke.gizmo_knobs   # brings gizmos/ReAge.gizmo and the toolset up to date

A live setting that the gizmo does not know yet goes to the end of its Strengths, another one before
its Bake. Crop size, model and colorspace are the node's own: an enumeration, and words for Nuke.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache

from reage import home
from reage.job import RenderJob
from reage.settings import ALL, Setting, settings_of
from reage.version import BAKE_FORMAT, __version__

GIZMO = home.gizmo()

TOOLSET = home.plugin(home.root()) / "ToolSets" / "ReAge.nk"
"""Nuke lists in its ToolSets menu what lies so in a folder of NUKE_PATH."""

FORMAT = f"bakes of format {BAKE_FORMAT}"

VERSION = f"ReAge {__version__}, {FORMAT}"
"""What the node's Info tab says."""

_OWN = ("crop_size", "model", "colorspace", "map_channel")
_FROM_JOB = ("ladder", "device", "tile", "datatype")

_STRING, _INTEGER, _LIST, _DOUBLE = 1, 3, 4, 7
"""Nuke's numbers of its user knobs' kinds."""


def knobs() -> Iterator[Setting]:
    """The settings whose knobs are made here."""
    yield from (s for s in ALL if s.knob and s.name not in _OWN)
    yield from (s for s in settings_of(RenderJob) if s.name in _FROM_JOB)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Of the gizmo's own knobs that hold something and are saved: no tabs, no buttons."""
    line = re.compile(r"^ addUserKnob \{(?!20 |22 )\d+ (\w+)(?!.*\+DO_NOT_WRITE)", re.MULTILINE)
    return tuple(line.findall(GIZMO.read_text("utf-8")))


def lines(setting: Setting) -> str:
    """A setting's lines in the gizmo: the knob, and its value where that is not Nuke's own."""
    label = setting.label.lower() or _LABELS.get(setting.name, setting.name)
    words = f'"{label}"' if " " in label else label
    help = setting.help + (" Live: needs no bake." if setting.live else "")
    text = f" addUserKnob {{{_kind(setting)} {setting.name} l {words} t {_quoted(help)}"
    if setting.choices:
        text += f" M {{{' '.join(setting.choices)}}}"
    if setting.slider:
        low, high = setting.slider
        text += f" R {low:g} {high:g}"
    number = isinstance(setting.default, (int, float)) and setting.default
    return text + "}\n" + (f" {setting.name} {setting.default:g}\n" if number else "")


_LABELS = {
    "age_map_mode": "age map", "tile": "tile size", "shape_carries": "moves", "shape_lids": "lids",
    "shape_jowls": "jowls", "shape_lips": "lips", "shape_nose": "nose", "shape_sex": "sex",
    "shape_origin": "origin",
}  # fmt: skip
"""Of settings that the panel does not show."""


def written(gizmo: str) -> str:
    """A gizmo's text with each of the knobs as the settings say. Raises ValueError where it has no
    place for a new one."""
    for setting in knobs():
        name = re.escape(setting.name)
        there = re.compile(rf"^ addUserKnob \{{\d+ {name} .*\n(?: {name} .*\n)?", re.MULTILINE)
        if not there.search(gizmo):
            before = "strengths_group_end" if setting.live else "bake_group"
            place = re.compile(rf"^ addUserKnob \{{20 {before} .*\n", re.MULTILINE).search(gizmo)
            if place is None:
                raise ValueError(f"the gizmo has no {before} to put {setting.name} before")
            gizmo = gizmo[: place.start()] + lines(setting) + gizmo[place.start() :]
        else:
            new = lines(setting)
            gizmo = there.sub(lambda _, new=new: new, gizmo, count=1)  # type: ignore[misc]
    return re.sub(r'(\{26 info_version .* T ).*\}', rf'\1"{VERSION}"}}', gizmo)


def toolset(gizmo: str) -> str:
    """A gizmo's text as a toolset: a Group below what is selected. Scripts hold all of it, so they
    open where ReAge is not installed."""
    opening = "Gizmo {\n"
    if not gizmo.startswith(opening):
        raise ValueError("a gizmo's text begins with its node")
    group = "Group {\n inputs 1\n name ReAge1\n" + gizmo.removeprefix(opening)
    return f"set cut_paste_input [stack 0]\nversion 13.0 v1\npush $cut_paste_input\n{group}"


def _kind(setting: Setting) -> int:
    if setting.choices:
        return _LIST
    if setting.grammar and setting.default is not None:
        return _INTEGER  # of a pattern; its file stands in a knob of the node's own
    kinds: dict[object, int] = {int: _INTEGER, float: _DOUBLE}
    return kinds.get(setting.type, _STRING)


def _quoted(text: str) -> str:
    """Text as a word of Tcl."""
    return '"' + re.sub(r'(["\\$\[\]])', r"\\\1", text) + '"'


def main() -> int:
    gizmo = written(GIZMO.read_text(encoding="utf-8"))
    for file, text in ((GIZMO, gizmo), (TOOLSET, toolset(gizmo))):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"written: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
