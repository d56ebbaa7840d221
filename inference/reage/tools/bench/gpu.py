"""`reage bench gpu`: all that is to be known of a GPU, on one page, in less than four minutes.

What is really used, its pixels beside the CPU's, tiles by how many and in which precision, whole
shots, the mirror, memory. It runs on any device, the CPU too. What no longer fits into its time
is left out, and named.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path

from reage.errors import OutOfMemory, SettingsError
from reage.frame.pipeline import Prepared
from reage.models.model import ModelInput
from reage.models.onnx_model import OnnxModel
from reage.tools.alike import Alike
from reage.tools.bench import live, tables
from reage.tools.bench.measured import prepared
from reage.tools.bench.plan import SIZES, BenchPlan
from reage.tools.bench.shots import make_shot
from reage.tools.machine import gpu_memory, nvidia_gpus, peak_memory

SECONDS = 225.0
"""All of it takes no longer than this."""

_CELL = 1.5
"""Seconds that one figure of the table of tiles is measured for."""

_KEPT = 110.0
"""Seconds that the table of tiles leaves to whole shots and the mirror."""

_TUNED = {
    "TF32": {"use_tf32": "1"},
    "NHWC": {"prefer_nhwc": "1"},
    "exhaustive": {"cudnn_conv_algo_search": "EXHAUSTIVE"},
}
"""Options of CUDA that are not used, to see what that costs."""


@dataclass(frozen=True)
class GpuPlan:
    """plan: its model, tile, device and jobs count; half: the same model in half precision, as
    `reage-train rewrite --half` writes it; seconds: all that there are"""

    plan: BenchPlan
    half: Path | None
    seconds: float
    begun: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return self.begun + self.seconds - time.monotonic()


def lines(gpu: GpuPlan) -> Iterator[str]:
    """The page's lines, each as soon as it is known. Raises SettingsError where the device cannot
    be used, ModelError."""
    memory = gpu_memory()
    plan = gpu.plan
    model = OnnxModel.load(plan.settings.model, plan.device)
    yield from _used(gpu, model)
    models = {"float32": model}
    if gpu.half:
        models["half"] = OnnxModel.load(gpu.half, plan.device)
    else:
        yield "half: not measured; --half FILE takes what `reage-train rewrite --half` writes"
    with tempfile.TemporaryDirectory(prefix="reage-bench-") as folder:
        frames = cache(partial(_frames, Path(folder), plan, model))
        yield from _timely(gpu, 20, "pixels", lambda: _pixels(gpu, models, frames()))
        yield from _timely(gpu, 30, "tiles", lambda: _tiles(gpu, models, frames()))
        yield from _timely(gpu, 30, "options", lambda: _options(gpu, model, frames()[1024]))
    shots = [
        replace(plan, size=size, count=48 if model.device != "CPU" else 8,
                settings=replace(plan.settings, crop_size=crop))
        for size, crop in (("1080p", 512), ("UHD", 1024))
    ]  # fmt: skip
    yield from _timely(gpu, 25, "a shot of 1080p", partial(tables, "speed", shots[0]))
    if model.device != "CPU":  # one's copies, and what the CPU does, go on beside the other
        both = replace(shots[0], jobs=2)
        yield from _timely(gpu, 25, "two frames at a time", partial(tables, "speed", both))
    yield from _timely(gpu, 35, "the mirror", _mirror)
    yield from _timely(gpu, 45, "a shot of UHD", partial(tables, "speed", shots[1]))
    yield from _memory(memory)
    yield f"({gpu.seconds - gpu.left:.0f} s of {gpu.seconds:.0f})"


def _timely(
    gpu: GpuPlan, needs: float, what: str, measure: Callable[[], Iterator[str]]
) -> Iterator[str]:
    """A section, if there is time for it."""
    yield ""
    if gpu.left < needs:
        yield f"{what}: left out, as {max(gpu.left, 0):.0f} s are left and it needs {needs:.0f}"
    else:
        yield from measure()


def _frames(place: Path, plan: BenchPlan, model: OnnxModel) -> dict[int, list[Prepared]]:
    """By the side of the crop: two frames of a shot, as the model sees them, made older."""
    make_shot(place, SIZES["1080p"], 8)
    found = {}
    for side in (512, 1024):
        settings = replace(plan.settings, crop_size=side, source_age=50.0, target_age=80.0)
        ready = prepared(replace(plan, settings=settings).job(place), model)
        found[side] = list(islice(ready, 2))
    return found


# ---------------------------------------------------------------- the sections


def _used(gpu: GpuPlan, model: OnnxModel) -> Iterator[str]:
    card = model.card
    yield f"{card.name} {card.version}, sha256 {model.sha256[:12]}, on {model.runtime}"
    yield f"--device {gpu.plan.device}: {model.device} is used, with " + (
        ", ".join(f"{name}={value}" for name, value in sorted(model.provider_options.items()))
        or "no options"
    )
    for one in nvidia_gpus():
        yield f"GPU: {one.name}, {one.memory}, driver {one.driver}"
    yield f"tiles at once: {model.batch}; buffers: {model.buffers}"


def _pixels(
    gpu: GpuPlan, models: dict[str, OnnxModel], frames: dict[int, list[Prepared]]
) -> Iterator[str]:
    plan = gpu.plan
    cpu = OnnxModel.load(plan.settings.model, "cpu")
    yield (
        "pixels beside the CPU's in float32: largest difference (and mean) of the delta; turned: "
        "share of 8-bit values that round otherwise"
    )
    yield f"{'':<14}{Alike.HEAD}"
    for name, model in models.items():
        for side, ready in frames.items():
            yield f"{f'{side} {name}':<14}{Alike.of(ready, cpu, model, plan.tile)}"


def _tiles(
    gpu: GpuPlan, models: dict[str, OnnxModel], frames: dict[int, list[Prepared]]
) -> Iterator[str]:
    yield f"{'ms a tile of':<14}{'alone':>9}{'2 at once':>11}{'4 at once':>11}{'2 threads':>11}"
    for name, model in models.items():
        for side, ready in frames.items():
            cells = [_cell(gpu, model, ready[0].input, count) for count in (1, 2, 4)]
            cells.append(_threads(gpu, model, ready[0].input))
            shown = (f"{c:>{9 if n == 0 else 11}}" for n, c in enumerate(cells))
            yield f"{f'{side} {name}':<14}" + "".join(shown)
    if not all(model.takes_several for model in models.values()):
        yield (
            "(-: that file takes one at a time; `reage-train rewrite -o FILE` writes one of the "
            "same pixels that takes several)"
        )


def _options(gpu: GpuPlan, model: OnnxModel, frames: list[Prepared]) -> Iterator[str]:
    if model.device != "CUDA":
        yield f"options of CUDA: not tried on {model.device}"
        return
    yield "options of CUDA that are not used, a tile of 1024: ms, and pixels beside those above"
    yield f"{'':<14}{'ms':>7}{Alike.HEAD}"
    for name, options in _TUNED.items():
        if gpu.left < _KEPT:
            yield f"{name:<14} left out"
            continue
        other = OnnxModel.load(gpu.plan.settings.model, gpu.plan.device, options=options)
        took = _cell(gpu, other, frames[0].input, 1)
        alike = Alike.of(frames[:1], model, other, gpu.plan.tile)
        yield f"{name:<14}{took:>7}{alike}"


def _mirror() -> Iterator[str]:
    try:
        yield from live(10)
    except SettingsError as e:
        yield f"the mirror: {e}"


def _memory(before: list[int]) -> Iterator[str]:
    yield ""
    yield f"memory: this process {peak_memory() / 2**20:.0f} MB at most"
    for number, (then, now) in enumerate(zip(before, gpu_memory(), strict=False)):
        yield f"memory of GPU {number}: {now - then} MiB more than before, {now} in all"


# ---------------------------------------------------------------- what is measured


def _cell(gpu: GpuPlan, model: OnnxModel, input: ModelInput, count: int) -> str:
    """ms a tile, of `count` at once, in the median; where there is time, the first two runs warm
    up. "-" where the file takes one at a time, or there is no time."""
    if gpu.left < _KEPT or (count > 1 and not model.takes_several):
        return "-"
    inputs = [input] * count
    times: list[float] = []
    try:
        begun = time.perf_counter()
        while len(times) < 100 and (not times or time.perf_counter() - begun < _CELL):
            start = time.perf_counter()
            model.run_batch(inputs)
            times.append((time.perf_counter() - start) / count)
    except OutOfMemory:
        return "memory"
    return f"{1000 * statistics.median(times[min(2, len(times) - 1):]):.1f}"


def _threads(gpu: GpuPlan, model: OnnxModel, input: ModelInput) -> str:
    """ms a tile, two threads running one each: whether copies go on while the other computes."""
    if gpu.left < _KEPT:
        return "-"
    with ThreadPoolExecutor(2) as pool:

        def took(count: int) -> float:
            """Seconds a tile."""
            start = time.perf_counter()
            list(pool.map(model.run, [input] * count))
            return (time.perf_counter() - start) / count

        try:
            enough = round(_CELL / max(took(4), 1e-3) / 2)
            return f"{1000 * took(2 * max(2, min(50, enough))):.1f}"
        except OutOfMemory:
            return "memory"
