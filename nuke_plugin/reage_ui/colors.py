"""Colors made from the host's palette, and the palette of the window that has no host."""

from __future__ import annotations

from reage_ui.qt import QtGui

Role = QtGui.QPalette.ColorRole

AMBER, RED, GREEN = 38, 4, 145
"""Hues in degrees: what is animated or stale; what went wrong; what is baked."""


def mix(one: QtGui.QColor, other: QtGui.QColor, share: float) -> QtGui.QColor:
    """`one`, with `share` (0 to 1) of `other`."""

    def between(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QtGui.QColor(
        between(one.red(), other.red()),
        between(one.green(), other.green()),
        between(one.blue(), other.blue()),
    )


def dim(palette: QtGui.QPalette) -> QtGui.QColor:
    """Text of second rank."""
    return mix(palette.color(Role.WindowText), palette.color(Role.Window), 0.4)


def line(palette: QtGui.QPalette) -> QtGui.QColor:
    """Thin lines between parts."""
    return mix(palette.color(Role.Window), palette.color(Role.WindowText), 0.18)


def hued(palette: QtGui.QPalette, hue: int) -> QtGui.QColor:
    """A color that stands out from the palette's window, dark or light."""
    dark = palette.color(Role.Window).lightness() < 128
    return QtGui.QColor.fromHsl(hue, 150, 150 if dark else 90)


def tinted(palette: QtGui.QPalette, hue: int) -> QtGui.QColor:
    """The window's color with a touch of a hue: the ground of a message."""
    return mix(palette.color(Role.Window), hued(palette, hue), 0.22)


def dark_palette() -> QtGui.QPalette:
    """For Fusion, when the panel stands alone; in a host, the host's own palette rules."""
    palette = QtGui.QPalette()
    grays = {
        Role.Window: 50, Role.Base: 38, Role.AlternateBase: 44, Role.Button: 66,
        Role.ToolTipBase: 30, Role.Light: 90, Role.Midlight: 76, Role.Mid: 42, Role.Dark: 30,
        Role.Shadow: 20, Role.WindowText: 214, Role.Text: 214, Role.ButtonText: 214,
        Role.ToolTipText: 214, Role.BrightText: 255, Role.PlaceholderText: 130,
        Role.HighlightedText: 255,
    }  # fmt: skip
    for role, gray in grays.items():
        palette.setColor(role, QtGui.QColor(gray, gray, gray))
    palette.setColor(Role.Highlight, QtGui.QColor(74, 116, 158))
    palette.setColor(Role.Link, QtGui.QColor(120, 170, 220))
    disabled = QtGui.QPalette.ColorGroup.Disabled
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.PlaceholderText):
        palette.setColor(disabled, role, QtGui.QColor(118, 118, 118))
    palette.setColor(disabled, Role.Highlight, QtGui.QColor(80, 80, 80))
    return palette
