"""The model's residuals over a shot, each computed once, and steadied over time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Generic, TypeVar

from reage.errors import UnreadableFrame
from reage.faces import FaceTrack
from reage.job import RenderJob
from reage.media.sequence import open_shot
from reage.models.model_card import ModelCard
from reage.models.residual import Residual
from reage.pixels.crop import crop_for, crop_side
from reage.settings import STEADY_REACH
from reage.shot.drawn import Drawn
from reage.shot.footage import Footage
from reage.shot.steady import TimedResidual, averaged, neighbours

Compute = Callable[[int], Residual | None]
"""A frame's residual; None where there can be none, as its face is outside the plate."""

Result = TypeVar("Result")

_IN_FLIGHT = 4
"""Frames beyond `jobs` that may be under way at once; see `reage.shot.rendering`."""


@dataclass
class SingleFlight(Generic[Result]):
    """Results by frame, each computed by the first thread that asks; the last `limit` are kept."""

    limit: int
    _kept: OrderedDict[int, Future[Result]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, frame: int, compute: Callable[[int], Result]) -> Result:
        """`compute(frame)`, now or from before; where it raised, the next to ask tries again."""
        with self._lock:
            mine = frame not in self._kept
            future = self._kept.setdefault(frame, Future())
            self._kept.move_to_end(frame)
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)
        if mine:
            try:
                future.set_result(compute(frame))
            except BaseException as e:
                with self._lock:
                    if self._kept.get(frame) is future:
                        del self._kept[frame]
                future.set_exception(e)
        return future.result()


@dataclass(frozen=True)
class SteadyResiduals:
    """What steadying needs of a shot.

    footage: all plates there are, beyond the job's range too
    """

    job: RenderJob
    card: ModelCard
    track: FaceTrack
    footage: Footage
    _once: SingleFlight[Residual | None]

    @classmethod
    def open(
        cls,
        job: RenderJob,
        footage: Footage,
        card: ModelCard,
        track: FaceTrack,
        age_maps: Drawn | None,
    ) -> SteadyResiduals | None:
        """footage: of the job. None where it does not ask for steadiness."""
        sigma = job.settings.steady
        if sigma == 0:
            return None
        shot = open_shot(job.plate, layer=job.layer)
        there = set(shot.frames) - set(shot.missing)
        if age_maps is not None:
            there = {n for n in there if age_maps.has(n)}
        footage = replace(footage, shot=shot, frames=tuple(sorted(there)), left_out=(), held={})
        kept = round(2 * STEADY_REACH * sigma) + 3 + job.jobs + _IN_FLIGHT
        return cls(job, card, track, footage, SingleFlight(kept))

    def anew(self) -> SteadyResiduals:
        """The same with nothing computed yet, for another target age."""
        return replace(self, _once=SingleFlight(self._once.limit))

    def near(self, frame: int) -> Mapping[int, float]:
        """Weights of a frame and its neighbours; see `reage.shot.steady.neighbours`."""
        return neighbours(frame, self.job.settings.steady, self.track, self.footage.frames)

    def residual(self, frame: int, compute: Compute) -> Residual:
        """The residual of a frame that has a face, averaged with its neighbours'."""
        own = self._once(frame, compute)
        assert own is not None
        near = {n: weight for n, weight in self.near(frame).items() if n != frame}
        found = ((n, self._beside(n, compute), weight) for n, weight in near.items())
        beside = ((self._at(n, one), weight) for n, one, weight in found if one is not None)
        return replace(own, values=averaged(self._at(frame, own), beside))

    def _beside(self, frame: int, compute: Compute) -> Residual | None:
        try:
            return self._once(frame, compute)
        except UnreadableFrame:
            if not self.job.continue_on_error:
                raise
            return None

    def _at(self, frame: int, residual: Residual) -> TimedResidual:
        face, side = self.track.frames[frame], crop_side(self.card, self.job.settings)
        return TimedResidual(face, crop_for(face, self.card, side), residual.values)
