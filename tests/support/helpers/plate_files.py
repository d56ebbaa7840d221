"""Image and movie files that tests write, with nothing of ours involved."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import OpenImageIO as oiio


def noise(height: int, width: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    """float32 that half floats hold exactly."""
    rng = np.random.default_rng(seed)
    return rng.normal(0.5, 1.0, (height, width, channels)).astype(np.float16).astype(np.float32)


def write_image(
    path: Path,
    pixels: np.ndarray,
    *,
    at: tuple[int, int] = (0, 0),
    display: tuple[int, int, int, int] | None = None,
    kind: str = "half",
    tile: int = 0,
    names: Sequence[str] = (),
    attributes: Mapping[str, object] | None = None,
) -> Path:
    """One part; `display` is x, y, width, height; tuples in attributes are (type, value)."""
    write_parts(path, [_spec(pixels, at, display, kind, tile, names, attributes or {})], [pixels])
    return path


def write_parts(
    path: Path, specs: Sequence[oiio.ImageSpec], pictures: Sequence[np.ndarray]
) -> None:
    out = oiio.ImageOutput.create(str(path))
    opened = out.open(str(path), tuple(specs)) if len(specs) > 1 else out.open(str(path), specs[0])
    assert opened, out.geterror()
    for number, pixels in enumerate(pictures):
        if number:
            assert out.open(str(path), specs[number], "AppendSubimage"), out.geterror()
        assert out.write_image(pixels), out.geterror()
    assert out.close(), out.geterror()


def part(name: str, pixels: np.ndarray, channels: Sequence[str]) -> oiio.ImageSpec:
    return _spec(pixels, (0, 0), None, "half", 0, channels, {"oiio:subimagename": name})


def _spec(
    pixels: np.ndarray,
    at: tuple[int, int],
    display: tuple[int, int, int, int] | None,
    kind: str,
    tile: int,
    names: Sequence[str],
    attributes: Mapping[str, object],
) -> oiio.ImageSpec:
    height, width, channels = pixels.shape
    spec = oiio.ImageSpec(width, height, channels, kind)
    spec.x, spec.y = at
    shown = display or (*at, width, height)
    spec.full_x, spec.full_y, spec.full_width, spec.full_height = shown
    spec.tile_width = spec.tile_height = tile
    if names:
        spec.channelnames = tuple(names)
    for name, value in attributes.items():
        spec.attribute(name, *value) if isinstance(value, tuple) else spec.attribute(name, value)
    return spec


def icc(description: str) -> np.ndarray:
    """As much of an ICC profile as readers look at: a header and its description (ICC.1:2001)."""
    text = description.encode() + b"\0"
    body = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)
    body += bytes(-len(body) % 4)
    size = 128 + 4 + 12 + len(body)
    head = struct.pack(">I4sI12s", size, b"test", 0x02400000, b"mntrRGB XYZ ")
    head += bytes(12) + b"acsp"
    table = struct.pack(">I4sII", 1, b"desc", 144, len(body))
    return np.frombuffer(head.ljust(128, b"\0") + table + body, np.uint8)


def write_movie(
    path: Path,
    codec: str,
    pixel_format: str,
    levels: Sequence[tuple[int, int, int]],
    *,
    size: tuple[int, int] = (64, 48),
    matrix: int = 1,
    full_range: bool = False,
    transfer: int = 1,
    options: Mapping[str, str] | None = None,
    timecode: str = "",
) -> Path:
    """A movie whose frames are flat: (luma, Cb, Cr) in the format's own whole numbers."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=24, options=dict(options or {}))
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        context = stream.codec_context
        context.colorspace, context.color_range = matrix, 2 if full_range else 1
        context.color_primaries, context.color_trc = 1, transfer
        if timecode:
            stream.metadata["timecode"] = timecode
        for number, level in enumerate(levels):
            frame = av.VideoFrame(*size, pixel_format)
            frame.pts = number
            frame.colorspace, frame.color_range = matrix, 2 if full_range else 1
            for plane, part_, value in zip(
                frame.planes, frame.format.components, level, strict=True
            ):
                dtype = np.uint8 if part_.bits == 8 else np.uint16
                plane.update(np.full(plane.buffer_size // dtype().itemsize, value, dtype))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_talkie(
    path: Path,
    pictures: Sequence[np.ndarray],
    *,
    sound: str = "pcm_s16le",
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    rate: Fraction = Fraction(25),
    at: Sequence[int] = (),
    turned: float = 0.0,
    aspect: Fraction = Fraction(1),
) -> Path:
    """A movie of (h, w, 3) uint8 pictures, with a mono sound of 48 kHz that never repeats, and
    timecode 10:00:00:00. at: when each is shown, in 1/1000 s; turned: as a telephone tags it."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.metadata["timecode"] = pixel_format, "10:00:00:00"
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = 1
        context.color_range, context.sample_aspect_ratio = 1, aspect
        if at:
            context.time_base = Fraction(1, 1000)
        if turned:
            stream.set_display_rotation(turned)
        voice = container.add_stream(sound, rate=48000, layout="mono")
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(format=pixel_format, dst_colorspace=1)
            frame.pts = at[number] if at else number
            frame.time_base = Fraction(1, 1000) if at else 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        count = round((at[-1] / 1000 + 1 / rate if at else len(pictures) / rate) * 48000)
        noise = np.random.default_rng(1).integers(-9000, 9000, (1, count)).astype(np.int16)
        whole = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
        whole.sample_rate, whole.pts = 48000, 0
        cut = av.AudioResampler(voice.codec_context.format, "mono", 48000, 1024)
        for frame in (*cut.resample(whole), *cut.resample(None)):
            container.mux(voice.encode(frame))
        container.mux(voice.encode())
    return path


def sound_of(path: Path) -> list[tuple[bytes, float]]:
    """Each packet of a movie's sound, and when it sounds, in seconds."""
    with av.open(str(path)) as container:
        packets = container.demux(container.streams.audio[0])
        return [(bytes(p), float(p.pts * p.time_base)) for p in packets if p.size]
