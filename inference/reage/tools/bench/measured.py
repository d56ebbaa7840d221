"""Renders that are measured, and the model by itself."""

from __future__ import annotations

import itertools
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from reage.errors import FaceError
from reage.faces import FaceFrame, FaceTrack
from reage.frame.pipeline import Prepared, infer, prepare
from reage.job import RenderJob
from reage.models.model import Model
from reage.pixels.color import Encoder
from reage.pixels.crop import for_shot
from reage.settings import Settings
from reage.shot.clock import Clock
from reage.shot.footage import Footage
from reage.shot.rendering import render
from reage.shot.tracking import open_track
from reage.tools.bench.calls import count_file_calls
from reage.tools.bench.plan import STAGES
from reage.tools.machine import peak_memory

T = TypeVar("T")


@dataclass(frozen=True)
class Spent:
    """Seconds on the wall, and of all cores."""

    wall: float
    cpu: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


class Stopwatch:
    """`spent` since it was made. The CPU's time is that of all threads of this process."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    @property
    def spent(self) -> Spent:
        return Spent(time.perf_counter() - self._wall, time.process_time() - self._cpu)


@dataclass(frozen=True)
class Measured:
    """One render. seconds: by stage; spent: in all; peak: MB; calls: of the file system, by Python
    alone, 0 where they were not counted."""

    seconds: Mapping[str, float]
    spent: Spent
    peak: float
    calls: int = 0


def measured(job: RenderJob, count_calls: bool = False) -> Measured:
    """A render of this process; to be alone in it, see `in_a_process`."""
    counts, clock, watch = count_file_calls() if count_calls else {}, Clock(), Stopwatch()
    render(job, clock=clock)
    spent, calls = watch.spent, sum(counts.values())
    seconds = {stage: clock.seconds[stage] for stage in STAGES}
    return Measured(seconds, spent, peak_memory() / 2**20, calls)


def in_a_process(do: Callable[..., T], *arguments: object) -> T:
    """What `do` gives in a process of its own, whose memory is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(do, *arguments).result()


def model_alone(job: RenderJob, model: Model, count: int) -> Spent:
    """For the model on the crops of `count` frames, one after the other."""
    ready = list(itertools.islice(prepared(job, model), 8))
    infer(ready[0], model, job.tile)
    watch = Stopwatch()
    for each in itertools.islice(itertools.cycle(ready), count):
        infer(each, model, job.tile)
    return watch.spent


def prepared(job: RenderJob, model: Model) -> Iterator[Prepared]:
    """The first eight frames, as the model sees them in that job."""
    for footage, face, settings in seen(job, model):
        plate, space = footage.read(face.frame)
        ready = prepare(plate, face, model.card, settings, Encoder(space, model.card.encoding))
        assert ready is not None
        yield ready


def seen(job: RenderJob, model: Model) -> Iterator[tuple[Footage, FaceFrame, Settings]]:
    """The face of each of the first eight frames, the footage, and the settings with the side of
    the shot's crop. Raises FaceError."""
    first = replace(job, frames="1-8")
    footage = Footage.open(first)
    track = open_track(first, footage)
    settings = replace(
        job.settings, crop_size=for_shot(model.card, job.settings, track).side
    )
    for number in footage.frames:
        yield footage, face_in(track, number), settings


def face_in(track: FaceTrack, number: int) -> FaceFrame:
    """Raises FaceError where there is none."""
    face = track.at(number)
    if face is None:
        raise FaceError(f"No face was found in frame {number} of the benchmark's shot.")
    return face
