"""hold a face still for paint and roto, and lead back: ST maps, Nuke nodes, a USD mesh"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.commands.flags import add_flags
from reage.job import RenderJob
from reage.settings import settings_of
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("track", type=Path, help="the face track, as `reage track` writes it")
    parser.add_argument("--plate", required=True, help="the shot that was tracked")
    parser.add_argument(
        "-o", "--output", required=True, metavar="EXR",
        help="out/still.%%04d.exr: the maps are out/still.stabilize.%%04d.exr, from the plate to "
        "the still face, and out/still.matchmove.%%04d.exr, back; Nuke's nodes are out/still.nk",
    )  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--at", type=int, metavar="FRAME",
        help="hold the face where it is in this frame [the one that shows most of its skin]",
    )
    which.add_argument(
        "--frontal", action="store_true",
        help="hold it straight on and upright in the plate's middle, by a typical face's mesh",
    )
    parser.add_argument(
        "--usd", type=Path, metavar="FILE",
        help="the 468 points over the shot as well, as a USD mesh (*.usd, *.usda or *.usdc)",
    )
    add_flags(parser, (s for s in settings_of(RenderJob) if s.name in ("frames", "rate")))
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.media.overwriting import refuse_overwriting
    from reage.media.sequence import compact
    from reage.shot.stabilizing import still_face, write_st_maps
    from reage.shot.tracking import load_track
    from reage.tools.still_files import nodes_file, rate_of_shot, write_nodes

    console, track = Console.of(args), load_track(args.track)
    still = still_face(
        track, args.plate, args.output, args.at, args.frontal, args.frames, str(args.track)
    )
    nodes, written = nodes_file(args.output), [*filter(None, [args.usd])]
    refuse_overwriting([nodes, *written], [("plate", args.plate), ("track", args.track)])
    if args.usd:
        from reage.tools.still_usd import check_usd, write_usd

        check_usd(args.usd)
    write_st_maps(still, console.progress)
    write_nodes(nodes, still)
    if args.usd:
        write_usd(args.usd, still, rate_of_shot(still, args.rate))
    at = "a frontal face" if still.at is None else f"the face of frame {still.at}"
    lines = [f"held still: {at}; frames {compact(still.frames)}"]
    if still.faceless:
        lines.append(f"no face, left as they are: {compact(still.faceless)}")
    lines += [f"plate to still face: {still.stabilize}", f"and back: {still.matchmove}"]
    lines += [f"Nuke nodes: {nodes}", *(f"USD: {path}" for path in written)]
    document = {
        "stabilize": still.stabilize, "matchmove": still.matchmove, "nodes": str(nodes),
        "usd": str(args.usd or ""), "at": still.at, "frames": list(still.frames),
        "faceless": list(still.faceless),
    }  # fmt: skip
    console.result("\n".join(lines), document)
    return 0
