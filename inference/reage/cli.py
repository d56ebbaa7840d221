"""The `reage` command. Exit codes stand in `reage.errors`."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, NoReturn

from reage.errors import FaceError, ReageError, SettingsError
from reage.job import RenderJob
from reage.settings import Setting, Settings, settings_of
from reage.tools.console import Console, add_console_flags
from reage.tools.edit_flags import add_edit_flags, edits_of
from reage.unforeseen import unforeseen
from reage.version import __version__

_EXIT_CODES = """\
exit codes: 0 all went well; 1 the render ended but some frames failed (they are listed);
2 a setting is wrong; 3 the plate; 4 the model; 5 the face models, the track, or no face;
6 the output; 70 what nobody foresaw; 130 stopped by hand. Finished frames are valid in every
case."""

_NOBODY_READS = 141
"""As a shell counts a process that SIGPIPE ended."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    argv = _with_negatives(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # no name of a file may end a run
            stream.reconfigure(errors="backslashreplace")
    # A quoted ~ the shell has left to us. A Path would not keep other words as they are.
    argv = [os.path.expanduser(word) for word in argv]  # noqa: PTH111
    args = _parser(argv[0] if argv else "").parse_args(argv)
    try:
        code: int = args.run(args)
        return code
    except BrokenPipeError:  # whoever read our words has left, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return _NOBODY_READS
    except KeyboardInterrupt:
        print("reage: stopped.", file=sys.stderr)
        return 130
    except Exception as e:
        error = e if isinstance(e, ReageError) else unforeseen(e)
        print(f"reage: {error}", file=sys.stderr)
        return error.exit_code


def _with_negatives(argv: list[str]) -> list[str]:
    """Words of a command in which `--shift -4,0` is one: argparse takes -4,0 for a flag."""
    out: list[str] = []
    for word in argv:
        before = out[-1] if out else ""
        if re.match(r"-[\d.]", word) and before.startswith("--") and "=" not in before:
            out[-1] = f"{before}={word}"
        else:
            out.append(word)
    return out


class _Parser(argparse.ArgumentParser):
    """What is wrong with a command's words is a sentence, not a page of all its flags."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"reage: {message}. `{self.prog} --help` shows what it takes.\n")


def _parser(asked: str) -> argparse.ArgumentParser:
    """For all commands; those of other packages are only loaded where none of ours is asked for,
    for a worker is to start quickly."""
    parser = _Parser(
        prog="reage",
        description="Re-age a face in a plate; write scene-linear delta and matte for the comp.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"reage {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help, add in (
        ("render", "re-age a shot", _add_render),
        ("track", "make the face track of a shot, or edit one", _add_track),
        ("pattern", "make a pattern from photographs, or show the drawn ones", _add_pattern),
        ("sheet", "a picture of plate, younger, older, delta and matte", _add_sheet),
        ("doctor", "what is installed, and does it work", _add_doctor),
        ("nuke", "let Nuke find this ReAge, by a block in an init.py or by NUKE_PATH", _add_nuke),
        ("bench", "where the time and the memory go", _add_bench),
        ("worker", "answer a host's requests over stdin and stdout", _add_worker),
    ):
        add(_command(commands, name, help))
    for name, module in () if asked in commands.choices else _commands_elsewhere():
        own = _command(commands, name, (module.__doc__ or name).strip().splitlines()[0])
        own.set_defaults(run=module.run)
        module.add_arguments(own)
    return parser


def _command(commands: Any, name: str, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help,
        description=help[0].upper() + help[1:] + ".",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def _commands_elsewhere() -> Iterator[tuple[str, Any]]:
    """Commands of installed packages that the engine does not know, by name.

    Each is an entry point of the group "reage.commands": a module whose docstring begins with
    its help, with `add_arguments(parser)` and `run(args) -> int`. One that cannot be loaded is
    left out, with a line on stderr.
    """
    for found in sorted(entry_points(group="reage.commands"), key=lambda e: e.name):
        try:
            yield found.name, found.load()
        except ImportError as e:
            print(f"reage: the command {found.name} is left out: {e}", file=sys.stderr)


# ---------------------------------------------------------------- render


def _add_render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plate", help="shot.%%04d.exr, shot.####.exr, one image, or a movie")
    parser.add_argument(
        "-o", "--output", required=True,
        help="layers: out/shot_reage.%%04d.exr; the finished picture: face.mov, face.mp4, or "
        "face.%%04d.png, .tif, .jpg, .dpx",
    )
    shot = [_or_all(s) if s.name == "face" else s for s in settings_of(Settings)]
    add_flags(parser, shot, required=("source_age", "target_age"))
    add_flags(parser, settings_of(RenderJob))
    add_console_flags(parser)
    parser.set_defaults(run=_render, pattern=None)


def _or_all(face: Setting) -> Setting:
    """Only a render takes several faces at once."""
    return replace(face, help=f"{face.help} Or all.", metavar=f"{face.metavar}|all")


def _render(args: argparse.Namespace) -> int:
    from reage.shot.rendering import render

    args.pattern = _pattern_beside(args.model) if args.pattern is None else args.pattern
    job = RenderJob(args.plate, args.output, Settings(**_values(args, Settings)),
                    **_values(args, RenderJob))
    console = Console.of(args)
    report = render(job, progress=console.progress)
    console.result(report.text(), report.document())
    if console.quiet:
        console.complaint(report.troubles())
    return report.exit_code


def _pattern_beside(model: str | None) -> int | str:
    """What a render takes where no pattern is asked for: a bundle's own album, if it has one."""
    from reage.album import own_album

    page = own_album(model)
    return str(page) if page else Settings.pattern


