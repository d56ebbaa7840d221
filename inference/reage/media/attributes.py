"""Header attributes: out of a file, and on into the next one.

What describes the shot (timecode, camera, chromaticities, lens …) is carried over. What
describes how one file stored its pixels is not: it would be a lie in the next file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import OpenImageIO as oiio

from reage.media.intact import CHECKSUM
from reage.media.text import clean
from reage.pixels.plate import Attribute

_STORAGE = frozenset(
    name.lower()
    for name in (
        "acesImageContainerFlag",
        "compression",
        "dwaCompressionLevel",
        "Exif:ColorSpace",
        "HostComputer",
        "ICCProfile",
        "ImageDescriptor",
        "multiView",
        "nuke/full_layer_names",
        "nuke/node_hash",
        "Orientation",
        "PixelAspectRatio",
        "planarconfig",
        "preview",
        CHECKSUM,
        "ResolutionUnit",
        "Software",
        "textureformat",
        "thumbnail_height",
        "thumbnail_image",
        "thumbnail_nchannels",
        "thumbnail_width",
        "type",
        "wrapmodes",
        "XResolution",
        "YResolution",
    )
)
_STORAGE_PREFIXES = (
    "oiio:", "openexr:", "dpx:", "jpeg:", "png:", "tiff:", "iccprofile:", "cryptomatte/",
)  # fmt: skip

_PLAIN = ("string", "int", "float")


def from_spec(spec: oiio.ImageSpec) -> dict[str, object]:
    """The attributes worth carrying over: str, int, float, or Attribute for other types."""
    return {
        clean(p.name): _cleaned(p.value) if str(p.type) in _PLAIN else _typed(p)
        for p in spec.extra_attribs
        if _describes_shot(p.name)
    }


def put(spec: oiio.ImageSpec, metadata: Mapping[str, object]) -> None:
    """Write the attributes into a header that is being built.

    Raises TypeError for a value that is no str, int, float or Attribute.
    """
    for name, value in metadata.items():
        if isinstance(value, Attribute):
            spec.attribute(name, value.type, value.value)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            spec.attribute(name, _cleaned(value))
        else:
            raise TypeError(f"attribute {name} is a {type(value).__name__}; wrap it in Attribute")


def lookup(spec: oiio.ImageSpec, names: Iterable[str]) -> str | None:
    """The first of these attributes that is a non-empty string, names in any case."""
    strings = (p for p in spec.extra_attribs if str(p.type) == "string")
    found = {p.name.lower(): clean(str(p.value)) for p in strings}
    return next((found[n.lower()] for n in names if found.get(n.lower())), None)


def _describes_shot(name: str) -> bool:
    low = name.lower()
    return low not in _STORAGE and not low.startswith(_STORAGE_PREFIXES)


def _typed(parameter: oiio.ParamValue) -> Attribute:
    single = isinstance(parameter.value, int | float | str)
    value = parameter.value if single else tuple(np.asarray(parameter.value).ravel().tolist())
    if isinstance(value, tuple):
        return Attribute(str(parameter.type), tuple(map(_cleaned, value)))
    return Attribute(str(parameter.type), _cleaned(value))


def _cleaned(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value
