"""write what leaves the house out of baked layers, signed with your own key"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reage.commands.flags import add_flags, values
from reage.errors import SettingsError
from reage.job import RenderJob
from reage.settings import LIVE, Setting, Settings, settings_of
from reage.tools.console import Console, add_console_flags

if TYPE_CHECKING:
    from reage.shot.stabilizing import StillFace

_READ = ("colorspace", "pixel_aspect")
_OF_JOB = ("frames", "layer", "working_space", "rate", "missing")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("baked", metavar="layers", help="what `reage render` baked: out/shot_reage.%%04d.exr")
    add("-o", "--output", required=True,
        help="face.mov, face.mp4, face.%%04d.tif, .png, .jpg, .dpx; or face.zip, the layers as "
        "they are")  # fmt: skip
    add("--plate", default="",
        help="the plate that was rendered; not needed where layers hold the beauty")  # fmt: skip
    live = [_of_layers(s) for s in settings_of(Settings) if s.name in (*LIVE, *_READ)]
    add_flags(parser, [*live, *(s for s in settings_of(RenderJob) if s.name in _OF_JOB)],
              said_only=True)  # fmt: skip
    add("--sign", type=Path, metavar="PEM",
        help="your certificate, and the one that issued it after it")  # fmt: skip
    add("--key", type=Path, metavar="PEM",
        help="of --sign: the key that belongs to it, without a passphrase")  # fmt: skip
    add("--algorithm", default="es256", help="of --sign [es256]")
    add("--timestamp", default="", metavar="URL",
        help="of --sign: an authority that says when, so that it holds after the certificate's "
        "end; nothing else asks a network")  # fmt: skip
    add("--allow", default="", metavar="LIST",
        help="of --sign: what those who get it may do, out of inference, training, generative, "
        "mining; nothing is allowed otherwise")  # fmt: skip
    add("--watermarked", default="", metavar="WORDS",
        help="who put which invisible watermark in; ReAge puts none")  # fmt: skip
    add("--st-map", metavar="EXR",
        help="out/still.%%04d.exr: ST maps as well, which hold the face still and lead back, with "
        "Nuke's nodes for them, as `reage stabilize` makes them")  # fmt: skip
    add("--track", type=Path, help="of --st-map: the face track [beside the layers]")
    add_console_flags(parser)


def _of_layers(setting: Setting) -> Setting:
    """Only here blend has no default of its own."""
    if setting.name != "blend":
        return setting
    help = "How much of the change is shown; else what the layers' headers say."
    return replace(setting, help=help, default=None)


def run(args: argparse.Namespace) -> int:
    from reage.trail.delivery import deliver
    from reage.trail.manifest import USES
    from reage.trail.mixed import Terms
    from reage.trail.signing import Signer

    if bool(args.sign) != bool(args.key):
        raise SettingsError("Signing takes both, --sign with certificates and --key.")
    allowed = tuple(filter(None, (word.strip() for word in args.allow.split(","))))
    if strange := [word for word in allowed if word not in USES]:
        raise SettingsError(f"--allow takes {', '.join(USES)}; not {', '.join(strange)}.")
    signer = None
    if args.sign:
        signer = Signer.open(args.sign, args.key, args.algorithm, args.timestamp)
    look = values(args, Settings)
    job = RenderJob(args.plate, args.output, Settings(**look), **values(args, RenderJob))
    console = Console.of(args)
    terms = Terms(signer, allowed, args.watermarked)
    still = _still(args, job) if args.st_map else None
    report = deliver(args.baked, job, look.get("blend"), terms, console.progress)
    text, document = report.text(), report.document()
    if still is not None:
        from reage.shot.stabilizing import write_st_maps
        from reage.tools.still_files import nodes_file, write_nodes

        write_st_maps(still, console.progress)
        write_nodes(nodes_file(args.st_map), still)
        text += f"\nST maps, not signed: {still.stabilize}, and back: {still.matchmove}"
        document |= {"stabilize": still.stabilize, "matchmove": still.matchmove}
    console.result(text, document)
    if console.quiet:
        console.complaint("\n".join(report.notices))
    return 0


def _still(args: argparse.Namespace, job: RenderJob) -> StillFace:
    """What --st-map asks for, refused before anything is written."""
    from reage.media.overwriting import refuse_overwriting
    from reage.media.sequence import frame_paths
    from reage.shot.stabilizing import still_face
    from reage.shot.tracking import load_track
    from reage.tools.still_files import nodes_file

    if not job.plate:
        raise SettingsError("--st-map is of the plate; name it with --plate.")
    track = args.track or _track_beside(args.baked)
    still = still_face(
        load_track(track), job.plate, args.st_map, frames=job.frames, where=str(track)
    )
    maps = [f for p in (still.stabilize, still.matchmove)
            for f in frame_paths(p, still.frames).values()]  # fmt: skip
    read = [("plate", job.plate), ("track", track), ("layers", args.baked)]
    refuse_overwriting([*maps, nodes_file(args.st_map)], [*read, ("delivery", job.output)])
    return still


def _track_beside(layers: str) -> Path:
    """Where a render put it; that of a ladder's rungs is beside them all."""
    from reage.media.patterns import without_rung
    from reage.shot.tracking import track_path

    own = track_path(layers)
    return own if own.is_file() else track_path(without_rung(layers))
