"""A setting that is one of many alike: a number, and a die that draws another."""

from __future__ import annotations

import random

from reage.settings import Setting
from reage_ui.die import Die
from reage_ui.setting_control import SettingControl

_MOST = 9999
"""Of the numbers that are drawn: short enough to be read out and typed again."""


class SeedControl(SettingControl):
    """The number may be typed as well; 0 is the default's."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.die = Die(f"Draw another {self.label.text().lower()}.")
        self.die.setAccessibleName(f"Another {self.label.text().lower()}")
        self.die.clicked.connect(lambda *_: self.draw())
        self.row.addStretch(1)
        self.row.addWidget(self.die)
        self.row.addWidget(self.field)

    def draw(self) -> None:
        """Choose another number than the present one."""
        drawn = random.randrange(1, _MOST)
        held = self.value if isinstance(self.value, int) else 0
        self._choose(drawn + (drawn >= held > 0))
