"""The checks that only Nuke itself can make. Run by a studio that has it:

    REAGE_NUKE=/path/to/Nuke python -m pytest tests/nuke/test_in_nuke.py

which calls `Nuke -t tests/nuke/in_nuke.py PLATE FOLDER` with ReAge on NUKE_PATH. Prints one
line per check, and exits with 1 where one fails. Standard library and nuke only.

What Python cannot see is to be looked at by hand, in a window: the input mask is at the node's
side, mask, invert and mix stand in one place of the panel; the Curve Editor shows no curve of
`fresh`; the node's label tells of its view; a render of the window's own is refused while the view
is another than result; ToolSets lists ReAge.
"""

import sys
from pathlib import Path


def main(plate_file, folder):
    import nuke

    import reage_nuke
    from reage_nuke import edition

    nuke.scriptSaveAs(folder + "/shot.nk", 1)
    plate = nuke.nodes.Read(file=plate_file, first=1001, last=1003, raw=True)
    node = reage_nuke.create(plate, source_age=50, target_age=25)
    middle = (plate.width() / 2.0, plate.height() / 2.0)
    results = []

    def check(what, good):
        results.append(bool(good))
        print("{} {}".format("well" if good else "NOT WELL", what))

    def pixel(of, frame, x, y):
        nuke.frame(frame)
        return [of.sample(c, x, y) for c in ("red", "green", "blue")]

    def fails(frame):
        """Whether a render of the frame does, as on a farm."""
        write = nuke.nodes.Write(file=folder + "/out.%04d.exr", inputs=[node])
        write["file_type"].setValue("exr")
        try:
            nuke.execute(write, frame, frame)
            return False
        except RuntimeError:
            return True
        finally:
            nuke.delete(write)

    check("an unbaked frame is an error in a render", fails(1001))
    node["when_not_baked"].setValue("plate")
    check("unbaked frames are the plate", pixel(node, 1001, *middle) == pixel(plate, 1001, *middle))
    check("and render as chosen", not fails(1001))
    report = reage_nuke.bake(node, 1001, 1002)
    check("the bake computes what was asked for", report.computed == (1001, 1002))
    check("baked frames differ", pixel(node, 1001, *middle) != pixel(plate, 1001, *middle))
    other = pixel(node, 1002, *middle)
    check("a corner is the plate", pixel(node, 1001, 5, 5) == pixel(plate, 1001, 5, 5))
    node["when_not_baked"].setValue("error in renders")
    check("a baked frame renders, one that is not does not", not fails(1001) and fails(1003))
    node["when_not_baked"].setValue("plate")
    check("frame 1003 is the plate", pixel(node, 1003, *middle) == pixel(plate, 1003, *middle))
    node["blend"].setValue(0)
    check("blend 0 is the plate", pixel(node, 1001, *middle) == pixel(plate, 1001, *middle))
    node["blend"].setValue(1)
    whole = pixel(node, 1001, *middle)
    for name in ("detail", "form", "tone"):
        node[name].setValue(0)
    check("no strength is the plate", pixel(node, 1001, *middle) == pixel(plate, 1001, *middle))
    node["form"].setValue(1)
    part = pixel(node, 1001, *middle)
    check("parts of the file are layers", part not in (whole, pixel(plate, 1001, *middle)))
    for name in ("detail", "form", "tone"):
        node[name].setValue(1)
    node["gray"].setValue(1)
    check("gray alone keeps a hairless cheek", pixel(node, 1001, *middle) == whole)
    node["gray"].setValue(0)
    number = node["bake_number"].value()
    for age in (70, 25):
        node["target_age"].setValue(age)
        reage_nuke.bake(node, 1001, 1001)
        shows = pixel(node, 1001, *middle)
        check("a bake of a displayed frame shows at once", (shows == whole) == (age == 25))
    check("and has a number of its own", node["bake_number"].value() > number)
    first_day(check, plate_file)
    between_ages(check, plate, folder)
    if not edition.limited():
        preview(check, node, plate, folder)
    long_shot(check, plate_file, folder)
    check("nothing is computed twice", reage_nuke.bake(node, 1001, 1002).computed == ())
    node["target_age"].setValue(70)
    check("a new age makes it stale", reage_nuke.states(node).numbers("stale") == (1001, 1002))
    node["target_age"].setValue(25)
    node["range_last"].setValue(1001)
    reage_nuke.bake(node)
    check("a narrower range hides nothing", pixel(node, 1002, *middle) == other)
    Path(node["cache"].value() % 1002).unlink()
    node["when_not_baked"].setValue("error")
    check("a file that was deleted is an error", fails(1002) and not fails(1001))
    one_stale_frame(check, node, fails)
    if not edition.limited():
        what_compositors_expect(check, node, plate)
        raised_before_a_render(check, node, fails)
        below_a_denoiser(check, plate)
        as_a_group(check, node)
    nuke.scriptSave()
    return 0 if all(results) else 1


