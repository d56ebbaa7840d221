"""`reage bench`: where the time and the memory go, beside the model alone.

speed   stages of one render, and its whole beside the model on the same tiles
plates  2K, 4K and 8K plates with the same face, as scanline and as tiled EXR
memory  peak memory of short and long shots

`--interactive` is the panel's own bench, and comes with the panel's package; `--live` is the
on-set mirror's.

The shots are made on the spot from the demo plate, with grain so that they compress like
footage. Times are of this machine at this moment; the ratios are what to look at.
"""

from __future__ import annotations

import itertools
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np

from reage.errors import PlateError, SettingsError
from reage.frame.pipeline import Prepared, infer, prepare
from reage.home import demo_plate
from reage.job import RenderJob
from reage.media.exr import write_layers
from reage.media.imagefile import read_plate
from reage.models.model import Model
from reage.models.onnx_model import OnnxModel
from reage.pixels.color import Encoder
from reage.pixels.crop import for_shot
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
from reage.settings import Settings
from reage.shot.clock import Clock
from reage.shot.footage import Footage
from reage.shot.rendering import render
from reage.shot.tracking import open_track
from reage.tools.machine import peak_memory

SIZES = {
    "1080p": (1920, 1080), "2K": (2048, 1080), "4K": (4096, 2160), "8K": (8192, 4320),
    "UHD": (3840, 2160),
}  # fmt: skip
STAGES = ("track", "read", "encode", "infer", "decode", "write")


def tables(what: str, plan: BenchPlan) -> Iterator[str]:
    """Lines of the table `what`, each as soon as it is measured. Raises SettingsError."""
    if plan.size not in SIZES:
        raise SettingsError(f"--size is {plan.size}; it is one of {', '.join(SIZES)}.")
    if plan.count < len(demo_plate()):
        raise SettingsError(f"--count must be at least {len(demo_plate())} frames.")
    with tempfile.TemporaryDirectory(prefix="reage-bench-") as folder:
        yield from {"speed": _speed, "plates": _plates, "memory": _memory}[what](
            Path(folder), plan
        )


def interactive(count: int) -> Iterator[str]:
    """Lines about `count` moves of a slider. Raises SettingsError where no panel is installed."""
    return _elsewhere("interactive", "The panel's package is not installed here", count)


def live(count: int) -> Iterator[str]:
    """Lines about `count` seconds of the on-set mirror. Raises SettingsError where it is not
    installed."""
    return _elsewhere("live", "The on-set mirror's package is not installed here", count)


def _elsewhere(name: str, lacking: str, count: int) -> Iterator[str]:
    """The engine knows no panel and no mirror: what is measured stands in an installed package's
    entry point of the group "reage.bench", a `lines(count) -> Iterator[str]`."""
    found = next(iter(entry_points(group="reage.bench", name=name)), None)
    try:
        lines = found.load() if found else None
    except ImportError:  # the package is there, but not what it needs, such as Qt
        lines = None
    if lines is None:
        raise SettingsError(
            f"{lacking}; install it with `.venv/bin/pip install -e .[panel]`, or all that the "
            "tests need with `python3 install.py --test`."
        )
    yield from lines(count)


@dataclass(frozen=True)
class BenchPlan:
    """What is measured: `count` frames of a plate of `size`, and how they are rendered."""

    size: str
    count: int
    settings: Settings
    tile: int
    device: str
    jobs: int

    def job(self, folder: Path) -> RenderJob:
        return RenderJob(
            str(folder / "plate.%04d.exr"), str(folder / "out" / "layers.%04d.exr"),
            replace(self.settings, colorspace="ACEScg"),
            tile=self.tile, device=self.device, jobs=self.jobs,
        )


# ---------------------------------------------------------------- the three tables


