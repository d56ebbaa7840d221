"""Nodes with one source, or none."""

from __future__ import annotations

from typing import Any

import numpy as np

from fake_nuke.evaluate.asking import Asked, makes
from fake_nuke.evaluate.masking import mixed
from fake_nuke.evaluate.pictures import Picture, intersection, is_empty
from fake_nuke.formats import Format
from fake_nuke.group import Group


@makes("Dot", "NoOp", "Output", "Write", "Tracker4")
def passes(asked: Asked) -> Picture:
    """The source as it is. A Write that reads back and a Tracker that moves are not known."""
    if asked.node._cls == "Write" and asked.number("reading"):
        raise asked.refuse("the evaluator does not read a Write's own file back.")
    if asked.node._cls == "Tracker4" and asked.word("transform") != "none":
        raise asked.refuse("the evaluator does not move pictures.")
    return asked.input(0)


@makes("Assert")
def assertion(asked: Asked) -> Picture:
    """The source, or an error with the message where the expression is 0."""
    if not asked.number("expression"):
        raise asked.refuse(asked.word("message"))
    return asked.input(0)


@makes("Input")
def door(asked: Asked) -> Picture:
    """What is connected to the group's input of that number."""
    group = asked.node._parent
    if group is None:
        return asked.black()
    outside = group._connected(int(asked.number("number")))
    return asked.of(outside) if outside is not None else asked.black()


@makes("Group")
def group(asked: Asked) -> Picture:
    assert isinstance(asked.node, Group)
    output = next((c for c in asked.node._children if c._cls == "Output"), None)
    if output is None:
        raise asked.refuse("the group has no Output.")
    return asked.of(output)


@makes("Constant")
def constant(asked: Asked) -> Picture:
    """rgba, or the channels of another layer in their order."""
    knob = asked.node._knobs["format"]
    format = asked.node._world.root.format() if knob._is_default() else knob._held
    word = asked.word("channels")
    names = asked.channels("channels", ()) if word != "rgb" else _layer(asked, "rgba")
    shape = (format.height(), format.width())
    filled = {
        n: np.full(shape, v, np.float32)
        for n, v in zip(names, asked.numbers("color"), strict=False)
    }
    return Picture(format, (0, 0, format.width(), format.height()), filled)


def _layer(asked: Asked, name: str) -> list[str]:
    return list(asked.node._world.layers[name])


@makes("Switch")
def switch(asked: Asked) -> Picture:
    last = max(asked.node.inputs() - 1, 0)
    return asked.input(int(min(max(asked.number("which"), 0), last)))


@makes("FrameHold")
def frame_hold(asked: Asked) -> Picture:
    first, step = asked.number("firstFrame"), asked.number("increment")
    held = first + ((asked.frame - first) // step) * step if step else first
    return asked.input(0, held)


@makes("TimeOffset")
def time_offset(asked: Asked) -> Picture:
    if asked.number("reverse_input"):
        raise asked.refuse("the evaluator does not play backwards.")
    return asked.input(0, asked.frame - asked.number("time_offset"))


@makes("Multiply")
def multiply(asked: Asked) -> Picture:
    source = asked.input(0)
    factors = asked.numbers("value")
    return _each(asked, source, lambda array, i: array * np.float32(factors[i]))


@makes("Grade")
def grade(asked: Asked) -> Picture:
    """Lift, gain, offset, gamma, then the clamps."""
    knobs = {
        name: asked.numbers(name)
        for name in ("blackpoint", "whitepoint", "black", "white", "multiply", "add", "gamma")
    }
    if asked.number("reverse"):
        raise asked.refuse("the evaluator does not grade in reverse.")

    def graded(array: Any, i: int) -> Any:
        k = {name: np.float32(values[i]) for name, values in knobs.items()}
        gain = k["multiply"] * (k["white"] - k["black"]) / (k["whitepoint"] - k["blackpoint"])
        value = array * gain + (k["add"] + k["black"] - gain * k["blackpoint"])
        if k["gamma"] != 1:
            value = np.where(value > 0, np.abs(value) ** (1 / k["gamma"]), value)
        value = np.maximum(value, 0) if asked.number("black_clamp") else value
        return np.minimum(value, 1) if asked.number("white_clamp") else value

    return _each(asked, asked.input(0), graded)


def _each(asked: Asked, source: Picture, change: Any) -> Picture:
    """The channels that the node's `channels` names, each by its place in its layer."""
    changed = {
        name: change(source.channels[name], _place(name)).astype(np.float32)
        for name in asked.channels("channels", list(source.channels))
        if name in source.channels
    }
    return mixed(asked, source, source.also(changed), mask=1)


def _place(name: str) -> int:
    return {"green": 1, "blue": 2, "alpha": 3}.get(name.rpartition(".")[2], 0)


@makes("Crop")
def crop(asked: Asked) -> Picture:
    if any(asked.numbers("softness")):
        raise asked.refuse("the evaluator crops hard.")
    source = asked.input(0)
    x, y, r, t = (round(v) for v in asked.numbers("box"))
    box = intersection(source.box, (x, y, r, t)) if asked.number("intersect") else (x, y, r, t)
    cropped = source.cropped(box if not is_empty(box) else (0, 0, 0, 0))
    if not asked.number("reformat"):
        return cropped
    moved = (cropped.box[0] - x, cropped.box[1] - y, cropped.box[2] - x, cropped.box[3] - y)
    return Picture(Format(r - x, t - y), moved, cropped.channels, source.metadata)


@makes("Remove")
def remove(asked: Asked) -> Picture:
    source = asked.input(0)
    there = list(source.channels)
    named = {n for i in ("", "2", "3", "4") for n in asked.channels(f"channels{i}", there)}
    keep = asked.word("operation") == "keep"
    left = {name: a for name, a in source.channels.items() if (name in named) == keep}
    return Picture(source.format, source.box, left, source.metadata)


@makes("AddChannels")
def add_channels(asked: Asked) -> Picture:
    """Channels that are not there yet, of one color."""
    source = asked.input(0)
    color = asked.numbers("color")
    added = {
        name: np.full_like(source.over(name, source.box), color[_place(name)])
        for i in ("", "2", "3", "4")
        for name in asked.channels(f"channels{i}", ())
        if name not in source.channels
    }
    return source.also(added)
