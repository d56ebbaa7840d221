# SPDX-License-Identifier: GPL-3.0-or-later
"""A node group at one moment, as a bake needs it: `reage_host.graph.GraphAdapter`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import bpy

from reage import mix
from reage.errors import SettingsError
from reage.settings import AUTO, KEYED, Settings
from reage_blender import curves, properties
from reage_blender.plate import ScenePlate
from reage_host import track
from reage_host.fingerprint import Sources
from reage_host.graph import PLATE
from reage_host.plate_files import PlateFiles
from reage_host.report import Observer

T = TypeVar("T")

_WHOLE = "whole"
"""In the key of a plate: these layers cover its data window, which others' do not."""


@dataclass(frozen=True)
class BlenderGraph:
    """As nothing in it changes, it may be read on any thread; Blender's data is not touched.

    frames   numbers of the plate's files
    still    what holds at all frames; keyed: number → what is animated there
    shown    told at the end of a bake, on the bake's thread
    """

    name: str
    layers: str
    frames: Sequence[int]
    files: PlateFiles
    still: Settings
    keyed: Mapping[int, Mapping[str, float]]
    shown: Callable[[], object] = lambda: None

    @classmethod
    def of(
        cls, tree: Any, footage: ScenePlate, layers: str, first: int, last: int,
        shown: Callable[[], object] = lambda: None,
    ) -> BlenderGraph:  # fmt: skip
        """A group with its frames from `first` to `last`, of the scene. Main thread. Raises
        SettingsError."""
        settings = read(tree, footage.colorspace)
        animated = [n for n in _BAKED_KEYS if curves.of(tree, f"reage.{n}") is not None]
        numbers = _with_followed(footage, layers, first, last)
        keyed = {
            n: {k: curves.at(tree, f"reage.{k}", footage.frame(n), 0.0) for k in animated}
            for n in numbers
        }
        return cls(tree.name, layers, numbers, footage.files, settings, keyed, shown)

    def reading(self, look: Callable[[], T]) -> T:
        return look()

    def settings(self, frame: int) -> Settings:
        values: Mapping[str, Any] = self.keyed.get(frame, {})
        return replace(self.still, **values) if values else self.still

    def key(self, which: str, frame: int) -> Sources | None:
        if which == PLATE:
            return Sources(_WHOLE, (str(self.files.file(frame)),), frame)
        named = self.plate(which, (frame,), Observer())
        return Sources(None, (named,), frame) if named else None

    def plate(self, which: str, frames: Sequence[int], observer: Observer) -> str | None:
        named: str | None = self.files.pattern if which == PLATE else getattr(self.still, which)
        return named

    def show(self) -> None:
        self.shown()


_BAKED_KEYS = tuple(s.name for s in properties.PLAIN if s.name in KEYED)


def read(tree: Any, colorspace: str) -> Settings:
    """What is set at a group now. Raises SettingsError."""
    said = tree.reage
    if driven := curves.driven(tree, "reage."):
        raise SettingsError(
            f"{tree.name}: {driven} has a driver, and a bake reads keys alone. Bake the driver to "
            "keys, or remove it."
        )
    values: dict[str, Any] = {s.name: getattr(said, s.name) for s in properties.PLAIN}
    for name in (n for n in properties.FILES if n in values):
        values[name] = _file(tree, values[name])
    for name in ("age_map", "hair_matte"):
        if values[name]:
            values[name] = PlateFiles.at(values[name]).pattern
    crop = said.crop_size
    try:
        return Settings(
            **values,
            pattern=mix.pattern(_mixed(tree, said.pattern_file) or said.pattern),
            crop_size=crop if crop == AUTO else int(crop),
            colorspace=colorspace,
        )
    except SettingsError as e:
        raise SettingsError(f"{tree.name}: {e}") from e


def _file(tree: Any, text: str) -> str | None:
    return str(Path(bpy.path.abspath(text, library=tree.library))) if text else None


def _mixed(tree: Any, text: str) -> str:
    """A pattern file, or a mix whose files are named in full."""
    return bpy.path.abspath(text, library=tree.library) if text.startswith("//") else text


def _with_followed(footage: ScenePlate, layers: str, first: int, last: int) -> tuple[int, ...]:
    """The files of a range, with those of the face track that stands, where they meet, so that
    what is baked of them stays fresh."""
    wanted, there = footage.numbers(first, last), footage.files.frames
    stood = track.read(track.track_file(layers)) if layers else None
    held = [n for n in stood.frames if not there or n in there] if stood and wanted else []
    if not held or wanted[-1] + 1 < min(held) or max(held) + 1 < wanted[0]:
        return wanted
    span = range(min(wanted[0], *held), max(wanted[-1], *held) + 1)
    return tuple(n for n in span if not there or n in there)
