"""Which channels of a file are the picture: its layers, by prefix, part and view."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import OpenImageIO as oiio

from reage.errors import PlateError
from reage.media import attributes

_RGB = (("r", "g", "b"), ("red", "green", "blue"))
_GRAY = (("y",), ("l",), ("grey",), ("gray",), ("i",))
ALPHA = ("a", "alpha")

_PICTURE = re.compile(r"(rgba?|colou?r|c|beauty|combined|composite|main|image)([ _.-].*)?")
"""Names by which renderers and compositors call the finished picture."""

_DATA = re.compile(
    r"(n|p|z|uv|st|id|normals?|pos(ition)?s?|pref|pworld|nworld|depth|motion|velocity|vectors?"
    r"|.*(normal|position|depth|motion|vector|cryptomatte|objectid).*)",
)
"""Names of what is stored as color and is none."""

_VIEWS = ("left", "right")
"""Where a file does not list its own."""


@dataclass(frozen=True)
class ColorLayer:
    """A picture in a file.

    part:  number of the part that it stands in
    name:  as `--layer` calls it; "" for R, G, B by themselves in a file without named parts
    also:  other names that are understood, all in lower case
    view:  that it belongs to, in lower case; "" where the file tells of none
    rgb:   indices in the part of red, green, blue, or of a gray picture's one channel
    alpha: index of its own alpha, or None
    rank:  lower is nearer to the finished picture: 0 plain, 1 by name, 2 unknown, 3 data, and
           10 more in a view that is not the first
    """

    part: int
    name: str
    also: tuple[str, ...]
    view: str
    rgb: tuple[int, ...]
    alpha: int | None
    rank: int

    def is_called(self, name: str) -> bool:
        return name.lower() in (self.name.lower(), *self.also)

    def is_wanted(self, wanted: Wanted) -> bool:
        if isinstance(wanted, ColorLayer):  # the same picture of another frame
            return (self.name.lower(), self.view) == (wanted.name.lower(), wanted.view)
        return not wanted or self.is_called(wanted)


Wanted = str | ColorLayer | None
"""Which picture: by name, the one that another frame was read by, or the finished picture."""


def color_layers(parts: Sequence[oiio.ImageSpec]) -> list[ColorLayer]:
    """Every picture of a file, the likeliest first; gray ones only where none has colors."""
    found = [layer for sets in (_RGB, _GRAY) for layer in _layers(parts, sets)]
    colored = [layer for layer in found if len(layer.rgb) == 3]
    return sorted(colored or found, key=lambda layer: layer.rank)


def chosen_layer(
    path: Path, parts: Sequence[oiio.ImageSpec], layer: Wanted = None
) -> ColorLayer:
    """The layer that is wanted. Raises PlateError where there is none, or none of several can be
    told to be the finished picture."""
    found = color_layers(parts)
    if isinstance(layer, ColorLayer):
        if same := next((each for each in found if each.is_wanted(layer)), None):
            return same
        there = ", ".join(_called(each) for each in found) or "no picture"
        raise PlateError(
            f"{path} lacks {_called(layer)}, which the shot's first frame is read by; it has "
            f"{there}. Render it again, or say with --layer what all frames have."
        )
    if layer:
        everything = [*found, *_layers(parts, _GRAY)]
        if named := next((each for each in everything if each.is_called(layer)), None):
            return named
    elif found:
        alike = _alike(found)
        if alike[0].rank == 0 or len(alike) == 1:
            return alike[0]
        names = ", ".join(each.name for each in alike)
        raise PlateError(f"{path} holds several pictures: {names}. Choose one with --layer.")
    what = f"layer {layer!r} with R, G, B" if layer else "R, G, B channels"
    channels = ", ".join(dict.fromkeys(n for spec in parts for n in spec.channelnames))
    pictures = ", ".join(map(_called, found))
    has = f"Its pictures are {pictures}; its" if pictures else "Its"
    raise PlateError(f"{path} has no {what}. {has} channels are {channels}.")


def _alike(found: Sequence[ColorLayer]) -> Sequence[ColorLayer]:
    """The likeliest of pictures, and those that nothing tells from it: two by the same name, such
    as Combined of two view layers, unless one is a picture by all its words, as
    Composite.Combined."""
    first, *others = [each for each in found if each.rank == found[0].rank]
    if first.rank != 1:
        return [first, *others]
    last = _last(first)
    alike = [first, *(each for each in others if _last(each) == last)]
    whole = [a for a in alike if all(_PICTURE.fullmatch(w) for w in a.name.lower().split("."))]
    return whole or alike


def _last(layer: ColorLayer) -> str:
    return layer.name.lower().rpartition(".")[2]


def _called(layer: ColorLayer) -> str:
    """As sentences have it."""
    name = layer.name or "R, G, B"
    return f"{name} ({layer.view})" if layer.view not in ("", name.lower()) else name


def _layers(
    parts: Sequence[oiio.ImageSpec], sets: Sequence[Sequence[str]]
) -> Iterator[ColorLayer]:
    views = _views(parts)
    for number, spec in enumerate(parts):
        part = attributes.lookup(spec, ("oiio:subimagename", "name")) or ""
        view = attributes.lookup(spec, ("view",)) or ""
        for prefix, channels in _by_prefix(spec).items():
            rgb = next((s for s in sets if all(c in channels for c in s)), None)
            if rgb is None:
                continue
            alpha = next((channels[a] for a in ALPHA if a in channels), None)
            name = prefix or part
            own = _view_of((*name.split("."), view), views)
            if not own and spec.getattribute("multiView"):
                own = views[0]  # whose channels have no view in their names
            rank = _rank(_without(name, views)) + (0 if own in ("", *views[:1]) else 10)
            also, indices = _aliases(prefix, part, own), tuple(channels[c] for c in rgb)
            yield ColorLayer(number, name, also, own, indices, alpha, rank)


def _by_prefix(spec: oiio.ImageSpec) -> dict[str, dict[str, int]]:
    """What stands before a channel's last period → its last word, lower case → its index."""
    found: dict[str, dict[str, int]] = {}
    for index, name in enumerate(spec.channelnames):
        prefix, _, last = name.rpartition(".")
        found.setdefault(prefix, {}).setdefault(last.lower(), index)
    return found


