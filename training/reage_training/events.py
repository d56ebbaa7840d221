"""Curves and pictures that TensorBoard shows, without the package: its files are records of small
protocol buffers (tensorflow/core/util/event.proto and summary.proto), each framed by its length and
two masked CRC-32C sums (tensorflow/core/lib/io/record_writer).
"""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping
from pathlib import Path

import cv2

from reage.errors import OutputError
from reage_training.output import Shown

_POLYNOMIAL = 0x82F63B78
"""Of CRC-32C (Castagnoli; RFC 3720, appendix B.4), reflected."""


def _table() -> tuple[int, ...]:
    out = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
        out.append(value)
    return tuple(out)


_TABLE = _table()


class Events:
    """Events are added to one file in a folder; a run that goes on begins another."""

    def __init__(self, folder: Path) -> None:
        now = time.time()
        self._path = folder / f"events.out.tfevents.{now:.6f}.reage"
        self._write(_double(1, now) + _bytes(3, b"brain.Event:2"))

    def curves(self, step: int, values: Mapping[str, object], under: str = "") -> None:
        """A point on the curve of each number, those within mappings under name/name."""
        for name, value in values.items():
            if isinstance(value, Mapping):
                self.curves(step, value, f"{under}{name}/")
            elif isinstance(value, int | float):
                self._summary(step, f"{under}{name}", _float(2, float(value)))

    def picture(self, step: int, name: str, shown: Shown) -> None:
        """A picture (h, w, 3) of eight bits, sRGB."""
        good, png = cv2.imencode(".png", shown[..., ::-1])
        if not good:
            raise OutputError(f"The picture {name} cannot be made a PNG.")
        height, width = shown.shape[:2]
        image = _number(1, height) + _number(2, width) + _number(3, 3) + _bytes(4, png.tobytes())
        self._summary(step, name, _bytes(4, image))

    def _summary(self, step: int, tag: str, value: bytes) -> None:
        summary = _bytes(1, _bytes(1, tag.encode()) + value)
        self._write(_double(1, time.time()) + _number(2, step) + _bytes(5, summary))

    def _write(self, event: bytes) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(record(event))
        except OSError as e:
            raise OutputError(f"The curves {self._path} cannot be written: {e.strerror}.") from e


def record(data: bytes) -> bytes:
    """A record of a TensorFlow record file."""
    length = struct.pack("<Q", len(data))
    return length + _sum(length) + data + _sum(data)


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def _sum(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _double(field: int, value: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", value)


def _float(field: int, value: float) -> bytes:
    return _varint(field << 3 | 5) + struct.pack("<f", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value
