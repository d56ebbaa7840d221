"""How the mirror's window looks: darker than the panel, for a dark set."""

from __future__ import annotations

from reage_ui.colors import Role, dark_palette
from reage_ui.qt import QtGui

GROUND = QtGui.QColor(8, 8, 9)
"""Around the pictures."""

QUIET = QtGui.QColor(150, 152, 156)
PLAIN = QtGui.QColor(222, 224, 228)
ALERT = QtGui.QColor(236, 178, 84)
RECORD = QtGui.QColor(214, 56, 48)

_GRAYS = {
    Role.Window: 22, Role.Base: 14, Role.AlternateBase: 18, Role.Button: 40, Role.Light: 62,
    Role.Midlight: 50, Role.Mid: 28, Role.Dark: 16, Role.Shadow: 8,
}  # fmt: skip


def palette() -> QtGui.QPalette:
    """The panel's, with darker grounds."""
    out = dark_palette()
    for role, gray in _GRAYS.items():
        out.setColor(role, QtGui.QColor(gray, gray, gray + 1))
    return out


def digits(font: QtGui.QFont, points: float) -> QtGui.QFont:
    """A font whose figures do not jump when they change."""
    out = QtGui.QFont(font)
    out.setPointSizeF(points)
    out.setStyleHint(QtGui.QFont.StyleHint.Monospace)
    out.setFamilies(["DejaVu Sans Mono", "Menlo", "Consolas", "monospace"])
    return out
