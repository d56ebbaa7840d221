"""Held-out photographs: is what the model makes of other photographs of a person, at the age of one
that it has not learned from, like that one?

Light, pose and expression are never the same, so pixels cannot be compared; what is compared is the
skin in a few numbers, see `statistics`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from torch import nn

from reage.errors import ReageError
from reage.faces.skin import Spline, places
from reage.pattern.noise import Field
from reage.pattern.photo.photograph import Photograph
from reage.pixels.geometry import Region
from reage_training.actor.statistics import SkinStatistics, distance, skin_statistics
from reage_training.network import PICTURE, residual_of
from reage_training.pairs.encoding import acescct, light
from reage_training.pairs.pair import AGE_SCALE

_BEYOND = 0.15
"""Face sizes around the landmarks in which the pattern still lies on skin."""


@dataclass(frozen=True)
class Aged:
    """A photograph and the age of who is seen, in years."""

    photograph: Photograph
    age: float


def apart(one: SkinStatistics, other: SkinStatistics) -> float:
    """How unlike two skins are: `statistics.distance` of relief and of tone, a stop as much as a
    factor e of relief; nan where nothing can be compared."""
    found = distance(one, other)
    known = [value for value in (found.relief, found.tone) if np.isfinite(value)]
    return float(sum(known)) if known else float("nan")


def reaged(net: nn.Module, taken: Aged, target: float, shown: Field) -> Photograph:
    """A photograph after a network; shown (N, N, 3): the pattern, see `reage.pattern.mixed`."""
    photo = taken.photograph
    height, width = photo.rgb.shape[:2]
    code = acescct(torch.from_numpy(photo.rgb).permute(2, 0, 1))
    ages = torch.full((2, height, width), taken.age / AGE_SCALE)
    ages[1] = target / AGE_SCALE
    pattern = torch.from_numpy(laid(photo, shown)).permute(2, 0, 1)
    planes = torch.cat([code, ages, pattern])[None]
    padding = (0, -width % 16, 0, -height % 16)
    with torch.no_grad():
        parts, _ = net(nn.functional.pad(planes, padding, mode="reflect"))
    made = planes[:, PICTURE] + residual_of(parts)[..., :height, :width]
    rgb = light(made)[0].permute(1, 2, 0).numpy()
    return replace(photo, rgb=np.ascontiguousarray(np.maximum(rgb, 0), np.float32))


def laid(photo: Photograph, texture: Field) -> Field:
    """(h, w, C) a texture in face UV on the face in a photograph; 0 beyond."""
    height, width = photo.rgb.shape[:2]
    points = photo.mesh[:, :2]
    spline = Spline.through(points, places(), photo.facing, _BEYOND * photo.face_px)
    out = np.zeros((height, width, texture.shape[2]), np.float32)
    inside = Region.spanning(np.stack([spline.low, spline.high]))
    inside = inside.intersect(Region(0, 0, width, height))
    uv = spline.over(inside)
    # A texel is to be about a pixel: face UV has 0.61 from hairline to chin.
    side = int(np.clip(photo.face_px / 0.61, 16, texture.shape[0]))
    small = cv2.resize(texture, (side, side), interpolation=cv2.INTER_AREA)
    x, y = (np.asarray(c * side - 0.5, np.float32) for c in (uv[..., 0], 1 - uv[..., 1]))
    found = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    hull = np.zeros((height, width), np.float32)
    outline = cv2.convexHull(points.astype(np.float32)).round().astype(np.int32)
    cv2.fillConvexPoly(hull, outline, 1.0)
    rows, columns = inside.slices(Region(0, 0, width, height))
    out[rows, columns] = found
    soft = np.asarray(cv2.GaussianBlur(hull, (0, 0), 0.01 * photo.face_px), np.float32)
    return np.asarray(out * soft[..., None])


def from_held(
    nets: Sequence[nn.Module], plates: Sequence[Aged], held: Sequence[Aged], shown: Sequence[Field]
) -> list[float]:
    """Of each network the mean of `apart` over plates, made as old as each held photograph shows,
    from it; shown: the pattern at each of the held ones' ages. A plate that cannot be compared
    after one network is left out of all. nan where no photograph can be compared."""
    found = []
    for wanted, texture in zip(held, shown, strict=True):
        true = skin_statistics(wanted.photograph)
        for plate in plates:
            try:
                made = [skin_statistics(reaged(net, plate, wanted.age, texture)) for net in nets]
            except ReageError:  # a plate that shows too little skin tells nothing
                continue
            found.append([apart(each, true) for each in made])
    known = [row for row in found if np.isfinite(row).all()]
    return [float(mean) for mean in np.mean(known, 0)] if known else [float("nan")] * len(nets)


def chosen(curve: dict[float, float]) -> float:
    """The strength of the least distance; all of it where nothing is known."""
    known = {strength: value for strength, value in curve.items() if np.isfinite(value)}
    return min(known, key=lambda s: (known[s], -s)) if known else 1.0
