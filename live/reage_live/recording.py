"""What the mirror gives whoever records it, and what it asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
import numpy.typing as npt

from reage.faces import FaceFrame
from reage.media.timecode import Timecode
from reage.settings import Settings

Picture = npt.NDArray[np.unsignedinteger]
"""(h, w, 3) uint8, or uint16 from a source of more than 8 bits: R'G'B', full range."""


@dataclass(frozen=True)
class Slate:
    """What is written on the slate. take counts from 1."""

    scene: str = ""
    take: int = 1
    camera: str = ""


@dataclass(frozen=True)
class TakeMetadata:
    """What holds for a whole take.

    source      as the operator named it: a camera's number, a file, an address, "test"
    rate        frames a second that the source says it has
    size        (width, height) of its pictures, px
    colorspace  OpenColorIO name of what its values mean, such as srgb_rec709_scene
    model       the card's name and version; model_sha256: of its file, 64 hex digits
    rights      what was agreed on behind model and albums when it began, see `Rights.line`; or ""
    """

    source: str
    rate: Fraction
    size: tuple[int, int]
    colorspace: str
    model: str
    model_sha256: str
    rights: str = ""


@dataclass(frozen=True)
class RawFrame:
    """A frame as it came, whatever became of it; see `LiveFrame`."""

    index: int
    timecode: Timecode
    raw: Picture


@dataclass(frozen=True)
class LiveFrame:
    """One frame as it was shown.

    index      which frame of the source it is, from 0; those that were dropped count, so a
               gap is a drop
    captured   when it came, monotonic clock, seconds
    timecode   the source's own, or the time of day where it has none
    raw        the camera's picture
    result     the same, re-aged; of raw's shape and type
    face       the chosen face, in px from the picture's top-left corner; None where there is none
    settings   what that face was re-aged with (where there is no face: would have been)
    others     the other faces, each with its own settings
    crop_size  side in px at which the model saw the faces
    delay      from `captured` to the finished result, seconds
    """

    index: int
    captured: float
    timecode: Timecode
    raw: Picture
    result: Picture
    face: FaceFrame | None
    settings: Settings
    others: tuple[tuple[FaceFrame, Settings], ...]
    crop_size: int
    delay: float


class Recorder(Protocol):
    """Keeps takes. `came` comes from the capturing thread, `write` from the re-aging one, the rest
    from the operator's."""

    @property
    def taking(self) -> bool:
        """Whether a take is being recorded."""
        ...

    def start(self, slate: Slate, about: TakeMetadata) -> None:
        """Begin a take. Raises OutputError where that cannot be."""
        ...

    def came(self, frame: RawFrame) -> None:
        """Keep a camera's frame, where a take is on; each one that came, in order. As `write`."""
        ...

    def write(self, frame: LiveFrame) -> None:
        """Keep a frame, where a take is on; of a take that is told what came, its result alone,
        and only of such frames. Never waits and never raises: what the disk cannot
        follow is dropped, counted, and told by `problem`."""
        ...

    def stop(self) -> None:
        """End the take; its files are whole when this returns. Nothing where none is on."""
        ...

    def problem(self) -> str | None:
        """A sentence for the operator, such as that the disk is full; None while all is well."""
        ...
