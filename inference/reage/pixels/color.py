"""Colors: from the plate's space to scene-linear, and on to the encoding a network sees.

Nothing here clamps, and every step can be undone: negatives and highlights of 60 000
come back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import PyOpenColorIO as ocio

from reage.errors import ColorspaceError
from reage.pixels.ocio import (
    active_config,
    apply,
    convert,
    find_space,
    is_data,
    is_scene_linear,
    space_names,
    through_aces,
)
from reage.pixels.plate import Attribute, Pixels, Plate, PlateInfo

__all__ = ["Encoder", "active_config", "plate_space", "to_scene_linear"]


@dataclass(frozen=True)
class Encoder:
    """Between scene-linear pixels in `space` and a network's picture encoding.

    space:    a scene-linear space, by name, alias or role; `ACEScg` is always known
    encoding: "ACEScct": AP1 primaries, ACEScct curve (SMPTE/Academy S-2016-001), whose
              straight toe keeps negatives
              "sRGB": Rec.709 primaries, D65 by Bradford, the curve of IEC 61966-2-1
              mirrored at zero and going on above one

    Laws: `decode(encode(x)) == x` within 2e-5 of the pixel's largest channel, −1 … 60 000;
    the same input gives the same bits. Thread-safe, hashable, can be pickled.
    Raises ColorspaceError where the space is unknown, ValueError for another encoding.
    """

    space: str
    encoding: str

    def __post_init__(self) -> None:
        if self.encoding not in _STEPS:
            raise ValueError(f"encoding {self.encoding!r} is none of {', '.join(_STEPS)}")
        self._processor(inverse=False)

    def encode(self, rgb: Pixels) -> Pixels:
        """(…, 3) float32 scene-linear in `space` → a new array in `encoding`.

        The caller has replaced NaN and inf: what becomes of them here is not defined.
        """
        return apply(self._processor(inverse=False), rgb)

    def decode(self, rgb: Pixels) -> Pixels:
        """The inverse of `encode`: (…, 3) float32 in `encoding` → scene-linear in `space`."""
        return apply(self._processor(inverse=True), rgb)

    def _processor(self, inverse: bool) -> ocio.CPUProcessor:
        return _encoding_processor(os.environ.get("OCIO"), self.space, self.encoding, inverse)


def _acescct() -> tuple[ocio.Transform, ...]:
    return (_builtin("ACEScct_to_ACES2065-1", ocio.TRANSFORM_DIR_INVERSE),)


def _srgb() -> tuple[ocio.Transform, ...]:
    return (
        _builtin("ACEScg_to_ACES2065-1", ocio.TRANSFORM_DIR_INVERSE),
        _builtin("UTILITY - ACES-AP1_to_LINEAR-REC709_BFD", ocio.TRANSFORM_DIR_FORWARD),
        ocio.ExponentWithLinearTransform(
            gamma=[2.4, 2.4, 2.4, 1.0],
            offset=[0.055, 0.055, 0.055, 0.0],
            negativeStyle=ocio.NEGATIVE_MIRROR,
            direction=ocio.TRANSFORM_DIR_INVERSE,
        ),
    )


def _builtin(style: str, direction: ocio.TransformDirection) -> ocio.Transform:
    return ocio.BuiltinTransform(style=style, direction=direction)


_STEPS: dict[str, Callable[[], tuple[ocio.Transform, ...]]] = {"ACEScct": _acescct, "sRGB": _srgb}
"""From ACES2065-1 to each encoding."""


@lru_cache(maxsize=32)
def _encoding_processor(
    _ocio: str | None, space: str, encoding: str, inverse: bool
) -> ocio.CPUProcessor:
    return through_aces(space, _STEPS[encoding](), inverse)


def plate_space(info: PlateInfo, asked: str | None, path: Path) -> str:
    """The canonical name of the color space that a plate's numbers are in.

    asked: a name, alias or role; wins over everything. Without it, what the file says:
    its own word (EXR colorInteropID, the ACES container flag, the sRGB that PNG and JPEG
    files are in unless they say otherwise, a video's color tags), or the chromaticities of
    an EXR, whose values are linear by that format's convention.
    Raises ColorspaceError, with the likely choices, where nothing says it: an EXR without
    any of these, DPX, TIFF, an untagged video. It is never guessed from the pixels.
    """
    if asked is not None:
        return _known(asked, f"There is no color space {asked!r} to read {path} in.")
    if info.colorspace:
        return _known(info.colorspace, f"{path} says it is in {info.colorspace!r}.")
    if space := _from_chromaticities(info):
        return _known(space, f"{path} has the chromaticities of {space!r}.")
    raise ColorspaceError(f"{path} does not say which color space it is in. {_choices()}")


def to_scene_linear(plate: Plate, space: str, working: str | None = None) -> tuple[Plate, str]:
    """The plate in a scene-linear space, and that space's name; see `linear_space`.

    Where `space` is that space itself, the plate comes back as it is, bit for bit. Otherwise it is
    converted, and the header's words about color, which no longer hold, are left out.
    """
    target = linear_space(space, working)
    if target == space:
        return plate, space
    metadata = {k: v for k, v in plate.info.metadata.items() if k.lower() not in _COLOR_WORDS}
    info = replace(plate.info, colorspace=target, metadata=metadata)
    return replace(plate, rgb=convert(plate.rgb, space, target), info=info), target


def linear_space(space: str, working: str | None = None) -> str:
    """The scene-linear space that pixels in `space` are worked on in: itself where it is one; else
    `working`, or the config's scene_linear role (ACEScg where there is none). Raises
    ColorspaceError where `working` is unknown or not linear."""
    if is_scene_linear(space):
        return space
    if working is None:
        return find_space("scene_linear") or "ACEScg"
    found = _known(working, f"There is no color space {working!r} to work in.", "--working-space")
    if not is_scene_linear(found):
        raise ColorspaceError(
            f"The working space {found} is not scene-linear. Name a linear one with "
            "--working-space, such as ACEScg or lin_rec709_scene."
        )
    return found


def color_words(space: str) -> dict[str, object]:
    """What a header says of pixels in a scene-linear space: its chromaticities, and its name by the
    Color Interop Forum; nothing of a space whose primaries are not known."""
    for name, primaries in _PRIMARIES.items():
        if find_space(name) == space:
            return {"chromaticities": Attribute("float[8]", primaries), "colorInteropID": name}
    return {}


_COLOR_WORDS = ("chromaticities", "colorinteropid", "colorspace", "color_space", "ocio:colorspace")

_PRIMARIES = {
    "lin_ap1_scene": (0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767),
    "lin_ap0_scene": (0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.077, 0.32168, 0.33767),
    "lin_rec709_scene": (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290),
    "lin_rec2020_scene": (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290),
    "lin_p3d65_scene": (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290),
}
"""x, y of red, green, blue and white: SMPTE ST 2065-1 and S-2014-004 (ACES), ITU-R BT.709,
BT.2020, SMPTE EG 432-1 (P3 D65)."""


def _from_chromaticities(info: PlateInfo) -> str | None:
    said = info.metadata.get("chromaticities")
    if not isinstance(said, Attribute) or not isinstance(said.value, tuple):
        return None
    for space, want in _PRIMARIES.items():
        pairs = zip(said.value, want, strict=False)
        if len(said.value) == 8 and all(abs(a - b) < 1e-3 for a, b in pairs):
            return space
    return None


def _known(name: str, sentence: str, flag: str = "--colorspace") -> str:
    found = find_space(name)
    if found is None:
        reason = "The OCIO config does not know it."
    elif is_data(found):
        reason = "That is for numbers that are no colors."
    else:
        return found
    raise ColorspaceError(f"{sentence} {reason} {_choices(name, flag)}")


def _choices(near: str = "", flag: str = "--colorspace") -> str:
    similar = get_close_matches(near, space_names(), 3)
    names = list(dict.fromkeys([*similar, *likely_spaces()]))
    return (
        f"Name it with {flag}: {', '.join(names)}, or any other space of the OCIO "
        "config, as Nuke's Read node lists them."
    )


def likely_spaces() -> tuple[str, ...]:
    """Those that plates are in most often, by the config's names."""
    return tuple(n for n in map(find_space, _LIKELY) if n)


_LIKELY = ("ACEScg", "ACES2065-1", "lin_rec709_scene", "srgb_rec709_scene", "arri_logc4")