def _rank(name: str) -> int:
    if not name:
        return 0
    last = name.rpartition(".")[2].lower()
    if _PICTURE.fullmatch(last):
        return 1
    return 3 if _DATA.fullmatch(last) else 2


def _aliases(prefix: str, part: str, view: str) -> tuple[str, ...]:
    """A layer in a part of its own, the last word of a long prefix, and the view."""
    whole = [prefix, part, prefix.rpartition(".")[2], f"{part}.{prefix}", view]
    whole += [f"{name}.{view}" for name in (prefix, part) if name and view]
    return tuple(dict.fromkeys(name.lower() for name in whole if name))


def _views(parts: Sequence[oiio.ImageSpec]) -> tuple[str, ...]:
    """The file's views, lower case, the first one first."""
    for spec in parts:
        listed = spec.getattribute("multiView")
        if listed:
            names = listed if isinstance(listed, tuple | list) else str(listed).split(",")
            return tuple(str(n).strip().lower() for n in names)
    own = (attributes.lookup(spec, ("view",)) for spec in parts)
    return tuple(dict.fromkeys(v.lower() for v in own if v)) or _VIEWS


def _view_of(words: Sequence[str], views: Sequence[str]) -> str:
    return next((w.lower() for w in words if w.lower() in views), "")


def _without(name: str, views: Sequence[str]) -> str:
    """A name without the view in it."""
    return ".".join(w for w in name.split(".") if w.lower() not in views)
