"""A training set's folder: who may write there, and how a view is put down whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from reage import strict_json
from reage.errors import OutputError, SettingsError

FORMAT = 4
"""Of the files that `views` describes."""


def save(out: Path, name: str, planes: np.ndarray, metadata: dict[str, object]) -> None:
    """The planes last, so that a view that stands is complete."""
    try:
        temporary = out / f".{name}.json.part"
        temporary.write_text(json.dumps(metadata), encoding="utf-8")
        temporary.replace(out / f"{name}.json")
        temporary = out / f".{name}.npy.part"
        with temporary.open("wb") as file:
            np.save(file, planes)
        temporary.replace(out / f"{name}.npy")
    except OSError as error:
        raise OutputError(f"cannot write view {name} in {out}: {error.strerror}") from error


def complete(out: Path, k: int, views: int) -> bool:
    return all((out / f"{k:05d}_{view}.npy").is_file() for view in range(views))


def claim(out: Path, metadata: dict[str, object]) -> None:
    """Make the folder and its set.json, or check that it is this dataset's."""
    file = out / "set.json"
    try:
        out.mkdir(parents=True, exist_ok=True)
        if file.is_file():
            _check(strict_json.load(file, f"the set in {file}", SettingsError), metadata, file)
        file.write_text(json.dumps(metadata, indent=1), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write the set in {out}: {error.strerror}") from error


def _check(found: object, wanted: dict[str, object], file: Path) -> None:
    wanted = strict_json.loads(json.dumps(wanted), "the set", SettingsError)
    if not isinstance(found, dict):
        raise SettingsError(f"{file} describes no set.")
    differing = [key for key in wanted if key != "identities" and found.get(key) != wanted[key]]
    if differing:
        raise SettingsError(
            f"{file} was made with another {', '.join(differing)}: "
            "give the same options to go on with it, or another folder"
        )
