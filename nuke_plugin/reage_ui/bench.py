"""`reage bench --interactive`: from the artist's hand to new pixels, beside the model's own time.

A real window shows the demo plate. A slider's handle is put elsewhere and let go at once; the
time runs until the widget has painted the preview of the new value. What is not the model's is
the bridge: signals, queue, JSON, the worker's other steps, and the painting.

    python -m reage_ui.bench [--count N]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from reage.errors import ReageError
from reage.home import demo_plate
from reage.settings import Settings
from reage_ui.desktop import DesktopHost
from reage_ui.picture import Picture
from reage_ui.qt import QtCore, run
from reage_ui.slider_control import SliderControl
from reage_ui.theme import application
from reage_ui.window import DesktopWindow

CROP = 256
BRIDGE = 30.0
"""Milliseconds that the bridge may add."""

_PATIENCE = 120_000


@dataclass(frozen=True)
class Sample:
    """Milliseconds of one change: until it was painted, in the model, in the whole worker."""

    total: float
    model: float
    worker: float


def lines(count: int) -> Iterator[str]:
    """Lines of the table, each as soon as it is measured. Raises ReageError."""
    with tempfile.TemporaryDirectory(prefix="reage-bench-") as folder:
        window = _open(Path(folder) / "presets.json")
        try:
            yield from _table(_Hand(window), count)
        finally:
            window.close()
            window.deleteLater()


def _table(hand: _Hand, count: int) -> Iterator[str]:
    picture = hand.look()
    for warm_up in (30, 31, 32):
        hand.change("target_age", warm_up)
    yield (
        f"median of {count} changes in ms; crop {CROP} px, "
        f"preview of {picture.width}×{picture.height} px"
    )
    yield f"{'':<26}{'total':>8}{'model':>8}{'bridge':>8}{'worker':>9}{'outside':>9}"
    ages = [hand.change("target_age", 10 + n % 40) for n in range(count)]
    yield _row("age released → painted", ages)
    blends = [hand.change("blend", 20 + n % 60) for n in range(count)]
    yield _row("blend changed → painted", blends)
    yield "bridge = total − model: the worker's other steps, and what is outside the worker"
    most = max(median(s.total - s.model for s in each) for each in (ages, blends))
    yield f"bridge of at most {BRIDGE:.0f} ms: {'yes' if most <= BRIDGE else 'no'}{_load()}"


def _open(presets: Path) -> DesktopWindow:
    sample = demo_plate()[0]
    application()
    settings = Settings(source_age=50.0, target_age=70.0, colorspace="ACEScg", crop_size=CROP)
    window = DesktopWindow(DesktopHost(settings), presets)
    window.resize(900, 700)
    window.open(str(sample))
    window.show()
    return window


class _Hand:
    """Moves sliders, and looks at the clock when the picture stands."""

    def __init__(self, window: DesktopWindow) -> None:
        self._panel = window.panel
        self._loop = QtCore.QEventLoop()
        self._painted, self._failure = 0.0, ""
        self._panel.preview.view.painted.connect(self._see)
        self._panel.previewer.failed.connect(self._fail)

    def look(self) -> Picture:
        """The next picture. Raises ReageError where none comes."""
        self._painted, self._failure = 0.0, ""
        patience = QtCore.QTimer(singleShot=True, interval=_PATIENCE)
        patience.timeout.connect(self._loop.quit)
        patience.start()
        run(self._loop)
        picture = self._panel.preview.view.picture
        if not self._painted or picture is None:
            raise ReageError(self._failure or "No preview came; the engine does not answer.")
        return picture

    def change(self, setting: str, position: int) -> Sample:
        """Put a slider's handle elsewhere and let it go; wait for the new pixels."""
        control = self._panel.controls[setting]
        assert isinstance(control, SliderControl)
        slider = control.slider
        begun = time.perf_counter()
        slider.setSliderDown(True)
        slider.drag_to(position)
        slider.setSliderDown(False)
        slider.released.emit()
        seconds = self.look().seconds
        total = self._painted - begun
        return Sample(1000 * total, 1000 * seconds["infer"], 1000 * seconds["total"])

    def _see(self) -> None:
        self._painted = time.perf_counter()
        self._loop.quit()

    def _fail(self, sentence: str) -> None:
        self._failure = sentence
        self._loop.quit()


def _row(name: str, samples: list[Sample]) -> str:
    cells = (
        median(s.total for s in samples),
        median(s.model for s in samples),
        median(s.total - s.model for s in samples),
        median(s.worker - s.model for s in samples),
        median(s.total - s.worker for s in samples),
    )
    widths = (8, 8, 8, 9, 9)
    return f"{name:<26}" + "".join(f"{c:>{w}.1f}" for c, w in zip(cells, widths, strict=True))


def _load() -> str:
    """How busy the machine was: on a busy one, every step takes longer."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f" (load of the machine {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores)"


def main(argv: list[str] | None = None) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m reage_ui.bench", description=__doc__)
    parser.add_argument("--count", type=int, default=20, metavar="N", help="changes [20]")
    args = parser.parse_args(argv)
    try:
        for line in lines(max(1, args.count)):
            print(line, flush=True)
    except ReageError as e:
        print(f"reage_ui: {e}", file=sys.stderr)
        return e.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
