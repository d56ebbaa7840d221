"""A plate: one frame's pixels, where they lie, and what the file said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from reage.pixels.geometry import Region

Pixels = npt.NDArray[np.float32]
"""float32 array, rows × columns × channels."""


@dataclass(frozen=True)
class Attribute:
    """A header value whose type Python has no word for.

    type:  as OpenImageIO spells it: "timecode", "rational", "float[8]", "matrix", "uint" …
    value: a number, or a flat tuple of numbers
    """

    type: str
    value: object


@dataclass(frozen=True)
class PlateInfo:
    """What a file's header says, read without its pixels.

    data:      the file's data window (where it has pixels), in coordinates whose (0, 0) is
               the display window's top-left corner. May start below zero or leave `display`.
    display:   the display window; its x and y are 0
    channels:  all channel names of the part that holds RGB, in file order
    colorspace: what the file itself names its colors, or what is taken for it, or None
    doubt:     why that is only taken for it, a sentence; "" where the file says it
    pixel_aspect: width of a pixel over its height, as the file says; see `aspect`
    metadata:  header attributes to carry over (timecode, chromaticities, camera …): str, int
               and float as they are, anything else as an Attribute
    bits:      of the file's whole numbers; 0 for floats
    origin:    where the file itself puts the display window's top-left corner, (x, y);
               added back when a file is written, so that windows come out as they came in
    """

    data: Region
    display: Region
    channels: tuple[str, ...]
    colorspace: str | None = None
    pixel_aspect: float = 1.0
    metadata: Mapping[str, object] = field(default_factory=dict)
    origin: tuple[int, int] = (0, 0)
    doubt: str = ""
    bits: int = 0

    @property
    def aspect(self) -> float:
        """pixel_aspect as the engine goes by it: 1 where it is within a hundredth of that."""
        return 1.0 if abs(self.pixel_aspect - 1.0) <= 0.01 else self.pixel_aspect


@dataclass(frozen=True)
class Plate:
    """RGB pixels of a region of one frame.

    rgb:    (region.height, region.width, 3) float32 in the file's own encoding as read;
            scene-linear after `color.to_scene_linear`. Any finite or non-finite value.
    region: where rgb lies; always inside `info.data`. Parts of the display window outside
            the data window are black by the EXR convention and are not stored.
    clipped: (h, w) bool: pixels at the highest code value of a file of whole numbers, in all
            three channels; None where values have no highest: see `reage.frame.clipped`
    """

    rgb: Pixels
    region: Region
    info: PlateInfo
    clipped: np.ndarray | None = None

    def __post_init__(self) -> None:
        want = (self.region.height, self.region.width, 3)
        if self.rgb.shape != want:
            raise ValueError(f"rgb is {self.rgb.shape}, its region asks for {want}")

    def cut(self, region: Region) -> Plate:
        """The part of this plate that lies in `region`; shares its pixels."""
        inside = region.intersect(self.region)
        here = inside.slices(self.region)
        clipped = None if self.clipped is None else self.clipped[here]
        return replace(self, rgb=self.rgb[here], region=inside, clipped=clipped)
