"""A take's movie with a damaged box in its midst: made anew of all that is whole, before and after.

Every fragment says when it is (`tfdt`), and every frame stands alone. So the frames keep their
numbers, and one that is lost repeats the one before, as those do that never came.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path

import av

from reage.errors import OutputError, PlateError
from reage.media.replacing import put_in_place
from reage.media.timecode import Timecode
from reage_live.fragments import Bytes, is_closed, remains_of
from reage_live.recording import TakeMetadata
from reage_live.take_movie import CODECS, MovieWriter, frames_of


def is_damaged(path: Path) -> bool:
    """Whether something is broken with more behind it, which cutting off would lose. Raises
    OSError."""
    if is_closed(path) or not path.stat().st_size:
        return False
    with _mapped(path) as data:
        return remains_of(data).damaged


def salvage(path: Path, twin: Path, about: TakeMetadata, start: Timecode) -> frozenset[int]:
    """Put a movie of all that is whole in the place of a damaged one. Returns the frames that are
    lost, counted from 1.

    The damaged one stays: under its name until the new one is verified, then as `….damaged.mov`.
    twin: the other movie of the take, whose beginning serves where that is what is broken.
    start: of frame 1. Raises OutputError where the new one cannot be written or does not hold,
    PlateError where nothing is whole.
    """
    made = path.with_name(f"{path.stem}.salvaged{path.suffix}")
    try:
        made.unlink(missing_ok=True)
        with _mapped(path) as data:
            packets = _packets(data, _head(path) or _head(twin), about.rate)
            there = _write(made, packets, about, start)
        if not there:
            raise PlateError(f"{path} is damaged, and no frame of it can be saved.")
        if frames_of(made) != max(there):
            raise OutputError(f"What could be saved of {path} does not hold; it stays as it is.")
        path.replace(path.with_name(f"{path.stem}.damaged{path.suffix}"))
        put_in_place(made, path)
    except (OSError, av.FFmpegError) as e:
        raise OutputError(f"{made} cannot be written: {e.strerror}.") from e
    finally:
        with suppress(OSError):
            if path.exists():
                made.unlink(missing_ok=True)
    return frozenset(range(1, max(there) + 1)) - there


def finish_salvage(path: Path) -> None:
    """Where a salvage was cut off between its two renames, the new movie is verified already.
    Raises OSError."""
    made = path.with_name(f"{path.stem}.salvaged{path.suffix}")
    if made.is_file() and not path.exists():
        put_in_place(made, path)


def _packets(data: Bytes, head: bytes, rate: Fraction) -> Iterator[tuple[int, str, bytes]]:
    """Frames' numbers, from 1, their codec, and their bytes, fragment by fragment."""
    for fragment in remains_of(data).fragments:
        try:
            with av.open(io.BytesIO(head + fragment.text(data))) as movie:
                stream = movie.streams.video[0]
                for packet in movie.demux(stream):
                    if packet.pts is not None and packet.size:
                        when = packet.pts * packet.time_base * rate
                        yield round(when) + 1, stream.codec_context.name, bytes(packet)
        except av.FFmpegError:  # whole in its boxes, broken inside
            continue


def _write(
    made: Path, packets: Iterator[tuple[int, str, bytes]], about: TakeMetadata, start: Timecode
) -> frozenset[int]:
    """Returns which frames are there. Before the first of them it is shown itself."""
    movie: MovieWriter | None = None
    there: set[int] = set()
    try:
        for number, encoder, data in packets:
            if movie is None:
                codec = next(name for name, each in CODECS.items() if each.encoder == encoder)
                how = (about.size, about.rate, start, about.colorspace, codec)
                movie = MovieWriter(made, *how)
                if number > 1:
                    movie.add(data, 1)
            if number > movie.frames:
                movie.add(data, number)
                there.add(number)
        if movie is not None:
            movie.close()
    except BaseException:
        if movie is not None:
            movie.abandon()
        raise
    return frozenset(there)


def _head(path: Path) -> bytes:
    """What stands before the first fragment; nothing where that is damaged, or there is none."""
    try:
        with _mapped(path) as data:
            return data[: remains_of(data).head]
    except (OSError, ValueError):
        return b""


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    """Raises OSError; ValueError for an empty file."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data
