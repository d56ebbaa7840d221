"""Steady a track: bridge short misses, and smooth over time without delay."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reage.faces.frame import FaceFrame
from reage.faces.typical import looking

Floats = npt.NDArray[np.float64]


_REACH = 6
"""Standard deviations that a frame's neighbours are asked from: those beyond would weigh less than
2e-8 beside it. Frames wait for so many to come, so no more than tell."""


@dataclass(frozen=True)
class Known:
    """What is known of a shot's cuts: all up to frame `until`, or where it has `ended` all."""

    cuts: Sequence[int]
    until: float = float("-inf")
    ended: bool = False

    def of(self, frame: int) -> bool:
        return self.ended or frame <= self.until


class Bridge:
    """Frames in ascending order, each given on once it is known what stands in it.

    A frame between two sightings with at most `max_gap` frame numbers between them is interpolated
    linearly and "held"; its confidence falls with the gap's length. All other misses are "none":
    those at the ends, in a gap with a cut in it (the first frame of a further shot), and where
    another's face was at the place, a doubt.
    """

    def __init__(self, max_gap: int) -> None:
        self._max_gap = max_gap
        self._waiting: deque[tuple[int, FaceFrame | None, bool]] = deque()
        self._before: FaceFrame | None = None
        self._told = 0

    def tell(self, frame: int, seen: FaceFrame | None, doubt: bool = False) -> None:
        """The next frame: the sighting in it, and where there is none whether one is in doubt."""
        self._waiting.append((frame, seen, doubt))
        self._told = frame

    def given(self, known: Known) -> Iterator[FaceFrame]:
        """What is known by now of frames that were told of; asked again as more becomes known."""
        while self._waiting and known.of(self._waiting[0][0]):
            frame, seen, _ = self._waiting[0]
            if seen is None:
                after = next((f for _, f, _ in self._waiting if f is not None), None)
                if after is None and not known.ended and self._may_yet_end():
                    return
                if after is not None and not known.of(after.frame):
                    return
                face = self._held(frame, after, known.cuts) or FaceFrame.none(frame)
            else:
                self._before = face = seen
            self._waiting.popleft()
            yield face

    def _may_yet_end(self) -> bool:
        """Whether a sighting in the next frame would end a gap that is short enough."""
        return self._before is not None and self._told - self._before.frame <= self._max_gap

    def _held(
        self, frame: int, after: FaceFrame | None, cuts: Sequence[int]
    ) -> FaceFrame | None:
        before = self._before
        if before is None or after is None:
            return None
        gap = after.frame - before.frame - 1
        cut = any(before.frame < c <= after.frame for c in cuts)
        if gap > self._max_gap or cut or self._doubtful(after.frame):
            self._before = None  # for all of the gap
            return None
        face = between(before, after, frame)
        confidence = face.confidence * (1 - gap / (self._max_gap + 1))
        return replace(face, confidence=confidence, state="held")

    def _doubtful(self, until: int) -> bool:
        return any(doubt for n, _, doubt in self._waiting if n < until)


def between(a: FaceFrame, b: FaceFrame, frame: int) -> FaceFrame:
    """The face on the straight line between two of other frames, no surer than either.

    Where one has no mesh, or an outline of other points, the shape is that of the nearer; between
    two placed ones it turns from the one to the other.
    """
    t = (frame - a.frame) / (b.frame - a.frame)
    if (len(a.outline), len(a.mesh)) != (len(b.outline), len(b.mesh)):
        shape = a if t < 0.5 else b
        a, b = (replace(f, outline=shape.outline, mesh=shape.mesh) for f in (a, b))
    first = _values(a, None)
    face = replace(
        _with_values(a, (1 - t) * first + t * _values(b, first)),
        frame=frame,
        confidence=min(a.confidence, b.confidence),
        key=False,
        placed=None,
    )
    return turned(face, a, b)


def turned(face: FaceFrame, a: FaceFrame, b: FaceFrame) -> FaceFrame:
    """`face`, looking as far from one placed face to another as its frame is on the way; as it is
    where they are not both placed."""
    if a.placed is None or b.placed is None:
        return face
    t = (face.frame - a.frame) / (b.frame - a.frame)
    yaw, pitch = (p + t * (q - p) for p, q in zip(a.placed, b.placed, strict=True))
    return looking(face, yaw, pitch)


