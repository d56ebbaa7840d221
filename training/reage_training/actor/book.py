"""A book: one person's photographs, sorted by age, and what is known of each.

    BOOK/book.json           this module's: one entry for each photograph
    BOOK/photographs/        those that are learned from, as they were given
    BOOK/aside/REASON/       those that were turned away; moved back by hand, they are taken
    BOOK/index.html          the report to look at
    BOOK/album/              pages in face UV, see `reage_training.actor.album`
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from reage import strict_json
from reage.errors import OutputError, SettingsError
from reage.media.replacing import replacing
from reage.shaped import made

FORMAT, NAME = 1, "book.json"


@dataclass(frozen=True)
class Entry:
    """One photograph of a book.

    file     where it is, below the book's folder, with /
    source   the name that it was given under
    sha256   of the file
    age      years; None where nothing says it
    said_by  what says the age: table, name, folder, date or hand
    aside    why it is not learned from, in a word; empty where it is
    doubt    what is doubtful about it, in a sentence; empty
    face_px  hairline to chin, px in the file
    """

    file: str
    source: str
    sha256: str
    age: float | None = None
    said_by: str = ""
    aside: str = ""
    doubt: str = ""
    face_px: float = 0.0


@dataclass(frozen=True)
class Book:
    """folder: where it is; born: an ISO date, or empty"""

    folder: Path
    born: str = ""
    entries: tuple[Entry, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Book:
        """Raises SettingsError where the folder holds none, or a broken one."""
        file = folder / NAME
        if not file.is_file():
            raise SettingsError(
                f"{folder} is no book: it has no {NAME}. Make one with `reage-train actor ingest`."
            )
        stored = made(
            _Stored, strict_json.load(file, f"the book {file}", SettingsError),
            f"The book {file}", SettingsError,
        )  # fmt: skip
        if stored.format != FORMAT:
            raise SettingsError(
                f"The book {file} has format {stored.format}; this ReAge knows {FORMAT}. Ingest "
                "the photographs again."
            )
        return cls(folder, stored.born, stored.entries)

    def write(self) -> None:
        """Raises OutputError."""
        stored = asdict(_Stored(FORMAT, self.born, self.entries))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(self.folder / NAME) as draft:
                draft.write_text(json.dumps(stored, indent=1), encoding="utf-8")
        except OSError as e:
            raise OutputError(f"The book {self.folder} cannot be written: {e.strerror}.") from e

    def with_entries(self, entries: tuple[Entry, ...]) -> Book:
        return replace(self, entries=entries)

    @property
    def learned_from(self) -> tuple[Entry, ...]:
        """Those with an age that were not put aside, from young to old."""
        kept = [e for e in self.entries if not e.aside and e.age is not None]
        return tuple(sorted(kept, key=lambda e: (e.age, e.file)))

    def path(self, entry: Entry) -> Path:
        return self.folder / entry.file


@dataclass(frozen=True)
class _Stored:
    format: int
    born: str = ""
    entries: tuple[Entry, ...] = ()
