"""Picture formats: `W H x y r t pixel-aspect name`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """Full size in pixels, the area inside it, how wide a pixel is, and a name or ""."""

    _width: int
    _height: int
    _pixel_aspect: float = 1.0
    _name: str = ""

    def width(self) -> int:
        return self._width

    def height(self) -> int:
        return self._height

    def pixelAspect(self) -> float:
        return self._pixel_aspect

    def name(self) -> str:
        return self._name

    def x(self) -> int:
        return 0

    def y(self) -> int:
        return 0

    def r(self) -> int:
        return self._width

    def t(self) -> int:
        return self._height

    def script(self) -> str:
        w, h, aspect = self._width, self._height, self._pixel_aspect
        return f"{w} {h} 0 0 {w} {h} {aspect:g} {self._name}".rstrip()


def parse_format(text: str) -> Format:
    """The eight words of a script, or the four of nuke.addFormat: `W H aspect name`."""
    words = text.split()
    try:
        if len(words) in (7, 8):
            return Format(int(words[0]), int(words[1]), float(words[6]), "".join(words[7:]))
        if len(words) in (3, 4):
            return Format(int(words[0]), int(words[1]), float(words[2]), "".join(words[3:]))
        if len(words) == 2:
            return Format(int(words[0]), int(words[1]))
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no format; it reads `W H x y r t pixel-aspect name`.")
