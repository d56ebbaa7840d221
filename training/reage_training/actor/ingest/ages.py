"""How old the actor is in a photograph, by what somebody has written down; never by the picture."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from reage.errors import SettingsError

OLDEST = 100.0
"""Years; what says more is told, and not used."""

_YEAR = 365.2425

_AGE = r"(\d{1,3})(?:\.(\d))?"
_WORDS = r"(?:age[d]?|alter)"
_YEARS = r"(?:y|yrs?|years?|yo|jahre)"
_NAME = (
    re.compile(rf"(?:^|[ _-]){_WORDS}[ _-]?{_AGE}(?=$|[ _.-])", re.IGNORECASE),
    re.compile(rf"(?:^|[ _-]){_AGE}[ _-]?{_YEARS}(?=$|[ _-])", re.IGNORECASE),
    re.compile(r"^(\d{2})(?:\.(\d))?(?=[ _-])"),
)
"""`age31`, `31years` anywhere; or two digits that a name begins with, set off: `31_004`. What a
camera or a calendar writes (IMG_1234, 20190412, 04-12-2019) is none of these."""

_CALENDAR = re.compile(r"^\d{2}[ _-]\d{2}[ _-]\d{2,4}(?!\d)|^\d{2}[ _-][A-Za-z]{3}[ _-]")
"""Day, month and year; and 12-May-…"""

_FOLDER = re.compile(
    rf"(?:{_WORDS}[ _-]?)?{_AGE}(?:[ _-]?{_YEARS})?(?:[ _-]?old)?", re.IGNORECASE
)


@dataclass(frozen=True)
class SaidAge:
    """age: years, None where nothing says it or what says it is wrong; by: table, name, folder or
    date; wrong: why it is not used, in a sentence"""

    age: float | None = None
    by: str = ""
    wrong: str = ""


def age_of(
    name: str, table: Mapping[str, float], taken: str = "", born: date | None = None
) -> SaidAge:
    """The age by the first that says one: table, file name, folder, date.

    name: the path below the tree, with /; a movie's still has the movie's
    taken: the day of the photograph, ISO, or empty
    """
    path = PurePosixPath(name)
    for key in (name, path.name, path.stem):
        if key in table:
            return _checked(table[key], "table", f"The table says {table[key]:g} years of {name}")
    if (age := from_name(path.stem)) is not None:
        return _checked(age, "name", f"The name of {name} says {age:g} years")
    for folder in reversed(path.parts[:-1]):
        if (age := from_folder(folder)) is not None:
            return _checked(age, "folder", f"The folder of {name} says {age:g} years")
    if taken and born is not None:
        return _by_date(name, taken, born)
    return SaidAge()


def _by_date(name: str, taken: str, born: date) -> SaidAge:
    try:
        day = date.fromisoformat(taken[:10])
    except ValueError:
        return SaidAge()
    age = (day - born).days / _YEAR
    if age < 0:
        wrong = f"{name} was taken on {day}, before --born {born}: one is wrong."
        return SaidAge(None, "date", wrong)
    words = f"{name} was taken on {day}, {age:.0f} years from --born"
    return _checked(round(age, 1), "date", words)


def _checked(age: float, by: str, words: str) -> SaidAge:
    if 0 <= age <= OLDEST:
        return SaidAge(age, by)
    return SaidAge(None, by, f"{words}, which is no age from 0 to {OLDEST:.0f}.")


def from_name(stem: str) -> float | None:
    """The age that a file's name says, without its ending."""
    for pattern in _NAME:
        if (found := pattern.search(stem)) and not _CALENDAR.match(stem):
            return _number(found)
    return None


def from_folder(name: str) -> float | None:
    """The age that a folder is called by, all of its name."""
    found = _FOLDER.fullmatch(name.strip())
    return _number(found) if found else None


def _number(found: re.Match[str]) -> float:
    return float(f"{found[1]}.{found[2] or 0}")


def read_table(path: Path) -> dict[str, float]:
    """Ages by file from a CSV with the columns file and age; other columns are left alone. Raises
    SettingsError with the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        reason = getattr(e, "strerror", None) or "it is not UTF-8"
        raise SettingsError(f"The table of ages {path} cannot be read: {reason}.") from e
    lines = text.splitlines()
    separator = ";" if lines and ";" in lines[0] else ","
    rows = csv.reader(lines, delimiter=separator)
    head = [word.strip().lower() for word in next(rows, [])]
    if not {"file", "age"} <= set(head):
        raise SettingsError(f"The table of ages {path} must begin with the line file,age.")
    file, age = head.index("file"), head.index("age")
    out: dict[str, float] = {}
    for row in rows:
        if not any(word.strip() for word in row):
            continue
        try:
            name, years = row[file].strip(), float(row[age].strip().replace(",", "."))
        except (IndexError, ValueError):
            raise SettingsError(
                f"The table of ages {path} has no file and age in line {rows.line_num}: "
                f"{separator.join(row)[:80]!r}."
            ) from None
        out[name.replace("\\", "/").removeprefix("./")] = years
    return out


def birth(text: str) -> date:
    """A date of birth. Raises SettingsError."""
    try:
        born = date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"--born takes a date such as 1961-03-14, not {text!r}.") from None
    if not 1800 <= born.year <= date.today().year or born > date.today():
        raise SettingsError(f"--born {born} is no date at which somebody alive was born.")
    return born
