"""A pattern in a file: `name.pattern.exr`, what photographs were made into.

An EXR of SIZE × SIZE texels in face UV: lines, folds and marks as `reage.pattern.maps` has them,
coverage (0 … 1, where there was skin to be seen) and count (photographs that show it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from reage.errors import OutputError, ReageError, SettingsError
from reage.media.exr import write_layers
from reage.media.imagefile import read_channels
from reage.mix import ENDING
from reage.pattern.maps import SIZE
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, PlateInfo

LAYOUT, VERSION = "ICT-FaceKit face", 1
"""The face UV that the texels lie in, and what the channels mean."""

CHANNELS = ("lines", "folds", "marks", "coverage", "count")

_FACE_SHARE = 0.35
"""Of the texels, those where faces have skin from hairline to chin, ear to ear; see
`reage.pattern.photo.skin.by_place`."""

_MOST = 100.0
"""Beyond it no map goes; half floats would not stop a broken one before 65,504."""


@dataclass(frozen=True)
class PatternFile:
    """maps (SIZE, SIZE, 3) float32, row 0 at v = 1; coverage and count (SIZE, SIZE) float32;
    said: how it was made, in words and numbers, for the header"""

    maps: Pixels
    coverage: Pixels
    count: Pixels
    said: Mapping[str, str | int | float] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Raises OutputError where it cannot be written, or is not named *.pattern.exr."""
        check_name(path)
        planes = [*np.moveaxis(self.maps, -1, 0), self.coverage, self.count]
        whole = Region(0, 0, SIZE, SIZE)
        named = {n: np.ascontiguousarray(p) for n, p in zip(CHANNELS, planes, strict=True)}
        metadata = {"reage:pattern_layout": LAYOUT, "reage:pattern_version": VERSION, **self.said}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise OutputError(f"The folder {path.parent} cannot be made: {e.strerror}.") from e
        write_layers(path, named, whole, PlateInfo(whole, whole, CHANNELS), metadata, "zip", "half")

    def document(self) -> dict[str, str | int | float]:
        """What it says of itself, for programs; covered: share of the face, 0 … 1."""
        said = {name.removeprefix("reage:pattern_"): value for name, value in self.said.items()}
        return {**said, "covered": round(float(self.coverage.mean() / _FACE_SHARE), 3)}

    def text(self) -> str:
        """The same in a line."""
        known = self.document()
        count = known.get("photographs", 0)
        return (
            f"{count} photograph{'s' * (count != 1)}, face {known.get('face_px', 0)} px high, "
            f"{known.get('expression', 'at rest')}; {min(1.0, float(known['covered'])):.0%} of "
            f"the face's skin is covered. {known.get('doubt', '')}".rstrip()
        )


def check_name(path: Path) -> None:
    """Raises OutputError where a pattern file may not be named so."""
    if not path.name.endswith(ENDING):
        raise OutputError(f"A pattern file is named *{ENDING}; {path} is not.")


def read_pattern(path: Path) -> PatternFile:
    """Raises SettingsError where the file is none, of another layout or size, or broken."""
    if not path.is_file():
        raise SettingsError(f"There is no pattern file {path}.")
    try:
        pixels, region, info = read_channels(path, CHANNELS)
    except ReageError as e:
        raise SettingsError(f"{path} is no pattern file: {e}") from e
    said = {k: v for k, v in info.metadata.items() if k.startswith("reage:pattern_")}
    layout, version = said.get("reage:pattern_layout"), said.get("reage:pattern_version")
    if (layout, version) != (LAYOUT, VERSION):
        raise SettingsError(
            f"{path} is a pattern in the layout {layout!r}, version {version}; this ReAge knows "
            f"{LAYOUT!r}, version {VERSION}. Make it again with `reage pattern`."
        )
    if (region.width, region.height) != (SIZE, SIZE):
        raise SettingsError(
            f"The pattern file {path} has {region.width}×{region.height} texels; it must have "
            f"{SIZE}×{SIZE}. Make it again with `reage pattern`."
        )
    if not np.isfinite(pixels).all() or np.abs(pixels[..., :3]).max() > _MOST:
        raise SettingsError(
            f"The pattern file {path} holds NaN, infinity or values beyond {_MOST:g}; make it "
            "again with `reage pattern`."
        )
    words = {k: v for k, v in said.items() if isinstance(v, str | int | float)}
    return PatternFile(
        np.ascontiguousarray(pixels[..., :3]), pixels[..., 3].copy(), pixels[..., 4].copy(), words
    )
