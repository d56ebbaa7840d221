"""What an ONNX file says of itself, and asks for beyond itself: operators of others, weights in
other files.

Read from the file's own bytes, before ONNX Runtime sees them. The numbers of the fields are those
of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reage.errors import ModelError

STANDARD = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")
"""Domains of operators that ONNX Runtime has built in."""

_DEEPEST = 100
"""Messages inside each other; protobuf itself reads no more."""

_MESSAGES = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
    "entry": {},
}
"""The messages that each kind of message holds, by their field's number."""

_NODE_OPERATOR, _NODE_DOMAIN, _FUNCTION_DOMAIN = 4, 7, 10
_LOCATION, _EXTERNAL = 14, 1
_METADATA, _KEY, _VALUE = 14, 1, 2


@dataclass
class Needs:
    """operators: domain → one of its operators, of those that the file does not bring along as
    functions; files: names of files that hold weights, as the model says them"""

    operators: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    _own: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, data: bytes, path: Path) -> Needs:
        """Raises ModelError where the bytes are no ONNX model."""
        found = cls()
        try:
            found._read("model", memoryview(data), 0)
        except (ValueError, IndexError) as e:
            raise ModelError(f"{path} is not an ONNX model: {e}.") from e
        found.operators = {d: op for d, op in found.operators.items() if d not in found._own}
        return found

    def check(self, path: Path, allowed: tuple[str, ...]) -> None:
        """Raises ModelError for operators that are not STANDARD, and for files not `allowed`."""
        for domain, operator in self.operators.items():
            if domain not in STANDARD:
                raise ModelError(
                    f"The model {path} wants the operator {operator} of {domain!r}, which is none "
                    "of ONNX's; export it with standard operators."
                )
        if strange := sorted(self.files - {*allowed}):
            raise ModelError(
                f"The model {path} has weights in another file, {strange[0]!r}. Save it as one "
                "file, or name the file on the card, as external_data, if you trust it."
            )

    def _read(self, kind: str, data: memoryview, depth: int) -> None:
        if depth > _DEEPEST:
            raise ValueError("it is too deep")
        inner, words = _MESSAGES[kind], {}
        for number, value in _fields(data):
            if number in inner and isinstance(value, memoryview):
                self._read(inner[number], value, depth + 1)
            elif kind == "tensor" and number == _LOCATION and value == _EXTERNAL:
                self.files.add("")  # though no entry may name it
            elif kind in ("node", "entry", "function") and isinstance(value, memoryview):
                words[number] = _text(value)
        if kind == "node":
            self.operators.setdefault(words.get(_NODE_DOMAIN, ""), words.get(_NODE_OPERATOR, ""))
        elif kind == "function":
            self._own.add(words.get(_FUNCTION_DOMAIN, ""))
        elif kind == "entry" and words.get(1) == "location":
            self.files.add(words.get(2, ""))
        if kind == "tensor" and len(self.files) > 1:
            self.files.discard("")


def metadata(data: bytes, path: Path) -> dict[str, str]:
    """What a model's own metadata say, word by word. Raises ModelError where the bytes are no ONNX
    model."""
    found: dict[str, str] = {}
    try:
        for number, value in _fields(memoryview(data)):
            if number == _METADATA and isinstance(value, memoryview):
                words = {n: v for n, v in _fields(value) if isinstance(v, memoryview)}
                said = {n: bytes(word).decode() for n, word in words.items()}
                found[said.get(_KEY, "")] = said.get(_VALUE, "")
    except (ValueError, IndexError) as e:
        raise ModelError(f"{path} is not an ONNX model: {e}.") from e
    return found


def _text(data: memoryview) -> str:
    return bytes(data[:200]).decode("utf-8", "backslashreplace")


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """A message's fields: number, and a whole number or bytes. Raises ValueError, IndexError."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind, size = key & 7, {1: 8, 5: 4}.get(key & 7, 0)
        if kind == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        if kind == 2:
            size, at = _varint(data, at)
        elif not size:
            raise ValueError(f"it has a field of kind {kind}")
        if at + size > len(data):
            raise ValueError("it is cut off")
        yield key >> 3, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
        if shift > 63:
            raise ValueError("it has a number without end")
