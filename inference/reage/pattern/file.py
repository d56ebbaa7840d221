"""A pattern in a file: `name.pattern.exr`, what photographs were made into.

An EXR of SIZE × SIZE texels in face UV: lines, folds and marks as `reage.pattern.maps` has them,
coverage (0 … 1, where there was skin to be seen) and count (photographs that show it); a page of an
album has more layers (`FURTHER`), which no model sees.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from reage.errors import OutputError, ReageError, SettingsError
from reage.media.exr import write_layers
from reage.media.imagefile import read_channel_names, read_channels
from reage.mix import ENDING
from reage.pattern.maps import SIZE
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, PlateInfo

LAYOUT, VERSION = "ICT-FaceKit face", 1
"""The face UV that the texels lie in, and what the channels mean."""

CHANNELS = ("lines", "folds", "marks", "coverage", "count")

FURTHER = ("stays", "uncertainty", "tone.R", "tone.G", "tone.B")
"""Of a page: tone of moles and scars that stay; 0 … 1, how little is known of a place; log2 of the
skin's color against the face's own median, broad."""

_PIXELS = "reage:pattern_pixels"
"""Of a header: the hash of what a program wrote, so that what a hand has painted is known."""

_ELSEWHERE = "other."
"""What Nuke puts before a channel that has no layer."""

_FACE_SHARE = 0.35
"""Of the texels, those where faces have skin from hairline to chin, ear to ear; see
`reage.pattern.photo.skin.by_place`."""

_MOST = 100.0
"""Beyond it no map goes; half floats would not stop a broken one before 65,504."""


@dataclass(frozen=True)
class PatternFile:
    """maps (SIZE, SIZE, 3) float32, row 0 at v = 1; coverage and count (SIZE, SIZE) float32;
    said: how it was made, in words and numbers, for the header; further: name → (SIZE, SIZE)
    float32, more layers"""

    maps: Pixels
    coverage: Pixels
    count: Pixels
    said: Mapping[str, str | int | float] = field(default_factory=dict)
    further: Mapping[str, Pixels] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Raises OutputError where it cannot be written, or is not named *.pattern.exr."""
        check_name(path)
        whole = Region(0, 0, SIZE, SIZE)
        named = {n: np.ascontiguousarray(p) for n, p in self._layers().items()}
        metadata = {"reage:pattern_layout": LAYOUT, "reage:pattern_version": VERSION, **self.said}
        if self.further:
            metadata[_PIXELS] = self._hash()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise OutputError(f"The folder {path.parent} cannot be made: {e.strerror}.") from e
        info = PlateInfo(whole, whole, tuple(named))
        write_layers(path, named, whole, info, metadata, "zip", "half")

    @property
    def painted(self) -> bool:
        """Whether a page that was read holds other pixels than a program wrote."""
        return self.said.get(_PIXELS) != self._hash()

    def _layers(self) -> dict[str, Pixels]:
        planes = [*np.moveaxis(self.maps, -1, 0), self.coverage, self.count]
        return dict(zip(CHANNELS, planes, strict=True)) | dict(self.further)

    def _hash(self) -> str:
        """16 letters, of half floats."""
        digest = hashlib.sha256()
        for name, plane in sorted(self._layers().items()):
            digest.update(name.encode() + np.asarray(plane, np.float16).tobytes())
        return digest.hexdigest()[:16]

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


def read_pattern(path: Path, whole: bool = False, further: Sequence[str] = ()) -> PatternFile:
    """further: more layers, of FURTHER, where it has them; whole: with all of them.

    A file that says nothing of its layout, as paint programs drop what they do not know, is taken
    at its channels' word. Raises SettingsError where the file is none, of another layout or size,
    or broken.
    """
    if not path.is_file():
        raise SettingsError(f"There is no pattern file {path}.")
    try:
        there = read_channel_names(path)
        further = [n for n in FURTHER if (whole or n in further) and n in _bare(there)]
        names = [_bare(there).get(n, n) for n in (*CHANNELS, *further)]
        pixels, region, info = read_channels(path, names)
    except ReageError as e:
        raise SettingsError(f"{path} is no pattern file: {e}") from e
    said = {k: v for k, v in info.metadata.items() if k.startswith("reage:pattern_")}
    layout, version = said.get("reage:pattern_layout"), said.get("reage:pattern_version")
    if (layout, version) not in ((LAYOUT, VERSION), (None, None)):
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
        np.ascontiguousarray(pixels[..., :3]), pixels[..., 3].copy(), pixels[..., 4].copy(), words,
        {name: pixels[..., 5 + k].copy() for k, name in enumerate(further)},
    )


def _bare(names: Sequence[str]) -> dict[str, str]:
    """A channel's own name → as the file has it."""
    return {name.removeprefix(_ELSEWHERE): name for name in names}