def first_day(check, plate_file):
    """A bare role, a node made unwired, a refresh from the main thread, a limited license."""
    import nuke

    import reage_nuke
    from reage.errors import ReageError
    from reage_nuke import edition, space, waiting

    held = nuke.nodes.Read(file=plate_file, first=1001, last=1001, raw=True)
    unwired = nuke.createNode("ReAge", "", False)
    unwired.setInput(0, held)
    knobs = [nuke.root()[name] for name in ("colorManagement", "workingSpaceLUT")]
    before = [knob.value() for knob in knobs]
    for knob, value in zip(knobs, ("OCIO", "scene_linear"), strict=True):
        knob.setValue(value)
    check("the bare role is a space", space.working_space(unwired) != "scene_linear")
    unwired["target_age"].setValue(70)
    report = reage_nuke.bake(unwired)
    check("a node wired later bakes its held frame alone", report.computed == (1001,))
    unwired["status"].setValue("old")
    waiting.refresh_later(unwired)
    if nuke.GUI:
        wait_for_looks([unwired])
    check("a refresh from the main thread comes", unwired["status"].value() == "baked 1/1")
    if edition.limited():
        touched = reage_nuke.create(nuke.nodes.Multiply(inputs=[held]), target_age=70)
        try:
            reage_nuke.bake(touched)
            check("a limited license is told of", False)
        except ReageError as e:
            check("a limited license is told of", edition.limited() in str(e))
    for knob, value in zip(knobs, before, strict=True):
        knob.setValue(value)


def between_ages(check, plate, folder):
    """A ladder: age out moves with no bake, between files. And the same bake, for a farm."""
    import reage_nuke

    node = reage_nuke.create(plate, source_age=50, target_age=25)
    reage_nuke.bake(node, 1001, 1001)
    plain = rgb(node, 1001)
    node["ladder"].setValue("25,75")
    report = reage_nuke.bake(node, 1001, 1001)
    check("a ladder is baked at once", report.computed == (1001,))
    seen = {}
    for age in (10, 25, 37.5, 50, 75):
        node["target_age"].setValue(age)
        seen[age] = rgb(node, 1001)
    check("at a rung it is that bake", seen[25] == plain)
    check("beyond the last it is the last", seen[10] == seen[25])
    check("at age in it is the plate", seen[50] == rgb(plate, 1001))
    halves = zip(seen[37.5], seen[25], seen[50], strict=True)
    check("in the middle the half of both", all(abs(m - (a + b) / 2) < 1e-3 for m, a, b in halves))
    check("the other way another", seen[75] not in (seen[25], seen[50]))
    check("and no frame is stale", reage_nuke.states(node).numbers("baked") == (1001,))
    node["ladder"].setValue("")
    node["target_age"].setValue(25)
    check("without a ladder it is the plain bake", rgb(node, 1001) == plain)
    reage_nuke.submit(node, folder + "/job", 1001, 1002)
    check("a bake for a farm is a bundle", Path(folder + "/job/template.json").is_file())


def rgb(node, frame):
    """The pixel in the middle."""
    import nuke

    nuke.frame(frame)
    x, y = node.width() / 2.0, node.height() / 2.0
    return [node.sample(channel, x, y) for channel in ("red", "green", "blue")]


def one_stale_frame(check, node, fails):
    """Of two baked frames one is then asked for at another age."""
    import reage_nuke
    from reage_nuke import show

    node["when_not_baked"].setValue("error in renders")
    reage_nuke.bake(node, 1001, 1002)
    old = rgb(node, 1002)
    age = node["target_age"]
    before = age.value()
    age.setAnimated()
    for frame, value in ((1001, before), (1002, 80)):
        age.setValueAt(value, frame)
    show.refresh(node)
    check("a render stops at one stale frame", fails(1002) and not fails(1001))
    node["when_not_baked"].setValue("stale bake")
    check("or shows the stale bake", not fails(1002) and rgb(node, 1002) == old)
    age.clearAnimated()
    age.setValue(before)
    show.refresh(node)


def what_compositors_expect(check, node, plate):
    """Mask, mix, layers for nodes below, boxes, views; the node is baked at 1001."""
    import nuke

    whole, none = rgb(node, 1001), rgb(plate, 1001)
    mask = nuke.nodes.Constant(channels="rgba", color=[1, 0, 0, 0])
    node.setInput(2, mask)
    check("the mask is the alpha", rgb(node, 1001) == none)
    node["mask_channel"].setValue("rgba.red")
    check("or another channel", rgb(node, 1001) == whole)
    node["invert_mask"].setValue(True)
    check("inverted, it is the other way round", rgb(node, 1001) == none)
    nuke.scriptSave()
    text = Path(nuke.root().name()).read_text(encoding="utf-8")
    check("a script keeps the mask's channel", "mask_channel rgba.red" in text)
    node["invert_mask"].setValue(False)
    boxes = [(b.x(), b.y(), b.w(), b.h()) for b in (node.bbox(), plate.bbox())]
    check("the box is the plate's", boxes[0] == boxes[1])
    for knob, value in (("view_mode", "delta"), ("view_renders", True)):
        node[knob].setValue(value)
    check("the delta's is tight under a mask", node.bbox().w() < plate.bbox().w())
    node["view_renders"].setValue(False)
    check("a view that was left on reaches no render", rgb(node, 1001) == whole)
    node["view_mode"].setValue("result")
    node.setInput(2, None)
    node["mix"].setValue(0)
    check("mix is blend", node["blend"].value() == 0 and rgb(node, 1001) == none)
    node["blend"].setValue(1)
    node["output_layers"].setValue("delta, matte")
    check("delta and matte go along", {"reage_delta.red", "reage_matte.alpha"} <= {
        *node.channels()})
    check("and change no pixel", rgb(node, 1001) == whole)
    node["output_layers"].setValue("none")
    node["fresh"].setFlag(0x20000000)
    check("a knob takes the flag that Python has no name for", node["fresh"].getFlag(0x20000000))


