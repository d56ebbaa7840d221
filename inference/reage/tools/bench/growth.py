"""What a frame costs in short and in long shots: all of it should stay as it is.

Plates, face and crop are small, so that what is around the model is seen, and a long shot takes
minutes, not an hour.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from reage.errors import SettingsError
from reage.shot.tracking import load_track, track_path
from reage.tools.bench.measured import in_a_process, measured
from reage.tools.bench.plan import BenchPlan
from reage.tools.bench.shots import make_shot

_SIZE, _SCALE, _CROP = (480, 270), 0.5, 256
_LEAST, _COUNTS = 10, (100, 1000)


@dataclass(frozen=True)
class ShotCost:
    """One shot: its frames, seconds on the wall and of the CPU in all, MB, calls of the file
    system, bytes of its track's file, and seconds to load that."""

    count: int
    wall: float
    cpu: float
    peak: float
    calls: int
    track: int
    load: float


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    if plan.count <= _LEAST:
        raise SettingsError(f"--count must be above {_LEAST} frames, to see what more of them add.")
    plan = replace(plan, settings=replace(plan.settings, crop_size=_CROP))
    shot = measured_shot(folder, plan, _LEAST)
    yield (
        f"plates of {_SIZE[0]}×{_SIZE[1]} px, crop {_CROP} px; {_LEAST} frames, with all that is "
        f"made once: {shot.wall:.1f} s, {shot.calls} file calls, {shot.peak:.0f} MB"
    )
    yield (
        f"{'up to':>7}{'ms':>8}{'CPU ms':>8}{'file calls':>12}{'track kB':>10}{'load ms':>9}"
        f"{'memory kB':>11}{'peak MB':>9}"
    )
    for count in (*(n for n in _COUNTS if n < plan.count), plan.count):
        before, shot = shot, measured_shot(folder, plan, count)
        more = count - before.count
        yield (
            f"{count:>7}{1000 * (shot.wall - before.wall) / more:>8.1f}"
            f"{1000 * (shot.cpu - before.cpu) / more:>8.1f}"
            f"{(shot.calls - before.calls) / more:>12.2f}"
            f"{(shot.track - before.track) / more / 1000:>10.2f}"
            f"{1000 * (shot.load - before.load) / more:>9.2f}"
            f"{1024 * (shot.peak - before.peak) / more:>11.0f}{shot.peak:>9.0f}"
        )
    yield "(what each further frame adds: the shot less the one above it; the peak is the shot's)"


def measured_shot(folder: Path, plan: BenchPlan, count: int) -> ShotCost:
    """A shot of `count` frames, made, rendered and taken away."""
    place = folder / str(count)
    make_shot(place, _SIZE, count, scale=_SCALE)
    job = plan.job(place)
    done, track = in_a_process(measured, job, True), track_path(job.output)
    shot = ShotCost(
        count, done.spent.wall, done.spent.cpu, done.peak, done.calls, track.stat().st_size,
        _loading(track),
    )  # fmt: skip
    shutil.rmtree(place)
    return shot


def _loading(track: Path) -> float:
    """Seconds of the CPU."""
    start = time.process_time()
    load_track(track)
    return time.process_time() - start
