"""Color spaces that are known under every config: OpenColorIO's built-in studio config, and in it
the names of Nuke's own color management and of the ACES 1 configs.

What they mean is Foundry's and the Academy's: in Nuke, `sRGB` and `rec709` are curves over Rec.709
primaries, the second the camera's (ITU-R BT.709); `Cineon` is Kodak's printing density, black at
code 95, white at 685, .002 of density a code, negative gamma .6; `Output - sRGB` is a picture as
the ACES 1 output transform shows it.
"""

from __future__ import annotations

from functools import lru_cache

import PyOpenColorIO as ocio

BUILTIN = "ocio://studio-config-latest"

_ALIASES = {
    "srgb_rec709_scene": ("sRGB",),
    "lin_rec709_scene": ("linear", "Linear Rec.709", "Linear sRGB", "Utility - Linear - BT.709"),
    "camera_rec709": ("rec709", "Rec.709"),
    "g18_rec709_scene": ("Gamma1.8",),
    "g22_rec709_scene": ("Gamma2.2",),
    "g24_rec709_scene": ("Gamma2.4", "Rec.1886", "BT1886"),
}

_FORWARD, _INVERSE = ocio.TRANSFORM_DIR_FORWARD, ocio.TRANSFORM_DIR_INVERSE

_DISPLAYS = {"Output - sRGB": "sRGB", "Output - Rec.709": "REC.1886-REC.709"}


@lru_cache(maxsize=1)
def known_spaces() -> ocio.Config:
    """The built-in config with these names in it."""
    config = ocio.Config.CreateFromFile(BUILTIN)
    for name, aliases in _ALIASES.items():
        space = config.getColorSpace(name)
        for alias in aliases:
            space.addAlias(alias)
        config.addColorSpace(space)
    for name, display in _DISPLAYS.items():
        shown = _builtin("ACES-OUTPUT - ACES2065-1_to_CIE-XYZ-D65 - SDR-VIDEO_1.0")
        to_display = _builtin(f"DISPLAY - CIE-XYZ-D65_to_{display}")
        config.addColorSpace(_space(name, ocio.GroupTransform([shown, to_display])))
    config.addColorSpace(_space("Cineon", _cineon()))
    return config


def _cineon() -> ocio.GroupTransform:
    """From ACES2065-1. log10 of the density: .002 × 1023 / .6 per code value of 0 … 1."""
    black = 10 ** ((95 - 685) * 0.002 / 0.6)
    curve = ocio.LogAffineTransform(
        logSideSlope=[0.6 / (0.002 * 1023)] * 3,
        logSideOffset=[685 / 1023] * 3,
        linSideSlope=[1 - black] * 3,
        linSideOffset=[black] * 3,
        direction=_FORWARD,
    )
    curve.setBase(10.0)
    return ocio.GroupTransform(
        [
            _builtin("ACEScg_to_ACES2065-1", _INVERSE),
            _builtin("UTILITY - ACES-AP1_to_LINEAR-REC709_BFD"),
            curve,
        ]
    )


def _space(name: str, from_aces: ocio.Transform) -> ocio.ColorSpace:
    space = ocio.ColorSpace(name=name, referenceSpace=ocio.REFERENCE_SPACE_SCENE)
    space.setTransform(from_aces, ocio.COLORSPACE_DIR_FROM_REFERENCE)
    return space


def _builtin(style: str, direction: ocio.TransformDirection = _FORWARD) -> ocio.Transform:
    return ocio.BuiltinTransform(style=style, direction=direction)
