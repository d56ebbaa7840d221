"""The checks that only Nuke itself can make. Run by a studio that has it:

    REAGE_NUKE=/path/to/Nuke python -m pytest tests/nuke/test_in_nuke.py

which calls `Nuke -t tests/nuke/in_nuke.py PLATE FOLDER` with ReAge on NUKE_PATH. Prints one
line per check, and exits with 1 where one fails. Standard library and nuke only.
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
