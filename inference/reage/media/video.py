"""Movies: frames by number, through PyAV.

A frame is found by its timestamp where the movie's timestamps are in order; else, as with B-frames
in AVI, frames are counted as the decoder gives them, from the first. Pixels keep the movie's own
encoding (gamma, log, whatever its tags say) and bit depth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import av
import numpy as np
from av.stream import Disposition

from reage.errors import ReageError, UnreadableFrame
from reage.media import yuv
from reage.media.rate import FRAMES_PER_SECOND, rate_attribute
from reage.media.text import require_text
from reage.media.timecode import Timecode
from reage.pixels.geometry import Region
from reage.pixels.ocio import find_space
from reage.pixels.plate import Pixels, Plate, PlateInfo
from reage.shaped import short

MOVIE_SUFFIXES = frozenset((
    ".mov", ".mp4", ".m4v", ".mxf", ".mkv", ".avi", ".webm", ".mts", ".m2ts", ".ts", ".mpg", ".gif",
))  # fmt: skip

_KEPT, _KEPT_COUNTED = 4, 16
"""Decoded frames that are kept, for readers that ask a little out of order; the second where going
back means to begin again."""

_CHECKED = 16
"""Frames from the first whose timestamps are compared with the decoder's order. A container that
numbers them as they are stored shows it at the first B-frame."""

_NEAR = 16
"""Frames ahead that are reached by decoding on rather than by seeking."""

_UNSPECIFIED = 2

_REC709 = "g24_rec709_scene"

SPACES = {
    (1, 1): _REC709,
    (1, 6): _REC709,
    (5, 1): _REC709,
    (5, 6): _REC709,
    (6, 1): _REC709,
    (6, 6): _REC709,
    (1, 4): "g22_rec709_scene",
    (1, 8): "lin_rec709_scene",
    (1, 13): "srgb_rec709_scene",
    (9, 8): "lin_rec2020_scene",
    (9, 16): "pq_rec2020_display",
    (9, 18): "hlg_rec2020_display",
    (12, 13): "srgb_p3d65_scene",
}
"""Color spaces by ColourPrimaries and TransferCharacteristics of ITU-T H.273. A Rec.709
movie is read as its reference display shows it, gamma 2.4 (ITU-R BT.1886); so are those with the
primaries of BT.601, as Android tags its own: all within .02 of BT.709's in x and y."""

_CAMERAS = {"camera_rec709": (1, 1)}
"""Tags of spaces that no tag is read as: the camera's curve of BT.709 is what H.273 itself means by
transfer 1, and what Nuke calls Rec.709."""


@dataclass(frozen=True)
class StreamInfo:
    """What the movie's header says.

    colorspace: the OpenColorIO name of what its color tags say, or None
    doubt:      why that is only taken for it, else ""
    timecode:   of the first frame
    bits:       of luma or of a color
    halved:     whether chroma is subsampled
    """

    size: Region
    rate: Fraction
    pixel_aspect: float
    colorspace: str | None
    timecode: Timecode | None
    doubt: str = ""
    bits: int = 0
    halved: bool = False


