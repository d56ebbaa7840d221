"""A finished file takes the place of another, also where somebody looks at that one."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from reage.errors import FileInUse
from reage.media.replacing import (
    WRITER,
    is_draft_of,
    put_in_place,
    replacing,
    replacing_all,
    writer_of,
)


def held(monkeypatch: pytest.MonkeyPatch, tries: int) -> list[float]:
    """Renaming as on Windows while a program holds the file, so many times; the waits come."""
    waits: list[float] = []
    whole = Path.replace

    def replace(self: Path, target: Any) -> Path:
        if len(waits) < tries:
            raise PermissionError(13, "The process cannot access the file", str(target))
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text("new")
    old.write_text("old")
    return new, old


def test_a_file_that_is_let_go_in_time_is_replaced(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old = files
    waits = held(monkeypatch, 4)
    put_in_place(new, old)
    assert old.read_text() == "new" and waits == sorted(waits) and sum(waits) < 1


def test_one_that_is_not_stays_and_the_sentence_says_what_to_do(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old = files
    waits = held(monkeypatch, 99)
    with pytest.raises(FileInUse, match="old is open in another program.*write to other files"):
        put_in_place(new, old)
    assert old.read_text() == "old" and 1.5 < sum(waits) < 2.5


def test_where_nothing_stands_there_is_nothing_to_wait_for(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, _ = files
    waits = held(monkeypatch, 99)
    with pytest.raises(PermissionError):
        put_in_place(new, new.with_name("none"))
    assert waits == []


@pytest.mark.parametrize("open_there", ["a", "b", "c", None])
def test_files_that_belong_together_are_all_replaced_or_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_there: str | None
) -> None:
    paths = [tmp_path / name for name in "abc"]
    for path in paths[:2]:  # and nothing yet in the third's place
        path.write_text("old")
    whole, order = Path.replace, []

    def replace(self: Path, target: Any) -> Path:
        if open_there in (self.name, Path(target).name) and "c" not in (open_there, self.name):
            raise PermissionError(13, "The process cannot access the file", str(target))
        if open_there == Path(target).name == "c":
            raise OSError(5, "the server is away")
        order.append({path.name: path.read_text() for path in paths if path.exists()})
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    refused = {"a": FileInUse, "b": FileInUse, "c": OSError}
    with ExitStack() as failing:
        if open_there:
            failing.enter_context(pytest.raises(refused[open_there]))
        with replacing_all(paths) as drafts:
            for draft in drafts.values():
                draft.write_text("new")
    there = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert there == ({"a": "old", "b": "old"} if open_there else dict.fromkeys("abc", "new"))
    for stood in order:  # killed at any of these, no `a` is beside files of another kind
        assert "a" not in stood or stood in ({"a": "old", "b": "old"}, dict.fromkeys("abc", "new"))


@pytest.mark.parametrize("name", ["a.1001.exr", "x" * 245 + ".exr", "老" * 80 + ".json", ".a.exr"])
def test_a_draft_of_any_name_is_known_by_its_file_and_its_writer(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with replacing(path) as draft:
        draft.write_text("new")
        assert not path.exists() and draft.name.startswith(".")
        assert is_draft_of(draft, path) and writer_of(draft) == WRITER
        assert not is_draft_of(draft, tmp_path / f"other.{name}")
    assert path.read_text() == "new" and not is_draft_of(path, path) and writer_of(path) == ""
    assert list(tmp_path.iterdir()) == [path]


def test_of_a_draft_that_fails_nothing_stays(files: tuple[Path, Path]) -> None:
    _, old = files
    with pytest.raises(ZeroDivisionError), replacing(old) as draft:
        draft.write_text("half")
        raise ZeroDivisionError
    assert old.read_text() == "old" and {p.name for p in old.parent.iterdir()} == {"new", "old"}
