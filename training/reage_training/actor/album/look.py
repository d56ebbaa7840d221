"""The album as people look at it: one page of HTML, its pictures beside it."""

from __future__ import annotations

import html
from pathlib import Path

import cv2
import numpy as np

from reage.album import page_files
from reage.errors import OutputError, SettingsError
from reage.media.png import write_png
from reage.media.replacing import replacing
from reage.pattern.file import PatternFile, read_pattern
from reage.pattern.picture import FACE
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage_training.actor.book import Book

_SIDE = 240
"""Px of the small pictures."""

_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:1500px;margin:2em auto;background:#222;color:#ddd}"
    "figure{display:inline-block;margin:6px;vertical-align:top}"
    "img{display:block;width:340px}img.small{display:inline-block;width:168px;margin-right:4px}"
)


def write_index(album: Path, book: Book) -> None:
    """Write album/index.html. Raises OutputError."""
    figures = []
    for sheet in page_files(str(album)):
        try:
            page = read_pattern(sheet.path, whole=True)
        except SettingsError as e:
            figures.append(f"<p>{html.escape(str(e))}</p>")
            continue
        small = _known(album, sheet.path, page), _tone(album, sheet.path, page)
        near = sum(abs((e.age or 0) - sheet.age) <= 3 for e in book.learned_from)
        painted = ", painted by hand" if page.painted else ""
        figures.append(
            f"<figure><img src='{sheet.path.with_suffix('.png').name}'>"
            + "".join(f"<img class='small' src='{name}'>" for name in small)
            + f"<figcaption>{sheet.age:g}: {near} photographs within 3 years{painted}"
            "</figcaption></figure>"
        )
    text = (
        f"<!doctype html><meta charset='utf-8'><title>Album</title><style>{_STYLE}</style>"
        "<h1>Album</h1><p>Each page is the pattern of the oldest years that gives what photographs "
        "near its age show: relief in a light from the upper left, spots of age in brown, darker "
        "where no photograph shows skin. Below it, left: how sure it is, from dark, where it leans "
        "on other ages, to light; marks that stay in red. Right: the color of the skin against the "
        f"face's own median, four times as strong.</p>{''.join(figures)}"
    )
    try:
        with replacing(album / "index.html") as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as e:
        raise OutputError(f"{album / 'index.html'} cannot be written: {e.strerror}.") from e


def _known(album: Path, path: Path, page: PatternFile) -> str:
    empty = np.zeros_like(page.coverage)
    sure = np.sqrt(1 - np.clip(page.further.get("uncertainty", empty), 0, 1)) * page.coverage
    marks = np.clip(np.abs(page.further.get("stays", empty)) * 8, 0, 1)[..., None]
    shown = sure[..., None] * np.float32(0.8)
    shown = shown * (1 - marks) + marks * np.array([1, 0.1, 0.1], np.float32)
    return _write(album, path, "known", shown)


def _tone(album: Path, path: Path, page: PatternFile) -> str:
    empty = np.zeros_like(page.coverage)
    tone = np.stack([page.further.get(f"tone.{c}", empty) for c in "RGB"], -1)
    shown = np.float32(0.45) * np.exp2(np.float32(4) * tone) * page.coverage[..., None]
    return _write(album, path, "tone", shown)


def _write(album: Path, path: Path, what: str, shown: Pixels) -> str:
    name = path.name.replace(".pattern.exr", f".{what}.png")
    rows, columns = FACE.slices(Region(0, 0, *shown.shape[1::-1]))
    small = cv2.resize(shown[rows, columns], (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    write_png(album / name, (np.clip(small, 0, 1) * 255 + 0.5).astype(np.uint8))
    return name
