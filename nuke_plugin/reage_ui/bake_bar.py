"""Bake, cancel, clear; and how far a bake has come."""

from __future__ import annotations

from reage_ui.host import BakeProgress, NodeState
from reage_ui.qt import QtWidgets, Signal
from reage_ui.widgets import Heading, inner_row, push, tool
from reage_ui.wording import progress_text


class BakeBar(QtWidgets.QWidget):
    """Says what the artist wants, shows what the host tells."""

    bake_range = Signal()
    bake_frame = Signal()
    submit = Signal()
    clear = Signal()
    cancel = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.range_button = push(
            "Bake range", "Run the model on the frames that are missing or stale.",
            self.bake_range.emit,
        )
        self.frame_button = push(
            "Bake frame", "Run the model on the current frame.", self.bake_frame.emit
        )
        self.submit_button = push(
            "Submit", "Write the frames that are missing or stale for a render farm, as a bundle "
            "beside the layers.", self.submit.emit,
        )  # fmt: skip
        self.clear_button = tool("Clear…", "Delete the node's baked frames.", self.clear.emit)
        self.cancel_button = push(
            "Cancel", "End the bake; finished frames stay.", self.cancel.emit
        )
        self.bar = QtWidgets.QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.label = QtWidgets.QLabel()
        self.label.setWordWrap(True)
        self.running = QtWidgets.QWidget()
        lower = QtWidgets.QGridLayout(self.running)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(4)
        lower.addWidget(self.bar, 0, 0)
        lower.addWidget(self.label, 1, 0)
        lower.addWidget(self.cancel_button, 0, 1, 2, 1)
        lower.setColumnStretch(0, 1)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Heading("Bake", self.clear_button))
        buttons = inner_row(column)
        for button in (self.range_button, self.frame_button, self.submit_button):
            buttons.addWidget(button, 1)
        column.addWidget(self.running)
        self.show_state(None, None)

    def show_state(self, node: NodeState | None, step: BakeProgress | None) -> None:
        """node: the one that the panel shows; step: the newest of a bake, of it or of another."""
        idle = node is not None and not node.busy
        for button in (self.range_button, self.frame_button, self.submit_button):
            button.setEnabled(idle)
        self.clear_button.setEnabled(idle and node is not None and node.baked + node.stale > 0)
        self.cancel_button.setEnabled(node is not None and node.busy)
        busy = step is not None or (node is not None and node.busy)
        self.running.setVisible(busy)
        if step is not None:
            self.bar.setRange(0, step.total)
            self.bar.setValue(step.done)
            self.label.setText(progress_text(step, node.name if node else None))
        else:
            self.bar.setRange(0, 0 if busy else 1)
            self.label.setText("starting" if busy else "")
