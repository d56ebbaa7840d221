"""This model and another one, on the same crops: both through the engine, and the other by ONNX
Runtime alone, where it is of FRAN's kind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from reage.errors import SettingsError
from reage.media.png import write_png
from reage.models.model_card import NEEDED
from reage.models.onnx_model import OnnxModel, plain_run
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_for
from reage.shot.footage import Footage
from reage.shot.one_thread import model_threads
from reage.shot.rendering import render
from reage.shot.tracking import load_track, make_track
from reage.tools.bench.measured import face_in, in_a_process, model_alone
from reage.tools.bench.plain import plain_frame
from reage.tools.bench.plan import SIZES, BenchPlan
from reage.tools.bench.shots import make_shot
from reage.tools.machine import peak_memory

_TRACK = "track.json"

_CROP = 1024
"""px, where no other side is asked for: the one at which FaceFusion runs FRAN."""

_SECONDS, _FEWEST, _MOST = 10.0, 4, 24
"""So long a model is run, and so many frames are rendered."""


@dataclass(frozen=True)
class _Row:
    """ms a frame, of the model alone, MB of memory and on disk, a frame; what is written."""

    name: str
    whole: float
    model: float
    peak: float
    disk: float
    writes: str


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    """Raises SettingsError where no other model is named."""
    if plan.beside is None:
        raise SettingsError("Name the other model with --beside, as in --beside fran.onnx.")
    side = plan.settings.crop_size if isinstance(plan.settings.crop_size, int) else _CROP
    plan = replace(plan, settings=replace(plan.settings, crop_size=side))
    other = replace(plan, settings=replace(plan.settings, model=str(plan.beside)))
    card = OnnxModel.load(plan.beside, "cpu").card
    make_shot(folder, SIZES[plan.size], _MOST)
    make_track(plan.job(folder), folder / _TRACK)
    yield f"frames of {plan.size}, crops of {side} px of the same face; ms a frame"
    yield f"{'':<26}{'whole':>8}{'/ ours':>8}{'model':>8}{'/ ours':>8}{'peak MB':>9}  writes"
    first = in_a_process(_engine, folder, plan)
    rows = [in_a_process(_engine, folder, other)]
    if card.inputs == NEEDED and card.outputs == ("delta",) and card.encoding == "sRGB":
        _write_pictures(folder, plan)
        rows.append(in_a_process(_plain, folder, other))
    ours = _mean(first, in_a_process(_engine, folder, plan))
    for row in (ours, *rows):
        yield (
            f"{row.name:<26}{row.whole:>8.0f}{row.whole / ours.whole:>8.2f}{row.model:>8.0f}"
            f"{row.model / ours.model:>8.2f}{row.peak:>9.0f}  {row.writes}, {row.disk:.1f} MB"
        )
    pixels = side**2 / 1e6
    yield (
        f"a megapixel: {ours.model / pixels:.0f} ms, {card.name} {card.version} "
        f"{rows[0].model / pixels:.0f} ms"
    )


def _engine(folder: Path, plan: BenchPlan) -> _Row:
    """Frames through the engine, which is told where the face is."""
    job = replace(plan.job(folder), track=str(folder / _TRACK))
    threads = model_threads(plan.jobs, plan.device)
    model = OnnxModel.load(plan.settings.model, plan.device, threads=threads)
    render(replace(job, frames="1"), model=model)  # what is made once
    count = min(_MOST, max(_FEWEST, round(_SECONDS / model_alone(job, model, 1).wall)))
    alone = model_alone(job, model, count // 2).wall / (count // 2)
    start = time.perf_counter()
    render(replace(job, frames=f"1-{count}"), model=model)
    whole = (time.perf_counter() - start) / count
    name = f"{model.card.name} {model.card.version}, engine"
    writes = "EXR, float, scene-linear: delta, matte"
    return _row(name, whole, alone, Path(job.output), count, writes)


def _plain(folder: Path, plan: BenchPlan) -> _Row:
    """Frames as 8-bit pictures, by ONNX Runtime alone, which is told where the face is as well."""
    card = OnnxModel.load(plan.settings.model, plan.device).card
    run, side = plain_run(Path(str(plan.settings.model)), plan.device), plan.settings.crop_size
    assert isinstance(side, int)
    track, ages = load_track(folder / _TRACK), (plan.settings.source_age, plan.settings.target_age)
    output, taken = folder / "picture_out.%04d.png", []
    start = time.perf_counter()
    for number in range(_FEWEST + 1):
        face = face_in(track, number + 1)
        if number == 1:  # the first makes what is made once
            start = time.perf_counter()
        source, destination = _picture(folder, number + 1), Path(str(output) % number)
        taken.append(plain_frame(run, source, destination, crop_for(face, card, side), ages))
    whole = (time.perf_counter() - start) / _FEWEST
    name, writes = f"{card.name} {card.version}, plain", "PNG, 8 bits: the finished picture"
    return _row(name, whole, fmean(taken[1:]), output, _FEWEST, writes)


def _row(
    name: str, whole: float, model: float, output: Path, count: int, writes: str
) -> _Row:
    """whole, model: seconds a frame; output: a pattern, of frames from 1 on."""
    files = [Path(str(output) % number) for number in range(1, count + 1)]
    disk = fmean(file.stat().st_size for file in files) / 1e6
    return _Row(name, 1000 * whole, 1000 * model, peak_memory() / 2**20, disk, writes)


def _mean(one: _Row, other: _Row) -> _Row:
    """Of two times the same: before and after the others."""
    return replace(
        one, whole=(one.whole + other.whole) / 2, model=(one.model + other.model) / 2,
        peak=max(one.peak, other.peak),
    )  # fmt: skip


def _picture(folder: Path, number: int) -> Path:
    return folder / f"picture.{number:04d}.png"


def _write_pictures(folder: Path, plan: BenchPlan) -> None:
    """The first frames as whoever works in 8 bits has them: sRGB, nothing above white."""
    footage = Footage.open(replace(plan.job(folder), frames=f"1-{_FEWEST + 1}"))
    for number in footage.frames:
        plate, space = footage.read(number)
        shown = Encoder(space, "sRGB").encode(plate.rgb).clip(0, 1) * 255 + 0.5
        write_png(_picture(folder, number), shown.astype(np.uint8))
