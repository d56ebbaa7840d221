"""A picture of the real window, for the docs."""

from __future__ import annotations

from pathlib import Path

from reage.errors import OutputError
from reage_ui.qt import QtCore, run
from reage_ui.window import DesktopWindow

PATIENCE = 120.0
"""Seconds in which the preview must have come."""


_SMALLEST = 0
"""Qt's word for the strongest compression."""


def take(window: DesktopWindow, path: Path) -> int:
    """Wait for the preview, or for the sentence in its place, and save the window as PNG.

    Returns 0, or 1 where no preview came (the picture shows why). Raises OutputError.
    """
    view, previewer = window.panel.preview.view, window.panel.previewer
    loop = QtCore.QEventLoop()
    wait = QtCore.QTimer(singleShot=True, interval=round(PATIENCE * 1000))
    wait.timeout.connect(loop.quit)
    view.painted.connect(loop.quit)
    previewer.failed.connect(loop.quit)
    if not window.panel.state:
        wait.setInterval(200)
    wait.start()
    run(loop)
    _run_for(100)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not window.grab().save(str(path), "PNG", _SMALLEST):
        raise OutputError(f"The picture {path} cannot be written.")
    came = view.picture is not None
    window.close()
    return 0 if came or not window.panel.state else 1


def _run_for(milliseconds: int) -> None:
    """Let the window lay itself out and paint."""
    loop = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(milliseconds, loop.quit)
    run(loop)

