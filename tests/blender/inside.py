"""What the tests do inside Blender: each function is a scenario, run in its folder by

    python inside.py SCENARIO [ARGUMENT …]

and what it returns is written to SCENARIO.result.json. The extension is switched on as a user does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
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
    bpy.ops.ed.undo_push(message="created")
    bpy.ops.reage.bake()
    _tree().reage.target_age = 30.0
    bpy.ops.ed.undo_push(message="edit")
    bpy.ops.ed.undo()
    _save()
    render("out")
    paths = [image.filepath for image in bpy.data.images if image.filepath]
    return {"before": before, "after": _text(), "files": _tree().reage.files, "paths": paths}


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
    node, scene = _node(), bpy.context.scene
    scene.frame_start = scene.frame_end = 2
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


def bare() -> Any:
    """A file in a Blender that has no ReAge: the extension leads nowhere."""
    _open()
    render("bare")
    panels = [hasattr(bpy.types, name) for name in ("NODE_PT_reage", "NODE_PT_reage_without")]
    return {"loaded": "reage_blender" in sys.modules, "panels": panels}


def stale() -> Any:
    """What is said of frames whose plate or settings are others by now, and what a render of them
    shows, as the artist chose."""
    _open()
    tree, said = _tree(), [_text()]
    second = Path("plates/plate.1002.exr")
    os.utime(second, (0, 0))
    said.append(_text())
    second.write_bytes(Path("plates/plate.1003.exr").read_bytes())
    said.append(_text())
    Path("reage_layers/shot_ReAge.1003.exr").unlink()
    said.append(_text())
    for chosen in ("red", "stale bake", "plate"):
        tree.reage.when_not_baked = chosen
        render(chosen)
    said.append(_bake())
    said.append(_text())
    tree.reage.target_age = 60.0
    said.append(_text())
    _node().inputs["Blend"].default_value = 0.3
    tree.reage.target_age = 75.0
    said.append(_text())
    return said


def keyed() -> Any:
    """Ages with keys, of which one moves."""
    _open()
    tree, scene = _tree(), bpy.context.scene
    for frame, age in ((1, 60.0), (3, 80.0)):
        tree.reage.target_age = age
        tree.reage.keyframe_insert("target_age", frame=frame)
    said = [_text(), _bake(), _text()]
    tree.reage.target_age = 85.0
    tree.reage.keyframe_insert("target_age", frame=3)
    _save()
    said.append(_text())
    scene.frame_set(2)
    bpy.ops.reage.bake_frame()
    return [*said, _text()]


def in_background(what: str) -> Any:
    """A bake of ten frames on a thread of its own, as with a window, whose timer is turned by hand;
    once frames come out it is cancelled, its worker killed, or Blender closed."""
    from reage_blender import baking, main_thread, memory, versions

    _open()
    tree = _tree()
    bpy.ops.reage.clear()
    for number in range(1004, 1011):
        shutil.copy("plates/plate.1003.exr", f"plates/plate.{number}.exr")
    plate = next(n for n in versions.compositor(bpy.context.scene).nodes if n.type == "IMAGE")
    plate.frame_duration = tree.reage.range_last = 10
    told, seen = memory.of(tree.session_uid), []
    baking.start(tree, None, None)
    refused, done = [_sentence(do) for do in (bpy.ops.reage.bake, bpy.ops.reage.clear)], False
    while told.step:
        main_thread.pump()
        if [told.step] != seen[-1:]:
            seen.append(told.step)
        if told.step.startswith("re-aging") and not done:
            done = True
            if what == "cancel":
                bpy.ops.reage.cancel()
            elif what == "kill":
                os.kill(baking.ENGINE._worker._process.pid, 9)
            elif what == "close":
                os._exit(0)
        time.sleep(0.002)
    bpy.ops.reage.look()
    bpy.ops.reage.log()
    log = bpy.data.texts["ReAge log"].as_string().splitlines()
    assert told.state is not None and told.state.detail() == _text()
    first = {"text": _text(), "error": told.error, "log": log, "steps": seen}
    said = {**first, "busy": refused, "again": _bake(), "end": _text()}
    return {**said, "disabled": _disabled(tree)} if what == "cancel" else said


def _disabled(tree: Any) -> Any:
    """ReAge is switched off in mid-bake: whether a timer of its runs before and after, and how many
    frames of the new age are there."""
    from reage_blender import baking, main_thread, memory

    tree.reage.target_age = 20.0
    baking.start(tree, None, None)
    told, end = memory.of(tree.session_uid), time.monotonic() + 60
    while not re.match(r"re-aging: [1-9]", told.step):
        assert told.step and time.monotonic() < end, told
        main_thread.pump()
        time.sleep(0.002)
    timers = [bpy.app.timers.is_registered(main_thread._tick)]
    bpy.ops.preferences.addon_disable(module=EXTENSION)
    timers.append(bpy.app.timers.is_registered(main_thread._tick))
    bpy.ops.preferences.addon_enable(module=EXTENSION)
    return [*timers, _text()]


def _sentence(do: Any) -> str:
    """What an operator refuses with."""
    try:
        do()
    except RuntimeError as e:
        return str(e)
    return ""


def refused() -> Any:
    """What is said of all that cannot be baked, in one file; none of it needs the engine."""
    import reage_blender
    from reage_blender import versions

    said = {"unsaved": _refusal()}
    said["no plate"] = _sentence(bpy.ops.reage.create)
    said["no file"] = _sentence(lambda: bpy.ops.reage.create(filepath="//nowhere.1001.exr"))
    reage_blender.create(Path("plates/plate.1001.exr").absolute())
    said["unsaved"] = _refusal()
    bpy.ops.wm.save_as_mainfile(filepath=str(Path(FILE).absolute()))
    tree, node, compositor = _tree(), _node(), versions.compositor(bpy.context.scene)
    plate = node.inputs["Plate"].links[0].from_node
    tree.reage.range_first, tree.reage.range_last = 3, 2
    said["backwards"] = _refusal()
    tree.reage.range_first, tree.reage.range_last = 50, 60
    said["outside"] = _refusal()
    tree.reage.range_first, tree.reage.range_last = 1, 3
    tree.reage.model = "//none.onnx"
    said["model"] = _refusal()
    tree.reage.model = ""
    tree.reage.files = "//layers.exr"
    said["files"] = _refusal()
    tree.reage.files = ""
    said["long"] = _sentence(lambda: bpy.ops.reage.create(filepath=f"//{'x' * 300}.1001.exr"))
    tree.reage.pattern_file = "nonsense*"
    said["pattern"] = _refusal()
    tree.reage.pattern_file = ""
    tree.reage.age_map = "//map.exr"
    said["map"] = _refusal()
    tree.reage.age_map = ""
    tree.reage.driver_add("target_age")
    said["driver"] = _refusal()
    tree.reage.driver_remove("target_age")
    plate.image.colorspace_settings.name = "Non-Color"
    said["data"] = _refusal()
    plate.image.colorspace_settings.name = "Linear Rec.709"
    compositor.links.new(plate.outputs["Alpha"], node.inputs["Plate"])
    said["alpha"] = _refusal()
    blur = compositor.nodes.new("CompositorNodeBlur")
    compositor.links.new(plate.outputs["Image"], blur.inputs["Image"])
    compositor.links.new(blur.outputs["Image"], node.inputs["Plate"])
    said["graph"] = _refusal()
    compositor.nodes.remove(blur)
    said["unconnected"] = _refusal()
    image, plate.image = plate.image, None
    compositor.links.new(plate.outputs["Image"], node.inputs["Plate"])
    said["empty"] = _refusal()
    plate.image = image
    plate.frame_duration, plate.frame_offset = 3, 1000
    other = bpy.data.scenes.new("Other")
    copied = versions.make_compositor(other)
    second = copied.nodes.new("CompositorNodeImage")
    second.image = bpy.data.images.load(str(Path("plates/plate.1001.exr").absolute()))
    group = copied.nodes.new("CompositorNodeGroup")
    group.node_tree = tree
    copied.links.new(second.outputs["Image"], group.inputs["Plate"])
    said["two"] = _refusal()
    copied.nodes.remove(group)
    Path("plates").rename("moved")
    said["moved"] = _refusal()
    Path("moved").rename("plates")
    os.environ["REAGE_PYTHON"] = "/nowhere/python"
    said["engine"] = _refusal()
    bpy.ops.reage.troubleshoot()
    said["troubleshoot"] = bpy.data.texts["ReAge troubleshooting"].as_string()
    said["still there"] = tree.name in bpy.data.node_groups and Path(FILE).is_file()
    return said


def created() -> Any:
    """Where a new node goes: into an empty compositor, into Blender's own beginning, between a
    plate and what it led to; and nowhere, where a setting is wrong."""
    import reage_blender
    from reage_blender import versions

    said = {}
    for beginning in ("empty", "render layers", "plate", "not in use"):
        scene = bpy.data.scenes.new(beginning)
        bpy.context.window.scene = scene
        tree = versions.make_compositor(scene)
        if beginning == "render layers":
            layers = tree.nodes.new("CompositorNodeRLayers")
            tree.links.new(layers.outputs["Image"], versions.picture(tree))
            _raised(reage_blender.create, "plate.1002.exr", nonsense=1)
            loaded = [i.filepath for i in bpy.data.images if "1002" in i.name]
            said["as it was"] = [_came(versions.picture(tree)), loaded]
        if beginning in ("plate", "not in use"):
            plate = tree.nodes.new("CompositorNodeImage")
            plate.image = bpy.data.images.load(str(Path("plate.1001.exr").absolute()))
            blur = tree.nodes.new("CompositorNodeBlur")
            tree.links.new(plate.outputs["Image"], blur.inputs["Image"])
            tree.links.new(blur.outputs["Image"], versions.picture(tree))
            scene.use_nodes = beginning == "plate"  # which 5.0 has no more
            wrong = [_raised(reage_blender.create, source, **w) for w in WRONG
                     for source in (plate, "plate.1001.exr")]  # fmt: skip
            left = [_came(versions.picture(tree)), len(tree.nodes), len(_reages(tree))]
            bpy.ops.reage.create()
        else:
            bpy.ops.reage.create(filepath=str(Path("plate.1001.exr").absolute()))
        came = _came(versions.picture(tree))
        said[beginning] = [came, scene.frame_end, len(_reages(tree))]
    made = reage_blender.create("layered.1001.exr", bpy.data.scenes.new("layered"))
    said["layered"] = [made.inputs["Plate"].links[0].from_socket.name, _text_of(made.node_tree)]
    width = bpy.data.scenes["empty"].render.resolution_x
    fresh = bpy.data.scenes.new("fresh")
    _raised(reage_blender.create, "plate.1001.exr", fresh, nonsense=1)
    left.append(versions.composites(fresh))
    return {**said, "wrong": wrong, "left": left, "width": width, "muted": _muted(),
            "half on": _half_on()}  # fmt: skip


def _muted() -> str:
    """The node that is the plate behind a Mix node that is muted: it passes on its first color,
    which is not its first input."""
    from reage_blender import nodes, plate, versions

    tree = versions.compositor(bpy.context.scene)
    node = nodes.node_at_hand(bpy.context)
    image, mix = plate.source(node), tree.nodes.new("ShaderNodeMix")
    mix.data_type, mix.mute = "RGBA", True
    tree.links.new(image.outputs["Image"], mix.inputs[6])
    tree.links.new(mix.outputs[2], node.inputs["Plate"])
    bpy.context.view_layer.update()
    found = plate.source(node)
    return "" if found is None else str(found.bl_idname)


def _half_on() -> list[bool]:
    """Whether anything is left of a start that failed, and whether the next one goes well."""
    import reage_blender

    reage_blender.unregister()
    classes = reage_blender._CLASSES
    reage_blender._CLASSES = (*classes, int)
    failed = _raised(reage_blender.register) != ""
    left = hasattr(bpy.types, "NODE_PT_reage") or hasattr(bpy.types.CompositorNodeTree, "reage")
    reage_blender._CLASSES = classes
    reage_blender.register()
    return [failed, left, hasattr(bpy.types, "NODE_PT_reage")]


WRONG: tuple[dict[str, Any], ...] = ({"nonsense": 1}, {"blend": 3.0}, {"crop_size": "x"})


def _raised(do: Any, *arguments: Any, **named: Any) -> str:
    """The error of a Python call."""
    try:
        do(*arguments, **named)
    except Exception as e:
        return f"{type(e).__name__}: {e}"
    return ""


def _came(socket: Any) -> list[str]:
    """The kinds of the nodes that lead into a socket by their first inputs."""
    found = []
    while socket.is_linked:
        node = socket.links[0].from_node
        found.append(node.bl_idname.removeprefix("CompositorNode"))
        if not node.inputs:
            break
        socket = node.inputs[0]
    return found


def copies() -> Any:
    """A group that is copied, one that is used in two scenes, one that is linked; an undo."""
    from reage_blender import curves, files, group, memory, versions

    _open()
    Path("deep").mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(Path("deep/other.blend").absolute()))
    said: dict[str, Any] = {"saved elsewhere": _text()}
    _open()
    said["undo"] = _undo(_tree())
    tree, scene = _tree(), bpy.context.scene  # an undo reads all of it anew
    bpy.ops.scene.new(type="FULL_COPY")
    both = [n.node_tree.name for s in bpy.data.scenes for n in _reages(versions.compositor(s))]
    said["scenes"] = [len(both), len(set(both)), _texts()]
    node = _reages(versions.compositor(scene))[0]
    node.node_tree = tree.copy()
    said["before"] = _texts()
    said["clear"] = _sentence(lambda: bpy.ops.reage.clear(node_group=node.node_tree.name))
    node.node_tree.reage.target_age = 20.0
    bpy.ops.reage.bake(node_group=node.node_tree.name, first=2, last=2)
    said["after"] = _texts()
    said["files"] = [g.reage.files for g in _groups()]
    images = [g.nodes["Layers"].image.filepath for g in _groups()]
    said["images"] = len(set(images))
    said["log"] = len(memory.of(node.node_tree.session_uid).log)
    said["fresh"] = [curves.of(g, group.FRESH_PATH).evaluate(1) for g in (tree, node.node_tree)]
    tree.reage.files = "//another #1/shot_ReAge.####.exr"
    node.node_tree.reage.files = "//nonsense"
    said["named"] = files.pattern(tree)
    said["beside nonsense"] = len(files.sharing(tree))
    return said


def linked() -> Any:
    """A file beside another folder's, which links the node group of the first."""
    from reage_blender import versions

    Path("elsewhere").mkdir(exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(Path("elsewhere/second.blend").absolute()))
    library = str(Path(FILE).absolute())
    with bpy.data.libraries.load(library, link=True) as (there, here):
        here.node_groups = [n for n in there.node_groups if n == "ReAge"]
    compositor = versions.make_compositor(bpy.context.scene)
    plate = compositor.nodes.new("CompositorNodeImage")
    plate.image = bpy.data.images.load(str(Path("plates/plate.1001.exr").absolute()))
    plate.image.source = "SEQUENCE"
    plate.frame_start, plate.frame_duration, plate.frame_offset = 1, 3, 1000
    node = compositor.nodes.new("CompositorNodeGroup")
    node.node_tree = bpy.data.node_groups["ReAge"]
    compositor.links.new(plate.outputs["Image"], node.inputs["Plate"])
    compositor.links.new(node.outputs["Image"], versions.picture(compositor))
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = 960, 540
    scene.render.resolution_percentage = 100
    scene.frame_start, scene.frame_end = 1, 3
    render("linked")
    return {"text": _text(), "refused": _refusal()}


