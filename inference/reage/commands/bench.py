"""where the time and the memory go"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reage.commands.flags import add_flags
from reage.job import RenderJob
from reage.settings import Settings, settings_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", default="speed",
        choices=(
            "speed", "stages", "plates", "memory", "growth", "disk", "jobs", "chunks", "against",
            "ladder", "still", "gpu",
        ),
        help="speed: stages of one render beside the model alone; stages: each by itself beside "
        "what no program could do without; plates: 2K, 4K and 8K with "
        "the same face; memory: of short and long shots; growth: what a frame costs in them, up "
        "to --count; disk: how large a frame is; jobs: one and two frames at a time in the model; "
        "chunks: what chunks of ten frames cost, each a process, as on a farm; "
        "against: this model and another on the same crops; ladder: how far mixes of rungs are "
        "off; still: how still a stabilized face is; gpu: all that is to be known of a device, "
        "in less than four minutes, on shots of its own sizes [speed]",
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
    how = ("tile", "device", "jobs", "ladder")
    add_flags(parser, (s for s in settings_of(RenderJob) if s.name in how))


def run(args: argparse.Namespace) -> int:
    from reage.tools.bench import BenchPlan, interactive, live, tables

    if args.interactive or args.live:
        for line in (live if args.live else interactive)(args.count):
            print(line, flush=True)
        return 0
    settings = Settings(
        source_age=50.0, target_age=25.0, crop_size=args.crop_size, model=args.model
    )
    how = (settings, args.tile, args.device, args.jobs, args.beside)
    more = {"ladder": args.ladder} if args.ladder else {}
    plan = BenchPlan(args.size, args.count, *how, **more)
    for line in _gpu_page(plan, args.half) if args.what == "gpu" else tables(args.what, plan):
        print(line, flush=True)
    return 0


def _gpu_page(plan: Any, half: Path | None) -> Iterator[str]:
    from reage.tools.bench import gpu

    return gpu.lines(gpu.GpuPlan(plan, half, gpu.SECONDS))
