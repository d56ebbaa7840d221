"""A book: one person's photographs, sorted by age, and what is known of each.

    BOOK/book.json           this module's: one entry for each photograph
    BOOK/photographs/        those that are learned from, as they were given
    BOOK/aside/REASON/       those that were turned away; moved back by hand, they are taken
    BOOK/index.html          the report to look at
    BOOK/album/              pages in face UV, see `reage_training.actor.album.make`
    BOOK/measured/           what was measured of each file, see `reage_training.actor.ingest`
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from reage import strict_json
from reage.errors import OutputError, SettingsError
from reage.media.replacing import replacing
from reage.shaped import made

FORMAT, NAME = 1, "book.json"


@dataclass(frozen=True)
class Entry:
    """One photograph of a book.

    file        where it is, below the book's folder, with /
    source      the name that it was given under, below the tree; of a movie's still MOVIE#frame
    sha256      of the file
    age         years; None where nothing says it
    said_by     what says the age: table, name, folder, date or hand
    aside       why it is not learned from, in a word; empty where it is
    doubt       what is doubtful about it, in a sentence; empty
    face_px     hairline to chin, px in the file; 0 without one face
    detail_px   px of them that are told apart, see `ingest.sharpness`
    yaw, pitch  degrees that the face is turned to the right of the picture, and down
    light       where it comes from, and
    expression  how the face is held, in words
    why         the sentence that goes with `aside`
    hand        photographs or aside, where a hand has put it there
    taken       when, ISO, as the file says; empty
    colorspace  to read it in, where the file does not say it; empty
    size, changed  bytes and µs of the file, when it was seen to be what `sha256` says; or 0
    was         where the file may still be, while the book is not settled; empty
    """

    file: str
    source: str
    sha256: str
    age: float | None = None
    said_by: str = ""
    aside: str = ""
    doubt: str = ""
    face_px: float = 0.0
    detail_px: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    light: str = ""
    expression: str = ""
    why: str = ""
    hand: str = ""
    taken: str = ""
    colorspace: str = ""
    size: int = field(default=0, compare=False)
    changed: int = field(default=0, compare=False)
    was: str = ""


@dataclass(frozen=True)
class Book:
    """folder: where it is; born: an ISO date, or empty; settled: whether all files lie where the
    entries say; where not, whoever moved them was stopped"""

    folder: Path
    born: str = ""
    entries: tuple[Entry, ...] = ()
    settled: bool = True

    @classmethod
    def read(cls, folder: Path) -> Book:
        """Raises SettingsError where the folder holds none, or a broken one."""
        file = folder / NAME
        if not file.is_file():
            raise SettingsError(
                f"{folder} is no book: it has no {NAME}. Make one with `reage-train actor ingest`."
            )
        stored = made(
            _Stored, strict_json.load(file, f"the book {file}", SettingsError, strict_json.LONG),
            f"The book {file}", SettingsError,
        )  # fmt: skip
        if stored.format != FORMAT:
            raise SettingsError(
                f"The book {file} has format {stored.format}; this ReAge knows {FORMAT}. Ingest "
                "the photographs again."
            )
        return cls(folder, stored.born, stored.entries, stored.settled)

    def write(self) -> None:
        """Raises OutputError."""
        stored = asdict(_Stored(FORMAT, self.born, self.entries, self.settled))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(self.folder / NAME) as draft:
                draft.write_text(json.dumps(stored, indent=1), encoding="utf-8")
        except OSError as e:
            raise OutputError(f"The book {self.folder} cannot be written: {e.strerror}.") from e

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
    settled: bool = True
