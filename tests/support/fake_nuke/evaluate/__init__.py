"""Work out the pictures of a graph with numpy: the few node classes that the gizmo uses.

    evaluate.picture(node, 1001).array()            (height, width, 4) rgba, top row first
    evaluate.picture(node, 1001).array(["reage_delta.red"])
    evaluate.picture(node, 1001, "left").box       (x, y, r, t), y up

A class, operation or color conversion that it does not know raises RenderError: nothing is
passed through unseen.
"""

from __future__ import annotations

from math import floor

from fake_nuke.errors import RenderError
from fake_nuke.evaluate import distort, expressions, merge, read, simple
from fake_nuke.evaluate.asking import MAKERS, Asked
from fake_nuke.evaluate.exr import write_exr
from fake_nuke.evaluate.hashes import op_hash
from fake_nuke.evaluate.pictures import Picture, channel
from fake_nuke.group import Group
from fake_nuke.node import Node

__all__ = [
    "MAKERS",
    "Picture",
    "RenderError",
    "black",
    "distort",
    "error",
    "expressions",
    "frames",
    "header",
    "merge",
    "op_hash",
    "picture",
    "read",
    "sample",
    "simple",
    "write_exr",
]


def picture(node: Node, frame: float, view: str = "main") -> Picture:
    """The node's picture, in full resolution; RenderError where it cannot be made."""
    if node._world.root.proxy():
        raise RenderError(node, "the evaluator has no proxy mode.")
    return header(node, frame, view)


def header(node: Node, frame: float, view: str) -> Picture:
    """Format, box, channels and metadata, which proxy mode does not change here."""
    return Asked(node, float(frame), view).picture()


def black(node: Node) -> Picture:
    """What stands for a picture that cannot be made."""
    return Asked(node, 0.0, "").black()


def sample(node: Node, name: str, x: float, y: float, frame: float, view: str) -> float:
    """The pixel that (x, y) lies in, y up; 0 outside."""
    found = picture(node, frame, view)
    at = (floor(x), floor(y), floor(x) + 1, floor(y) + 1)
    return float(found.over(channel(name), at)[0, 0])


def error(node: Node, frame: float, view: str) -> Node | None:
    """The node upstream that keeps this one from a picture."""
    try:
        header(node, frame, view)
    except RenderError as failure:
        return failure.node
    return None


def frames(node: Node) -> tuple[int, int]:
    """First and last frame of what flows into the node; the root's where nothing says."""
    source: Node | None = node
    shift = 0
    while source is not None:
        if source._cls == "Read":
            return int(source["first"].value()) + shift, int(source["last"].value()) + shift
        if source._cls == "TimeOffset":
            shift += int(source["time_offset"].value())
        source = _source(source)
    return node._world.root._frames()


def _source(node: Node) -> Node | None:
    if isinstance(node, Group):
        return next((child for child in node._children if child._cls == "Output"), None)
    if node._cls == "Input" and node._parent is not None:
        return node._parent._connected(int(node["number"].value()))
    return node._connected(0)
