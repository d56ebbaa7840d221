"""Peak memory of a short and a long shot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reage.tools.bench.measured import in_a_process, measured
from reage.tools.bench.plan import SIZES, BenchPlan
from reage.tools.bench.shots import make_shot


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    yield f"{plan.size}{'frames':>8}{'peak MB':>10}"
    for count in (10, 300):
        place = folder / str(count)
        make_shot(place, SIZES[plan.size], count)
        yield f"{'':<5}{count:>8}{in_a_process(measured, plan.job(place)).peak:>10.0f}"
