"""What says how old somebody is: tables, names, folders, dates; and what only looks like it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reage.errors import SettingsError
from reage_training.actor.ingest.ages import age_of, birth, from_folder, from_name, read_table

BORN = date(1961, 3, 14)


@pytest.mark.parametrize(
    ("stem", "age"),
    [
        ("31_004", 31), ("31-004", 31), ("31 paris", 31), ("31.5_004", 31.5), ("age31", 31),
        ("paris_age_31", 31), ("paris_31y", 31), ("31years_2", 31), ("scan age 7", 7),
        ("IMG_1234", None), ("IMG_31", None), ("DSC_0031", None), ("20190412", None),
        ("2019-04-12", None), ("12-04-2019", None), ("12_04_19 b", None), ("20190412_120000", None),
        ("310_004", None), ("1985_paris", None), ("004", None), ("page31", None), ("31", None),
        ("12-May-1999", None), ("3_004", None),
    ],
)  # fmt: skip
def test_names_say_an_age_only_as_the_field_writes_it(stem: str, age: float | None) -> None:
    assert from_name(stem) == age


@pytest.mark.parametrize(
    ("name", "age"),
    [
        ("age_31", 31), ("31", 31), ("31 years", 31), ("Age 31", 31), ("31.5", 31.5), ("7", 7),
        ("1985", None), ("2019-04", None), ("set 31", None), ("roll_31b", None), ("", None),
    ],
)  # fmt: skip
def test_folders_say_an_age_by_all_of_their_name(name: str, age: float | None) -> None:
    assert from_folder(name) == age


def test_a_table_wins_over_a_name_over_a_folder_over_a_date() -> None:
    name, taken = "age_20/31_004.jpg", "1991-03-14T12:00:00"
    table = {"31_004.jpg": 44.0}
    assert (age_of(name, table, taken, BORN).age, age_of(name, table).by) == (44, "table")
    assert (age_of(name, {}, taken, BORN).age, age_of(name, {}).by) == (31, "name")
    said = age_of("age_20/b.jpg", {}, taken, BORN)
    assert (said.age, said.by) == (20, "folder")
    said = age_of("b.jpg", {}, taken, BORN)
    assert (said.age, said.by) == (30.0, "date")
    assert age_of("b.jpg", {}).age is None
    assert age_of("age_20/5/b.jpg", {}).age == 5  # the innermost


def test_a_wrong_date_of_birth_is_told_and_not_used() -> None:
    said = age_of("b.jpg", {}, "1950-01-01", BORN)
    assert said.age is None and "before --born 1961-03-14" in said.wrong
    assert "no age" in age_of("b.jpg", {"b.jpg": 131.0}).wrong
    assert age_of("b.jpg", {}, "2070-01-01", BORN).age is None


@pytest.mark.parametrize("text", ["14.3.1961", "1961", "", "1700-01-01", "2190-01-01"])
def test_what_is_no_date_of_birth_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="--born"):
        birth(text)


def test_tables_come_from_spreadsheets_of_many_lands(tmp_path: Path) -> None:
    table = tmp_path / "ages.csv"
    table.write_text("\ufeffName;File;Age\nx;./a.jpg;31,5\n\n;sub\\b.jpg;40\n", encoding="utf-8")
    assert read_table(table) == {"a.jpg": 31.5, "sub/b.jpg": 40.0}
    table.write_text("file,age\na.jpg,thirty\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 2: 'a.jpg,thirty'"):
        read_table(table)
    table.write_text("a.jpg,31\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="file,age"):
        read_table(table)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_table(tmp_path / "none.csv")
