"""One render, stage by stage, and its whole beside the model alone on the same tiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reage.models.onnx_model import OnnxModel
from reage.shot.clock import Clock
from reage.shot.one_thread import model_threads
from reage.shot.rendering import render
from reage.tools.bench.measured import Stopwatch, model_alone
from reage.tools.bench.plan import SIZES, STAGES, BenchPlan
from reage.tools.bench.shots import make_shot


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    make_shot(folder, SIZES[plan.size], plan.count)
    threads = model_threads(plan.jobs, plan.device)
    model = OnnxModel.load(plan.settings.model, plan.device, threads=threads)
    job, count = plan.job(folder), plan.count
    before = model_alone(job, model, count // 2)
    clock, watch = Clock(), Stopwatch()
    report = render(job, model=model, clock=clock)
    spent = watch.spent
    alone = before + model_alone(job, model, count - count // 2)
    yield f"{count} frames of {plan.size}, {report.crop}, on {model.device}"
    yield f"{'stage':<10}{'seconds':>9}{'ms/frame':>10}{'share':>8}"
    for stage in STAGES:
        yield _row(stage, clock.seconds[stage], count, report.seconds)
    yield _row("whole", report.seconds, count, report.seconds)
    yield _row("model", alone.wall, count, report.seconds)
    yield f"whole / model alone on the same tiles: {report.seconds / alone.wall:.2f}"
    whole, model_cpu = (1000 * each.cpu / count for each in (spent, alone))
    yield (
        f"CPU time of a frame: {whole:.0f} ms, of which the model alone {model_cpu:.0f}; beyond "
        f"the model {whole - model_cpu:.0f}"
    )
    megapixels = count * report.crop.side**2 / 1e6
    yield (
        f"the model, a megapixel of its crop: {1000 * alone.wall / megapixels:.0f} ms, "
        f"{1000 * alone.cpu / megapixels:.0f} of CPU time"
    )
    yield (
        "(the track reads the plates; stages of different frames run side by side: their shares "
        "add up to more than 1)"
    )


def _row(name: str, seconds: float, frames: int, whole: float) -> str:
    return f"{name:<10}{seconds:>9.2f}{seconds / frames * 1000:>10.1f}{seconds / whole:>8.2f}"
