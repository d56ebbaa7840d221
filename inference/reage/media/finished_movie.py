"""Finished pictures as a movie: ProRes 422 HQ in .mov, H.264 for a look in .mp4.

The movie is written beside its place and takes it when it is whole, so a stop leaves nothing
under its name. What a movie as the plate says of time goes on: each picture is shown when the
plate's was, its sound lies under it, and timecode, rotation and pixel aspect are its.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from reage.errors import OutputError
from reage.media import sound, yuv
from reage.media.exr import why_not
from reage.media.replacing import draft_of, put_in_place
from reage.media.timecode import Timecode
from reage.media.video import Movie, tags_of
from reage.pixels.plate import Pixels


@dataclass(frozen=True)
class _Codec:
    """bits: of its numbers; rows: chroma is subsampled down as well as across."""

    encoder: str
    options: Mapping[str, str]
    pixels: str
    bits: int
    rows: bool


CODECS = {
    ".mov": _Codec("prores", {"profile": "3"}, "yuv422p10le", 10, False),
    ".mp4": _Codec("libx264", {"crf": "16"}, "yuv420p", 8, True),
}
"""By a file's ending. crf 16 is chosen: fine enough for grain to be seen."""

_OPTIONS = {"movflags": "use_metadata_tags+faststart"}
"""Of FFmpeg's mov muxer: any name of a tag is kept, and the index stands before the pictures."""

_REC2020, _BT709, _BT2020 = 9, 1, 9
"""Primaries and matrices of ITU-T H.273."""

_LIMITED = 1


@dataclass(frozen=True)
class MovieSpec:
    """What a movie is to be.

    size:       (width, height) of its pictures, px
    colorspace: of their values, an OpenColorIO name; the file says it where H.273 has a tag for it
    timecode:   of the first picture
    tags:       what its metadata say
    plate:      the movie that the pictures are of, and `frames` which of its frames, from 0
    """

    size: tuple[int, int]
    rate: Fraction
    colorspace: str
    pixel_aspect: float = 1.0
    timecode: Timecode | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    plate: Movie | None = None
    frames: Sequence[int] = ()


