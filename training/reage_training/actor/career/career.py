"""A career: an invented actor's photographs as a studio hands them over, and the truth of each.

    CAREER/photographs/      JPEG, PNG and TIFF; ages in names, folders, ages.csv or EXIF dates
    CAREER/truth.json        what each shows, see `Truth`
    CAREER/person.json       who it is: look, marks, date of birth
    CAREER/held/             pairs to measure on, see `career.held`
    CAREER/sheet.jpg         all of it to look at
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reage import strict_json
from reage.errors import OutputError, SettingsError
from reage.media.replacing import replacing
from reage.shaped import made
from reage_training.actor.career.invented import InventedMark, marks_of

FORMAT = 1
PHOTOGRAPHS, TRUTH, PERSON, HELD, SHEET = (
    "photographs", "truth.json", "person.json", "held", "sheet.jpg",
)  # fmt: skip

GOOD, BLURRED, ANOTHER, DUPLICATE, MISLABELLED = (
    "good", "blurred", "another person", "duplicate", "mislabelled",
)  # fmt: skip
"""What is the matter with a photograph."""

NAME, FOLDER, TABLE, DATE = "name", "folder", "table", "date"
"""What says its age: `31_004.jpg`, `age_31/`, ages.csv, or an EXIF date."""


@dataclass(frozen=True)
class Truth:
    """One photograph, and what it truly is.

    file     below CAREER/photographs, with /
    age      years of who it shows, as they are
    said     years that are said of it
    said_by  NAME, FOLDER, TABLE or DATE
    kind     GOOD, BLURRED, ANOTHER, DUPLICATE or MISLABELLED
    of       the file that a duplicate was made from
    seed     of its scene
    face_px  hairline to chin
    yaw      degrees
    rig      of `career_lights.RIGS`
    """

    file: str
    age: float
    said: float
    said_by: str
    kind: str
    of: str
    seed: int
    face_px: int
    yaw: float
    rig: str


@dataclass(frozen=True)
class Career:
    """born: an ISO date; photographs in the order of their names"""

    folder: Path
    born: str
    marks: tuple[InventedMark, ...]
    photographs: tuple[Truth, ...]

    @classmethod
    def read(cls, folder: Path) -> Career:
        """Raises SettingsError where the folder holds none, or a broken one."""
        person = stored(folder, PERSON)
        entries = stored(folder, TRUTH).get("photographs")
        if not isinstance(entries, list) or not isinstance(person.get("born"), str):
            raise SettingsError(f"{folder} is no career: {TRUTH} or {PERSON} is broken.")
        truths = (made(Truth, e, f"A photograph of {TRUTH}", SettingsError) for e in entries)
        return cls(folder, person["born"], marks_of(person), tuple(truths))

    def path(self, truth: Truth) -> Path:
        return self.folder / PHOTOGRAPHS / truth.file


def stored(folder: Path, name: str) -> dict[str, Any]:
    """One of a career's JSON files. Raises SettingsError."""
    file = folder / name
    if not file.is_file():
        raise SettingsError(
            f"{folder} is no career: it has no {name}. Make one with `reage-train actor invent`."
        )
    found = strict_json.load(file, f"the career's {file}", SettingsError)
    if not isinstance(found, dict):
        raise SettingsError(f"{file} describes no career.")
    return found


def write_truth(folder: Path, photographs: tuple[Truth, ...]) -> None:
    """Raises OutputError."""
    listed = [asdict(t) for t in sorted(photographs, key=lambda t: t.file)]
    write_json(folder / TRUTH, {"format": FORMAT, "photographs": listed})


def write_json(file: Path, data: dict[str, Any]) -> None:
    """Whole or not at all. Raises OutputError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as draft:
            draft.write_text(json.dumps(data, indent=1), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}.") from error
