"""The column beside the pictures: the face in hand, its sliders, presets, slate and view."""

from __future__ import annotations

from reage.settings import SHOWN, STRENGTHS
from reage_host.presets import PresetFile
from reage_live.presets import PresetKeys
from reage_live.slate_bar import SlateBar
from reage_ui.collapsible_section import CollapsibleSection
from reage_ui.qt import Qt, QtWidgets, Signal
from reage_ui.seed_control import SeedControl
from reage_ui.setting_control import SettingControl
from reage_ui.slider_control import SliderControl
from reage_ui.widgets import Heading, inner_row, push, tool

LAYOUTS = {"side": "Side by side", "wipe": "Wipe", "two": "Two windows"}


def keys_help(recording: bool) -> str:
    """What the keys do, a line or two each. recording: whether there is a folder for takes."""
    record = "R  record      " if recording else ""
    return (
        f"Space  hold to compare\n1–9  preset, with Ctrl: store\n{record}F  flip\n"
        "H  hide these controls\nF11  full screen"
    )


class Controls(QtWidgets.QWidget):
    """faces_wanted: the number of a face; layout_wanted: a key of LAYOUTS; full: of a screen"""

    face_wanted = Signal(int)
    layout_wanted = Signal(str)
    full_wanted = Signal(int)

    def __init__(self, presets: PresetFile, recording: bool) -> None:
        super().__init__()
        self.setFixedWidth(296)
        self.sliders: dict[str, SettingControl] = {
            each.name: SliderControl(each) if each.slider else SeedControl(each)
            for each in SHOWN
            if each.mirror  # steady looks at frames to come, gray needs a hair matte
        }
        width = max(control.label.sizeHint().width() for control in self.sliders.values())
        for control in self.sliders.values():
            control.label.setFixedWidth(width)
        self.presets, self.slate = PresetKeys(presets), SlateBar()
        self.layout_box, self.screens = QtWidgets.QComboBox(), QtWidgets.QComboBox()
        for key, words in LAYOUTS.items():
            self.layout_box.addItem(words, key)
        self.flip = QtWidgets.QToolButton()
        self.flip.setText("Flip")
        self.flip.setCheckable(True)
        self.flip.setToolTip("Left and right changed over on the screens; takes stay as shot (F).")
        self.full = push("Full screen", "On the chosen screen (F11).", self._full)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(7)
        column.addWidget(Heading("Faces"))
        self._faces = inner_row(column)
        self._faces.addStretch(1)
        self._buttons: dict[int, QtWidgets.QToolButton] = {}
        for name, control in self.sliders.items():
            if name not in STRENGTHS:
                column.addWidget(control)
        strengths = tuple(c for name, c in self.sliders.items() if name in STRENGTHS)
        tip = "How much of each part of the change shows."
        column.addWidget(CollapsibleSection("Strengths", tip, strengths))
        column.addSpacing(8)
        column.addWidget(self.presets)
        column.addSpacing(8)
        column.addWidget(self.slate)
        self.slate.setVisible(recording)
        column.addSpacing(8)
        column.addWidget(Heading("View"))
        row = inner_row(column)
        row.addWidget(self.layout_box, 1)
        row.addWidget(self.flip)
        row = inner_row(column)
        row.addWidget(self.screens, 1)
        row.addWidget(self.full)
        column.addStretch(1)
        keys = QtWidgets.QLabel(keys_help(recording))
        keys.setEnabled(False)
        column.addWidget(keys)
        buttons = self.findChildren(QtWidgets.QAbstractButton)
        for widget in (self.layout_box, self.screens, *buttons):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the space bar is for comparing
        self.layout_box.activated.connect(
            lambda _: self.layout_wanted.emit(self.layout_box.currentData())
        )

    def values(self) -> dict[str, float]:
        return {name: control.value for name, control in self.sliders.items()}

    def show_faces(self, present: tuple[int, ...], chosen: int) -> None:
        """A button for each face that is there, and for the one in hand."""
        wanted = sorted({*present, chosen})
        if list(self._buttons) != wanted:
            for button in self._buttons.values():
                self._faces.removeWidget(button)
                button.hide()  # until the event loop deletes it
                button.deleteLater()
            self._buttons = {n: self._face_button(n) for n in wanted}
        for number, button in self._buttons.items():
            button.setChecked(number == chosen)
            button.setAutoRaise(number != chosen)
            here = number in present
            button.setText(f"{number + 1}" if here else f"{number + 1} –")
            button.setToolTip("Its sliders show below." if here else "Not in the picture now.")

    def _face_button(self, number: int) -> QtWidgets.QToolButton:
        button = tool("", "", lambda: self.face_wanted.emit(number))
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setMinimumWidth(40)
        self._faces.insertWidget(self._faces.count() - 1, button)
        return button

    def _full(self) -> None:
        self.full_wanted.emit(max(0, self.screens.currentIndex()))