# ---------------------------------------------------------------- track


def _add_track(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plate", help="the shot; or a track's .json file, to edit it")
    parser.add_argument(
        "-o", "--output", type=Path,
        help="where the track's JSON goes; with --list a PNG, or a JSON file for --faces",
    )
    parser.add_argument(
        "--list", action="store_true",
        help="track nothing: say which faces there are, and write a picture of them, or a file of "
        "settings for each, to -o",
    )
    track = ("face", "smooth", "colorspace", "pixel_aspect", "frames", "missing", "layer")
    both = [*settings_of(Settings), *settings_of(RenderJob)]
    add_flags(parser, (s for s in both if s.name in track))
    add_edit_flags(parser)
    add_console_flags(parser)
    parser.set_defaults(run=_track)


def _track(args: argparse.Namespace) -> int:
    from reage.shot import editing, tracking
    from reage.shot.track_notes import sentence, track_notes

    console = Console.of(args)
    if args.list:
        return _list_faces(args, console)
    edits = edits_of(args)
    if Path(args.plate).suffix == ".json":
        path = args.output or Path(args.plate)
        if not edits:
            raise SettingsError("Say with --at which frames to edit, such as --at 1005.")
        track = editing.edit_track_file(Path(args.plate), path, edits)
    else:
        path = args.output or tracking.track_path(args.plate)
        settings = Settings(**_values(args, Settings))
        job = RenderJob(args.plate, str(path), settings, **_values(args, RenderJob))
        track = tracking.make_track(job, path, console.progress, tell=console.complaint)
        if edits:
            track = editing.edit_track_file(path, path, edits)
    said = tracking.summary(track)
    looks = track_notes(track, track.frames)
    text = f"{said}\ntrack: {path}" + (f"\nworth a look: {sentence(looks)}" if looks else "")
    console.result(text, {"track": str(path), "summary": said, "worth_a_look": looks})
    if not any(track.at(n) for n in track.frames):
        raise FaceError(tracking.NO_FACE)
    return 0


def _list_faces(args: argparse.Namespace, console: Console) -> int:
    from reage.media.overwriting import refuse_overwriting
    from reage.tools.face_list import FaceList

    if Path(args.plate).suffix == ".json":
        raise SettingsError("--list looks at a shot's pictures; name the plate, not its track.")
    if args.edits:
        raise SettingsError("--list edits nothing; leave --at and what follows it away.")
    kind = args.output.suffix.lower() if args.output else ""
    if kind not in ("", ".png", ".json"):
        raise SettingsError(
            f"With --list a picture or a faces file is written: name it *.png or *.json, not "
            f"{args.output}."
        )
    refuse_overwriting([args.output], [("plate", args.plate)])
    settings = Settings(colorspace=args.colorspace, pixel_aspect=args.pixel_aspect)
    job = RenderJob(args.plate, "", settings, **_values(args, RenderJob))
    found = FaceList.of(job)
    what = "faces_file" if kind == ".json" else "sheet"
    kept = found.write_faces_file(args.output) if kind == ".json" else ""
    console.complaint(kept)
    if kind == ".png":
        found.write_sheet(args.output)
    text = found.text()
    if kind:
        text += f"\n{what.replace('_', ' ')}: {args.output}"
    told = {**found.document(), "sheet": "", "kept": kept, what: str(args.output or "")}
    console.result(text, told)
    return 0


# ---------------------------------------------------------------- pattern


def _add_pattern(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "photographs", nargs="*", type=Path, metavar="PHOTO",
        help="photographs of one person's face; the more sides they show, the better",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="name.pattern.exr; with --sheet a PNG"
    )
    parser.add_argument("--look", type=Path, metavar="PNG", help="a picture of the pattern")
    parser.add_argument(
        "--sheet", action="store_true", help="instead: a picture of the patterns of 16 seeds"
    )
    parser.add_argument(
        "--colorspace", metavar="NAME", help="of the photographs, where they do not say it"
    )
    add_console_flags(parser)
    parser.set_defaults(run=_pattern)


def _pattern(args: argparse.Namespace) -> int:
    console = Console.of(args)
    for path in [args.look] if args.look else [args.output] if args.sheet else []:
        if path.suffix.lower() != ".png":
            raise SettingsError(f"A picture of patterns is a PNG: name it *.png, not {path}.")
    if args.sheet:
        if args.photographs:
            raise SettingsError("--sheet shows the drawn patterns; it takes no photographs.")
        from reage.tools.pattern_sheet import write_sheet

        write_sheet(args.output)
        console.result(f"sheet: {args.output}", {"sheet": str(args.output)})
        return 0
    from reage.media.overwriting import refuse_overwriting
    from reage.pattern.file import check_name
    from reage.pattern.photo.extract import make_pattern
    from reage.pattern.picture import write_picture

    check_name(args.output)
    photographs = [("photograph", each) for each in args.photographs]
    refuse_overwriting([args.output, args.look], photographs)
    made = make_pattern(args.photographs, args.colorspace, progress=console.progress)
    made.write(args.output)
    if args.look:
        write_picture(args.look, made.maps, made.coverage)
    said = f"{made.text()}\npattern: {args.output}"
    console.result(said, {"pattern": str(args.output), **made.document()})
    return 0


# ---------------------------------------------------------------- sheet, doctor, nuke, bench …


def _add_sheet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plate", help="one frame, shot.%%04d.exr, or a movie")
    parser.add_argument(
        "younger", nargs="?",
        help="its layers, re-aged younger; without them a frame with a large face is chosen and "
        "made 30 years younger and older, or as far as ages go, 18 to 85",
    )
    parser.add_argument("older", nargs="?", help="its layers, re-aged older")
    parser.add_argument(
        "-o", "--output", type=Path, required=True,
        help="PNG to write; the pictures' ages stand above them",
    )
    shown = ("source_age", "face", "model", "colorspace", "shape")
    add_flags(parser, (s for s in settings_of(Settings) if s.name in shown))
    add_console_flags(parser)
    parser.set_defaults(run=_sheet, source_age=None)


def _sheet(args: argparse.Namespace) -> int:
    from tempfile import TemporaryDirectory

    from reage.media.overwriting import refuse_overwriting
    from reage.media.patterns import frame_path
    from reage.tools.contact_sheet import write_sheet
    from reage.tools.sheet_of_shot import frame_of_both, rendered

    if not args.younger and args.source_age is None:
        raise SettingsError("Say how old the face is, with --source-age, or name its layers.")
    if args.younger and not args.older:
        raise SettingsError("A contact sheet shows two sets of layers; name the older ones too.")
    console = Console.of(args)
    inputs = [("plate", args.plate), *(("layers", each) for each in (args.younger, args.older))]
    refuse_overwriting([args.output], [*inputs, ("model", args.model)])
    with TemporaryDirectory(prefix="reage_sheet") as folder:
        if args.younger:
            number = frame_of_both(args.plate, args.younger, args.older)
            layers = [frame_path(each, number) for each in (args.younger, args.older)]
        else:
            settings = Settings(**_values(args, Settings))
            number, *layers = rendered(args.plate, settings, Path(folder), console.progress)
        ages = write_sheet(
            args.plate, layers[0], layers[1], args.output, args.colorspace, args.shape, number
        )
    what = f"frame {number}" + "".join(f", {name} {age:g}" for name, age in ages.items())
    said = {"sheet": str(args.output), "frame": number, "ages": ages}
    console.result(f"contact sheet: {args.output} ({what})", said)
    return 0


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--nuke", action="store_true", help="check instead whether Nuke finds ReAge; runs no Nuke"
    )
    add_flags(parser, (s for s in settings_of(Settings) if s.name == "model"))
    add_flags(parser, (s for s in settings_of(RenderJob) if s.name == "device"))
    parser.set_defaults(run=_doctor)