_ORIENTATIONS: Mapping[tuple[float, ...], int] = {
    (1, 0, 0, 1): 1, (-1, 0, 0, 1): 2, (-1, 0, 0, -1): 3, (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5, (0, 1, -1, 0): 6, (0, -1, -1, 0): 7, (0, -1, 1, 0): 8,
}  # fmt: skip
"""EXIF's number by where a movie's matrix takes the pixels' x axis and their y axis, y down."""


class Movie:
    """An open movie. `read` may be called from several threads; they take turns decoding."""

    def __init__(self, path: Path, container: av.container.InputContainer) -> None:
        self.path = path
        self._lock = Lock()
        self.header = stream_info(container)
        self.notices = _several(path, container)
        self._restart(container)
        self._times = _timestamps(container, self._stream)
        self._index = {time: i for i, time in enumerate(self._times)}
        self._restart(_container(path))
        if not _in_order(self._decoded, self._times, self._stream):
            self._count()
        else:
            self._next = -_NEAR  # what was looked at is not kept
            self.length = len(self._times)

    def _restart(self, container: av.container.InputContainer) -> None:
        """Read from the first frame on."""
        self._container = container
        self._stream = picture_stream(container)
        self._stream.thread_type = "AUTO"
        self._decoded: Iterator[av.VideoFrame] = container.decode(self._stream)
        self._next = 0
        self._recent: dict[int, av.VideoFrame] = {}

    def _count(self) -> None:
        """Go by the order in which frames are decoded."""
        self._times, self._index = [], {}
        self._restart(_container(self.path))
        self.length = sum(1 for _ in self._decoded)
        self._restart(_container(self.path))
        self.notices += (
            f"{self.path.name}: its timestamps are in no order; frames are counted from the first, "
            "which is slower than by time.",
        )

    @classmethod
    def open(cls, path: Path) -> Movie:
        """Raises UnreadableFrame where the file is missing, no movie, or holds no picture."""
        if not path.is_file():
            raise UnreadableFrame(f"There is no file {path}.")
        require_text(path)
        with _named(path, "is damaged or no movie"):
            container = _container(path)
            if picture_stream(container) is None:
                raise UnreadableFrame(f"{path} holds no picture.")
            movie = cls(path, container)
        if not movie.length:
            raise UnreadableFrame(f"{path} holds no frame.")
        return movie

    def info(self, index: int) -> PlateInfo:
        """What is known of frame `index`, counted from 0; nothing is decoded."""
        header = self.header
        metadata: dict[str, object] = {FRAMES_PER_SECOND: rate_attribute(header.rate)}
        if header.timecode and (packed := header.timecode.after(index).attribute()):
            metadata["smpte:TimeCode"] = packed
        return PlateInfo(
            data=header.size,
            display=header.size,
            channels=("R", "G", "B"),
            colorspace=header.colorspace,
            pixel_aspect=header.pixel_aspect,
            metadata=metadata,
            doubt=header.doubt,
            bits=header.bits,
        )

    def time(self, index: int) -> Fraction:
        """When frame `index` is shown, in seconds on the clock that the movie's sound goes by; of
        the frame behind the last, when that one ends."""
        rate = self.header.rate
        if not self._times:
            return Fraction(index) / rate
        base: Fraction = self._stream.time_base
        if index < self.length:
            return self._times[index] * base
        return self._times[-1] * base + 1 / rate

    def timecode(self, index: int) -> Timecode | None:
        """Of frame `index`, or None."""
        first = self.header.timecode
        return first and first.after(index)

    @property
    def tags(self) -> Mapping[str, str]:
        """What the container says of the movie, by name."""
        return dict(self._container.metadata)

    def display_matrix(self) -> tuple[int, ...] | None:
        """How a player turns the pictures, as the container has it; None where it does not."""
        with self._lock:
            found = self._frame(0).side_data.get("DISPLAYMATRIX")
        return None if found is None else tuple(np.frombuffer(bytes(found), "<i4").tolist())

    def orientation(self) -> int | None:
        """The same as EXIF says it, 1 … 8; None where it is no quarter turn."""
        matrix = self.display_matrix()
        if matrix is None:
            return 1
        a, b, _, c, d = (round(value / 65536, 3) for value in matrix[:5])
        return _ORIENTATIONS.get((a, b, c, d))

    def read(self, index: int, region: Region | None = None) -> Plate:
        """R'G'B' of frame `index`, counted from 0; rotation tags are not applied.

        Luma and chroma become R'G'B' by the movie's own matrix and range; where those are
        not tagged, by BT.709 from 720 rows on, else BT.601, and limited range.
        Raises UnreadableFrame where the frame cannot be decoded.
        """
        info = self.info(index)
        wanted = info.data if region is None else region.intersect(info.data)
        with self._lock, _named(self.path, f"cannot be decoded at frame {index + 1}"):
            frame = self._frame(index)
        return Plate(_pixels(frame, wanted, self.path), wanted, info)

    def _frame(self, index: int) -> av.VideoFrame:
        if index not in self._recent and 0 <= index - self._next < _NEAR:
            self._decode_to(index)
        for start in (index, max(0, index - 64)) if self._times else ():
            if index not in self._recent:
                self._container.seek(self._times[start], stream=self._stream)
                self._decoded = self._container.decode(self._stream)
                self._decode_to(index)
        if index not in self._recent and (self._times or index < self._next):
            self._restart(_container(self.path))  # a seek may have gone too far, as in .ts
        if index not in self._recent:
            self._decode_to(index)
        if index not in self._recent or self._recent[index].is_corrupt:
            raise UnreadableFrame(f"{self.path} is damaged: frame {index + 1} cannot be decoded.")
        return self._recent[index]

    def _decode_to(self, index: int) -> None:
        """Decode on until `index` or beyond."""
        for frame in self._decoded:
            at = self._index.get(frame.pts, -1) if self._times else self._next
            self._recent[at] = frame
            while len(self._recent) > (_KEPT if self._times else _KEPT_COUNTED):
                del self._recent[next(iter(self._recent))]
            self._next = at + 1
            if at >= index:
                return


def read_tags(path: Path) -> dict[str, str]:
    """What a movie's container says of it, by name; no picture is read. Raises UnreadableFrame."""
    require_text(path)
    with _named(path, "is damaged or no movie"), _container(path) as container:
        return dict(container.metadata)


def _container(path: Path) -> av.container.InputContainer:
    """An open movie, whatever letters its tags are in."""
    return av.open(str(path), metadata_errors="backslashreplace")


def picture_stream(container: av.container.InputContainer) -> Any:
    """The largest video stream that is no cover art; None where there is none."""
    def area(stream: Any) -> int:
        return int(stream.codec_context.width * stream.codec_context.height)

    return max(_moving(container), key=area, default=None)


def _moving(container: av.container.InputContainer) -> list[Any]:
    return [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]


def _several(path: Path, container: av.container.InputContainer) -> tuple[str, ...]:
    """A sentence where a movie holds more than one moving picture."""
    if (count := len(_moving(container))) < 2:
        return ()
    size = picture_stream(container).codec_context
    return (
        f"{path.name} holds {count} moving pictures; the largest is read, "
        f"{size.width}×{size.height} px.",
    )


def _timestamps(container: av.container.InputContainer, stream: Any) -> list[int]:
    """Of all frames, ascending; none where one has none, or two have the same."""
    times = [p.pts for p in container.demux(stream) if p.size and not p.is_discard]
    known = sorted({t for t in times if t is not None})
    return known if len(known) == len(times) else []


def _in_order(decoded: Iterator[av.VideoFrame], times: list[int], stream: Any) -> bool:
    """Whether frames come out of the decoder as their timestamps say: a container may have numbered
    them in the order in which they are stored. Intra-only codecs store them as they are shown."""
    if not times:
        return False
    if not stream.codec_context.has_b_frames:
        return True
    return [f.pts for f in islice(decoded, _CHECKED)] == times[:_CHECKED]


@contextmanager
def _named(path: Path, trouble: str) -> Iterator[None]:
    """FFmpeg's errors as ours, and whatever else comes of a damaged file."""
    try:
        yield
    except av.FFmpegError as e:
        raise UnreadableFrame(f"{path} {trouble} ({e.strerror}).") from e
    except ReageError:
        raise
    except Exception as e:
        raise UnreadableFrame(f"{path} {trouble} ({short(e) or type(e).__name__}).") from e


def stream_info(container: av.container.InputContainer) -> StreamInfo:
    """What is known of the first video stream of an open movie; nothing is decoded."""
    stream = picture_stream(container)
    codec = stream.codec_context
    rate = Fraction(stream.average_rate or stream.guessed_rate or 24)
    tags = (_tag(s.metadata) for s in (stream, *container.streams.data, container))
    text = next((t for t in tags if t), "")
    colorspace = SPACES.get((int(codec.color_primaries), int(codec.color_trc)))
    untagged = {int(codec.color_primaries), int(codec.color_trc)} <= {0, _UNSPECIFIED}
    parts = list(codec.format.components) if codec.format is not None else []
    bits, doubt = parts[0].bits if parts else 0, ""
    if untagged and bits == 8:
        colorspace, doubt = _REC709, "does not say its color space, and is taken for Rec.709"
    return StreamInfo(
        size=Region(0, 0, codec.width, codec.height),
        rate=rate,
        pixel_aspect=float(stream.sample_aspect_ratio or 1),
        colorspace=colorspace,
        timecode=Timecode.parse(text, rate),
        doubt=doubt,
        bits=bits,
        halved=len(parts) > 2 and parts[1].width < parts[0].width,
    )


def tags_of(colorspace: str) -> tuple[int, int]:
    """ColourPrimaries and TransferCharacteristics of ITU-T H.273 for a space, by any of its
    OpenColorIO names; unspecified where they have no word for it."""
    wanted = find_space(colorspace)
    named = ((name, tags) for tags, name in SPACES.items())
    found = (tags for name, tags in (*named, *_CAMERAS.items()) if find_space(name) == wanted)
    return next(found, (_UNSPECIFIED, _UNSPECIFIED))


def _tag(metadata: Mapping[str, str]) -> str:
    return metadata.get("timecode", "")


def _pixels(frame: av.VideoFrame, region: Region, path: Path) -> Pixels:
    if frame.format.is_rgb:
        whole = frame.to_ndarray(format="gbrpf32le")
        rows, columns = region.slices(Region(0, 0, frame.width, frame.height))
        return np.ascontiguousarray(whole[rows, columns])
    matrix = int(frame.colorspace)
    if matrix == _UNSPECIFIED:
        matrix = 1 if frame.height >= 720 else 6
    if matrix not in yuv.LUMA:
        raise UnreadableFrame(f"{path} uses color matrix {matrix} of H.273, which is not known.")
    planar = _planar(frame)
    planes = [_plane(planar, i) for i in range(3)]
    bits = planar.format.components[0].bits
    return yuv.to_rgb(planes, bits, int(frame.color_range) == 2, matrix, region)


def _planar(frame: av.VideoFrame) -> av.VideoFrame:
    """The frame with luma, Cb and Cr in planes of their own; other layouts are unpacked."""
    planes = [c.plane for c in frame.format.components[:3]]
    if planes == [0, 1, 2] and not frame.format.is_big_endian:
        return frame
    return frame.reformat(format="yuv444p16le")


def _plane(frame: av.VideoFrame, number: int) -> yuv.Plane:
    plane, part = frame.planes[number], frame.format.components[number]
    dtype: np.dtype[np.unsignedinteger] = np.dtype("u1" if part.bits == 8 else "<u2")
    rows = np.frombuffer(plane, dtype).reshape(-1, plane.line_size // dtype.itemsize)
    return rows[: part.height, : part.width]