def _speed(folder: Path, plan: BenchPlan) -> Iterator[str]:
    make_shot(folder, SIZES[plan.size], plan.count)
    model = OnnxModel.load(plan.settings.model, plan.device)
    job = plan.job(folder)
    before = _model_alone(job, model, plan.count // 2)
    clock = Clock()
    report = render(job, model=model, clock=clock)
    after = _model_alone(job, model, plan.count - plan.count // 2)
    yield f"{plan.count} frames of {plan.size}, {report.crop}, on {model.device}"
    yield f"{'stage':<10}{'seconds':>9}{'ms/frame':>10}{'share':>8}"
    for stage in STAGES:
        yield _row(stage, clock.seconds[stage], plan.count, report.seconds)
    yield _row("whole", report.seconds, plan.count, report.seconds)
    yield _row("model", before + after, plan.count, report.seconds)
    yield f"whole / model alone on the same tiles: {report.seconds / (before + after):.2f}"
    yield (
        "(the track reads the plates; stages of different frames run side by side: their shares "
        "add up to more than 1)"
    )


def _plates(folder: Path, plan: BenchPlan) -> Iterator[str]:
    count = min(plan.count, 24)
    yield f"{count} frames, the same face in each plate"
    yield f"{'plate':<14}" + "".join(f"{s:>9}" for s in (*STAGES, "whole")) + f"{'peak MB':>10}"
    for name, tile in itertools.product(("2K", "4K", "8K"), (0, 64)):
        place = folder / f"{name}{tile}"
        make_shot(place, SIZES[name], count, tile)
        spent, peak = _in_a_process(plan.job(place))
        shutil.rmtree(place)
        cells = (f"{spent[s] / count * 1000:>6.0f} ms" for s in (*STAGES, "whole"))
        kind = f"{name} tiled" if tile else f"{name} lines"
        yield f"{kind:<14}" + "".join(cells) + f"{peak:>10.0f}"


def _memory(folder: Path, plan: BenchPlan) -> Iterator[str]:
    yield f"{plan.size}{'frames':>8}{'peak MB':>10}"
    for count in (10, 300):
        place = folder / str(count)
        make_shot(place, SIZES[plan.size], count)
        _, peak = _in_a_process(plan.job(place))
        yield f"{'':<5}{count:>8}{peak:>10.0f}"


def _row(name: str, seconds: float, frames: int, whole: float) -> str:
    return f"{name:<10}{seconds:>9.2f}{seconds / frames * 1000:>10.1f}{seconds / whole:>8.2f}"


# ---------------------------------------------------------------- what is measured


def _model_alone(job: RenderJob, model: Model, count: int) -> float:
    """Seconds for the model on the crops of `count` frames, one after the other."""
    ready = list(itertools.islice(prepared(job, model), 8))
    infer(ready[0], model, job.tile)
    start = time.perf_counter()
    for each in itertools.islice(itertools.cycle(ready), count):
        infer(each, model, job.tile)
    return time.perf_counter() - start


def prepared(job: RenderJob, model: Model) -> Iterator[Prepared]:
    footage = Footage.open(replace(job, frames="1-8"))
    track = open_track(replace(job, frames="1-8"), footage)
    settings = replace(
        job.settings, crop_size=for_shot(model.card, job.settings, track).side
    )
    for number in footage.frames:
        face = track.at(number)
        if face is None:
            raise PlateError(f"No face was found in frame {number} of the benchmark's shot.")
        plate, space = footage.read(number)
        ready = prepare(plate, face, model.card, settings, Encoder(space, model.card.encoding))
        assert ready is not None
        yield ready


def _in_a_process(job: RenderJob) -> tuple[dict[str, float], float]:
    """Seconds per stage and peak memory in MB of one render in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_measured, job).result()


def _measured(job: RenderJob) -> tuple[dict[str, float], float]:
    clock = Clock()
    report = render(job, clock=clock)
    return {**{s: clock.seconds[s] for s in STAGES}, "whole": report.seconds}, peak_memory() / 2**20


# ---------------------------------------------------------------- shots to measure on


def make_shot(folder: Path, size: tuple[int, int], count: int, tile: int = 0) -> None:
    """Write `count` frames of the demo plate inside a plate of `size`, with grain.

    The face is about 330 px high in all of them, which a crop of 512 px shows at its size.

    Eight frames are drawn, then linked to and fro: plate.0001.exr …
    """
    folder.mkdir(parents=True, exist_ok=True)
    samples = demo_plate()
    grain = np.random.default_rng(0)
    to_and_fro = [*range(len(samples)), *range(len(samples) - 2, 0, -1)]
    for number, sample in enumerate(samples):
        _draw(sample, folder / f"drawn.{number}.exr", size, tile, grain)
    for number, which in zip(range(1, count + 1), itertools.cycle(to_and_fro), strict=False):
        (folder / f"plate.{number:04d}.exr").hardlink_to(folder / f"drawn.{which}.exr")


def _draw(
    sample: Path, path: Path, size: tuple[int, int], tile: int, grain: np.random.Generator
) -> None:
    head = read_plate(sample).rgb
    whole, (height, width) = Region(0, 0, *size), head.shape[:2]
    place = Region((size[0] - width) // 2, (size[1] - height) // 2, width, height)
    rgb = np.full((size[1], size[0], 3), 0.18, np.float32)
    rgb[place.slices(whole)] = head
    rgb += grain.standard_normal(rgb.shape, np.float32) * 0.01
    info = PlateInfo(whole, whole, ("R", "G", "B"))
    channels = {name: np.ascontiguousarray(rgb[..., i]) for i, name in enumerate("RGB")}
    write_layers(path, channels, whole, info, {"colorspace": "ACEScg"}, "zip", "half", tile)
