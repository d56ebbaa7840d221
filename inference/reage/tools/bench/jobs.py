"""One frame at a time in the model, on all cores, and two, with half of the cores each."""

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

_ORDER = (1, 2, 2, 1)
"""So that a machine that grows slower meanwhile is unfair to neither."""


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    count = plan.count // 2
    make_shot(folder, SIZES[plan.size], count)
    job, spent = plan.job(folder), {jobs: Spent(0.0, 0.0) for jobs in _ORDER}
    threads = {jobs: model_threads(jobs, plan.device) for jobs in spent}
    models = {
        jobs: OnnxModel.load(plan.settings.model, plan.device, threads=threads[jobs])
        for jobs in spent
    }
    for jobs in _ORDER:
        watch = Stopwatch()
        report = render(replace(job, jobs=jobs), model=models[jobs])
        spent[jobs] += watch.spent
    yield f"2 × {count} frames of {plan.size}, {report.crop}; ms a frame"
    yield f"{'jobs':<6}{'threads each':>13}{'whole':>8}{'CPU':>8}"
    for jobs, each in spent.items():
        wall, cpu = (1000 * seconds / (2 * count) for seconds in (each.wall, each.cpu))
        yield f"{jobs:<6}{threads[jobs] or 'all':>13}{wall:>8.0f}{cpu:>8.0f}"
    yield f"--jobs 2 / --jobs 1: {spent[2].wall / spent[1].wall:.2f}"