def _doctor(args: argparse.Namespace) -> int:
    from reage.tools import doctor
    from reage.tools.nuke_setup import doctor as nuke_doctor

    report = nuke_doctor.diagnose() if args.nuke else doctor.diagnose(args.device, args.model)
    print(report.text())
    return report.exit_code


def _add_nuke(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "do", choices=("install", "uninstall", "path"),
        help="put one marked block into DIR/init.py; take it out again; or change no file and "
        "print what NUKE_PATH has to hold",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR",
        help="of install and uninstall: the Nuke folder [~/.nuke]",
    )
    parser.set_defaults(run=_nuke)


def _nuke(args: argparse.Namespace) -> int:
    from reage import home
    from reage.tools.nuke_setup import steps

    if args.do == "path" and args.folder:
        raise SettingsError("reage nuke path takes no folder: it only prints what NUKE_PATH holds.")
    folder = args.folder or Path("~/.nuke")
    root, own = home.root(), Path(sys.executable)
    python = "" if home.engine_python(root) == own else own.as_posix()
    if args.do == "path":
        said = steps.environment(root, python, sys.platform == "win32")
    elif args.do == "install":
        said = [steps.enter(root, steps.named(folder), python)]
    else:
        said = [steps.take_out(root, steps.named(folder))]
    print("\n".join(said))
    return 0


