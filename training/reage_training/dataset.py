"""A dataset of views on disk, see `synth.views`; it may still be growing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reage import strict_json
from reage.errors import SettingsError
from reage_training.synth.view import PLANES, Planes

RESCAN = 30.0
"""Seconds between two looks for new views."""

_NEEDED = ("seed", "expression", "lights", "scalp", "exposure", "cm_per_px", "landmarks")


@dataclass(frozen=True)
class StoredView:
    """One view's file and what is said of it. Its planes are read when asked for."""

    path: Path
    metadata: Mapping[str, Any]

    def planes(self) -> Planes:
        """(size, size, PLANES) float16, memory-mapped and read-only."""
        planes: Planes = np.load(self.path, mmap_mode="r")
        if planes.ndim != 3 or planes.shape[2] != PLANES:
            raise SettingsError(f"{self.path} does not hold the planes of a view.")
        return planes


def find_views(folder: Path, known: tuple[StoredView, ...] = ()) -> tuple[StoredView, ...]:
    """All complete views in the folder, by name. `known` ones are not read again.

    Raises SettingsError where the folder holds none, or where a sidecar is no such thing.
    """
    old = {v.path: v for v in known}
    paths = sorted(p for p in folder.glob("[0-9]*.npy") if p.with_suffix(".json").exists())
    if not paths:
        raise SettingsError(
            f"No views (00000_0.npy with 00000_0.json) in {folder}; "
            "write some with `reage-train synth`."
        )
    return tuple(old[p] if p in old else _read(p) for p in paths)


def _read(path: Path) -> StoredView:
    sidecar = path.with_suffix(".json")
    metadata = strict_json.load(sidecar, f"the sidecar {sidecar}", SettingsError)
    if not isinstance(metadata, dict) or not metadata.keys() >= {*_NEEDED}:
        raise SettingsError(f"{sidecar} does not describe a view: it needs {', '.join(_NEEDED)}.")
    return StoredView(path, metadata)


class GrowingDataset:
    """The views of a folder, looked for anew from time to time. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._views = find_views(folder)
        self._looked = time.monotonic()

    def views(self) -> tuple[StoredView, ...]:
        if time.monotonic() - self._looked > RESCAN:
            self._views = find_views(self._folder, self._views)
            self._looked = time.monotonic()
        return self._views
