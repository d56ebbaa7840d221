"""The sound of a plate's movie as it goes on under a finished one: packet by packet, copied as it
is, or encoded where players of that container would stay silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Protocol

import av

ENCODER = "aac"

_SAMPLES = 1024
"""Of a packet of AAC."""

_BITS_A_SECOND = 128_000
"""Of each channel: chosen, well above where speech and music begin to suffer."""


def is_silent(suffix: str, codec: str) -> bool:
    """Whether a container may hold a codec's sound, but few of its players play it: PCM in MP4 is
    allowed since ISO/IEC 23003-5 of 2020."""
    return suffix == ".mp4" and codec.startswith("pcm_")


class SoundTrack(Protocol):
    """A stream of sound in the movie that is written."""

    def packets(self, packet: av.Packet, start: Fraction) -> Iterator[av.Packet]:
        """What one packet of the plate becomes, timed from the start, in seconds."""
        ...

    def rest(self) -> Iterator[av.Packet]:
        """What comes behind the last one."""
        ...


class CopiedTrack:
    def __init__(self, container: av.container.OutputContainer, source: Any) -> None:
        self._stream = container.add_stream_from_template(source)

    def packets(self, packet: av.Packet, start: Fraction) -> Iterator[av.Packet]:
        assert packet.pts is not None and packet.dts is not None
        shift = round(start / packet.time_base)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        packet.stream = self._stream
        yield packet

    def rest(self) -> Iterator[av.Packet]:
        return iter(())


class EncodedTrack:
    def __init__(self, container: av.container.OutputContainer, source: Any) -> None:
        rate, layout = source.rate, source.layout
        self._stream: Any = container.add_stream(ENCODER, rate=rate, layout=layout)
        self._stream.bit_rate = _BITS_A_SECOND * layout.nb_channels
        self._cut = av.AudioResampler(self._stream.format, layout, rate, _SAMPLES)

    def packets(self, packet: av.Packet, start: Fraction) -> Iterator[av.Packet]:
        for frame in packet.decode():
            assert frame.pts is not None
            frame.pts -= round(start / frame.time_base)
            yield from self._encoded(frame)

    def rest(self) -> Iterator[av.Packet]:
        yield from self._encoded(None)
        yield from self._stream.encode(None)

    def _encoded(self, frame: Any) -> Iterator[av.Packet]:
        for piece in self._cut.resample(frame):
            yield from self._stream.encode(piece)


def packets(
    source: av.container.InputContainer,
    tracks: Mapping[int, SoundTrack],
    start: Fraction,
    since: Fraction | None,
    until: Fraction | None,
) -> Iterator[av.Packet]:
    """Packets of the streams that have a track, since and until where it is said, in seconds, timed
    from the start."""
    with source:
        if since is not None:
            source.seek(max(0, int(since * 1_000_000)))
        for packet in source.demux([source.streams[i] for i in tracks]) if tracks else ():
            if packet.pts is None or packet.dts is None:
                continue
            time = packet.pts * packet.time_base
            if (since is not None and time < since) or (until is not None and time >= until):
                continue
            yield from tracks[packet.stream.index].packets(packet, start)
        for track in tracks.values():
            yield from track.rest()
