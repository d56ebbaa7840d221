"""All that a bake knows before its first frame: looked at, and refused where it cannot work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import nuke

from reage.errors import SettingsError
from reage_nuke import cache, engine, nodes, pattern, plates, space, state, track

LAYERS = ("delta", "matte", "parts")
"""What the node's graph puts together."""


@dataclass(frozen=True)
class BakeView:
    """What one view of a bake needs.

    maps, hair: age maps and hair mattes, where they are connected
    layers:     the pattern, its view filled in
    """

    name: str
    plate: plates.NodeFootage
    maps: plates.NodeFootage | None
    hair: plates.NodeFootage | None
    layers: str
    track: Path


@dataclass(frozen=True)
class BakePlan:
    """One bake of one node.

    frames   asked for
    whole    the node's range, which the face track spans
    scratch  folder for plates that Nuke must write
    still    the settings that hold for all frames
    """

    node: Any
    name: str
    frames: range
    whole: range
    views: tuple[BakeView, ...]
    scratch: Path
    still: Mapping[str, Any]
    colorspace: str
    environment: Mapping[str, str]
    device: str
    tile: int

    def job(self, view: BakeView, frames: tuple[int, ...]) -> dict[str, Any]:
        """The render job's document, without what differs from frame to frame."""
        settings = {k: v for k, v in self.still.items() if v is not None}
        settings["colorspace"] = self.colorspace
        if view.maps:
            settings["age_map"] = view.maps.pattern
        if view.hair:
            settings["hair_matte"] = view.hair.pattern
        return {
            "plate": view.plate.pattern,
            "output": view.layers,
            "settings": settings,
            "frames": ",".join(map(str, frames)),
            "layers": LAYERS,
            "device": self.device,
            "tile": self.tile,
        }


def make(node: Any, first: int | None, last: int | None) -> BakePlan:
    """The plan for `first` to `last`, else for the node's range. Main thread.

    Raises a ReageError for all that can be known to be wrong.
    """
    low, high = nodes.frame_range(node)
    first, last = (low if first is None else first), (high if last is None else last)
    if last < first:
        raise SettingsError(f"{node.name()}: {first} to {last} runs backwards.")
    apart = last < low or high < first  # then the old range is none of this bake's business
    span = (first, last) if apart else (min(low, first), max(high, last))
    plates.check(node.input(nodes.PLATE), node.name())
    engine.command()
    still = nodes.still_values(node)
    if still["model"] and not Path(still["model"]).is_file():
        raise SettingsError(f"{node.name()}: the model {still['model']} is not there.")
    for frame in range(first, last + 1):
        nodes.keyed_values(node, frame, nuke.views()[0])
    if span != (low, high):
        nodes.set_range(node, *span)  # frames outside the range would not be shown
    text = cache.claim(node)
    cache.check_writable(text)
    folder = Path(pattern.for_view(text, "")).parent
    plates.sweep(folder)
    scratch = folder / f"{plates.SCRATCH}{uuid4().hex}"
    return BakePlan(
        node=node,
        name=node.fullName(),
        frames=range(first, last + 1),
        whole=range(span[0], span[1] + 1),
        views=tuple(_view(node, v, text, span, scratch) for v in nuke.views()),
        scratch=scratch,
        still=still,
        colorspace=space.working_space(node),
        environment=space.engine_environment(),
        device=str(node["device"].value()),
        tile=int(node["tile"].value()),
    )


def _view(node: Any, view: str, text: str, span: tuple[int, int], scratch: Path) -> BakeView:
    return BakeView(
        name=view,
        plate=plates.footage(node.input(nodes.PLATE), view, span, scratch / "plate"),
        maps=state.drawn(node, nodes.AGE_MAP, view, span, scratch / "age_map"),
        hair=state.drawn(node, nodes.HAIR, view, span, scratch / "hair_matte"),
        layers=pattern.for_view(text, view),
        track=track.track_file(text, view),
    )
