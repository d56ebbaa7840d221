"""Draws the graph of a .gizmo or .nk text as a PNG, for the docs.

    PYTHONPATH=tests/support python tests/nuke/draw_graph.py gizmos/ReAge.gizmo docs/graph.png
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fake_nuke import tcl

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPen

WIDE, TALL = 180, 44
COLORS = {"Input": "#6a5a7a", "Output": "#6a5a7a", "Read": "#7a7a4a", "Merge2": "#4a6a7a"}
NOTES = {
    "Layers": "baked EXR, black where missing",
    "MatteAlpha": "the mask input's channel",
    "Mask": "1 without one; inverted, split",
    "HairInput": "the hair input's alpha and red",
    "Amount": "blend × mask",
    "Parts": "detail, form, tone by strength",
    "Strengths": "Parts, where one is not 1",
    "Face": "× matte × blend",
    "Hairs": "the same, with gray",
    "Delta": "Hairs, where gray is not 0",
    "Add": "plate + delta",
    "DeltaOut": "baked delta and matte",
    "HairOut": "and the parts",
    "LayersBelow": "none, two, or all with it",
    "Offsets": "reage_shape × shape",
    "Carries": "rgba, rgb or all",
    "Shape": "warped, where shape is not 0",
    "View": "the plate, where not baked",
}


def draw(script: tcl.Script) -> QImage:
    """The nodes where their xpos and ypos say, scaled for the page, wires behind them."""
    nodes = script.nodes[0].children
    places = {id(n): QPointF(*(1.9 * int(n.knobs[k]) for k in ("xpos", "ypos"))) for n in nodes}
    left = min(p.x() for p in places.values()) - 30
    top = min(p.y() for p in places.values()) - 30
    right = max(p.x() for p in places.values()) + WIDE + 60
    bottom = max(p.y() for p in places.values()) + TALL + 30
    image = QImage(int(right - left), int(bottom - top), QImage.Format.Format_RGB32)
    image.fill(QColor("#2d2d2d"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-left, -top)
    painter.setPen(QPen(QColor("#b0b0b0"), 1.6))
    middle = QPointF(WIDE / 2, TALL / 2)
    for node in nodes:
        for source in node.inputs:
            if source is not None:
                painter.drawLine(places[id(source)] + middle, places[id(node)] + middle)
    for node in nodes:
        _box(painter, places[id(node)], node)
    painter.end()
    return image


def _box(painter: QPainter, at: QPointF, node: tcl.LoadedNode) -> None:
    box = QRectF(at.x(), at.y(), WIDE, TALL)
    painter.setBrush(QColor(COLORS.get(node.cls, "#565656")))
    painter.drawRoundedRect(box, 6, 6)
    title = node.name if node.cls in ("Input", "Output") else f"{node.name} ({node.cls})"
    note = NOTES.get(node.name)
    _line(painter, box.adjusted(0, 0, 0, -TALL / 2 if note else 0), title, 10, "#f0f0f0")
    if note:
        _line(painter, box.adjusted(0, TALL / 2 - 4, 0, -2), note, 8, "#d8d8a8")
    painter.setPen(QPen(QColor("#b0b0b0"), 1.6))


def _line(painter: QPainter, box: QRectF, text: str, size: int, color: str) -> None:
    painter.setFont(QFont("DejaVu Sans", size))
    painter.setPen(QPen(QColor(color), 1.6))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


if __name__ == "__main__":
    application = QGuiApplication([])
    source, target = map(Path, sys.argv[1:3])
    draw(tcl.load_gizmo(source.read_text(encoding="utf-8"))).save(str(target))