def _add_bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", default="speed",
        choices=(
            "speed", "stages", "plates", "memory", "growth", "disk", "jobs", "against", "gpu",
        ),
        help="speed: stages of one render beside the model alone; stages: each by itself beside "
        "what no program could do without; plates: 2K, 4K and 8K with "
        "the same face; memory: of short and long shots; growth: what a frame costs in them, up "
        "to --count; disk: how large a frame is; jobs: one and two frames at a time in the model; "
        "against: this model and another on the same crops; gpu: all that is to be known of a "
        "device, in less than four minutes, on shots of its own sizes [speed]",
    )
    parser.add_argument(
        "--interactive", action="store_true",
        help="instead: from a moved slider to the new preview in the panel",
    )
    parser.add_argument(
        "--live", action="store_true",
        help="instead: the on-set mirror's rate, delay, dropped share and memory",
    )
    parser.add_argument(
        "--count", type=int, default=100, metavar="N",
        help="frames, slider moves, or seconds of the mirror [100]",
    )
    parser.add_argument(
        "--beside", type=Path, metavar="ONNX", help="the other model of against"
    )
    parser.add_argument("--size", default="1080p", help="plate: 1080p, 2K, UHD, 4K or 8K [1080p]")
    parser.add_argument(
        "--half", type=Path, metavar="FILE",
        help="of gpu: the model in half precision, as `reage-train rewrite --half` writes it",
    )
    add_flags(parser, (s for s in settings_of(Settings) if s.name in ("model", "crop_size")))
    how = ("tile", "device", "jobs")
    add_flags(parser, (s for s in settings_of(RenderJob) if s.name in how))
    parser.set_defaults(run=_bench)


def _bench(args: argparse.Namespace) -> int:
    from reage.tools.bench import BenchPlan, interactive, live, tables

    if args.interactive or args.live:
        for line in (live if args.live else interactive)(args.count):
            print(line, flush=True)
        return 0
    settings = Settings(
        source_age=50.0, target_age=25.0, crop_size=args.crop_size, model=args.model
    )
    how = (settings, args.tile, args.device, args.jobs, args.beside)
    plan = BenchPlan(args.size, args.count, *how)
    for line in _gpu_page(plan, args.half) if args.what == "gpu" else tables(args.what, plan):
        print(line, flush=True)
    return 0


def _gpu_page(plan: Any, half: Path | None) -> Iterator[str]:
    from reage.tools.bench import gpu

    return gpu.lines(gpu.GpuPlan(plan, half, gpu.SECONDS))


def _add_worker(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_worker)


def _worker(_: argparse.Namespace) -> int:
    from reage.service.worker import serve

    return serve()


# ---------------------------------------------------------------- flags out of settings


def add_flags(
    parser: argparse.ArgumentParser, settings: Iterable[Setting], required: tuple[str, ...] = ()
) -> None:
    """Give a command a flag for each setting, with its range, default and help."""
    for s in settings:
        default = ",".join(s.default) if s.many else s.default
        shown = "" if s.name in required or default is None or default is False else f" [{default}]"
        options: dict[str, Any] = {"help": s.help.replace("%", "%%") + shown}
        if s.type is bool:
            options["action"] = "store_true"
        else:
            options |= {"type": _words if s.many else s.reader, "default": s.default}
            options["metavar"] = s.metavar or ("|".join(s.choices) if s.choices else "N")
            options["required"] = s.name in required
        parser.add_argument(s.flag, **options)
        if s.once:
            hidden = {"dest": s.name, "default": argparse.SUPPRESS, "help": argparse.SUPPRESS}
            parser.add_argument(f"--{s.once}", **{**options, **hidden})


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _values(args: argparse.Namespace, cls: Any) -> dict[str, Any]:
    names = {f.name for f in fields(cls) if "setting" in f.metadata}
    return {name: value for name, value in vars(args).items() if name in names}


if __name__ == "__main__":
    sys.exit(main())
