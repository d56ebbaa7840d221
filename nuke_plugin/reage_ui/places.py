"""Where the panel keeps what it keeps."""

from __future__ import annotations

from pathlib import Path

from reage_ui.qt import QtCore


def default_presets() -> Path:
    """The user's own preset file, where the system keeps settings; it need not exist."""
    kind = QtCore.QStandardPaths.StandardLocation.GenericConfigLocation
    folder = QtCore.QStandardPaths.writableLocation(kind)
    return Path(folder or Path.home()) / "reage" / "presets.json"
