"""the panel in a window of its own: plates are opened in it, seen re-aged and baked"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from reage.errors import SettingsError
from reage.job import RenderJob
from reage.settings import Setting, Settings, settings_of

_FROM_SETTINGS = (
    "source_age", "target_age", "face", "crop_size", "colorspace", "pixel_aspect", "model",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "plate", nargs="*", help="shot.%%04d.exr, shot.####.exr, one of its files, or a movie"
    )
    parser.add_argument("--frame", type=int, metavar="N", help="the frame to begin at")
    for setting in settings_of(Settings):
        if setting.name in _FROM_SETTINGS:
            _add_flag(parser, setting)
    for setting in settings_of(RenderJob):
        if setting.name == "device":
            _add_flag(parser, setting)
    parser.add_argument("--presets", type=Path, metavar="FILE", help="where presets are kept")
    parser.add_argument(
        "--size", type=_size, default=(900, 700), metavar="WxH", help="of the window [900x700]"
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE",
        help="draw the window without a display, wait for the preview, save a PNG and end",
    )


def run(args: argparse.Namespace) -> int:
    """Open the window; returns the exit code. Raises SettingsError where Qt, or a library that it
    needs, is missing."""
    settings = Settings(**{name: getattr(args, name) for name in _FROM_SETTINGS})
    if args.screenshot:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        return _show(args, settings)
    except ImportError as e:
        raise SettingsError(str(e)) from e


def _show(args: argparse.Namespace, settings: Settings) -> int:
    from reage_ui.desktop import DesktopHost
    from reage_ui.qt import require_screen, run
    from reage_ui.screenshot import take
    from reage_ui.theme import application
    from reage_ui.window import DesktopWindow

    require_screen()
    app = application()
    window = DesktopWindow(DesktopHost(settings, args.device), args.presets)
    window.resize(*args.size)
    for plate in args.plate:
        window.open(plate)
    if args.frame is not None:
        window.frame.setValue(args.frame)
    window.show()
    if args.screenshot:
        return take(window, args.screenshot)
    return run(app)


def _add_flag(parser: argparse.ArgumentParser, setting: Setting) -> None:
    more: dict[str, Any] = {"choices": setting.choices} if setting.choices else {}
    if not setting.choices:
        more["metavar"] = setting.metavar
    parser.add_argument(
        setting.flag, type=setting.reader, default=setting.default,
        help=setting.help.replace("%", "%%"), **more,
    )


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no size such as 900x700.") from None
    return width, height
