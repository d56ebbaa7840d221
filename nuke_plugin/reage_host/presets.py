"""Presets: named values, kept per shot in one JSON file; and values as clipboard text.

    {"reage_presets": 1, "shots": {"sh010": {"younger": {"target_age": 35.0}}}}

Standard library only. A file that cannot be read is never written over.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reage import strict_json
from reage.errors import OutputError, SettingsError
from reage_host.values import values_of

_FORMAT = 1
_KEY = "reage_presets"

Values = Mapping[str, float | str]
Shots = dict[str, dict[str, dict[str, float | str]]]


class PresetFile:
    """Presets of all shots. Each call reads the file anew: another session may write it, too.

    path    the file; it and its folder are made when the first preset is saved
    notice  a sentence for the artist after an unreadable file was put aside, else ""
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notice = ""

    def of(self, shot: str) -> dict[str, dict[str, float | str]]:
        """Preset name → values of one shot. Raises OutputError where the file cannot be read."""
        return self._read().get(shot, {})

    def save(self, shot: str, name: str, values: Values) -> None:
        """Raises SettingsError for an empty name, OutputError where it cannot be written."""
        if not name.strip() or not strict_json.is_usable(name):
            raise SettingsError("Type a name for the preset, then save it.")
        shots = self._read()
        shots.setdefault(shot, {})[name.strip()] = dict(values)
        self._write(shots)

    def delete(self, shot: str, name: str) -> None:
        """Raises SettingsError where there is no such preset, OutputError as `save`."""
        shots = self._read()
        if name not in shots.get(shot, {}):
            raise SettingsError(f"There is no preset {name!r} in this shot.")
        del shots[shot][name]
        self._write({shot: presets for shot, presets in shots.items() if presets})

    def _read(self) -> Shots:
        try:
            self.path.stat()
        except FileNotFoundError:
            return {}
        except OSError as e:
            raise OutputError(f"The presets in {self.path} cannot be read: {e.strerror}.") from e
        what = f"the presets in {self.path}"
        text = strict_json.read(self.path, what, OutputError, strict_json.SMALL)
        try:
            data = strict_json.loads(text, what, SettingsError)
            if isinstance(data, dict) and data.get(_KEY, _FORMAT) != _FORMAT:
                raise OutputError(
                    f"The presets in {self.path} were written by another version of ReAge; "
                    "they are left as they are."
                )
            return _shots(data)
        except (ValueError, TypeError, KeyError, AttributeError, SettingsError):
            return self._put_aside()

    def _put_aside(self) -> Shots:
        try:
            taken = {entry.name for entry in self.path.parent.iterdir()}
            names = (f"{self.path.name}.unreadable{n}" for n in range(1, len(taken) + 2))
            aside = self.path.with_name(next(name for name in names if name not in taken))
            self.path.rename(aside)
        except OSError as e:
            raise OutputError(
                f"The presets in {self.path} cannot be understood, nor put aside: {e.strerror}."
            ) from e
        self.notice = f"The presets could not be understood; the file was kept as {aside}."
        return {}

    def _write(self, shots: Shots) -> None:
        text = json.dumps({_KEY: _FORMAT, "shots": shots}, indent=2, ensure_ascii=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".presets", dir=self.path.parent)
            try:
                # What is no text, of a file's name, becomes JSON's own escape.
                with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(text + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as e:
            raise OutputError(f"The presets cannot be saved in {self.path}: {e.strerror}.") from e


def _shots(data: Any) -> Shots:
    """Checked content of a preset file. Raises TypeError, KeyError, … for anything else."""
    return {
        str(shot): {str(name): values_of(dict(values)) for name, values in presets.items()}
        for shot, presets in data["shots"].items()
    }


def to_text(values: Values) -> str:
    """Values as the clipboard holds them."""
    return json.dumps({"reage_values": dict(values)})


def from_text(text: str) -> dict[str, float | str]:
    """Values out of clipboard text. Raises SettingsError where it holds none."""
    try:
        values = strict_json.loads(text, "the clipboard", SettingsError)["reage_values"]
    except (SettingsError, TypeError, KeyError):
        values = {}
    found = values_of(values) if isinstance(values, dict) else {}
    if not found:
        raise SettingsError("The clipboard holds no ReAge values; copy them from a node first.")
    return found
