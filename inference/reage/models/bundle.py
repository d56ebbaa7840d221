"""A bundle: the model of one actor, and the album beside it, in one `.reage` file.

    model.onnx        its card inside, with rights; its weights are in
    actor.weights     what was learned of the actor, and in
    default.weights   the same of the model that it began with
    album/…           pages of the actor's skin, see `reage.pattern`

A zip file, read as data: no other names in it are looked at.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reage.errors import ModelError

ENDING = ".reage"
MODEL, WEIGHTS, DEFAULT = "model.onnx", "actor.weights", "default.weights"
PAGE = re.compile(r"album/([\w.-]{1,80}\.pattern\.exr|shape\.json)")
"""What of an album is in a bundle."""

_LARGEST = {MODEL: 256 << 20, WEIGHTS: 1 << 30, DEFAULT: 1 << 30}
LARGEST_PAGE = 64 << 20
"""Bytes of each, unpacked: what is larger is none of ours."""


def is_bundle(path: Path) -> bool:
    return path.suffix.lower() == ENDING


@dataclass(frozen=True)
class BundledModel:
    """model: the ONNX file, whose tensors lie in a file named WEIGHTS; actor, default: its bytes
    for the actor, and for the model that learning began with, float32 little-endian."""

    model: bytes
    actor: bytes
    default: bytes

    @classmethod
    def read(cls, path: Path) -> BundledModel:
        """Raises ModelError where it is no bundle, or a broken one."""
        found = cls(*(entry(path, name, _LARGEST[name]) for name in (MODEL, WEIGHTS, DEFAULT)))
        if len(found.actor) != len(found.default) or len(found.actor) % 4:
            raise ModelError(f"The weights in the bundle {path} do not belong to each other.")
        return found

    def weights(self, person: float) -> Mapping[str, bytes]:
        """What the model's tensors are at a person strength: 0 gives the default's, 1 the actor's,
        both to the bit; 0.5 what lies between."""
        if person in (0, 1):
            return {WEIGHTS: self.actor if person else self.default}
        actor, default = (np.frombuffer(b, "<f4") for b in (self.actor, self.default))
        between = default + np.float32(person) * (actor - default)
        return {WEIGHTS: between.astype("<f4").tobytes()}


def pages_in(path: Path) -> list[zipfile.ZipInfo]:
    """What a bundle holds of an album. Raises ModelError where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as file:
            return [each for each in file.infolist() if PAGE.fullmatch(each.filename)]
    except (OSError, zipfile.BadZipFile) as e:
        raise _unread(path, e) from e


def entry(path: Path, name: str, largest: int) -> bytes:
    """One file of a bundle. Raises ModelError where it is not there, broken, or larger."""
    try:
        with zipfile.ZipFile(path) as file:
            if file.getinfo(name).file_size > largest:
                raise ModelError(f"{name} in the bundle {path} is larger than any of ours.")
            with file.open(name) as entry:
                data = entry.read(largest + 1)
    except KeyError as e:
        raise ModelError(f"The bundle {path} holds no {name}.") from e
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as e:
        raise _unread(path, e) from e
    return data


def _unread(path: Path, why: Exception) -> ModelError:
    if isinstance(why, OSError) and why.strerror:
        return ModelError(f"Cannot read the model {path}: {why.strerror}.")
    return ModelError(f"{path} is no bundle of ReAge, or a broken one: {why}.")
