"""Event files are what TensorBoard reads, field by field."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from reage_training.events import Events, crc32c, record

_FIELDS = {
    "Image": [("height", 1, 5, 1), ("width", 2, 5, 1), ("colorspace", 3, 5, 1),
              ("png", 4, 12, 1)],
    "Value": [("tag", 1, 9, 1), ("simple_value", 2, 2, 1), ("image", 4, "Image", 1)],
    "Summary": [("value", 1, "Value", 3)],
    "Event": [("wall_time", 1, 1, 1), ("step", 2, 3, 1), ("file_version", 3, 9, 1),
              ("summary", 5, "Summary", 1)],
}  # fmt: skip
"""Of event.proto and summary.proto: name, number, type and label, as protobuf counts them."""


def event_type() -> type:
    file = descriptor_pb2.FileDescriptorProto(name="t.proto", package="t", syntax="proto3")
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        for field, number, kind, label in fields:
            added = message.field.add(name=field, number=number, label=label)
            if isinstance(kind, str):
                added.type, added.type_name = 11, f".t.{kind}"
            else:
                added.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("t.Event"))


def records(data: bytes) -> list[bytes]:
    out = []
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        body = data[12 : 12 + length]
        assert record(body) == data[: length + 16]
        out.append(body)
        data = data[length + 16 :]
    return out


def test_the_sum_is_that_of_the_standard() -> None:
    assert crc32c(b"123456789") == 0xE3069283  # RFC 3720's polynomial, its check value
    assert crc32c(bytes(32)) == 0x8A9136AA  # RFC 3720, B.4: 32 bytes of zeroes


def test_curves_and_pictures_can_be_read_back(tmp_path: Path) -> None:
    events = Events(tmp_path / "tensorboard")
    events.curves(300, {"loss": 0.25, "strength": {"form": 0.5}, "said": "a word"})
    shown = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    events.picture(301, "double", shown)
    (file,) = (tmp_path / "tensorboard").iterdir()
    assert file.name.startswith("events.out.tfevents.")
    event = event_type()
    begin, loss, form, picture = (event.FromString(body) for body in records(file.read_bytes()))
    assert begin.file_version == "brain.Event:2" and begin.wall_time > 1.7e9
    told = [(e.step, e.summary.value[0].tag, e.summary.value[0].simple_value) for e in (loss, form)]
    assert told == [(300, "loss", 0.25), (300, "strength/form", 0.5)]
    image = picture.summary.value[0].image
    assert (picture.step, image.height, image.width, image.colorspace) == (301, 4, 6, 3)
    png = cv2.imdecode(np.frombuffer(image.png, np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(png[..., ::-1], shown)
