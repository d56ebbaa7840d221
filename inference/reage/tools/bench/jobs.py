"""One frame at a time in the model, on all cores; two, with half of the cores each; and one on as
many cores as each of those two has: a model that does not use all cores by itself. Other frames are
read, encoded, decoded and written meanwhile in each case, so how many cores are busy says how much
there is left to gain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reage.models.onnx_model import OnnxModel
from reage.shot.one_thread import model_threads
from reage.shot.rendering import render
from reage.tools.bench.measured import Spent, Stopwatch
from reage.tools.bench.plan import SIZES, BenchPlan
from reage.tools.bench.shots import make_shot

_AIM = 1.7


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    count = plan.count // 2
    make_shot(folder, SIZES[plan.size], count)
    job, half = plan.job(folder), model_threads(2, plan.device)
    alone, two, one = (1, 0), (2, half), (1, half)
    # There and back, so that a machine that grows slower meanwhile is unfair to none.
    order = [alone, two, one, one, two, alone] if half else [alone, two, two, alone]
    spent = {case: Spent(0.0, 0.0) for case in order}
    models = {
        threads: OnnxModel.load(plan.settings.model, plan.device, threads=threads)
        for threads in {threads for _, threads in order}
    }
    for jobs, threads in order:
        watch = Stopwatch()
        report = render(replace(job, jobs=jobs), model=models[threads])
        spent[jobs, threads] += watch.spent
    yield f"2 × {count} frames of {plan.size}, {report.crop}; ms a frame"
    yield f"{'jobs':<6}{'threads each':>13}{'whole':>8}{'CPU':>8}{'cores busy':>12}"
    for (jobs, threads), each in spent.items():
        wall, cpu = (1000 * seconds / (2 * count) for seconds in (each.wall, each.cpu))
        yield f"{jobs:<6}{threads or 'all':>13}{wall:>8.0f}{cpu:>8.0f}{cpu / wall:>12.2f}"
    yield f"--jobs 2 / --jobs 1: {spent[two].wall / spent[alone].wall:.2f}"
    if half:
        yield (
            f"--jobs 2 is {spent[one].wall / spent[two].wall:.2f} times as fast as one job whose "
            f"model takes no more cores than each of the two (aim: {_AIM:g})"
        )
