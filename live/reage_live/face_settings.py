"""Who is before the camera, and what each is to be: settings by face, and the one in hand."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from reage.settings import Settings

FIRST = 0
"""The number of the first face; it has settings even before it comes."""


class FaceSettings:
    """Settings of each face by its number. Any thread may read and set them at any time."""

    def __init__(self, settings: Settings) -> None:
        self._first = settings
        self._settings = {FIRST: settings}
        self._chosen = FIRST
        self._lock = threading.Lock()

    @property
    def chosen(self) -> int:
        """The face whose sliders show."""
        return self._chosen

    def choose(self, number: int) -> None:
        with self._lock:
            self._settings.setdefault(number, self._first)
            self._chosen = number

    def of(self, number: int) -> Settings:
        """A face's settings: its own, or those that the mirror began with."""
        with self._lock:
            return self._settings.get(number, self._first)

    def set(self, **values: Any) -> None:
        """Change settings of the chosen face. Raises SettingsError where one is not accepted."""
        with self._lock:
            self._settings[self._chosen] = replace(self._settings[self._chosen], **values)
