"""A take as a Nuke script: the plate, a ReAge node with the moves as keys, the rough version.

A text; nothing of Nuke is needed to write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from reage.faces import FaceTrack
from reage.progress import frames_told
from reage.settings import KEYED, Settings
from reage.shot.tracking import load_track
from reage_live.take import Take
from reage_live.ycbcr import even

_ALWAYS = ("source_age", "target_age", "blend")
STILL = ("pattern", "steady", "smooth", "model", "person")
"""Of `settings.BAKED` those that a take knows and that hold over a shot."""

_NUKES_WORDS = {
    "lin_rec709_scene": "linear",
    "srgb_rec709_scene": "sRGB",
    "g22_rec709_scene": "Gamma2.2",
    "g24_rec709_scene": "Gamma2.4",
}
"""Colorspaces by their OpenColorIO names → what Nuke's own color management calls them. Others
are written as they are: a script that uses OpenColorIO knows them."""

_ROUGH = "The rough version, as it was seen on set.\\nFor reference: nothing depends on it."


def script(take: Take, first: int = 1001, colorspace: str | None = None) -> str:
    """The text of a .nk file.

    first:      number of the take's first frame in Nuke
    colorspace: what the movies' Reads are set to; the take's own by default

    Raises TrackError where the face track cannot be read.
    """
    track = load_track(take.track)
    space = colorspace or _NUKES_WORDS.get(take.about.colorspace, take.about.colorspace)
    return "\n".join(
        (
            _node("Root", _root(take, first, colorspace is None)),
            _node("StickyNote", _note(take)),
            _node("Read", _read(take, _path(take.reaged), first, space, "Rough", 330)),
            _node("Read", _read(take, _path(take.raw), first, space, "Plate", 0)),
            _node("ReAge", _reage(take, first, track)),
        )
    )


def _root(take: Take, first: int, nukes_own: bool) -> Mapping[str, str]:
    """nukes_own: whether the colorspaces are words of Nuke's own color management."""
    return {
        **({"colorManagement": "Nuke"} if nukes_own else {}),
        "first_frame": str(first),
        "last_frame": str(first + take.frames - 1),
        "fps": f"{float(take.about.rate):.6g}",
        "format": _quoted(_format(take)),
    }


def _note(take: Take) -> Mapping[str, str]:
    slate = take.slate
    lines = (
        f"Scene {slate.scene}, take {slate.take}, camera {slate.camera}",
        f"Timecode from {take.timecode.text}, {frames_told(take.frames)}",
        f"Re-aged on set with {take.about.model}",
        f"Face track of the set: {_path(take.track)}",
    )
    return {
        "inputs": "0",
        "name": "OnSet",
        "label": _quoted("\n".join(lines)),
        "xpos": "110",
        "ypos": "-180",
    }


def _read(
    take: Take, file: str, first: int, colorspace: str, name: str, xpos: int
) -> Mapping[str, str]:
    rough = {"label": f'"{_ROUGH}"'} if name == "Rough" else {}
    return {
        "inputs": "0",
        "file_type": "mov",
        "file": _quoted(file),
        "format": _quoted(_format(take)),
        "first": "1",
        "last": str(take.frames),
        "origfirst": "1",
        "origlast": str(take.frames),
        "origset": "true",
        "frame_mode": '"start at"',
        "frame": str(first),
        "colorspace": _quoted(colorspace),
        "name": name,
        **rough,
        "xpos": str(xpos),
        "ypos": "-60",
    }


def _reage(take: Take, first: int, track: FaceTrack) -> Mapping[str, str]:
    return {
        **{name: _curve(take, name, first) for name in KEYED if _wanted(take, name)},
        **dict(_still(take)),
        **dict(_face_point(track)),
        "range_first": str(first),
        "range_last": str(first + take.frames - 1),
        "name": "ReAge1",
        "xpos": "0",
        "ypos": "60",
    }


def _wanted(take: Take, name: str) -> bool:
    """Ages and blend always; others only where they were touched."""
    default = next(f.default for f in fields(Settings) if f.name == name)
    return name in _ALWAYS or any(value != default for _, value in _steps(take, name))


def _steps(take: Take, name: str) -> list[tuple[int, Any]]:
    """(frame, value) at the first frame, and wherever the value was moved."""
    moved = [(m.frame, m.values[name]) for m in take.moves if name in m.values]
    return [(1, getattr(take.settings, name)), *moved]


def _curve(take: Take, name: str, first: int) -> str:
    """A number, or keys that hold until the next (K): on set nothing lay between two values."""
    steps = _steps(take, name)
    if len(steps) == 1:
        return _number(steps[0][1])
    keys = (f"x{first + frame - 1} {_number(value)}" for frame, value in steps)
    return "{{curve K " + " ".join(keys) + "}}"


def _still(take: Take) -> Iterator[tuple[str, str]]:
    """What differs from its default among settings that hold for a whole shot."""
    default, used = Settings(), take.settings_at(take.frames)
    for name in STILL:
        value = getattr(used, name)
        if value == getattr(default, name):
            continue
        if isinstance(value, str):
            text = Path(value).as_posix() if name == "model" else value
            yield {"pattern": "pattern_file"}.get(name, name), _quoted(text)
        else:
            yield name, _number(value)


def _face_point(track: FaceTrack) -> Iterator[tuple[str, str]]:
    """The face at the first frame, in Nuke's coordinates: y from the bottom. Without a face
    there the node looks for the largest."""
    face = track.at(1)
    if face is not None:
        x, y = face.center
        yield "use_face_point", "true"
        yield "face_point", f"{{{x:.3f} {track.height - y:.3f}}}"


def _path(file: Path) -> str:
    return file.resolve().as_posix()


def _format(take: Take) -> str:
    width, height = even(take.about.size)
    return f"{width} {height} 0 0 {width} {height} 1"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _quoted(text: str) -> str:
    """One word of a Tcl list."""
    escaped = re.sub(r'([\\"\[\]${}])', r"\\\1", text).replace("\n", "\\n")
    return f'"{escaped}"'


def _node(cls: str, knobs: Mapping[str, str]) -> str:
    lines = "".join(f" {name} {value}\n" for name, value in knobs.items())
    return f"{cls} {{\n{lines}}}\n"