def spaces(first: str, space: str) -> Any:
    """Renders with and without the change, of a plate in a color space of its own."""
    import reage_blender

    bpy.ops.wm.save_as_mainfile(filepath=str(Path(FILE).absolute()))
    node = reage_blender.create(first, source_age=50.0, target_age=75.0, crop_size="256")
    plate = node.inputs["Plate"].links[0].from_node
    plate.image.colorspace_settings.name = space
    report = reage_blender.bake(node.node_tree)
    render("with")
    node.inputs["Blend"].default_value = 0.0
    render("without")
    return {"text": report.text(), "state": _text()}


def clip(path: str, start: str) -> Any:
    """A movie clip that begins at another frame of the scene."""
    import reage_blender
    from reage_blender import versions

    bpy.ops.wm.save_as_mainfile(filepath=str(Path(FILE).absolute()))
    scene = bpy.context.scene
    compositor = versions.make_compositor(scene)
    node = compositor.nodes.new("CompositorNodeMovieClip")
    node.clip = bpy.data.movieclips.load(str(Path(path).absolute()))
    node.clip.frame_start = int(start)
    made = reage_blender.create(node, source_age=50.0, target_age=75.0, crop_size="256")
    said = made.node_tree.reage
    scene.render.resolution_x, scene.render.resolution_y = node.clip.size
    scene.render.resolution_percentage = 100
    scene.frame_start, scene.frame_end = said.range_first, said.range_last
    report = reage_blender.bake(made.node_tree)
    render("with")
    made.inputs["Blend"].default_value = 0.0
    render("without")
    return {"range": [said.range_first, said.range_last], "computed": list(report.computed),
            "state": _text()}  # fmt: skip


