"""The application of the window that has no host. Inside a host, nothing here is used."""

from __future__ import annotations

from reage_ui.colors import dark_palette
from reage_ui.qt import QtWidgets

_made: list[QtWidgets.QApplication] = []
"""Held to the end: an application that goes before its windows takes the process with it."""


def application() -> QtWidgets.QApplication:
    """The running QApplication, or a new one in a dark Fusion look."""
    running = QtWidgets.QApplication.instance()
    if isinstance(running, QtWidgets.QApplication):
        return running
    app = QtWidgets.QApplication(["reage_ui"])
    _made.append(app)
    app.setApplicationName("ReAge")
    app.setStyle("Fusion")
    app.setPalette(dark_palette())
    return app
