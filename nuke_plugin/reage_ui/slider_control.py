"""A setting with a slider."""

from __future__ import annotations

from reage.settings import Setting
from reage_ui.setting_control import SettingControl
from reage_ui.slider import Slider


class SliderControl(SettingControl):
    """Spans the setting's slider range; a double click gives the default."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.slider = Slider(setting)
        self._name(self.slider)
        self.row.addWidget(self.slider, 1)
        self.row.addWidget(self.field)
        self.slider.dragged.connect(self._drag)
        self.slider.released.connect(self._release)
        self.slider.reset.connect(self.reset)
        self.slider.stepped.connect(self._step)
        self._show(self.value)

    @property
    def moving(self) -> bool:
        return self.slider.isSliderDown()

    def reset(self) -> None:
        """Choose the default."""
        self.slider.setSliderDown(False)
        self._choose(self.setting.type(self.setting.default))

    def _show(self, value: float | str) -> None:
        super()._show(value)
        self.slider.show_value(self.value)

    def _drag(self, value: float) -> None:
        self.value = round(value, 6)
        self.field.show_value(self.value)
        self.moved.emit(self.setting.name, self.value)

    def _release(self) -> None:
        self.chosen.emit(self.setting.name, self.value)
