"""The Qt binding: PySide6, or PySide2 where the host has that (Nuke 15). Nowhere else named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reage_ui import libraries

if TYPE_CHECKING:
    from PySide6 import QtCore, QtGui, QtWidgets
else:
    try:
        from PySide6 import QtCore, QtGui, QtWidgets
    except ImportError as no_qt6:
        if why := libraries.refused(no_qt6):
            raise ImportError(why) from no_qt6
        try:
            from PySide2 import QtCore, QtGui, QtWidgets
        except ImportError:
            raise ImportError(
                "The panel needs Qt for Python; install it with: "
                f"python -m pip install PySide6-Essentials ({no_qt6})"
            ) from no_qt6

__all__ = ["Qt", "QtCore", "QtGui", "QtWidgets", "Signal", "point", "require_screen", "run"]

Qt = QtCore.Qt
Signal = QtCore.Signal


def require_screen() -> None:
    """Raises ImportError, with a sentence, where Qt would end the process for want of a screen or
    of a library of the system's."""
    places: Any = getattr(QtCore.QLibraryInfo, "path", None) or QtCore.QLibraryInfo.location
    folder = places(QtCore.QLibraryInfo.LibraryPath.PluginsPath)
    if why := libraries.screen_refuses(Path(folder)):
        raise ImportError(why)


def point(event: Any) -> QtCore.QPointF:
    """Where a mouse event happened, in the widget's px."""
    place: QtCore.QPointF = event.position() if hasattr(event, "position") else event.localPos()
    return place


def run(loop: QtCore.QCoreApplication | QtCore.QEventLoop) -> int:
    """An application or an event loop, until it ends; returns its exit code."""
    begin: Any = getattr(loop, "exec", None) or loop.exec_
    code: int = begin()
    return code
