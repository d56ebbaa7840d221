"""make the face track of a shot or of a render job, or edit one"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from reage.commands.flags import add_flags, values
from reage.commands.job_flags import add_plate_flag, names_a_job, over, refuse_plate_flag
from reage.errors import FaceError, SettingsError
from reage.job import RenderJob
from reage.settings import Settings, settings_of
from reage.tools.console import Console, add_console_flags
from reage.tools.edit_flags import add_edit_flags, edits_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "plate",
        help="the shot; or a render job, job.json, over which flags win; or a track's .json file, "
        "to edit it",
    )
    parser.add_argument(
        "-o", "--output", type=Path, dest="to",
        help="where the track's JSON goes: of a job to the file that it names, else beside its "
        "output, as a render puts it; with --list a PNG, or a JSON file for --faces",
    )  # fmt: skip
    parser.add_argument(
        "--list", action="store_true",
        help="track nothing: say which faces there are, and write a picture of them, or a file of "
        "settings for each, to -o",
    )
    add_plate_flag(parser)
    track = ("face", "smooth", "colorspace", "pixel_aspect", "frames", "missing", "layer")
    both = [*settings_of(Settings), *settings_of(RenderJob)]
    add_flags(parser, (s for s in both if s.name in track), said_only=True)
    add_edit_flags(parser)
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.shot import editing

    console = Console.of(args)
    if args.list:
        return _list_faces(args, console)
    edits = edits_of(args)
    if Path(args.plate).suffix != ".json" or names_a_job(args.plate):
        return _make(_job(args), edits, console, args)
    path = args.to or Path(args.plate)
    if not edits:
        raise SettingsError("Say with --at which frames to edit, such as --at 1005.")
    return _tell([(path, editing.edit_track_file(Path(args.plate), path, edits))], console)


def _job(args: argparse.Namespace) -> RenderJob:
    """The job whose track is asked for."""
    if not names_a_job(args.plate):
        refuse_plate_flag(args)
        return RenderJob(
            args.plate, "", Settings(**values(args, Settings)), **values(args, RenderJob)
        )
    job = over(RenderJob.load(Path(args.plate)), args)
    return replace(job, faces=None) if "face" in args else job


def _make(job: RenderJob, edits: Any, console: Console, args: argparse.Namespace) -> int:
    """One track; of a job of several faces one for each that is pointed at."""
    from reage.shot import editing, tracking

    made = []
    for one, path in _wanted(job, args.to, bool(edits)):
        track = tracking.make_track(one, path, console.progress, tell=console.complaint)
        if edits:
            track = editing.edit_track_file(path, path, edits)
        made.append((path, track))
    return _tell(made, console)


def _wanted(
    job: RenderJob, to: Path | None, edited: bool
) -> Iterator[tuple[RenderJob, Path]]:
    """Jobs of one face, and where the track of each goes."""
    from reage.shot import faces_file, tracking
    from reage.shot.footage import Footage

    if not job.output or not faces_file.of_several(job):
        path = to or Path(job.track or tracking.track_path(job.output or job.plate))
        yield replace(job, track=None), path
        return
    if to or edited:
        raise SettingsError(
            "The job has several faces, and each a track; leave -o and --at away, or say with "
            "--face which one is meant."
        )
    yield from faces_file.to_be_followed(job, Footage.open(job))


def _tell(made: list[tuple[Path, Any]], console: Console) -> int:
    from reage.shot import tracking
    from reage.shot.track_notes import sentence, track_notes

    if not made:
        raise FaceError("Every face of the job names a track of its own; there is none to make.")
    for path, track in made:
        said = tracking.summary(track)
        looks = track_notes(track, track.frames)
        text = f"{said}\ntrack: {path}" + (f"\nworth a look: {sentence(looks)}" if looks else "")
        console.result(text, {"track": str(path), "summary": said, "worth_a_look": looks})
    if not any(track.at(n) for _, track in made for n in track.frames):
        raise FaceError(tracking.NO_FACE)
    return 0


def _list_faces(args: argparse.Namespace, console: Console) -> int:
    from reage.media.overwriting import refuse_overwriting
    from reage.tools.face_list import FaceList

    if Path(args.plate).suffix == ".json" and not names_a_job(args.plate):
        raise SettingsError("--list looks at a shot's pictures; name the plate, not its track.")
    if args.edits:
        raise SettingsError("--list edits nothing; leave --at and what follows it away.")
    kind = args.to.suffix.lower() if args.to else ""
    if kind not in ("", ".png", ".json"):
        raise SettingsError(
            f"With --list a picture or a faces file is written: name it *.png or *.json, not "
            f"{args.to}."
        )
    job = _job(args)
    refuse_overwriting([args.to], [("plate", job.plate)])
    found = FaceList.of(job)
    what = "faces_file" if kind == ".json" else "sheet"
    kept = found.write_faces_file(args.to) if kind == ".json" else ""
    console.complaint(kept)
    if kind == ".png":
        found.write_sheet(args.to)
    text = found.text()
    if kind:
        text += f"\n{what.replace('_', ' ')}: {args.to}"
    told = {**found.document(), "sheet": "", "kept": kept, what: str(args.to or "")}
    console.result(text, told)
    return 0
