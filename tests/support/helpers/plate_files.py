"""Image and movie files that tests write, with nothing of ours involved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