class Smoother:
    """Zero-phase smoothing of each unbroken run of faces, given on once all that a frame's place
    depends on has come; frames without a face pass, and no run goes on over a cut.

    sigma: of the Gaussian over time, in frames; 0 changes nothing. Size, roll, outline and
           mesh get it in full; the center, which truly moves, half of it.
    Law: steady motion (linear in time) stays as it is, at the ends of the run as well.
    """

    def __init__(self, sigma: float) -> None:
        self._sigma = sigma
        self._run: deque[tuple[FaceFrame, Floats]] = deque()
        self._smooth = 0  # of the run, from its begin, that was given on

    def smoothed(self, face: FaceFrame, cut: bool) -> Iterator[FaceFrame]:
        """The next frame; cut: whether it is the first of a further shot."""
        if self._sigma == 0:
            yield face
            return
        if cut or face.state == "none":
            yield from self.end()
        if face.state == "none":
            yield face
            return
        before = self._run[-1][1] if self._run else None
        self._run.append((face, _values(face, before)))
        while self._now().frame + _REACH * self._sigma <= face.frame:
            yield self._given()

    def end(self) -> Iterator[FaceFrame]:
        """What is left of the run."""
        while self._smooth < len(self._run):
            yield self._given()
        self._run.clear()
        self._smooth = 0

    def _now(self) -> FaceFrame:
        return self._run[self._smooth][0]

    def _given(self) -> FaceFrame:
        now, reach = self._now(), _REACH * self._sigma
        near = [each for each in self._run if abs(each[0].frame - now.frame) <= reach]
        times = np.array([face.frame - now.frame for face, _ in near], np.float64)
        weights = np.array([face.confidence for face, _ in near]) ** 2  # doubtful ones give way
        values = np.array([row for _, row in near])
        row = np.concatenate([
            _line(times, values[:, :2], weights, self._sigma / 2),
            _line(times, values[:, 2:], weights, self._sigma),
        ])  # fmt: skip
        self._smooth += 1
        while self._run[0][0].frame + reach < now.frame:
            self._run.popleft()
            self._smooth -= 1
        return _with_values(now, row)


def smoothed(
    frames: Iterable[FaceFrame], sigma: float, cuts: Sequence[int] = ()
) -> list[FaceFrame]:
    """All frames of a shot, ascending, as `Smoother` gives them on."""
    smoother = Smoother(sigma)
    given = [f for face in frames for f in smoother.smoothed(face, face.frame in cuts)]
    return [*given, *smoother.end()]


def _line(times: Floats, values: Floats, weights: Floats, sigma: float) -> Floats:
    """At time 0 the value of the line that best fits the neighbours'.

    times (N,), values (N, K), weights (N,) > 0. A Gaussian mean inside the run, and unlike
    one without a pull towards the middle at its ends.
    """
    w = weights * np.exp(-0.5 * (times / sigma) ** 2)
    w = w / w.sum()
    mean_t, mean_v = w @ times, w @ values
    spread = w @ (times - mean_t) ** 2
    slope = (w * (times - mean_t)) @ values / max(spread, 1e-12)
    return np.asarray(mean_v - mean_t * slope)


def _values(face: FaceFrame, before: Floats | None) -> Floats:
    """(4 + 2·points,): center, log size, degrees, outline, mesh; what lines may join. The degrees
    go on from those of the row `before` the short way, however often around."""
    degrees = face.degrees
    if before is not None:
        degrees -= 360 * round((degrees - float(before[3])) / 360)
    return np.concatenate([
        (*face.center, np.log(face.size), degrees), np.ravel(face.outline), np.ravel(face.mesh)
    ])  # fmt: skip


def _with_values(face: FaceFrame, row: Floats) -> FaceFrame:
    """`face` with a row of `_values` in place of its own."""
    points = tuple((float(u), float(v)) for u, v in row[4:].reshape(-1, 2))
    return replace(
        face,
        center=(float(row[0]), float(row[1])),
        size=float(np.exp(row[2])),
        degrees=float((row[3] + 180) % 360 - 180),
        outline=points[: len(face.outline)],
        mesh=points[len(face.outline) :],
    )
