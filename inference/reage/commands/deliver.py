"""write what leaves the house out of baked layers, signed with your own key"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from reage.commands.flags import add_flags, values
from reage.errors import SettingsError
from reage.job import RenderJob
from reage.settings import LIVE, Setting, Settings, settings_of
from reage.tools.console import Console, add_console_flags

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
    add("--key", type=Path, metavar="PEM", help="of --sign: the key that belongs to it, PKCS #8")
    add("--algorithm", default="es256", help="of --sign [es256]")
    add("--timestamp", default="", metavar="URL",
        help="of --sign: an authority that says when; nothing else asks a network")  # fmt: skip
    add("--allow", default="", metavar="LIST",
        help="of --sign: what those who get it may do, out of inference, training, generative, "
        "mining; nothing is allowed otherwise")  # fmt: skip
    add("--watermarked", default="", metavar="WORDS",
        help="who put which invisible watermark in; ReAge puts none")  # fmt: skip
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
    report = deliver(args.baked, job, look.get("blend"), terms, console.progress)
    console.result(report.text(), report.document())
    if console.quiet:
        console.complaint("\n".join(report.notices))
    return 0
