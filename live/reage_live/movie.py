"""Movie files and network streams."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.reformatter import Colorspace

from reage.media.timecode import Timecode
from reage.media.video import picture_stream, stream_info
from reage_live.light import CAMERA
from reage_live.metronome import Metronome
from reage_live.recording import Picture
from reage_live.source import Grab, SourceLost

_UNSPECIFIED = 2
"""Of H.273's matrix coefficients."""

_PATIENCE = (5.0, 3.0)
"""Seconds to wait for a stream to open, and for its next packet."""


class MovieFile:
    """A movie in real time, once or over and over. See `source.Source`."""

    def __init__(self, path: Path, loop: bool = False) -> None:
        self.name = path.name
        self.rate, self.colorspace = Fraction(24), CAMERA
        self._path, self._loop = path, loop
        self._stream: _Stream | None = None

    def open(self) -> None:
        self._stream = _Stream(str(self._path), self.name)
        self.rate, self.colorspace = self._stream.rate, self._stream.colorspace
        self._beat = Metronome(self.rate)

    def read(self) -> Grab | None:
        if self._stream is None:
            raise SourceLost(f"{self.name} is closed.")
        grab = self._stream.next()
        if grab is None and self._loop:
            self._stream.rewind()
            grab = self._stream.next()
        if grab is not None:
            self._beat.wait()
        return grab

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class NetworkStream:
    """An address such as rtsp://camera/live. See `source.Source`."""

    def __init__(self, address: str) -> None:
        self.name = address.split("@")[-1]  # what stands before it may be a password
        self.rate, self.colorspace = Fraction(25), CAMERA
        self._address = address
        self._stream: _Stream | None = None

    def open(self) -> None:
        options = {"fflags": "nobuffer", "flags": "low_delay"}
        if self._address.startswith("rtsp"):
            options["rtsp_transport"] = "tcp"
        self._stream = _Stream(self._address, self.name, options)
        self.rate, self.colorspace = self._stream.rate, self._stream.colorspace

    def read(self) -> Grab | None:
        grab = self._stream.next() if self._stream is not None else None
        if grab is None:
            raise SourceLost(f"{self.name} sends no more pictures.")
        return grab

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class _Stream:
    """The first video stream of whatever FFmpeg opens. Raises SourceLost."""

    def __init__(self, where: str, name: str, options: dict[str, str] | None = None) -> None:
        self._name = name
        network = "://" in where
        try:
            self._container = av.open(
                where, options=options or {}, timeout=_PATIENCE if network else None
            )
        except (av.FFmpegError, OSError) as e:
            raise SourceLost(f"{name} cannot be opened ({e.strerror}).") from e
        if not self._container.streams.video:
            self._container.close()
            raise SourceLost(f"{name} holds no picture.")
        self._video = picture_stream(self._container)
        # Frame threads would each hold a frame back.
        self._video.thread_type = "SLICE" if network else "AUTO"
        stream = stream_info(self._container)
        self.rate, self._first = stream.rate, stream.timecode
        self._aspect = stream.pixel_aspect
        self.colorspace = stream.colorspace or CAMERA
        self._count = 0
        self._frames = self._decode()

    def next(self) -> Grab | None:
        """The next picture; None at the end. Damaged frames are passed over."""
        frame = next(self._frames, None)
        if frame is None:
            return None
        timecode: Timecode | None = self._first.after(self._count) if self._first else None
        self._count += 1
        return Grab(_unsqueezed(_picture(frame), self._aspect), timecode)

    def rewind(self) -> None:
        self._container.seek(0)
        self._count, self._frames = 0, self._decode()

    def close(self) -> None:
        self._container.close()

    def _decode(self) -> Iterator[av.VideoFrame]:
        try:
            for packet in self._container.demux(self._video):
                try:
                    yield from packet.decode()
                except av.InvalidDataError:
                    self._count += 1
        except av.EOFError:
            return
        except (av.FFmpegError, OSError) as e:
            raise SourceLost(f"{self._name} broke off ({e.strerror}).") from e


def _picture(frame: av.VideoFrame) -> Picture:
    """R'G'B' in full range: 8 bits, or 16 where the frame has more than 8."""
    deep = frame.format.components[0].bits > 8
    matrix: int | None = int(frame.colorspace)
    if matrix == _UNSPECIFIED:  # as `reage.media.video` reads it
        matrix = int(Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601)
    kind = "rgb48le" if deep else "rgb24"
    return np.asarray(frame.to_ndarray(format=kind, src_colorspace=matrix))


def _unsqueezed(picture: Picture, aspect: float) -> Picture:
    """The picture with square pixels: what comes after it, takes included, knows no others."""
    height, width = picture.shape[:2]
    wide = max(1, round(width * aspect))
    if wide == width:
        return picture
    way = cv2.INTER_AREA if wide < width else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (wide, height), interpolation=way))
