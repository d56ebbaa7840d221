"""Movies: frames of mov and mp4 by number, through PyAV.

Pixels keep the movie's own encoding (gamma, log, whatever its tags say) and bit depth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Lock

import av
import numpy as np

from reage.errors import UnreadableFrame
from reage.media import yuv
from reage.media.timecode import Timecode
from reage.pixels.geometry import Region
from reage.pixels.plate import Attribute, Pixels, Plate, PlateInfo

MOVIE_SUFFIXES = frozenset((".mov", ".mp4", ".m4v", ".mxf", ".mkv", ".avi"))

_KEPT = 4
"""Decoded frames that are kept, for readers that ask a little out of order."""

_NEAR = 16
"""Frames ahead that are reached by decoding on rather than by seeking."""

_UNSPECIFIED = 2

SPACES = {
    (1, 1): "g24_rec709_scene",
    (1, 4): "g22_rec709_scene",
    (1, 8): "lin_rec709_scene",
    (1, 13): "srgb_rec709_scene",
    (9, 8): "lin_rec2020_scene",
    (9, 16): "pq_rec2020_display",
    (9, 18): "hlg_rec2020_display",
    (12, 13): "srgb_p3d65_scene",
}
"""Color spaces by ColourPrimaries and TransferCharacteristics of ITU-T H.273. A Rec.709
movie is read as its reference display shows it, gamma 2.4 (ITU-R BT.1886)."""


@dataclass(frozen=True)
class StreamInfo:
    """What the movie's header says.

    colorspace: the OpenColorIO name of what its color tags say, or None
    timecode:   of the first frame
    """

    size: Region
    rate: Fraction
    pixel_aspect: float
    colorspace: str | None
    timecode: Timecode | None


class Movie:
    """An open movie. `read` may be called from several threads; they take turns decoding."""

    def __init__(self, path: Path, container: av.container.InputContainer) -> None:
        self.path = path
        self._container = container
        self._stream = container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self._info = stream_info(container)
        packets = container.demux(self._stream)
        self._times = sorted({p.pts for p in packets if p.pts is not None and not p.is_discard})
        self._index = {time: i for i, time in enumerate(self._times)}
        self._lock = Lock()
        self._decoded: Iterator[av.VideoFrame] = iter(())
        self._next = -_NEAR
        self._recent: dict[int, av.VideoFrame] = {}

    @classmethod
    def open(cls, path: Path) -> Movie:
        """Raises UnreadableFrame where the file is missing, no movie, or holds no picture."""
        if not path.is_file():
            raise UnreadableFrame(f"There is no file {path}.")
        with _named(path, "is damaged or no movie"):
            container = av.open(str(path))
            if not container.streams.video:
                raise UnreadableFrame(f"{path} holds no picture.")
            movie = cls(path, container)
        if not movie.length:
            raise UnreadableFrame(f"{path} holds no frame.")
        return movie

    @property
    def length(self) -> int:
        """Number of frames."""
        return len(self._times)

    def info(self, index: int) -> PlateInfo:
        """What is known of frame `index`, counted from 0; nothing is decoded."""
        of = self._info
        rate = Attribute("rational", (of.rate.numerator, of.rate.denominator))
        metadata: dict[str, object] = {"FramesPerSecond": rate}
        if of.timecode and (packed := of.timecode.after(index).attribute()):
            metadata["smpte:TimeCode"] = packed
        return PlateInfo(
            data=of.size,
            display=of.size,
            channels=("R", "G", "B"),
            colorspace=of.colorspace,
            pixel_aspect=of.pixel_aspect,
            metadata=metadata,
        )

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
        for start in (index, max(0, index - 64), 0):
            if index in self._recent:
                break
            self._container.seek(self._times[start], stream=self._stream)
            self._decoded = self._container.decode(self._stream)
            self._decode_to(index)
        if index not in self._recent or self._recent[index].is_corrupt:
            raise UnreadableFrame(f"{self.path} is damaged: frame {index + 1} cannot be decoded.")
        return self._recent[index]

    def _decode_to(self, index: int) -> None:
        """Decode on until `index` or beyond."""
        for frame in self._decoded:
            at = self._index.get(frame.pts, -1)
            self._recent[at] = frame
            while len(self._recent) > _KEPT:
                del self._recent[next(iter(self._recent))]
            self._next = at + 1
            if at >= index:
                return


@contextmanager
def _named(path: Path, trouble: str) -> Iterator[None]:
    """FFmpeg's errors as ours."""
    try:
        yield
    except av.FFmpegError as e:
        raise UnreadableFrame(f"{path} {trouble} ({e.strerror}).") from e


def stream_info(container: av.container.InputContainer) -> StreamInfo:
    """What is known of the first video stream of an open movie; nothing is decoded."""
    stream = container.streams.video[0]
    codec = stream.codec_context
    rate = Fraction(stream.average_rate or stream.guessed_rate or 24)
    tags = (_tag(s.metadata) for s in (stream, *container.streams.data, container))
    text = next((t for t in tags if t), "")
    return StreamInfo(
        size=Region(0, 0, codec.width, codec.height),
        rate=rate,
        pixel_aspect=float(stream.sample_aspect_ratio or 1),
        colorspace=SPACES.get((int(codec.color_primaries), int(codec.color_trc))),
        timecode=Timecode.parse(text, rate),
    )


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