def refuse():
    raise RuntimeError("not today")


def raised_before_a_render(check, node, fails):
    import nuke

    nuke.addBeforeRender(refuse)
    check("what is raised before a render ends it", fails(1001))
    nuke.removeBeforeRender(refuse)


def below_a_denoiser(check, plate):
    """Or what there is of one: Denoise is NukeX's."""
    import nuke

    import reage_nuke

    found = None
    for cls in ("Denoise2", "Bilateral2", "Multiply"):
        try:
            found = getattr(nuke.nodes, cls)(inputs=[plate])
        except RuntimeError:
            continue
        if not found.hasError():
            break
    node = reage_nuke.create(found, source_age=50, target_age=75)
    check("below a denoiser", reage_nuke.bake(node, 1001, 1001).computed == (1001,))
    nuke.scriptSave()
    check("it stays fresh", reage_nuke.states(node).numbers("baked") == (1001,))
    found["disable"].setValue(True)
    check("until the denoiser changes", reage_nuke.states(node).numbers("stale") == (1001,))


def as_a_group(check, node):
    """The last: the node goes."""
    import nuke

    import reage_nuke
    from reage_nuke import gizmo_knobs

    node["detail"].setAnimated()
    for frame, value in ((1001, 0.5), (1002, 2.0)):
        node["detail"].setValueAt(value, frame)
    name, wires, shown = node.name(), node.input(0).name(), rgb(node, 1001)
    group = reage_nuke.to_group(node)
    kept = group.Class() == "Group" and (group.name(), group.input(0).name()) == (name, wires)
    check("a Group keeps name and wires", kept)
    check("keys", group["detail"].valueAt(1002) == 2.0)
    check("and the picture", rgb(group, 1001) == shown)
    for each in nuke.selectedNodes():
        each["selected"].setValue(False)
    nuke.nodePaste(gizmo_knobs.TOOLSET.as_posix())
    made = [n for n in nuke.allNodes("Group") if n.knob("files_of")]
    check("the toolset is a Group", len(made) == 1)


def preview(check, node, plate, folder):
    """The Write inside the node, by expressions alone: for the moment of a preview, and of a part
    of the plate."""
    import nuke

    from reage_nuke import nodes, plates

    view = nuke.views()[0]
    footage = plates.NodeFootage(folder + "/preview.%04d.exr", False, plate, view, None)
    path = plates.write_preview(node, nodes.PLATE, footage, 1001, (64, 64, 256, 192))
    part = nuke.nodes.Read(file=path.as_posix(), raw=True)
    box = part.bbox()
    check("a preview is written by the node's own Write", path.is_file())
    check("and is of what was asked for", (box.w(), box.h()) == (192, 128))
    check("which is off again", node.node("Preview")["disable"].value())


def long_shot(check, plate_file, folder):
    """A look at a node of 500 frames, whose files are one and the same."""
    import os
    import shutil
    import time

    import nuke

    import reage_nuke
    from reage_nuke import show

    plate, layers = folder + "/long.%04d.exr", folder + "/long_face.%04d.exr"
    shutil.copy(plate_file % 1001, plate % 1001)
    for frame in range(1002, 1501):
        os.link(plate % 1001, plate % frame)
    read = nuke.nodes.Read(file=plate, first=1001, last=1500, raw=True)
    node = reage_nuke.create(read, source_age=50, target_age=25)
    node["cache"].setValue(layers)
    reage_nuke.bake(node, 1001, 1001)
    for frame in range(1002, 1501):
        os.link(layers % 1001, layers % frame)
    began = time.time()
    found = show.refresh(node)
    print("500 frames were looked at in", round(time.time() - began, 2), "s")
    check("500 frames are looked at", found.counts() == {"baked": 1, "stale": 499, "missing": 0})
    fresh = [node["fresh"].valueAt(frame) for frame in (1000, 1001, 1002, 1500, 1501)]
    check("and what is found stands in a curve of steps", fresh == [0, 1, 0.5, 0.5, 0])


def wait_for_looks(those):
    """Let Nuke's event loop run until nodes that were changed were looked at; a minute at most."""
    import time

    from reage_nuke import waiting
    from reage_ui.qt import QtCore

    end = time.time() + 60
    while any(waiting.is_waiting(node) for node in those) and time.time() < end:
        QtCore.QCoreApplication.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
