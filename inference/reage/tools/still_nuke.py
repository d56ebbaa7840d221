"""A still face as nodes for Nuke: a toolset's text, to be pasted or opened.

    plate ─▶ CornerPin2D ─▶ paint on the pin ─▶ CornerPin2D ─▶ the way back
    plate ─▶ STMap ─▶ paint on the still face ─▶ STMap ─▶ over the plate, by the map's matte

Nuke counts y from the bottom, and so do the pins' points here.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from reage.faces import FaceFrame
from reage.pixels.geometry import squeezed
from reage.shot.stabilizing import StillFace

_CORNERS = ((-0.5, 0.6), (0.5, 0.6), (0.5, -0.6), (-0.5, -0.6))
"""Of a pin, in face units, y down: bottom left, bottom right, top right, top left, as Nuke has
them."""

Points = np.ndarray


def toolset(still: StillFace) -> str:
    """The text of the nodes; they hang below what is selected, the plate."""
    first, last = still.frames[0], still.frames[-1]
    held = _still(corners(still.held, still))
    moving = _keyed({n: corners(still.faces[n], still) for n in still.frames if n in still.faces})
    at = "a frontal face" if still.at is None else f"the face of frame {still.at}"
    note = (
        f"ReAge: held still is {at}. Left: place, size and roll alone, by pins. Right: the face's "
        "mesh, by ST maps. Paint at the dots that say so; the way back is below them."
    )
    return "".join((
        "set cut_paste_input [stack 0]\nversion 13.0 v1\npush $cut_paste_input\n",
        _node("Dot", name="StillPlate", label='"the plate"', xpos=0, ypos=0),
        "set Nplate [stack 0]\n",
        _node("CornerPin2D", **_pin(moving, held), name="StabilizePin", xpos=-160, ypos=80),
        _node("Dot", name="PaintOnPin", label='"paint here"', xpos=-126, ypos=160),
        _node("CornerPin2D", **_pin(held, moving), name="MatchMovePin", xpos=-160, ypos=240),
        _read("StabilizeMap", still.stabilize, first, last, 300, 0),
        "push $Nplate\n",
        _node("STMap", inputs=2, uv="rgb", filter="Keys", name="StabilizeFace", xpos=160, ypos=80),
        _node("Dot", name="PaintOnFace", label='"paint here"', xpos=194, ypos=160),
        "set Nstill [stack 0]\n",
        _read("MatchMoveMap", still.matchmove, first, last, 300, 160),
        "set Nback [stack 0]\npush $Nstill\n",
        _node("STMap", inputs=2, uv="rgb", filter="Keys", name="MatchMoveFace", xpos=160, ypos=240),
        "set Nmoved [stack 0]\npush $Nback\npush $Nmoved\npush $Nplate\n",
        _node("Keymix", inputs=3, bbox="B", name="FaceOverPlate", xpos=0, ypos=320),
        _node("StickyNote", inputs=0, name="StillFace", label=_quoted(note), xpos=-400, ypos=0),
    ))  # fmt: skip


def corners(face: FaceFrame, still: StillFace) -> Points:
    """(4, 2) a pin's points around a face, in the plate's px, y from the bottom."""
    points = squeezed(face.to_plate.apply(np.array(_CORNERS)), still.track.aspect)
    return np.asarray(points * (1, -1) + (0, still.track.height))


def _pin(source: Iterable[str], target: Iterable[str]) -> dict[str, str]:
    """What a CornerPin2D takes from `source` to `target`."""
    return {
        **{f"to{k}": words for k, words in enumerate(target, 1)},
        **{f"from{k}": words for k, words in enumerate(source, 1)},
        "filter": "Keys",
    }


def _still(points: Points) -> list[str]:
    return [f"{{{x:.4f} {y:.4f}}}" for x, y in points]


def _keyed(points: dict[int, Points]) -> list[str]:
    """Curves over the frames, a pair for each corner."""

    def curve(corner: int, axis: int) -> str:
        keys = " ".join(f"x{n} {each[corner, axis]:.4f}" for n, each in sorted(points.items()))
        return f"{{curve L {keys}}}"

    return [f"{{{curve(k, 0)} {curve(k, 1)}}}" for k in range(len(_CORNERS))]


def _read(name: str, pattern: str, first: int, last: int, x: int, y: int) -> str:
    path = Path(pattern).absolute().as_posix()
    return _node(
        "Read", inputs=0, file=_quoted(path), first=first, last=last, before="black",
        after="black", raw="true", name=name, xpos=x, ypos=y,
    )  # fmt: skip


def _node(cls: str, **knobs: object) -> str:
    lines = "".join(f" {name} {value}\n" for name, value in knobs.items())
    return f"{cls} {{\n{lines}}}\n"


def _quoted(text: str) -> str:
    """A word of Tcl."""
    return '"' + "".join(f"\\{c}" if c in '"\\$[]' else c for c in text) + '"'
