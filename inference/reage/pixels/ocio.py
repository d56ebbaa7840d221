"""The active OpenColorIO config and its processors.

A space is looked up in the active config first ($OCIO, or the built-in studio config), by
name, alias or role, and as hosts spell them (`spellings`). A name the active config does not
know is looked up in `known_spaces`, so that `ACEScg`, the Color Interop Forum's names
(`lin_rec709_scene`, `srgb_rec709_scene` …) and Nuke's (`sRGB`, `linear`) mean the same under every
studio's config. Both meet at ACES2065-1.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import PyOpenColorIO as ocio

from reage.errors import ColorspaceError
from reage.pixels.known_spaces import BUILTIN, known_spaces
from reage.pixels.plate import Pixels

_INTERCHANGE = "ACES2065-1"

_OCIO_ERRORS = (ocio.Exception, ocio.ExceptionMissingFile)
"""The second is no kind of the first, and is what a missing config or LUT file raises."""

# The default flags allow fast approximations of log, exp and pow: a quarter less time, but
# encode and decode then lose 4e-5 of a value instead of 1.3e-6.
_PRECISE = ocio.OptimizationFlags(
    int(ocio.OPTIMIZATION_DEFAULT) & ~int(ocio.OPTIMIZATION_FAST_LOG_EXP_POW)
)


_AT_ONCE = 65536
"""Pixels that OCIO gets at a time. It takes all of them through one step after the other: so many
stay in the processor's cache, and 4 million take a third of the time that they take at once."""


def active_config() -> ocio.Config:
    """The config that $OCIO names, or the built-in one. Read once per value of $OCIO.

    Raises ColorspaceError where $OCIO names no readable config.
    """
    return _load(os.environ.get("OCIO") or BUILTIN)


def find_space(name: str) -> str | None:
    """Canonical name of a space given by name, alias or role, in any spelling; None where nothing
    knows it."""
    for config in (active_config(), known_spaces()):
        for spelled in spellings(name):
            if canonical := config.getCanonicalName(spelled):
                return str(canonical)
    return None


def spellings(text: str) -> Iterator[str]:
    """What a space may be called where Nuke says `text`, the likeliest first.

    Its menus hold `name⇥family/name⇥⇥alias,alias`, and for roles `role⇥role (name)`; scripts have
    the first field, the whole, or the label. Where the role's space is named, that counts: another
    config's role may be another space.
    """
    yield text
    name, *more = (field.strip() for field in text.split("\t"))
    named = [m[1] for each in (name, *more) if (m := re.fullmatch(r"\w+ \((.+)\)", each))]
    if named:
        yield named[0]
        return
    for said in (name, *more[:1], *",".join(more[1:]).split(",")):
        yield from (said, said.rpartition("/")[2])


def space_names() -> tuple[str, ...]:
    """Every scene-referred space of the active config that holds colors, in its order."""
    wanted = (ocio.SEARCH_REFERENCE_SPACE_SCENE, ocio.COLORSPACE_ACTIVE)
    spaces = active_config().getColorSpaces(*wanted)
    return tuple(s.getName() for s in spaces if not s.isData())


def is_data(space: str) -> bool:
    """Whether the space holds numbers that are no colors (`Raw`, normals, depth)."""
    config, name = _home(space)
    return bool(config.getColorSpace(name).isData())


def is_scene_linear(space: str) -> bool:
    """Whether the space is scene-referred and linear, by its encoding or by probing it."""
    config, name = _home(space)
    return bool(config.isColorSpaceLinear(name, ocio.REFERENCE_SPACE_SCENE))


def convert(rgb: Pixels, source: str, target: str) -> Pixels:
    """A new array of `rgb` (…, 3) float32 taken from one space to another.

    Raises ColorspaceError where a space is unknown or the two cannot meet.
    """
    return apply(_space_processor(os.environ.get("OCIO"), source, target), rgb)


def apply(processor: ocio.CPUProcessor, rgb: Pixels) -> Pixels:
    """A new C-contiguous array of `rgb` (…, 3) float32 through the processor."""
    out = np.array(rgb, dtype=np.float32, order="C")
    if out.shape[-1:] != (3,):
        raise ValueError(f"the last axis must hold 3 channels, not {out.shape}")
    if out.size:
        # Some libraries (OpenImageIO's half decoder is one) return with the upper halves of
        # the vector registers in use, which slows the SSE code of OCIO's logarithms down:
        # 462 ms instead of 27 for a 1026×1006 picture on a Xeon with AVX-512. NumPy's exp
        # ends by clearing them.
        np.exp(np.float32(0))
        pixels = out.reshape(-1, 3)
        for first in range(0, len(pixels), _AT_ONCE):
            processor.applyRGB(pixels[first : first + _AT_ONCE])
    return out


