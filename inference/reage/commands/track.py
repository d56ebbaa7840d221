"""make the face track of a shot, or edit one"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.commands.flags import add_flags, values
from reage.errors import FaceError, SettingsError
from reage.job import RenderJob
from reage.settings import Settings, settings_of
from reage.tools.console import Console, add_console_flags
from reage.tools.edit_flags import add_edit_flags, edits_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
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


def run(args: argparse.Namespace) -> int:
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
        settings = Settings(**values(args, Settings))
        job = RenderJob(args.plate, str(path), settings, **values(args, RenderJob))
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
    job = RenderJob(args.plate, "", settings, **values(args, RenderJob))
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
