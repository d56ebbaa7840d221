"""Nuke folders on a real disk: what is written, what stays, and what is refused in words."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from reage.errors import OutputError
from reage.tools.nuke_setup import folder as folders
from reage.tools.nuke_setup import steps
from reage.tools.nuke_setup.block import BlockEntry

ENTRY = BlockEntry("/shows/ReAge/nuke_plugin")
OTHER = BlockEntry("/elsewhere/ReAge/nuke_plugin", "/envs/reage/bin/python")

CONTENTS = [
    b"",
    b"import nuke\n",
    b"import nuke",
    b"import nuke\r\nnuke.pluginAddPath('./gizmos')\r\n",
    b"\xef\xbb\xbfimport nuke\r\nx = 1",
    b"# -*- coding: latin-1 -*-\n# caf\xe9\n",
]


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_in_and_out_leaves_the_file_as_it_was(tmp_path: Path, content: bytes) -> None:
    init = tmp_path / "init.py"
    init.write_bytes(content)
    init.chmod(0o640)
    assert folders.add(tmp_path, ENTRY) == "added"
    assert folders.read(tmp_path)[1] == ENTRY
    assert folders.add(tmp_path, OTHER) == "changed"
    assert folders.read(tmp_path)[1] == OTHER
    assert folders.remove(tmp_path) is True
    assert init.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["init.py"]
    if sys.platform != "win32":
        assert stat.S_IMODE(init.stat().st_mode) == 0o640


def test_a_second_time_touches_nothing(tmp_path: Path) -> None:
    folders.add(tmp_path, ENTRY)
    init = tmp_path / "init.py"
    os.utime(init, ns=(1, 1))
    assert folders.add(tmp_path, ENTRY) == "kept"
    assert init.stat().st_mtime_ns == 1


def test_what_it_made_goes_with_it(tmp_path: Path) -> None:
    folder = tmp_path / ".nuke"
    folders.add(folder, ENTRY)
    folders.add(folder, OTHER)
    assert folders.remove(folder) is True
    assert not folder.exists()


def test_a_folder_that_was_there_stays_when_its_file_goes(tmp_path: Path) -> None:
    folders.add(tmp_path, ENTRY)
    folders.remove(tmp_path)
    assert tmp_path.is_dir() and not any(tmp_path.iterdir())


def test_what_came_into_the_folder_since_stays(tmp_path: Path) -> None:
    folder = tmp_path / ".nuke"
    folders.add(folder, ENTRY)
    (folder / "menu.py").write_bytes(b"")
    with (folder / "init.py").open("ab") as init:
        init.write(b"mine = 1\n")
    folders.remove(folder)
    assert (folder / "init.py").read_bytes() == b"mine = 1\n"
    assert (folder / "menu.py").exists()


def test_without_a_block_there_is_nothing_to_take_out(tmp_path: Path) -> None:
    assert folders.remove(tmp_path) is False
    assert folders.remove(tmp_path / "none") is False
    assert not any(tmp_path.iterdir())


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, folder = tmp_path / "dotfiles" / "nuke_init.py", tmp_path / ".nuke"
    real.parent.mkdir()
    folder.mkdir()
    real.write_bytes(b"x = 1\n")
    try:
        (folder / "init.py").symlink_to(real)
    except OSError:
        assert sys.platform == "win32", "only Windows asks for a right to make links"
        return
    folders.add(folder, ENTRY)
    assert (folder / "init.py").is_symlink()
    assert real.read_bytes().startswith(b"x = 1\n# >>>")
    folders.remove(folder)
    assert (folder / "init.py").is_symlink()
    assert real.read_bytes() == b"x = 1\n"


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    init = tmp_path / "init.py"
    init.write_bytes(b"x = 1\n")
    init.chmod(0o444)
    with pytest.raises(OutputError, match="read-only"):
        folders.add(tmp_path, ENTRY)
    assert init.read_bytes() == b"x = 1\n"
    assert [p.name for p in tmp_path.iterdir()] == ["init.py"]


def test_a_write_that_fails_loses_nothing(tmp_path: Path) -> None:
    init = tmp_path / "init.py"
    init.write_bytes(b"x = 1\n")
    (tmp_path / "init.py.reage-new").mkdir()
    with pytest.raises(OutputError, match="Nothing in it was changed"):
        folders.add(tmp_path, ENTRY)
    assert init.read_bytes() == b"x = 1\n"


def test_a_write_that_fails_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr(folders, "write", full)
    with pytest.raises(OutputError, match="full"):
        folders.add(tmp_path / ".nuke", ENTRY)
    assert not any(tmp_path.iterdir())


def test_a_misspelled_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no folder"):
        folders.add(tmp_path / "nowhere" / ".nuke", ENTRY)
    assert not any(tmp_path.iterdir())


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(OutputError, match="file"):
        folders.add(tmp_path / "file", ENTRY)
    assert (tmp_path / "file").read_bytes() == b"x"


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "init.py").mkdir()
    with pytest.raises(OutputError, match=r"init\.py could not be read"):
        folders.add(tmp_path, ENTRY)


def test_half_a_block_is_told_with_its_file(tmp_path: Path) -> None:
    folders.add(tmp_path, ENTRY)
    init = tmp_path / "init.py"
    half = init.read_bytes().replace(b"# <<< ReAge <<<\n", b"")
    init.write_bytes(half)
    for act in (folders.read, folders.remove, lambda f: folders.add(f, ENTRY)):
        with pytest.raises(OutputError, match="init.py was left as it is"):
            act(tmp_path)
    assert init.read_bytes() == half


def test_the_record_knows_each_folder_once_and_goes_with_the_last(tmp_path: Path) -> None:
    first, second = tmp_path / "a b", tmp_path / "schön"
    for folder in (first, second, first):
        steps.record(tmp_path, [*steps.recorded(tmp_path), folder])
    assert steps.recorded(tmp_path) == [first, second]
    steps.record(tmp_path, [second])
    assert steps.recorded(tmp_path) == [second]
    steps.record(tmp_path, [])
    assert not any(tmp_path.iterdir())


def test_a_broken_record_is_an_empty_one(tmp_path: Path) -> None:
    for content in ("", "{}", "[1", "[1, null]"):
        (tmp_path / steps.RECORD).write_text(content, encoding="utf-8")
        assert steps.recorded(tmp_path) == []


def test_the_users_own_folder_is_known_without_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert steps.known(tmp_path) == [tmp_path / ".nuke"]
    steps.record(tmp_path, [tmp_path / ".nuke"])
    assert steps.known(tmp_path) == [tmp_path / ".nuke"]
