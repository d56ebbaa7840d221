"""the on-set mirror: see a camera's picture re-aged as it comes"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from reage.album import own_album
from reage.errors import SettingsError
from reage.job import RenderJob
from reage.settings import Setting, Settings, settings_of
from reage_live.opening import source_of

_YEARS = 25.0
"""From the age in the picture to the one that the mirror begins with, so that it shows one."""

_MIRRORED = tuple(s for s in settings_of(Settings) if s.mirror or s.name == "person")
"""Those with a flag. The person strength has no slider: another one is another model to load."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--source", default="0", metavar="WHAT",
        help="a camera's number, a movie, an address such as rtsp://camera/live, or test: a "
        "moving synthetic head [0]",
    )
    parser.add_argument("--loop", action="store_true", help="begin a movie again at its end")
    parser.add_argument("--size", type=_size, metavar="WxH", help="what to ask the camera for")
    parser.add_argument("--rate", type=float, metavar="FPS", help="what to ask the camera for")
    parser.add_argument(
        "--heads", type=int, choices=(1, 2), default=1, help="of the test source [1]"
    )
    for setting in _flags():
        _add_flag(parser, setting)
    parser.add_argument(
        "--keep-crop", action="store_true",
        help="keep the crop size, even where the machine is too slow for it",
    )
    window = parser.add_argument_group("window")
    window.add_argument(
        "--layout", choices=("side", "wipe", "two"), default="side",
        help="raw and re-aged side by side, parted by a wipe, or in two windows [side]",
    )
    window.add_argument(
        "--screen", type=int, metavar="N",
        help="full screen on this screen, counted from 0; with two windows the raw picture takes "
        "the next one",
    )
    window.add_argument("--flip", action="store_true", help="mirror the picture left to right")
    alone = parser.add_argument_group("without a window")
    alone.add_argument("--no-window", action="store_true", help="print a line a second instead")
    alone.add_argument("--frames", type=int, metavar="N", help="end after so many frames")
    alone.add_argument("--seconds", type=float, metavar="S", help="end after so many seconds")
    takes = parser.add_argument_group("takes (docs/takes.md)")
    takes.add_argument("--takes", type=Path, metavar="DAY", help="folder that takes are kept in")
    takes.add_argument(
        "--codec", choices=("prores", "dnxhr"), default="prores",
        help="of a take's movies: ProRes 422 HQ or DNxHR HQX, with 10 bits [prores]",
    )
    takes.add_argument(
        "--record", action="store_true",
        help="without a window: one take, from the first picture to the end",
    )
    takes.add_argument("--scene", default="", metavar="NAME", help="of that take")
    takes.add_argument("--take", type=int, default=1, metavar="N", help="its number [1]")
    takes.add_argument("--camera", default="", metavar="NAME", help="its camera")


def run(args: argparse.Namespace) -> int:
    from reage.models.onnx_model import OnnxModel
    from reage_live.mirror import Mirror
    from reage_live.recorder import TakeRecorder

    if args.target_age is None:
        args.target_age = _other_age(args.source_age)
    if args.pattern is None:
        album = own_album(args.model)
        args.pattern = str(album) if album else Settings.pattern
    settings = Settings(**{s.name: getattr(args, s.name) for s in _MIRRORED})
    source = source_of(args.source, args.loop, args.size, args.rate, args.heads)
    if not args.no_window and (args.frames or args.seconds):
        raise SettingsError("--frames and --seconds end a mirror without a window: --no-window.")
    if args.record and not (args.no_window and args.takes):
        raise SettingsError("--record needs --no-window, and --takes for where the take goes.")
    mirror = Mirror(
        source,
        OnnxModel.load(args.model, args.device, person=args.person),
        settings,
        recorder=TakeRecorder(args.takes, args.codec) if args.takes else None,
        keep_crop=args.keep_crop,
    )
    return _alone(mirror, args) if args.no_window else _in_a_window(mirror, args)


def _alone(mirror: Any, args: argparse.Namespace) -> int:
    from reage_live.headless import lines, report
    from reage_live.recording import Slate

    slate = Slate(args.scene, args.take, args.camera) if args.record else None
    try:
        for line in lines(mirror, args.frames, args.seconds, slate):
            print(line, flush=True)
    finally:
        print(report(mirror), flush=True)
    return 0


def _in_a_window(mirror: Any, args: argparse.Namespace) -> int:
    from reage_live.application import show

    code: int = show(mirror, args.layout, args.screen, args.flip)
    return code


def _flags() -> list[Setting]:
    device = [s for s in settings_of(RenderJob) if s.name == "device"]
    return [*_MIRRORED, *device]


def _add_flag(parser: argparse.ArgumentParser, setting: Setting) -> None:
    more: dict[str, Any] = {"choices": setting.choices} if setting.choices else {}
    if not setting.choices:
        more["metavar"] = setting.metavar or "N"
    default, shown = setting.default, f" [{setting.default}]"
    if setting.name == "target_age":
        default, shown = None, f" [{_YEARS:g} years older; of the old, younger]"
    elif setting.name == "pattern":
        default, shown = None, f" [{setting.default}; a bundle's own album]"
    elif default is None:
        shown = ""
    parser.add_argument(
        setting.flag, type=setting.reader, default=default,
        help=setting.help.replace("%", "%%") + shown, **more,
    )


def _other_age(source: float) -> float:
    """Older, as far as the slider goes; else younger."""
    (oldest,) = (s.slider[1] for s in _MIRRORED if s.name == "target_age" and s.slider)
    return source + _YEARS if source + _YEARS <= oldest else source - _YEARS


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no size such as 1920x1080.") from None
    return width, height
