"""What the tests do inside Blender: each function is a scenario, run in its folder by

    python inside.py SCENARIO [ARGUMENT …]

and what it returns is written to SCENARIO.result.json. The extension is switched on as a user does.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import bpy

EXTENSION = "bl_ext.user_default.reage"
FILE = "shot.blend"


def make() -> Any:
    """A plate brought in, baked, saved and rendered, by operators alone."""
    bpy.ops.wm.save_as_mainfile(filepath=str(Path(FILE).absolute()))
    bpy.ops.reage.create(
        filepath="//plates/plate.1001.exr", source_age=50.0, target_age=75.0
    )
    _tree().reage.crop_size = "256"
    before = _text()
    bpy.ops.reage.bake()
    _save()
    render("out")
    return {"before": before, "after": _text(), "files": _tree().reage.files}


def opened() -> Any:
    """What a file says that is opened in another place, or another Blender."""
    _open()
    node, tree = _node(), _tree()
    render("again")
    return {
        "text": _text(),
        "age": tree.reage.target_age,
        "files": tree.reage.files,
        "blend": node.inputs["Blend"].default_value,
        "linked": sorted(o.name for o in tree.nodes["Layers"].outputs if o.is_linked),
        "rebaked": _bake(),
    }


def live() -> Any:
    """Renders with all that is live at other values."""
    _open()
    node = _node()
    node.inputs["Blend"].default_value = 0.5
    render("half")
    node.inputs["Blend"].default_value = 1.0
    for name, value in {"Detail": 2.0, "Form": 0.5, "Tone": 0.0}.items():
        node.inputs[name].default_value = value
    render("parts")
    for name in ("Detail", "Form", "Tone"):
        node.inputs[name].default_value = 1.0
    node.inputs["Shape"].default_value = 1.0
    render("shape")
    node.inputs["Shape"].default_value = 0.0
    node.inputs["Mask"].default_value = 0.0
    render("masked")
    node.inputs["Mask"].default_value = 1.0
    for view in ("plate", "delta", "matte", "split"):
        _tree().reage.view = view
        render(view)
    return _text()


def render(name: str) -> None:
    """All frames, as float EXR: NAME/0001.exr …"""
    scene = bpy.context.scene
    scene.render.filepath = f"//{name}/"
    how = scene.render.image_settings
    how.file_format, how.color_depth, how.color_mode = "OPEN_EXR", "32", "RGBA"
    bpy.ops.render.render(animation=True)


def _tree() -> Any:
    from reage_blender import nodes

    return nodes.named("")


def _node() -> Any:
    from reage_blender import nodes

    return nodes.node_at_hand(bpy.context)


def _text() -> str:
    import reage_blender

    return reage_blender.states(_tree()).detail()


def _bake(*frames: int) -> Any:
    """(computed, kept, failed) of a bake."""
    import reage_blender

    report = reage_blender.bake(_tree(), *frames)
    return list(report.computed), list(report.kept), dict(report.failed)


def _open() -> None:
    bpy.ops.wm.open_mainfile(filepath=str(Path(FILE).absolute()))


def _save() -> None:
    bpy.ops.wm.save_mainfile()


def main() -> int:
    name, *arguments = sys.argv[1:]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.preferences.addon_enable(module=EXTENSION)
    result = globals()[name](*arguments)
    Path(f"{name}.result.json").write_text(json.dumps(result), encoding="utf-8")
    bpy.ops.preferences.addon_disable(module=EXTENSION)
    return 0


if __name__ == "__main__":
    try:
        code = main()
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # 4.5 may hang at its end once it has composited
