"""A movie that is written while it happens, and can be played however it ends."""

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from errno import EIO
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from reage.errors import OutputError, SettingsError
from reage.media.timecode import Timecode
from reage.media.video import tags_of
from reage_live.disk import DiskFile
from reage_live.fragments import trim
from reage_live.recording import Picture
from reage_live.ycbcr import BT709, even, to_422

_FRAGMENTED = {
    "movflags": "hybrid_fragmented+empty_moov+default_base_moof",
    "frag_duration": "500000",
    "flush_packets": "1",
}
"""FFmpeg's mov muxer: a fragment each half second (in µs), out of memory at once; when the movie is
closed, an ordinary one is made of it in place, for programs that know no fragments."""

_THREADS = 8
"""Each holds a frame back; with the fragment that is open, less than a second is at stake."""

_LIMITED = 1


@dataclass(frozen=True)
class _Codec:
    encoder: str
    profile: str


CODECS = {"prores": _Codec("prores", "3"), "dnxhr": _Codec("dnxhd", "dnxhr_hqx")}
"""ProRes 422 HQ and DNxHR HQX, both with ten bits. Every frame stands alone. Of FFmpeg's two
ProRes encoders this is the quicker: measured on two busy cores at 1080p, 9.8 frames a second
against 1.7."""

_PIXELS = "yuv422p10le"


class MovieWriter:
    """One movie. frames: the number of the last one that was given to it, from 1."""

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: Fraction,
        start: Timecode,
        colorspace: str,
        codec: str = "prores",
    ) -> None:
        """size: (width, height), px. colorspace: the OpenColorIO name of the pictures' values.

        Raises OutputError where the file cannot be made or the codec refuses the size.
        """
        how = codec_of(codec)
        try:
            self._file = DiskFile(path)
        except OSError as e:
            raise OutputError(f"{path} cannot be made: {e.strerror}.") from e
        self.frames = 0
        self._numbers: deque[int] = deque()
        self._packets: deque[av.Packet] = deque()
        self._rate = rate
        self._size = even(size)
        self._container = av.open(self._file, "w", format="mov", options=_FRAGMENTED)
        self._stream = self._container.add_stream(
            how.encoder, rate=rate, options={"profile": how.profile}
        )
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = _PIXELS
        self._stream.metadata["timecode"] = start.text
        context = self._stream.codec_context
        context.thread_type = "AUTO"
        context.thread_count = min(_THREADS, os.cpu_count() or 1)
        context.color_primaries, context.color_trc = tags_of(colorspace)
        context.colorspace, context.color_range = BT709, _LIMITED
        try:
            context.open()
        except av.FFmpegError as e:
            self.abandon()
            path.unlink(missing_ok=True)
            raise OutputError(
                f"{codec} takes no pictures of {size[0]}×{size[1]} px ({e.strerror})."
            ) from e

    def write(self, picture: Picture, number: int | None = None) -> None:
        """Add a frame. number: which one it is, by default the next; those that were left out
        repeat the one before. Raises OSError, or av.FFmpegError, where it cannot be kept."""
        frame = av.VideoFrame(*self._size, _PIXELS)
        for plane, values in zip(frame.planes, to_422(picture), strict=True):
            rows = np.frombuffer(plane, np.uint16).reshape(-1, plane.line_size // 2)
            rows[: values.shape[0], : values.shape[1]] = values
        before, self.frames = self.frames, number or self.frames + 1
        frame.pts, frame.time_base = self.frames - 1, 1 / self._rate
        frame.colorspace, frame.color_range = BT709, _LIMITED
        self._put(self._stream.encode(frame), before)

    def add(self, data: bytes, number: int) -> None:
        """Add a frame as another movie of the same kind holds it. Raises as `write` does."""
        before, self.frames = self.frames, number
        self._put([av.Packet(data)], before)

    def _put(self, packets: list[av.Packet], before: int) -> None:
        self._numbers.append(self.frames)
        self._mux(packets)
        half = max(1, round(self._rate / 2))
        if self.frames // half > before // half:
            self._file.sync()

    def hold(self, number: int) -> None:
        """Show the last frame up to that one, where none comes behind it."""
        self.frames = max(self.frames, number)

    def close(self) -> None:
        """Make an ordinary movie of it. Raises as `write` does."""
        if self._numbers:
            self._numbers.append(self.frames + 1)
        self._mux(self._stream.encode())
        self._container.close()
        self._file.sync()
        self._file.close()

    def _mux(self, packets: list[av.Packet]) -> None:
        """Each frame as often as it is to be seen, which is known when the next one has come.
        Every frame stands alone, so one that repeats another need not be encoded again."""
        self._packets.extend(packets)
        while self._packets and len(self._numbers) > 1:
            data, first = bytes(self._packets.popleft()), self._numbers.popleft()
            for number in range(first, self._numbers[0]):
                packet = av.Packet(data)
                packet.stream, packet.time_base = self._stream, 1 / self._rate
                packet.pts = packet.dts = number - 1
                packet.duration, packet.is_keyframe = 1, True
                self._container.mux(packet)

    def abandon(self) -> None:
        """Leave what stands on the disk, up to its last whole fragment."""
        self._file.refuse(OSError(EIO, "given up"))
        with suppress(OSError, av.FFmpegError):
            self._container.close()
        self._file.close()
        with suppress(OSError):  # then the take's recovery does it
            trim(self._file.path)


def frames_of(path: Path) -> int:
    """How many frames a movie holds, counted; the file is closed again, so that its disk can
    be taken out. Raises OSError or av.FFmpegError."""
    with av.open(str(path), metadata_errors="backslashreplace") as container:
        packets = container.demux(container.streams.video[0])
        return sum(packet.pts is not None and not packet.is_discard for packet in packets)


def codec_of(name: str) -> _Codec:
    """Raises SettingsError for a codec that is not known."""
    if name not in CODECS:
        raise SettingsError(f"There is no codec {name}; a take is {' or '.join(CODECS)}.")
    return CODECS[name]
