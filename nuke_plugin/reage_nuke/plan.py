"""All that a bake knows before its first frame: looked at, and refused where it cannot work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import nuke

from reage.errors import Cancelled, SettingsError
from reage_host import engine, track
from reage_host.patterns import for_view
from reage_host.report import STOPPED
from reage_host.state import BAKED
from reage_nuke import cache, nodes, plates, sharing, space
from reage_nuke.graph import NodeView
from reage_nuke.main_thread import on_main
from reage_nuke.state import FileLook


@dataclass(frozen=True)
class BakePlan:
    """One bake of one node.

    frames   asked for
    scratch  folder for plates that Nuke must write
    how      device, tile and datatype
    """

    frames: range
    views: tuple[NodeView, ...]
    scratch: Path
    environment: Mapping[str, str]
    how: Mapping[str, Any]


def make(
    node: Any, first: int | None, last: int | None, keep: Path | None = None
) -> BakePlan:
    """The plan for `first` to `last`, else for the node's range. Main thread. keep: a folder for
    what Nuke must write, where that is to stay.

    Raises a ReageError for all that can be known to be wrong.
    """
    nodes.take_range(node)  # its panel may have been closed when the plate was connected
    low, high = nodes.frame_range(node)
    first, last = (low if first is None else first), (high if last is None else last)
    if last < first:
        raise SettingsError(f"{node.name()}: {first} to {last} runs backwards.")
    apart = last < low or high < first  # then the old range is none of this bake's business
    span = (first, last) if apart else (min(low, first), max(high, last))
    plates.check(node.input(nodes.PLATE), node.name())
    engine.command()
    model = nodes.still_values(node)["model"]
    if model and not Path(model).is_file():
        raise SettingsError(f"{node.name()}: the model {model} is not there.")
    for frame in range(first, last + 1):
        nodes.keyed_values(node, frame, nuke.views()[0])
    text = cache.claim(node)
    cache.check_writable(text)
    folder = Path(for_view(text, "")).parent
    plates.sweep(folder)
    scratch = keep or folder / f"{plates.SCRATCH}{uuid4().hex}"
    whole = _followed(node, text, *span)
    views = tuple(
        NodeView.of(node, view, text, whole, scratch, sharing.files_changed)
        for view in nuke.views()
    )
    for view in views:
        view.settings(first)  # what holds for all frames is what it is now
    return BakePlan(
        frames=range(first, last + 1),
        views=views,
        scratch=scratch,
        environment=space.engine_environment(),
        how={
            "device": str(node["device"].value()),
            "tile": int(node["tile"].value()),
            "datatype": str(node["datatype"].value()),
        },
    )


def moved(node: Any, work: BakePlan) -> BakePlan:
    """The same bake in the next version of the node's files, with what stands; the node shows it
    from now on.

    On any thread. Raises a ReageError, Cancelled where the node is gone.
    """

    def begin() -> tuple[str, str, str, FileLook]:
        if not nodes.alive(node):
            raise Cancelled(STOPPED)
        old, text = cache.layers_pattern(node), cache.free_version(node)
        return old, text, cache.absolute(text, node), FileLook.at(node)

    def end() -> BakePlan:
        if not nodes.alive(node):
            raise Cancelled(STOPPED)
        node["cache"].setValue(text)
        return make(node, work.frames[0], work.frames[-1])

    old, text, new, look = on_main(begin)
    cache.bring(old, new, [each.view for each in work.views], look.found().numbers(BAKED))
    return on_main(end)


def say(node: Any, sentence: str) -> None:
    """Add a sentence to the node's status line. Main thread."""
    if nodes.alive(node):
        node["status"].setValue(f"{node['status'].value()}; {sentence}")


def _followed(node: Any, text: str, first: int, last: int) -> range:
    """The frames that the face is followed in: with those of the track that stands, where they
    meet and the plate has them, so that what is baked of them stays fresh."""
    tracks = (track.read(track.track_file(for_view(text, view))) for view in nuke.views())
    plate = node.input(nodes.PLATE)
    low, high = plate.firstFrame(), plate.lastFrame()
    held = [f for each in tracks if each for f in each.frames if low <= f <= high]
    if not held or last + 1 < min(held) or max(held) + 1 < first:
        return range(first, last + 1)
    return range(min(first, *held), max(last, *held) + 1)
