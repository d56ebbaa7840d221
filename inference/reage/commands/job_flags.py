"""The render job that a command is about: a plate with flags, or a job's file and flags over it."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from reage import strict_json
from reage.commands.flags import AGES, add_flags, values
from reage.errors import SettingsError
from reage.job import LIMITS, RenderJob
from reage.settings import Setting, Settings, settings_of


def add_job_flags(
    parser: argparse.ArgumentParser, output: tuple[str, ...] = ("-o", "--output")
) -> None:
    """Give a command all that a render is told; output: the flags by which it hears of that."""
    parser.add_argument(
        "plate",
        help="shot.%%04d.exr, shot.####.exr, one image, or a movie; or a render job, job.json, "
        "over which flags win",
    )
    parser.add_argument(
        *output, dest="output", default=argparse.SUPPRESS,
        help="layers: out/shot_reage.%%04d.exr; the finished picture: face.mov, face.mp4, or "
        "face.%%04d.png, .tif, .jpg, .dpx",
    )  # fmt: skip
    add_plate_flag(parser)
    shot = [_or_all(s) if s.name == "face" else s for s in settings_of(Settings)]
    add_flags(parser, [*shot, *settings_of(RenderJob)], said_only=True)


def add_plate_flag(parser: argparse.ArgumentParser) -> None:
    """Give a command that takes a job's file the plate as a flag, which wins as all flags do: the
    machines of a farm may have it at another place."""
    parser.add_argument(
        "--plate", dest="plate_of_job", default=argparse.SUPPRESS, metavar="FILE",
        help="with job.json: the plate, in place of the one that it names",
    )  # fmt: skip


def names_a_job(plate: str) -> bool:
    """Whether what a command was given is a render job's file, and not a plate or a track's."""
    path = Path(plate)
    if path.suffix != ".json":
        return False
    try:
        with path.open("rb") as file:
            if b'"reage_track"' in file.read(1024):  # which may be a GiB long
                return False
        return "plate" in strict_json.load(path, "", SettingsError, LIMITS)
    except (OSError, ValueError, TypeError, SettingsError):
        return False  # whoever reads it tells why


def job_file(args: argparse.Namespace) -> Path | None:
    """The render job's file that a command was given; None where that is a plate."""
    path = Path(args.plate)
    return path if path.suffix == ".json" else None


def over(job: RenderJob, args: argparse.Namespace) -> RenderJob:
    """A job's file with the flags of a command over it: what a flag sets holds at every frame, and
    a target age and a ladder take each other's place. Raises SettingsError."""
    said, look = values(args, RenderJob), values(args, Settings)
    if "target_age" in look:
        said["ladder"] = None
    said["by_frame"] = _without(job, {*look, *(("target_age",) if said.get("ladder") else ())})
    if "output" in args:
        said["output"] = args.output
    if "plate_of_job" in args:
        said["plate"] = args.plate_of_job
    return replace(job, **said, settings=replace(job.settings, **look))


def _without(job: RenderJob, names: Collection[str]) -> dict[int, dict[str, float]]:
    """A job's keys, but those of some settings."""
    keys = {
        number: {name: value for name, value in values.items() if name not in names}
        for number, values in job.by_frame.items()
    }
    return {number: values for number, values in keys.items() if values}


def _or_all(face: Setting) -> Setting:
    """Only a render takes several faces at once."""
    return replace(face, help=f"{face.help} Or all.", metavar=f"{face.metavar}|all")


def job_of(args: argparse.Namespace) -> RenderJob:
    """What a command's arguments say. Raises SettingsError."""
    said, look = values(args, RenderJob), values(args, Settings)
    if "ladder" in said and "target_age" in look:
        raise SettingsError("--ladder takes the place of --target-age; leave one of them away.")
    if path := job_file(args):
        return over(RenderJob.load(path), args)
    refuse_plate_flag(args)
    if "ladder" in said:
        look["target_age"] = Settings.target_age
    if "output" in args:
        said["output"] = args.output
    if missing := [name for name in AGES if name not in look]:
        flags = " and ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise SettingsError(f"Say how old the face is and is to be, with {flags}.")
    if "output" not in said:
        raise SettingsError("Say with --output where the layers or the finished picture go.")
    if "pattern" not in look:
        look["pattern"] = _pattern_beside(look.get("model"))
    return RenderJob(args.plate, **said, settings=Settings(**look))


def refuse_plate_flag(args: argparse.Namespace) -> None:
    """Raises SettingsError where no job's file is there whose plate it could replace."""
    if "plate_of_job" in args:
        raise SettingsError("--plate goes with a job.json; otherwise name the plate alone.")


def _pattern_beside(model: str | None) -> Any:
    """What a render takes where no pattern is asked for: a bundle's own album, if it has one."""
    from reage.album import own_album

    page = own_album(model)
    return str(page) if page else Settings.pattern
