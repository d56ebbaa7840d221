"""Layers and their channels, which a session knows by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fake_nuke import tcl

if TYPE_CHECKING:
    from fake_nuke.world import World


STANDARD_LAYERS = {
    "rgb": ("rgba.red", "rgba.green", "rgba.blue"),
    "rgba": ("rgba.red", "rgba.green", "rgba.blue", "rgba.alpha"),
    "alpha": ("rgba.alpha",),
    "depth": ("depth.Z",),
    "forward": ("forward.u", "forward.v"),
    "backward": ("backward.u", "backward.v"),
    "motion": ("forward.u", "forward.v", "backward.u", "backward.v"),
    "disparityL": ("disparityL.x", "disparityL.y"),
    "disparityR": ("disparityR.x", "disparityR.y"),
    "mask": ("mask.a",),
    "rotopaint_mask": ("rotopaint_mask.a",),
    "mask_splinewarp": ("mask_splinewarp.a",),
    "mask_planartrack": ("mask_planartrack.a",),
}


def add_layer(world: World, name: str, channels: Sequence[str]) -> None:
    full = tuple(c if "." in c else f"{name}.{c}" for c in channels)
    world.layers[name] = tuple(dict.fromkeys((*world.layers.get(name, ()), *full)))


def add_layers(world: World, script: tcl.Script) -> None:
    for name, channels in script.layers.items():
        add_layer(world, name, channels)
