"""The smallest host there is: a folder of EXR frames, and a dict of settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from reage.settings import Settings
from reage_host.baked_folder import beside
from reage_host.fingerprint import Sources
from reage_host.graph import PLATE
from reage_host.plate_files import PlateFiles
from reage_host.report import Observer

T = TypeVar("T")


class FolderGraph:
    """shown: how often it was told that files may have come."""

    def __init__(self, plate: Path, values: Mapping[str, Any]) -> None:
        self.files, self.values, self.shown = PlateFiles.at(str(plate)), dict(values), 0
        self.name = self.files.name
        self.layers = str(beside(plate.parent, "face") / "face.%04d.exr")
        self.frames: Sequence[int] = self.files.frames

    def reading(self, look: Callable[[], T]) -> T:
        return look()

    def settings(self, frame: int) -> Settings:
        return Settings(**self.values)

    def key(self, which: str, frame: int) -> Sources | None:
        return Sources(None, (self.files.pattern,), frame) if which == PLATE else None

    def plate(self, which: str, frames: Sequence[int], observer: Observer) -> str | None:
        return self.files.pattern if which == PLATE else None

    def show(self) -> None:
        self.shown += 1
