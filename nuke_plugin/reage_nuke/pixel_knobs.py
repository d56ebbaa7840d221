"""Which of a node's knobs change its pixels, and what they say.

By exclusion: a knob that nobody knows counts. The names and classes are those of Nuke 17.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from reage_nuke.nodes import is_set

_LOOKS = frozenset({
    "autolabel", "bookmark", "cached", "dope_sheet", "gl_color", "help", "hide_input", "icon",
    "indicators", "label", "name", "note_font", "note_font_color", "note_font_size", "onCreate",
    "onDestroy", "knobChanged", "updateUI", "postage_stamp", "postage_stamp_frame", "selected",
    "tile_color", "xpos", "ypos", "panel", "process_mask", "showBitfields", "version",
    "rootNodeUpdated", "useGPUIfAvailable", "allowGPUAcceleration", "gpuName",
    "updateLocalization", "cacheLocal", "toolbox", "shownmetadata", "libraryVersionInfo",
    "imageCachePolicy", "imageCacheMemoryLimit", "cacheBreaker", "reload",
    "show_group_view", "disable_group_view", "group_view_position", "shownWarningFile",
    "keyframe_display",
})  # fmt: skip
"""Knobs that change no pixel."""

_LOOKS_LIKE = re.compile(r"toolbar|localization|zoom[wW]indow|display[_A-Z]")
"""Starts of the names of such, where people name no knobs of their own for expressions to read."""

_DRAWN = frozenset({
    "Text_Knob", "Help_Knob", "Tab_Knob", "BeginTabGroup_Knob", "EndTabGroup_Knob", "PythonKnob",
    "PyScript_Knob", "Script_Knob", "PyCustom_Knob", "PythonCustomKnob", "PyPulldown_Knob",
    "Link_Knob", "ZoomWindow_knob", "ZoomWindowKnob", "MouseZoom", "OverlayKnob", "MetaData",
    "RotoToolboxKnob", "Toolbox_Knob", "CancelExecution_Knob", "KeyFrameDisplayKnob",
    "DelegateKeyFrameDisplayKnob", "ThumbnailEventHandler_knob", "Obsolete_Knob",
})  # fmt: skip
"""Classes of knobs that draw the panel, are pressed, or show another node's knob, which counts
there."""


def said(
    node: Any,
    left_out: frozenset[str] = frozenset(),
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> list[tuple[str, str]]:
    """What the knobs say that change pixels, by name; renamed ones by their name of today."""
    knobs = {n: k for n, k in counting(node) if n not in left_out}
    for name, once in renamed.items():
        if (before := knobs.pop(once, None)) is not None and is_set(before):
            knobs[name] = before
    written = ((n, k.toScript()) for n, k in sorted(knobs.items()) if k.Class() != "File_Knob")
    return [(name, text) for name, text in written if text]


def counting(node: Any) -> Iterator[tuple[str, Any]]:
    """The node's knobs that change pixels, those left at their default aside: another version of
    Nuke has further ones. A File_Knob counts by what it names."""
    has_own = hasattr(node, "nodes") or node.Class() == "NoOp"
    is_3d = "render_mode" in node.knobs() or "selectable" in node.knobs()
    for name, knob in node.knobs().items():
        looks = name in _LOOKS or (not has_own and _LOOKS_LIKE.match(name))
        drawn = looks or (name == "display" and is_3d)
        if not drawn and knob.Class() not in _DRAWN and _is_set(knob):
            yield name, knob


def _is_set(knob: Any) -> bool:
    """Whether a knob is not at its default; of texts Nuke does not tell, so they count."""
    default = getattr(knob, "notDefault", None)
    return default is None or bool(knob.isAnimated() or knob.hasExpression() or default())
