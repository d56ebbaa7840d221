"""2K, 4K and 8K plates with the same face, as scanline and as tiled EXR."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reage.tools.bench.measured import Measured, in_a_process, measured
from reage.tools.bench.plan import SIZES, STAGES, BenchPlan
from reage.tools.bench.shots import make_shot

_LEAST, _MOST = 4, 40
_AIMS = {"tiled": 1.3, "lines": 2.0}
"""What the slowest of a kind may take of the fastest."""


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    """What a further frame takes: a shot less a short one, as a whole plate is looked at once."""
    count = min(plan.count, _MOST)
    more = count - _LEAST
    taken: dict[str, list[float]] = {kind: [] for kind in _AIMS}
    yield f"{count} frames, the same face in each plate; ms of a further frame, and s once"
    names = (*STAGES, "CPU", "whole", "/ 2K", "once")
    yield f"{'plate':<10}" + "".join(f"{name:>7}" for name in names) + f"{'peak MB':>9}"
    for name in ("2K", "4K", "8K"):
        for kind, tile in (("lines", 0), ("tiled", 64)):
            place = folder / f"{name}{kind}"
            make_shot(place, SIZES[name], count, tile)
            brief, done = (
                in_a_process(measured, replace(plan.job(place), frames=f"1-{frames}"))
                for frames in (_LEAST, count)
            )
            shutil.rmtree(place)
            further = [
                1000 * (b - a) / more for a, b in zip(_cells(brief), _cells(done), strict=True)
            ]
            taken[kind].append(further[-1])
            once = brief.spent.wall - _LEAST * further[-1] / 1000
            yield (
                f"{f'{name} {kind}':<10}" + "".join(f"{ms:>7.0f}" for ms in further)
                + f"{further[-1] / taken[kind][0]:>7.2f}{once:>7.1f}{done.peak:>9.0f}"
            )
    for kind, most in _AIMS.items():
        ratio = max(taken[kind]) / min(taken[kind])
        yield f"{kind}, slowest / fastest: {ratio:.2f} (aim: at most {most:g})"


def _cells(done: Measured) -> list[float]:
    """Seconds, in the table's order."""
    return [*(done.seconds[stage] for stage in STAGES), done.spent.cpu, done.spent.wall]
