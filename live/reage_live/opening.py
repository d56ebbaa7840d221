"""From what the operator typed to a source."""

from __future__ import annotations

from pathlib import Path

from reage.errors import PlateError, SettingsError
from reage_live.camera import CameraSource
from reage_live.movie import MovieFile, NetworkStream
from reage_live.source import Source, exact_rate
from reage_live.synthetic import RATE, SIZE, TestSource


def source_of(
    text: str,
    loop: bool = False,
    size: tuple[int, int] | None = None,
    rate: float | None = None,
    heads: int = 1,
) -> Source:
    """`0`, `file.mov`, `rtsp://…` or `test`; nothing is opened yet.

    size, rate: of a camera's or the test's pictures; heads: of the test's
    Raises SettingsError where size and rate make no sense there, PlateError where there is no
    such file.
    """
    if text == "test":
        return TestSource(size or SIZE, exact_rate(rate) if rate else RATE, heads)
    if text.isdecimal():
        return CameraSource(int(text), size, rate)
    if size or rate:
        raise SettingsError(f"--size and --rate are for cameras; {text} has its own.")
    if "://" in text:
        return NetworkStream(text)
    path = Path(text)
    if not path.is_file():
        raise PlateError(
            f"There is no file {text}. --source is a camera's number, a movie, an address such as "
            "rtsp://camera/live, or test."
        )
    return MovieFile(path, loop)
