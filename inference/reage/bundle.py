"""A bundle: the model of one actor, and the album beside it, in one `.reage` file.

    model.onnx        its card inside, with rights; its weights are in
    actor.weights     what was learned of the actor, and in
    default.weights   the same of the model that it began with
    album/…           pages of the actor's skin, see `reage.pattern`

A zip file, read as data: no other names in it are looked at. Standard library only: hosts read it
as well.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from reage import home
from reage.errors import ModelError, SettingsError

ENDING = ".reage"
MODEL, WEIGHTS, DEFAULT = "model.onnx", "actor.weights", "default.weights"
PAGE = re.compile(r"album/([\w.-]{1,80}\.pattern\.exr|shape\.json)")
"""What of an album is in a bundle."""

LARGEST = 1 << 30
"""Bytes of an entry, unpacked: what is larger is none of ours."""

_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What zipfile raises for files that are no whole ones; the last two for ciphers and methods."""


def is_bundle(path: Path) -> bool:
    """By its name."""
    return path.suffix.lower() == ENDING


def entry(path: Path, name: str) -> bytes:
    """One file of a bundle. Raises ModelError where it is not there, broken, or too large."""
    try:
        with zipfile.ZipFile(path) as file, file.open(name) as found:
            data = found.read(LARGEST + 1)
    except KeyError as e:
        raise ModelError(f"The bundle {path} holds no {name}.") from e
    except _BROKEN as e:
        raise _unread(path, e) from e
    if len(data) > LARGEST:
        raise ModelError(f"{name} in the bundle {path} is larger than any of ours.")
    return data


def album_of(bundle: Path) -> Path:
    """A folder with the pages of its album, unpacked where ReAge keeps what it can make again.
    Raises ModelError where it cannot be read, SettingsError where it has none, or where there is no
    such place."""
    place = home.cache()
    if place is None:
        raise SettingsError(
            f"The album in {bundle} has to be unpacked, and REAGE_CACHE is empty: name a folder "
            "in it, or the book itself in place of the bundle."
        )
    pages = pages_in(bundle)
    if not pages:
        raise SettingsError(f"The bundle {bundle} holds no album; name a pattern in its place.")
    said = repr([(page.filename, page.file_size, page.CRC) for page in pages])
    folder = place / "albums" / sha256(said.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for page in pages:
            _unpack(bundle, page, folder / page.filename.rpartition("/")[2])
    except OSError as e:
        raise SettingsError(f"The album in {bundle} cannot be unpacked in {folder}: {e}.") from e
    return folder


def pages_in(bundle: Path) -> list[zipfile.ZipInfo]:
    """What of an album is in it; nothing is unpacked. Raises ModelError where it cannot be read."""
    try:
        with zipfile.ZipFile(bundle) as file:
            return [each for each in file.infolist() if PAGE.fullmatch(each.filename)]
    except _BROKEN as e:
        raise _unread(bundle, e) from e


def _unpack(bundle: Path, page: zipfile.ZipInfo, out: Path) -> None:
    """Whole or not at all; others may be doing the same."""
    if out.is_file() and zlib.crc32(out.read_bytes()) == page.CRC:
        return
    draft = out.with_name(f".{uuid4().hex}.part")
    try:
        draft.write_bytes(entry(bundle, page.filename))
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _unread(path: Path, why: Exception) -> ModelError:
    if isinstance(why, OSError) and why.strerror:
        return ModelError(f"Cannot read the model {path}: {why.strerror}.")
    return ModelError(f"{path} is no bundle of ReAge, or a broken one: {why}.")