class FinishedMovie:
    """A movie that is being written.

    notices: what of the plate's movie could not go on
    """

    def __init__(
        self, path: Path, spec: MovieSpec, seal: Callable[[Path], object] = lambda draft: None
    ) -> None:
        """seal: what is done to the whole file before it takes its place. Raises OutputError where
        the file cannot be made or the codec refuses the size."""
        self.path, self._spec, self.notices = path, spec, list[str]()
        self._seal = seal
        self._how = CODECS[path.suffix.lower()]
        self._temporary = draft_of(path)
        self._written = 0
        self._times = _times(spec)
        width, height = spec.size
        self._even = width + width % 2, height + height % 2
        if self._even != spec.size:
            self.notices.append(
                f"No codec takes odd sides: {path.name} is {self._even[0]}×{self._even[1]} px, its "
                "last column or row once more."
            )
        self._sound: Iterator[av.Packet] = iter(())
        try:
            self._begin(spec.plate)
        except (av.FFmpegError, OSError, ValueError) as e:
            self.abandon()
            if spec.plate is None or not self._sound_is_refused():
                raise self._refused(e) from e
        self._waiting = next(self._sound, None)

    def _sound_is_refused(self) -> bool:
        """Begin without the plate's sound; whether that helps, which is then told."""
        try:
            self._begin(None)
        except (av.FFmpegError, OSError, ValueError):
            self.abandon()
            return False
        self.notices.append(f"{self.path.name} refuses the plate's sound, which was left out.")
        return True

    def _begin(self, heard: Movie | None) -> None:
        spec, how = self._spec, self._how
        self._sound = iter(())
        self._container = av.open(
            str(self._temporary), "w", format=self.path.suffix[1:].lower(), options=_OPTIONS
        )
        stream = self._container.add_stream(
            how.encoder, rate=spec.rate, options=dict(how.options)
        )
        stream.width, stream.height = self._even
        stream.pix_fmt = how.pixels
        stream.time_base = 1 / spec.rate
        context = stream.codec_context
        context.time_base = self._times[1]
        context.thread_type, context.thread_count = "AUTO", min(8, os.cpu_count() or 1)
        context.sample_aspect_ratio = Fraction(spec.pixel_aspect).limit_denominator(1000)
        context.color_primaries, context.color_trc = tags_of(spec.colorspace)
        self._matrix = _BT2020 if int(context.color_primaries) == _REC2020 else _BT709
        context.colorspace, context.color_range = self._matrix, _LIMITED
        if spec.timecode is not None:
            stream.metadata["timecode"] = spec.timecode.text
        self._stream: Any = stream
        if spec.plate is not None:
            self.notices += _turn(stream, spec.plate)
        if heard is not None:
            self._sound = self._under(heard)
        self._container.metadata.update(spec.tags)
        self._container.start_encoding()

    def write(self, rgb: Pixels) -> None:
        """Add a picture: (h, w, 3) float32 in the movie's color space. Raises OutputError."""
        (h, w), (width, height) = rgb.shape[:2], self._even
        filled = np.pad(rgb, ((0, height - h), (0, width - w), (0, 0)), mode="edge")
        plate = self._spec.plate
        interpolated = plate is not None and plate.header.halved
        planes = yuv.from_rgb(filled, self._how.bits, self._matrix, self._how.rows, interpolated)
        frame = av.VideoFrame(width, height, self._how.pixels)
        for plane, values in zip(frame.planes, planes, strict=True):
            rows = np.frombuffer(plane, values.dtype).reshape(values.shape[0], -1)
            rows[:, : values.shape[1]] = values
        pts, base = self._times
        frame.pts, frame.time_base = pts[self._written], base
        frame.colorspace, frame.color_range = self._matrix, _LIMITED
        self._written += 1
        try:
            self._sound_until(frame.pts * base)
            self._container.mux(self._stream.encode(frame))
        except (av.FFmpegError, OSError) as e:
            raise self._refused(e) from e

    def close(self) -> None:
        """Make the movie whole and put it into its place. Raises OutputError, and what `seal`
        does."""
        try:
            self._sound_until(None)
            self._container.mux(self._stream.encode())
            self._container.close()
            self._seal(self._temporary)
            put_in_place(self._temporary, self.path)
        except (av.FFmpegError, OSError) as e:
            raise self._refused(e) from e
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(AttributeError, OSError, av.FFmpegError, ValueError):
            self._container.close()
        with suppress(OSError):
            self._temporary.unlink(missing_ok=True)

    def _refused(self, error: Exception) -> OutputError:
        why = why_not(self.path, 1 << 20, error)
        return OutputError(f"{self.path} cannot be written: {why}.")

    # ------------------------------------------------------------ sound

    def _sound_until(self, time: Fraction | None) -> None:
        """Mux what sounds before a picture's time, or all that is left."""
        while (packet := self._waiting) is not None:
            if time is not None and packet.pts * packet.time_base > time:
                return
            self._container.mux_one(packet)
            self._waiting = next(self._sound, None)

    def _under(self, plate: Movie) -> Iterator[av.Packet]:
        """The plate's sound as it lies under its frames, timed from the first of them; none where
        those are no run."""
        source, frames = av.open(str(plate.path)), self._spec.frames
        streams, taken = list(source.streams.audio), dict[int, sound.SoundTrack]()
        if streams and not _is_run(frames):
            self.notices.append("The frames are no run, so the sound was left out.")
            streams = []
        for stream in streams:
            name = stream.codec_context.name
            if sound.is_silent(self.path.suffix.lower(), name):
                taken[stream.index] = sound.EncodedTrack(self._container, stream)
                self.notices.append(
                    f"Few players of .mp4 play sound of the kind {name}, so {self.path.name} has "
                    f"it as {sound.ENCODER.upper()}; a .mov takes it as it is."
                )
            elif name in self._container.supported_codecs:
                taken[stream.index] = sound.CopiedTrack(self._container, stream)
            else:
                self.notices.append(
                    f"{self.path.name} takes no sound of the kind {name}, which was left out; "
                    "a .mov takes it."
                )
        past = frames[-1] + 1
        since = plate.time(frames[0]) if frames[0] else None
        until = plate.time(past) if past < plate.length else None
        return sound.packets(source, taken, plate.time(frames[0]), since, until)


def _times(spec: MovieSpec) -> tuple[Sequence[int], Fraction]:
    """When each picture is shown, and in what: in frames where they are evenly spaced, as nearly
    as the plate's clock can say it; else by that clock, in 1/90000 s."""
    frames = spec.frames
    if spec.plate is not None and _is_run(frames):
        times = [spec.plate.time(i) - spec.plate.time(frames[0]) for i in frames]
        if [round(t * spec.rate) for t in times] != list(range(len(times))):
            return [round(t * 90000) for t in times], Fraction(1, 90000)
    return range(1 << 31), 1 / spec.rate


def _is_run(frames: Sequence[int]) -> bool:
    return list(frames) == list(range(frames[0], frames[0] + len(frames)))


def _turn(stream: Any, plate: Movie) -> list[str]:
    """Let players turn the pictures as they turn the plate's; a notice where that cannot be."""
    matrix = plate.display_matrix()
    if matrix is None:
        return []
    if not hasattr(stream, "set_display_matrix"):
        return ["The plate is stored turned, and so is the movie; PyAV before 18 cannot tag it."]
    stream.set_display_matrix(matrix)
    return []
