"""takes of the on-set mirror: list them, recover them, hand them to the comp"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from reage.errors import OutputError, SettingsError
from reage.media.sequence import compact
from reage.progress import frames_told
from reage.tools.console import Console, add_console_flags
from reage_live import recovery
from reage_live.take import Take


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`reage take list | show | recover | to-nuke | to-otio`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="the takes of a day, in the order of their timecode")
    listed.add_argument("day", type=Path, help="folder with the day's takes")
    listed.set_defaults(act=_list)
    for name, act, help in (
        ("show", _show, "what a take holds, and each move of a slider"),
        ("recover", _recover, "make the take file of a take that a crash has cut off"),
    ):
        one = actions.add_parser(name, help=help)
        one.add_argument("take", type=Path, help="the take's folder")
        one.set_defaults(act=act)
    nuke = actions.add_parser("to-nuke", help="a .nk with plate, ReAge node and rough version")
    nuke.add_argument("take", type=Path, help="the take's folder")
    nuke.add_argument("-o", "--output", type=Path, metavar="FILE.nk", help="[beside the movies]")
    nuke.add_argument(
        "--first", type=int, default=1001, metavar="N", help="first frame's number in Nuke [1001]"
    )
    nuke.add_argument(
        "--colorspace", metavar="NAME", help="the movies', as the script's color management "
        "calls it [the take's own, by its name in Nuke's color management]",
    )  # fmt: skip
    nuke.set_defaults(act=_to_nuke)
    otio = actions.add_parser("to-otio", help="an OpenTimelineIO timeline of the day's takes")
    otio.add_argument("day", type=Path, help="folder with the day's takes")
    otio.add_argument("-o", "--output", type=Path, metavar="FILE.otio", help="[in the folder]")
    otio.set_defaults(act=_to_otio)
    for action in actions.choices.values():
        add_console_flags(action)


def run(args: argparse.Namespace) -> int:
    """Raises ReageError."""
    code: int = args.act(args)
    return code


def _list(args: argparse.Namespace) -> int:
    takes = _takes(args.day)
    Console.of(args).result("\n".join(map(_line, takes)), {"takes": [_document(t) for t in takes]})
    return 0


def _show(args: argparse.Namespace) -> int:
    take = recovery.open_take(args.take)
    moves = [{"frame": m.frame, "values": dict(m.values)} for m in take.moves]
    Console.of(args).result("\n".join(_lines(take)), {**_document(take), "each_move": moves})
    return 0


def _recover(args: argparse.Namespace) -> int:
    take = recovery.recover(args.take)
    Console.of(args).result(_line(take), _document(take))
    return 0


def _to_nuke(args: argparse.Namespace) -> int:
    from reage_live.to_nuke import script

    take = recovery.open_take(args.take)
    path = _named(args.output or take.folder / f"{take.name}.nk", ".nk")
    _write(path, script(take, args.first, args.colorspace))
    Console.of(args).result(f"Nuke script: {path}", {"script": str(path)})
    return 0


def _to_otio(args: argparse.Namespace) -> int:
    try:
        from reage_live.to_otio import write_timeline
    except ImportError as e:
        raise SettingsError(
            "OpenTimelineIO is not installed; `pip install opentimelineio` brings it."
        ) from e
    path = _named(args.output or args.day / f"{args.day.resolve().name}.otio", ".otio")
    write_timeline(_takes(args.day), path)
    Console.of(args).result(f"timeline: {path}", {"timeline": str(path)})
    return 0


def _takes(day: Path) -> list[Take]:
    """The takes that can be opened; a line on stderr for each other."""
    takes, troubles = recovery.takes_of(day)
    for trouble in troubles:
        print(f"reage: left out: {trouble}", file=sys.stderr)
    return takes


def _named(path: Path, ending: str) -> Path:
    """The path; raises SettingsError where it ends otherwise, as the take's own movies do."""
    if path.suffix.lower() != ending:
        raise SettingsError(f"What is written is named *{ending}; {path} is not.")
    return path


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e


def _document(take: Take) -> dict[str, Any]:
    """A take for a program."""
    return {
        "name": take.name,
        "folder": str(take.folder),
        "timecode": take.timecode.text,
        "frames": take.frames,
        "moves": len(take.moves),
        "held": list(take.held),
        "recovered": take.recovered,
        "model_sha256": take.about.model_sha256,
        "rights": take.about.rights,
    }


def _line(take: Take) -> str:
    end = take.timecode.after(take.frames - 1).text
    words = [f"{take.name}: {take.timecode.text} to {end}, {frames_told(take.frames)}"]
    words += [f"{len(take.moves)} moves"] if take.moves else []
    words += [f"{len(take.held)} held"] if take.held else []
    words += ["cut off, recovered"] if take.recovered else []
    return ", ".join(words)


def _lines(take: Take) -> list[str]:
    about, width, height = take.about, *take.about.size
    lines = [
        _line(take),
        f"picture: {width}×{height} px, {float(about.rate):.6g} frames a second, "
        f"{about.colorspace}, from {about.source}",
        f"model: {about.model}, sha256 {about.model_sha256}; ReAge {take.version}",
        *([f"rights: {about.rights}"] if about.rights else []),
    ]
    if take.delays:
        lines.append(f"delay: median {take.delays.median:.3f} s, p99 {take.delays.p99:.3f} s")
    if take.held or take.dropped:
        held = compact(take.held) or "none"
        lines.append(f"held: {held}; the recorder dropped {frames_told(take.dropped)}")
    first = take.settings
    lines.append(
        f"frame 1: source age {first.source_age:g}, target age {first.target_age:g}, "
        f"blend {first.blend:g}"
    )
    for move in take.moves:
        values = (f"{name.replace('_', ' ')} {value}" for name, value in move.values.items())
        lines.append(f"frame {move.frame}: {', '.join(values)}")
    return lines
