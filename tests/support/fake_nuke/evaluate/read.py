"""The Read node: which file a frame is, and what comes where there is none."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from pathlib import Path

import numpy as np

from fake_nuke.evaluate.asking import Asked, makes
from fake_nuke.evaluate.exr import read_exr
from fake_nuke.evaluate.pictures import RGBA, Picture
from fake_nuke.evaluating import KnobNames, run_tcl
from fake_nuke.expression import parse
from fake_nuke.file_names import file_at

LINEAR = ("default", "linear", "scene_linear")


@makes("Read")
def read(asked: Asked) -> Picture:
    frame = source_frame(asked)
    if frame is None:
        return _black(asked)
    path = Path(file_at(asked.node._knobs["file"], frame))
    if "\\" in str(path):
        raise asked.refuse(f"{path}: a path has forward slashes.")
    try:
        if not str(asked.node._knobs["file"]._held):
            raise OSError("no file name")
        if path.suffix != ".exr":
            raise asked.refuse("the evaluator reads EXR only.")
        picture = read_exr(path)
        _hold(asked, path)
    except OSError as error:
        return _missing(asked, path, error)
    if not asked.number("raw") and asked.word("colorspace") not in LINEAR:
        raise asked.refuse(f"the evaluator does not convert from {asked.word('colorspace')}.")
    return _formatted(asked, picture)


def _hold(asked: Asked, path: Path) -> None:
    """A file that a Viewer shows stays open. Where files are locked so, as on Windows, the lock
    says it to other programs: see `Session.display`."""
    world = asked.node._world
    if world.displaying and path not in world.held:
        world.held[path] = path.open("rb")
        fcntl.flock(world.held[path], fcntl.LOCK_SH)


def _formatted(asked: Asked, picture: Picture) -> Picture:
    """With the pixel aspect of the format that was chosen, where that is of the file's size."""
    knob = asked.node._knobs["format"]
    if knob._is_default():
        return picture
    chosen, own = knob._held, picture.format
    if (chosen.width(), chosen.height()) != (own.width(), own.height()):
        raise asked.refuse("the evaluator puts no file into a format of another size.")
    return replace(picture, format=chosen)


def source_frame(asked: Asked) -> float | None:
    """The frame of the file for the frame asked; None for black before or after the range."""
    frame = _mapped(asked)
    first, last = asked.number("first"), asked.number("last")
    if first <= frame <= last:
        return frame
    how = asked.word("before" if frame < first else "after")
    length = last - first + 1
    if how == "black":
        return None
    if how == "loop":
        return first + (frame - first) % length
    if how == "bounce":
        place = (frame - first) % max(2 * length - 2, 1)
        return first + min(place, 2 * length - 2 - place)
    return min(max(frame, first), last)


def _mapped(asked: Asked) -> float:
    text = str(asked.node._knobs["frame"]._held).strip()
    mode = asked.word("frame_mode")
    if not text:
        return asked.frame
    if mode == "expression":
        return float(parse(text)(_Frame(asked)))
    if mode == "start at":
        return asked.frame - float(text) + asked.number("first")
    return asked.frame + float(text)


class _Frame:
    """The names of a Read's frame expression."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def value(self, name: str) -> float:
        if name == "frame":
            return self.asked.frame
        return self.value_at(name, self.asked.frame)

    def value_at(self, name: str, time: float) -> float:
        return KnobNames(self.asked.node, time).value(name)

    def tcl(self, script: str) -> str:
        return run_tcl(self.asked.node, script)


def _missing(asked: Asked, path: Path, error: OSError) -> Picture:
    how = asked.word("on_error")
    if how == "black":
        return _black(asked)
    if how == "error":
        raise asked.refuse(f"{path}: Read error: {error}")
    raise asked.refuse(f"the evaluator does not know on_error {how!r}.")


def _black(asked: Asked) -> Picture:
    """rgba and no layer else: what was in a file that is not there, nobody knows."""
    knob = asked.node._knobs["format"]
    format = asked.node._world.root.format() if knob._is_default() else knob._held
    box = (0, 0, format.width(), format.height())
    zero = np.zeros((format.height(), format.width()), np.float32)
    return Picture(format, box, dict.fromkeys(RGBA, zero))
