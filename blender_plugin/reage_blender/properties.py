# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node group ReAge remembers: baked settings as `reage.settings` has them, where its bake
goes, what it shows. What is live stands at the group's sockets (see `group`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from reage.job import RenderJob
from reage.settings import ALL, AUTO, BAKED, Setting, settings_of

VIEWS = ("result", "plate", "delta", "matte", "split", "hair guess")

MARK, STALE, PLATE = WHEN_NOT_BAKED = ("red", "stale bake", "plate")

CROPS = (AUTO, "256", "384", "512", "768", "1024", "1536", "2048")

_OWN = ("pattern", "crop_size", "colorspace")
"""Settings that are asked for otherwise here; a color space is the plate's own in Blender."""

MORE = ("face", "age_map", "hair_matte")
"""Those that are inputs of Nuke's node, or a point on it."""

FILES = ("age_map", "hair_matte", "model", "pattern_file", "files")

PATH: dict[str, Any] = {"subtype": "FILE_PATH", "options": {"PATH_SUPPORTS_BLEND_RELATIVE"}}
"""What a property of a file's path is, which may begin with //."""

FROM_JOB = tuple(s for s in settings_of(RenderJob) if s.name in ("device", "tile", "datatype"))

PLAIN = tuple(s for s in ALL if (s.name in BAKED or s.name in MORE) and s.name not in _OWN)
"""Settings whose property has their name, and holds their value as it is."""


Tell = Callable[[Any], object]
"""Told of a node group."""

ON_CHANGE: list[Tell] = []
"""Who hears that a setting was changed that may make a bake stale."""

ON_SHOW: list[Tell] = []
"""Who hears that a group is to show something else."""


def _changed(properties: Any, context: Any) -> None:
    for tell in ON_CHANGE:
        tell(properties.id_data)


def _shown_otherwise(properties: Any, context: Any) -> None:
    for tell in ON_SHOW:
        tell(properties.id_data)


def label(setting: Setting) -> str:
    return setting.label or setting.name.replace("_", " ").capitalize()


def _property(setting: Setting) -> Any:
    more: dict[str, Any] = {
        "name": label(setting), "description": setting.help, "update": _changed,
    }  # fmt: skip
    if setting.choices:
        first = setting.choices[0]
        return bpy.props.EnumProperty(items=_items(setting.choices), default=first, **more)
    if setting.type in (int, float):
        low, high = setting.limits or (-1e6, 1e6)
        soft = setting.slider or (low, high)
        kind = bpy.props.IntProperty if setting.type is int else bpy.props.FloatProperty
        span = {"min": low, "max": high, "soft_min": soft[0], "soft_max": soft[1]}
        number = {k: setting.type(v) for k, v in span.items()}
        return kind(default=setting.default, **number, **more)
    kind = PATH if setting.name in FILES else {}
    return bpy.props.StringProperty(default=setting.default or "", **kind, **more)


def _items(words: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [(word, word.capitalize() if word.islower() else word, "") for word in words]


def _text(name: str, description: str, **more: Any) -> Any:
    return bpy.props.StringProperty(name=name, description=description, **more)


def _made() -> dict[str, Any]:
    pattern, crop = (next(s for s in ALL if s.name == n) for n in ("pattern", "crop_size"))
    assert pattern.limits is not None, "a seed has a highest one"
    made = {s.name: _property(s) for s in (*PLAIN, *FROM_JOB)}
    again: dict[str, Any] = {"update": _changed}
    return made | {
        "pattern": bpy.props.IntProperty(
            name=label(pattern), description=pattern.help, min=0, max=int(pattern.limits[1]),
            **again,
        ),
        "pattern_file": _text(
            "or a file", "A pattern that was made of photographs (*.pattern.exr), or a mix such "
            "as a.pattern.exr*0.7+seed:5*0.3; empty takes the number above.",
            **PATH, **again,
        ),
        "crop_size": bpy.props.EnumProperty(
            name=label(crop), description=crop.help, items=_items(CROPS), **again
        ),
        "files": _text(
            "Files", "Where baked layers go: an EXR pattern such as //reage_layers/face.####.exr. "
            "Filled in at the first bake where it is empty.", **PATH, **again,
        ),
        "files_of": _text("Files of", "The node group that the files were chosen for."),
        "files_shown": _text("Files shown", "Files, as it was when the layers were loaded."),
        "range_first": bpy.props.IntProperty(
            name="Range", description="First frame of the scene to bake.", default=1, **again
        ),
        "range_last": bpy.props.IntProperty(
            name="to", description="Last frame of the scene to bake.", default=250, **again
        ),
        "view": bpy.props.EnumProperty(
            name="View", description="What the node shows, in renders too. Live: needs no bake.",
            items=_items(VIEWS), update=_shown_otherwise,
        ),
        "split_at": bpy.props.FloatProperty(
            name="At", description="Where split changes from plate (left) to result (right), as a "
            "share of the width.", default=0.5, min=0, max=1, update=_shown_otherwise,
        ),
        "when_not_baked": bpy.props.EnumProperty(
            name="Not baked", description="What a frame shows that is stale or missing: "
            "itself in red, so that no render of it is taken for finished; the stale bake, else "
            "the plate; the plate. Live: needs no bake.",
            items=_items(WHEN_NOT_BAKED), update=_shown_otherwise,
        ),
    }  # fmt: skip


ReAgeProperties = type(
    "ReAgeProperties", (bpy.types.PropertyGroup,),
    {"__doc__": "Of one node group ReAge.", "__annotations__": _made(), "__module__": __name__},
)  # fmt: skip


def register() -> None:
    bpy.utils.register_class(ReAgeProperties)
    bpy.types.CompositorNodeTree.reage = bpy.props.PointerProperty(type=ReAgeProperties)


def unregister() -> None:
    del bpy.types.CompositorNodeTree.reage
    bpy.utils.unregister_class(ReAgeProperties)
