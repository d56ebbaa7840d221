"""Measures in the book's folder, so that each file is looked at once, whatever becomes of a run.

    BOOK/measured/SHA.npz     what was measured of a file, by what it holds
    BOOK/measured/known.json  which file of a tree held what, by its name, size and time
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from reage import strict_json
from reage.errors import OutputError, SettingsError
from reage.media.replacing import replacing
from reage.shaped import made
from reage_training.actor.ingest.measure import FORMAT, Measures
from reage_training.actor.ingest.tree import SourceFile


@dataclass(frozen=True)
class KnownFile:
    """A file of a tree as it was when it was measured: size, changed as of `SourceFile`; sha256 of
    it; of a movie the stills that were made of it, below `measured`, and their sha256; lacks: what
    a later run may be able to tell: COLORSPACE, IDENTITY or empty; most: stills that were asked
    for."""

    name: str
    size: int
    changed: int
    sha256: str = ""
    stills: tuple[tuple[str, str], ...] = ()
    lacks: str = ""
    most: int = 0


COLORSPACE, IDENTITY = "colorspace", "identity"


@dataclass
class KeptMeasures:
    """The folder `measured` of a book."""

    folder: Path
    by_name: dict[str, KnownFile] = field(default_factory=dict)

    @classmethod
    def open(cls, book: Path) -> KeptMeasures:
        """What is there. A damaged list is as none: its files are looked up anew by what they
        hold. Raises OutputError where the folder cannot be made."""
        folder = book / "measured"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise OutputError(f"The book {book} cannot be written: {e.strerror}.") from e
        file = folder / "known.json"
        if not file.is_file():
            return cls(folder)
        try:
            what = f"the list {file}"
            data = strict_json.load(file, what, SettingsError, strict_json.LONG)
            stored = made(_Stored, data, what, SettingsError)
        except SettingsError:
            return cls(folder)
        if stored.format != FORMAT:
            return cls(folder)
        return cls(folder, {each.name: each for each in stored.files})

    def known(self, source: SourceFile) -> KnownFile | None:
        """What was measured of this file, where it has not changed since."""
        found = self.by_name.get(source.name)
        if found is None or (found.size, found.changed) != (source.size, source.changed):
            return None
        return found

    def note(self, known: KnownFile) -> None:
        self.by_name[known.name] = known

    def file(self, sha256: str) -> Path:
        return self.folder / f"{sha256}.npz"

    def measures(self, sha256: str) -> Measures | None:
        return Measures.read(self.file(sha256))

    def save(self) -> None:
        """The list of files. Raises OutputError."""
        files = [asdict(each) for each in self.by_name.values()]
        write_text(self.folder / "known.json", json.dumps({"format": FORMAT, "files": files}))


def store(folder: Path, sha256: str, measures: Measures) -> None:
    """Raises OutputError."""
    path = folder / f"{sha256}.npz"
    try:
        with replacing(path) as draft:
            measures.write(draft)
    except OSError as e:
        raise full(path, e) from e


def write_text(path: Path, text: str) -> None:
    """Whole or not at all. Raises OutputError."""
    try:
        with replacing(path) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as e:
        raise full(path, e) from e


def full(path: Path, error: OSError) -> OutputError:
    """The sentence for a file that cannot be written."""
    return OutputError(
        f"{path} cannot be written: {error.strerror or error}. What is done is kept; make room, "
        "and give the same command again."
    )


@dataclass(frozen=True)
class _Stored:
    format: int
    files: tuple[KnownFile, ...] = ()
