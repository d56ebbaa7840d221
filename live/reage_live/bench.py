"""`reage bench --live`: the mirror's rate, delay, dropped share and memory on this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from reage.errors import SettingsError
from reage.models.onnx_model import OnnxModel
from reage.settings import Settings
from reage.tools.machine import resident_memory
from reage_live.figures import Figures
from reage_live.mirror import Mirror
from reage_live.synthetic import TestSource

_SIZE = (1920, 1080)
_CROP = 256
_SETTLED, _LONGEST = 5.0, 60.0
"""Seconds after the first face that do not count, and within which it must come."""

_LEAST = 2


def lines(count: int) -> Iterator[str]:
    """Lines about `count` seconds of the test source, at a crop that is kept.

    Raises SettingsError where that is too short.
    """
    if count < _LEAST:
        raise SettingsError(f"--count is {count}; the mirror is measured for {_LEAST} s or more.")
    model = OnnxModel.load()
    settings = Settings(source_age=25.0, target_age=70.0, crop_size=_CROP)
    mirror = Mirror(TestSource(_SIZE), model, settings, keep_crop=True)
    yield (
        f"{count} s of {_SIZE[0]}×{_SIZE[1]} at {mirror.source.rate} fps, crop {_CROP} px, "
        f"on {model.device}, {os.cpu_count()} cores"
    )
    mirror.start()
    try:
        start = time.monotonic()
        while not mirror.present and time.monotonic() < start + _LONGEST:
            _show(mirror, 0.5)
        _show(mirror, min(_SETTLED, count))
        mirror.meter.reset()
        passed = 0.0
        while passed < count:
            part = min(60.0, count - passed)
            _show(mirror, part)
            passed += part
            recent = mirror.meter.recent(time.monotonic())
            yield f"after {passed:4.0f} s  {recent.line}; {resident_memory() / 2**20:.0f} MB"
        yield _sum(mirror.meter.whole(time.monotonic()))
        yield from mirror.lines
    finally:
        mirror.stop()


def _show(mirror: Mirror, seconds: float) -> None:
    """Take frames as a screen would."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if frame := mirror.results.get(left):
            mirror.shown(frame)


def _sum(whole: Figures) -> str:
    return f"whole       {whole.line}"
