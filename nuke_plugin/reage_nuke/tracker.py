"""The face track as a native Tracker node, in Nuke's coordinates: y from the bottom."""

from __future__ import annotations

import math
from typing import Any

import nuke

from reage.errors import TrackError
from reage_host import track as tracks
from reage_host.patterns import for_view
from reage_nuke import cache, nodes

_COLUMNS = (
    "5 1 20 enable e 1", "3 1 75 name name 1", "2 1 58 track_x track_x 1",
    "2 1 58 track_y track_y 1", "2 1 63 offset_x offset_x 1", "2 1 63 offset_y offset_y 1",
    "4 1 27 T T 1", "4 1 27 R R 1", "4 1 27 S S 1", "2 0 45 error error 1",
    "1 1 0 error_min error_min 1", "1 1 0 error_max error_max 1",
    "1 1 0 pattern_x pattern_x 1", "1 1 0 pattern_y pattern_y 1",
    "1 1 0 pattern_r pattern_r 1", "1 1 0 pattern_t pattern_t 1",
    "1 1 0 search_x search_x 1", "1 1 0 search_y search_y 1",
    "1 1 0 search_r search_r 1", "1 1 0 search_t search_t 1",
    "2 1 0 key_track key_track 1", "2 1 0 key_search_x key_search_x 1",
    "2 1 0 key_search_y key_search_y 1", "2 1 0 key_search_r key_search_r 1",
    "2 1 0 key_search_t key_search_t 1", "2 1 0 key_track_x key_track_x 1",
    "2 1 0 key_track_y key_track_y 1", "2 1 0 key_track_r key_track_r 1",
    "2 1 0 key_track_t key_track_t 1", "2 1 0 key_centre_offset_x key_centre_offset_x 1",
    "2 1 0 key_centre_offset_y key_centre_offset_y 1",
)  # fmt: skip
"""The table that a Tracker4 keeps its tracks in, as Nuke 15 and 17 write it to scripts."""


def export(node: Any) -> Any:
    """A Tracker4 beside the node: the face's center, and two points that carry turn and size.

    Raises TrackError where the node has no track yet.
    """
    path = tracks.track_file(for_view(cache.layers_pattern(node), nuke.views()[0]))
    found = tracks.read(path)
    if found is None:
        raise TrackError(f"{node.name()} has no face track yet; bake it first.")
    seen = {n: e for n, e in found.frames.items() if e.get("state") != "none"}
    if not seen:
        raise TrackError(f"No face was found in any frame of {node.name()}.")
    rows = [
        _row(name, {n: _point(e, side, found) for n, e in seen.items()})
        for name, side in (("face", 0.0), ("face left", -0.5), ("face right", 0.5))
    ]
    with node.parent() or nuke.root():
        made = nuke.nodes.Tracker4(inputs=[node.input(nodes.PLATE)], label=f"{node.name()}'s face")
    made["tracks"].fromScript(_table(rows))
    made.setXYpos(node.xpos() + 120, node.ypos())
    return made


def _point(entry: Any, side: float, track: tracks.Track) -> tuple[float, float]:
    """A point `side` face sizes to the right of the face's center, along its tilt, in the plate's
    own px."""
    x, y = entry["center"]
    angle = math.radians(entry["degrees"])
    x += side * entry["size"] * math.cos(angle) / track.aspect
    y += side * entry["size"] * math.sin(angle)
    return x, track.height - y


def _row(name: str, points: dict[int, tuple[float, float]]) -> str:
    first = min(points)
    x, y = (" ".join(f"x{n} {p[k]:.4f}" for n, p in sorted(points.items())) for k in (0, 1))
    still = f"{{curve K x{first} 0}}"
    return (
        f'{{ {{curve K x{first} 1}} "{name}" {{curve {x}}} {{curve {y}}} {still} {still} 1 1 1 '
        f"{{curve x{first} 0}} 0 0 -16 -16 16 16 -24 -24 24 24 " + "{} " * 11 + "}"
    )


def _table(rows: list[str]) -> str:
    columns = "\n".join(f"{{ {each} }}" for each in _COLUMNS)
    return f"{{ 1 {len(_COLUMNS)} {len(rows)} }}\n{{ {columns} }}\n{{ " + "\n".join(rows) + " }"
