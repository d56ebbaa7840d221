"""Steady a track: bridge short misses, and smooth over time without delay."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from reage.faces.frame import FaceFrame
from reage.faces.typical import looking

Floats = npt.NDArray[np.float64]


_REACH = 10
"""Standard deviations beyond which a frame weighs less than a double can hold beside another."""


def bridged(
    frames: Sequence[int],
    seen: Mapping[int, FaceFrame],
    max_gap: int,
    cuts: Sequence[int] = (),
    doubts: Sequence[int] = (),
) -> list[FaceFrame]:
    """One FaceFrame for each of the ascending `frames`.

    Frames between two sightings with at most `max_gap` frame numbers between them are
    interpolated linearly and "held"; their confidence falls with the gap's length. All
    other misses are "none": those at the ends, in a gap with a cut in it (ascending `cuts` are
    the first frames of further shots), and where another's face was at the place (`doubts`).
    """
    known = sorted(seen)

    def held(frame: int) -> FaceFrame | None:
        after = int(np.searchsorted(known, frame))
        if after in (0, len(known)):
            return None
        a, b = seen[known[after - 1]], seen[known[after]]
        gap = b.frame - a.frame - 1
        cut = any(a.frame < c <= b.frame for c in cuts)
        if gap > max_gap or cut or any(a.frame < d < b.frame for d in doubts):
            return None
        face = between(a, b, frame)
        return replace(face, confidence=face.confidence * (1 - gap / (max_gap + 1)), state="held")

    return [seen.get(f) or held(f) or FaceFrame.none(f) for f in frames]


def between(a: FaceFrame, b: FaceFrame, frame: int) -> FaceFrame:
    """The face on the straight line between two of other frames, no surer than either.

    Where one has no mesh, or an outline of other points, the shape is that of the nearer; between
    two placed ones it turns from the one to the other.
    """
    t = (frame - a.frame) / (b.frame - a.frame)
    if (len(a.outline), len(a.mesh)) != (len(b.outline), len(b.mesh)):
        shape = a if t < 0.5 else b
        a, b = (replace(f, outline=shape.outline, mesh=shape.mesh) for f in (a, b))
    rows = _values([a, b])
    face = replace(
        _with_values(a, (1 - t) * rows[0] + t * rows[1]),
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


def smoothed(
    frames: Iterable[FaceFrame], sigma: float, cuts: Sequence[int] = ()
) -> list[FaceFrame]:
    """Zero-phase smoothing of each unbroken run of faces; frames without one pass, and no run goes
    on over a cut.

    sigma: of the Gaussian over time, in frames; 0 changes nothing. Size, roll, outline and
           mesh get it in full; the center, which truly moves, half of it.
    Law: steady motion (linear in time) stays as it is, at the ends of the run as well.
    """
    if sigma == 0:
        return list(frames)
    runs = groupby(frames, key=lambda f: (f.state == "none", bisect_right(cuts, f.frame)))
    return [f for (lost, _), run in runs for f in (run if lost else _smooth_run(list(run), sigma))]


def _smooth_run(run: list[FaceFrame], sigma: float) -> list[FaceFrame]:
    times = np.array([f.frame for f in run], np.float64)
    weights = np.array([f.confidence for f in run]) ** 2  # doubtful sightings give way
    values = _values(run)
    values[:, :2] = _local_lines(times, values[:, :2], weights, sigma / 2)
    values[:, 2:] = _local_lines(times, values[:, 2:], weights, sigma)
    return [_with_values(f, row) for f, row in zip(run, values, strict=True)]


def _local_lines(times: Floats, values: Floats, weights: Floats, sigma: float) -> Floats:
    """At each time the value of the line that best fits its neighbours.

    times (N,), values (N, K), weights (N,) > 0. A Gaussian mean inside the run, and unlike
    one without a pull towards the middle at its ends.
    """
    result = np.empty_like(values)
    for i, now in enumerate(times):
        first, last = np.searchsorted(times, (now - _REACH * sigma, now + _REACH * sigma))
        near = slice(first, last + 1)
        t = times[near] - now
        w = weights[near] * np.exp(-0.5 * (t / sigma) ** 2)
        w = w / w.sum()
        mean_t, mean_v = w @ t, w @ values[near]
        spread = w @ (t - mean_t) ** 2
        slope = (w * (t - mean_t)) @ values[near] / max(spread, 1e-12)
        result[i] = mean_v - mean_t * slope
    return result


def _values(run: Sequence[FaceFrame]) -> Floats:
    """(N, 4 + 2·points): center, log size, unwrapped degrees, outline, mesh; what lines may
    join."""
    degrees = np.rad2deg(np.unwrap(np.deg2rad([f.degrees for f in run])))
    rows = [[*f.center, np.log(f.size), d] for f, d in zip(run, degrees, strict=True)]
    return np.column_stack([rows, [np.ravel([*f.outline, *f.mesh]) for f in run]])


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
