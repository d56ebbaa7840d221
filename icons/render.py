"""Make the PNG files that Nuke reads from ReAge.svg: `python icons/render.py`, with PySide6."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "ReAge.svg"

# Nuke draws a menu's icons at 24 pixels, in whatever size they come.
FILES = {"ReAge.png": 24, "ReAge_16.png": 16, "ReAge_32.png": 32}


def render(side: int) -> QImage:
    """The icon as side × side pixels on nothing."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(SOURCE.read_bytes())).render(painter)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_ARGB32)


def main() -> None:
    for name, side in FILES.items():
        render(side).save(str(HERE / name))


if __name__ == "__main__":
    main()
