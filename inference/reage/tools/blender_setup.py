"""What install.py does for Blender: it puts the extension, a few files that lead to this ReAge,
where Blender looks for extensions. Each step yields the sentences to print.

    root    the checkout that Blender is to find, see reage.home
    python  the engine's Python as it has to be told; "" where the extension finds it by itself

Standard library only: install.py runs it before anything is installed. Raises OutputError where
a file could not be changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from reage import strict_json
from reage.errors import OutputError

ID = "reage"
"""The extension's, by its manifest; Blender wants its folder to be called so."""

FILES = ("__init__.py", "without.py", "blender_manifest.toml", "LICENSE")

WHERE = "where.json"
"""Beside them, what the extension is led by."""

RECORD = "blender-folders.json"
"""In the checkout: the folders that an extension was put into."""

_OLDEST = (4, 5)


def enter(root: Path, folders: list[Path], python: str) -> Iterator[str]:
    """Put the extension into these folders of extensions, else into those of each Blender that
    this user has."""
    folders = folders or users()
    if not folders:
        yield (
            "No Blender 4.5 or newer was found here: it has to be started once. Then run this "
            "again, or name the folder that its Preferences show under Get Extensions ▸ "
            "Repositories ▸ User Default ▸ Advanced: install.py --blender DIR."
        )
        return
    for folder in folders:
        _refuse_others(folder / ID)
        record(root, [*recorded(root), folder])
        put(root, folder / ID, python)
        yield f"ReAge's extension is in {folder / ID}."
    yield "Start Blender, and switch it on: Edit ▸ Preferences ▸ Add-ons ▸ ReAge."


def leave(root: Path, folders: list[Path], python: str) -> Iterator[str]:
    """Take the extension out of these folders, else out of all that it was put into for this root
    and engine."""
    for folder in folders or recorded(root):
        where = _where(folder / ID)
        # One of ours names another place where the checkout was moved since.
        taken = where is not None and (where[0] == root or not where[0].is_dir())
        if where and taken and not folders and where[1] != python:
            continue  # it stands for another environment of this checkout
        if taken:
            _take(folder / ID)
        if taken or folders:
            how = "was taken out of" if taken else "is not in"
            yield f"ReAge's extension {how} {folder}."
        record(root, [f for f in recorded(root) if f != folder])


def users() -> list[Path]:
    """The folder User Default of each Blender that this user has started."""
    if named := os.environ.get("BLENDER_USER_RESOURCES"):
        return [Path(named) / "extensions" / "user_default"]
    found = (p for p in _configs().glob("*.*") if p.is_dir() and re.fullmatch(r"\d+\.\d+", p.name))
    new = (p for p in found if tuple(map(int, p.name.split("."))) >= _OLDEST)
    return [p / "extensions" / "user_default" for p in sorted(new)]


def _configs() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("APPDATA", "~"), "Blender Foundation", "Blender").expanduser()
    home = Path("~").expanduser()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Blender"
    return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config", "blender")


def put(root: Path, target: Path, python: str) -> None:
    """Write the extension's folder `target`: first what shows it to be ours, so that half a copy
    can be completed and taken away."""
    _refuse_others(target)
    try:
        target.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"root": root.as_posix(), "python": python}, indent=2)
        (target / WHERE).write_text(text, encoding="utf-8")
        for name in FILES:
            shutil.copyfile(root / "blender_plugin" / name, target / name)
    except OSError as e:
        raise OutputError(f"The extension cannot be put into {target}: {e.strerror}.") from e


def _refuse_others(target: Path) -> None:
    """Raises OutputError for a folder that somebody else has filled."""
    ours = not target.exists() or (target / WHERE).is_file()
    if not ours and not (target.is_dir() and not any(target.iterdir())):
        raise OutputError(f"{target} was not put there by install.py; remove it yourself first.")


def _where(target: Path) -> tuple[Path, str] | None:
    """The root and the engine's Python that an extension is led to; None where none of ours is."""
    try:
        said = strict_json.load(target / WHERE, f"{target / WHERE}", OutputError)
        return Path(said["root"]), str(said["python"])
    except (OutputError, TypeError, KeyError):
        return None


def _take(target: Path) -> None:
    """Remove what was put there, and what Python made of it; what else is there stays."""
    try:
        for name in (*FILES, WHERE):
            (target / name).unlink(missing_ok=True)
            for compiled in target.glob(f"__pycache__/{Path(name).stem}.*.pyc"):
                compiled.unlink()
        for folder in (target / "__pycache__", target):
            with suppress(OSError):  # somebody's files are in it, or it is none
                folder.rmdir()
    except OSError as e:
        raise OutputError(f"{target} cannot be taken away: {e.strerror}.") from e


def recorded(root: Path) -> list[Path]:
    """The folders that an extension was put into from here."""
    path = root / RECORD
    try:
        names = strict_json.load(path, f"the record {path}", OutputError)
    except OutputError:
        return []
    return [Path(n) for n in names if isinstance(n, str)] if isinstance(names, list) else []


def record(root: Path, noted: list[Path]) -> None:
    """Make these the record, each once; it goes with the last one."""
    path, noted = root / RECORD, list(dict.fromkeys(noted))
    try:
        if noted:
            path.write_text(json.dumps([str(f) for f in noted], indent=2), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e
