"""2K, 4K and 8K plates with the same face, as scanline and as tiled EXR."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from reage.tools.bench.measured import in_a_process, measured
from reage.tools.bench.plan import SIZES, STAGES, BenchPlan
from reage.tools.bench.shots import make_shot

_MOST = 24
_AIMS = {"tiled": 1.3, "lines": 2.0}
"""What the slowest of a kind may take of the fastest."""


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    count = min(plan.count, _MOST)
    yield f"{count} frames, the same face in each plate; ms a frame"
    yield (
        f"{'plate':<12}" + "".join(f"{s:>8}" for s in (*STAGES, "CPU", "whole"))
        + f"{'/ 2K':>8}{'peak MB':>9}"
    )
    whole: dict[str, list[float]] = {kind: [] for kind in _AIMS}
    for name in ("2K", "4K", "8K"):
        for kind, tile in (("lines", 0), ("tiled", 64)):
            place = folder / f"{name}{kind}"
            make_shot(place, SIZES[name], count, tile)
            done = in_a_process(measured, plan.job(place))
            shutil.rmtree(place)
            spent = done.spent
            whole[kind].append(spent.wall)
            cells = (*(done.seconds[stage] for stage in STAGES), spent.cpu, spent.wall)
            yield (
                f"{f'{name} {kind}':<12}"
                + "".join(f"{1000 * seconds / count:>8.0f}" for seconds in cells)
                + f"{spent.wall / whole[kind][0]:>8.2f}{done.peak:>9.0f}"
            )
    for kind, most in _AIMS.items():
        ratio = max(whole[kind]) / min(whole[kind])
        yield f"{kind}, slowest / fastest: {ratio:.2f} (aim: at most {most:g})"
