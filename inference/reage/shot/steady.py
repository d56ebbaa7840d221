"""A change that holds still on the skin: averaged with its neighbours in time, along the mesh."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np

from reage.faces import FaceFrame, FaceTrack
from reage.faces.skin import BEYOND, Spline, coverage, facing
from reage.frame.broken import broken, without
from reage.pixels.crop import Crop
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.settings import STEADY_REACH


@dataclass(frozen=True)
class TimedResidual:
    """What a model changes in one frame.

    values: (size, size, C) float32 over the crop, a residual's; NaN where broken
    """

    face: FaceFrame
    crop: Crop
    values: Pixels


def neighbours(
    frame: int, sigma: float, track: FaceTrack, there: Container[int]
) -> Mapping[int, float]:
    """Weight by frame number, ascending, `frame` itself with 1 among them.

    sigma: of the Gaussian over time, in frames
    there: frames that have a plate; others, and those that are not tracked, are passed over

    A frame without a face ends the run: what is beyond may be another shot. Law: the answer
    depends on track and plates alone, not on what is being rendered.
    """
    weights = {frame: 1.0}
    for side in (-1, 1):
        for distance in range(1, math.ceil(STEADY_REACH * sigma) + 1):
            number = frame + side * distance
            if number in track.frames and track.at(number) is None:
                break
            if number in track.frames and number in there:
                weights[number] = math.exp(-0.5 * (distance / sigma) ** 2)
    return dict(sorted(weights.items()))


def averaged(now: TimedResidual, near: Iterable[tuple[TimedResidual, float]]) -> Pixels:
    """(size, size, C): `now`, whose weight is 1, and changes near it by their weights.

    Each neighbour is carried along the skin to where that skin is now; beside the face, and
    where a track has no mesh, it stays where it is in the crop. Laws: changes that lie still on
    the skin stay as they are; of no neighbours the mean is `now` to the bit. What is broken now
    stays so; in a neighbour it is no change.
    """
    total, weights = now.values, 1.0
    shown = coverage(now.face, now.crop)
    for change, weight in near:
        total = total + np.float32(weight) * carried(change, now, shown)
        weights += weight
    return total if weights == 1.0 else np.asarray(total / np.float32(weights), np.float32)


def carried(change: TimedResidual, now: TimedResidual, shown: Pixels) -> Pixels:
    """A neighbour's values as they would lie on the face `now`; `shown` is its coverage."""
    odd = broken(change.values)
    if odd is not None:
        return carried(replace(change, values=without(change.values, odd)), now, shown)
    if not change.values.any():
        return change.values
    moved = _moved(change, now)
    if moved is None:
        return change.values
    side = now.crop.size
    way = moved.over(Region(0, 0, side, side)) * shown[..., None]
    x, y = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
    x, y = x + way[..., 0], y + way[..., 1]
    channels = change.values.shape[2]
    parts = [  # cv2 remaps four channels at most
        cv2.remap(
            np.ascontiguousarray(change.values[..., first : first + 4]), x, y,
            cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE,
        ).reshape(side, side, -1)
        for first in range(0, channels, 4)
    ]  # fmt: skip
    return np.concatenate(parts, axis=-1)


def _moved(change: TimedResidual, now: TimedResidual) -> Spline | None:
    """How far each crop pixel's skin lies from there in the neighbour's crop, (x, y) in crop px;
    None without meshes."""
    to, start = change.face.landmarks(), now.face.landmarks()
    if to is None or start is None:
        return None
    to, start = change.crop.to_plate.inverse().apply(to), now.crop.to_plate.inverse().apply(start)
    believed = np.minimum(*(facing(np.array(each.face.mesh)) for each in (change, now)))
    margin = BEYOND * now.face.size / now.crop.to_plate.scale
    return Spline.through(start, to - start, believed, margin)