def through_aces(space: str, steps: tuple[ocio.Transform, ...], inverse: bool) -> ocio.CPUProcessor:
    """`space` to ACES2065-1 and on through `steps`, or all of it backwards."""
    group = ocio.GroupTransform()
    group.appendTransform(_to_aces(space))
    for step in steps:
        group.appendTransform(step)
    direction = ocio.TRANSFORM_DIR_INVERSE if inverse else ocio.TRANSFORM_DIR_FORWARD
    return _cpu(_load(BUILTIN).getProcessor(group, direction))


@lru_cache(maxsize=8)
def _load(name: str) -> ocio.Config:
    try:
        config = ocio.Config.CreateFromFile(name)
        config.validate()
    except (*_OCIO_ERRORS, UnicodeDecodeError) as e:  # the latter of its own words, about a binary
        raise ColorspaceError(
            f"OCIO cannot read the config {name}, which $OCIO or the host's project names: "
            f"{_first_line(e)} Correct that, or unset it to use the built-in config."
        ) from e
    return config


def _home(space: str) -> tuple[ocio.Config, str]:
    """The config that knows the space, and its canonical name there."""
    for config in (active_config(), known_spaces()):
        if canonical := config.getCanonicalName(space):
            return config, canonical
    raise ColorspaceError(f"The OCIO config has no color space named {space!r}.")


@lru_cache(maxsize=32)
def _space_processor(_ocio: str | None, source: str, target: str) -> ocio.CPUProcessor:
    (config, name), (other, other_name) = _home(source), _home(target)
    if config is other:
        try:
            return _cpu(config.getProcessor(name, other_name))
        except _OCIO_ERRORS as e:
            raise ColorspaceError(
                f"OCIO cannot convert {source!r} to {target!r}: {_first_line(e)}"
            ) from e
    group = ocio.GroupTransform()
    group.appendTransform(_to_aces(source))
    back = _to_aces(target)
    back.setDirection(ocio.TRANSFORM_DIR_INVERSE)
    group.appendTransform(back)
    return _cpu(_load(BUILTIN).getProcessor(group))


def assumes_rec709(space: str) -> bool:
    """Whether the config of a space says no way to ACES, so that its scene_linear is taken to have
    Rec.709's primaries, as that of Nuke's own `nuke-default` has."""
    config, name = _home(space)
    return _way_to_aces(config, name) is None and _way_to_aces(config, _linear(config)) is None


def _to_aces(space: str) -> ocio.GroupTransform:
    """By the config's own interchange; else by way of its scene_linear."""
    config, name = _home(space)
    if found := _way_to_aces(config, name):
        return found
    linear = _linear(config)
    if not linear:
        raise ColorspaceError(
            f"The OCIO config says no way from {space!r} to ACES. Give it an aces_interchange or "
            "a scene_linear role, or name a space such as ACEScg, which is known without it."
        )
    group = ocio.GroupTransform()
    try:
        group.appendTransform(config.getProcessor(name, linear).createGroupTransform())
    except _OCIO_ERRORS as e:
        raise ColorspaceError(f"OCIO cannot convert {space!r}: {_first_line(e)}") from e
    rest = _way_to_aces(config, linear) or _way_to_aces(known_spaces(), "lin_rec709_scene")
    group.appendTransform(rest)
    return group


def _linear(config: ocio.Config) -> str:
    """The space of its role scene_linear; "" where it has none."""
    return str(config.getCanonicalName("scene_linear"))


def _way_to_aces(config: ocio.Config, name: str) -> ocio.GroupTransform | None:
    """Where the config says none, the built-in one may know the name: `ACES - ACEScg` is the same
    in configs from before there were interchange roles."""
    for knows in (config, _load(BUILTIN)):
        try:
            found = ocio.Config.GetProcessorToBuiltinColorSpace(knows, name, _INTERCHANGE)
        except _OCIO_ERRORS:
            continue
        return found.createGroupTransform()
    return None


def _cpu(processor: ocio.Processor) -> ocio.CPUProcessor:
    return processor.getOptimizedCPUProcessor(_PRECISE)


def _first_line(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "It is no text."
    line = str(error).strip().splitlines()[0].rstrip(".")
    return f"{line}."