def _undo(tree: Any) -> list[str]:
    """What is said at first, after an edit, and once that is undone."""
    bpy.ops.ed.undo_push(message="before")
    said = [_text()]
    tree.reage.target_age = 30.0
    bpy.ops.ed.undo_push(message="edit")
    said.append(_text())
    bpy.ops.ed.undo()
    return [*said, _text()]


def _reages(tree: Any) -> list[Any]:
    from reage_blender import group

    return [n for n in tree.nodes if group.is_reage(getattr(n, "node_tree", None))]


def _groups() -> list[Any]:
    from reage_blender import nodes

    return nodes.groups()


def _texts() -> list[str]:
    return [_text_of(g) for g in _groups()]


def _refusal() -> str:
    """Of a bake, which writes nothing."""
    before = _written()
    said = _sentence(bpy.ops.reage.bake)
    assert _written() == before
    return said


def _written() -> dict[str, int]:
    """When each file of a bake here was written."""
    return {str(p): p.stat().st_mtime_ns for p in Path().rglob("reage_layers/*")}


def gray() -> Any:
    """Frame 2 with a hair matte, which is a file, in gray."""
    _open()
    scene, node = bpy.context.scene, _node()
    scene.frame_start = scene.frame_end = 2
    _tree().reage.hair_matte = "//hair.exr"
    said = [_text(), _bake(2, 2)]
    node.inputs["Gray"].default_value = 0.5
    render("gray")
    return said


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
    return _text_of(_tree())


def _text_of(tree: Any) -> str:
    import reage_blender

    return reage_blender.states(tree).detail()


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
