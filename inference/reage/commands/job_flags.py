"""The render job that a command is about: a plate with flags, or a job's file and flags over it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from reage.commands.flags import AGES, add_flags, values
from reage.errors import SettingsError
from reage.job import RenderJob
from reage.settings import Setting, Settings, settings_of


def add_job_flags(parser: argparse.ArgumentParser) -> None:
    """Give a command all that a render is told."""
    parser.add_argument(
        "plate",
        help="shot.%%04d.exr, shot.####.exr, one image, or a movie; or a render job, job.json, "
        "over which flags win",
    )
    parser.add_argument(
        "-o", "--output", default=argparse.SUPPRESS,
        help="layers: out/shot_reage.%%04d.exr; the finished picture: face.mov, face.mp4, or "
        "face.%%04d.png, .tif, .jpg, .dpx",
    )  # fmt: skip
    shot = [_or_all(s) if s.name == "face" else s for s in settings_of(Settings)]
    add_flags(parser, [*shot, *settings_of(RenderJob)], said_only=True)


def _or_all(face: Setting) -> Setting:
    """Only a render takes several faces at once."""
    return replace(face, help=f"{face.help} Or all.", metavar=f"{face.metavar}|all")


def job_of(args: argparse.Namespace) -> RenderJob:
    """What a command's arguments say. Raises SettingsError."""
    said, look = values(args, RenderJob), values(args, Settings)
    if "output" in args:
        said["output"] = args.output
    if "ladder" in said:
        if "target_age" in look:
            raise SettingsError("--ladder takes the place of --target-age; leave one of them away.")
        look |= {} if Path(args.plate).suffix == ".json" else {"target_age": Settings.target_age}
    if Path(args.plate).suffix == ".json":
        job = RenderJob.load(Path(args.plate))
        return replace(job, **said, settings=replace(job.settings, **look))
    if missing := [name for name in AGES if name not in look]:
        flags = " and ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise SettingsError(f"Say how old the face is and is to be, with {flags}.")
    if "output" not in said:
        raise SettingsError("Say with -o where the layers or the finished picture go.")
    if "pattern" not in look:
        look["pattern"] = _pattern_beside(look.get("model"))
    return RenderJob(args.plate, **said, settings=Settings(**look))


def _pattern_beside(model: str | None) -> Any:
    """What a render takes where no pattern is asked for: a bundle's own album, if it has one."""
    from reage.album import own_album

    page = own_album(model)
    return str(page) if page else Settings.pattern
