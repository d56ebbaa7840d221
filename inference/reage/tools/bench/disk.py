"""How large a frame is on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reage.shot.rendering import render
from reage.tools.bench.plan import SIZES, BenchPlan
from reage.tools.bench.shots import FACE, make_shot

_SCALE = 4.0


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    make_shot(folder, SIZES["UHD"], 1, scale=_SCALE)
    yield f"UHD, a face {FACE * _SCALE:.0f} px high, with delta, matte and parts; MB a frame"
    for kind in ("half", "float"):
        job = replace(plan.job(folder), layers=("delta", "matte", "parts"), datatype=kind)
        render(job)
        size = Path(job.output.replace("%04d", "0001")).stat().st_size
        yield f"{kind:<6}{size / 1e6:>8.1f}"
