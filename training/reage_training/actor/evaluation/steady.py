"""How still a contender's change lies on a moving face: a pair's plate, moved as a head moves."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from reage_training.actor.evaluation.contender import Contender
from reage_training.actor.evaluation.pairs import OpenPair
from reage_training.evaluation.flicker import drift, flicker
from reage_training.evaluation.moving import noisy
from reage_training.evaluation.shot import rendered, smooth, tracked
from reage_training.synth.head import Floats

FRAMES, NOISE = 6, 0.01
"""Of the shot; sigma of its noise where light is 1."""


def moves(shape: tuple[int, int], frames: int = FRAMES) -> list[np.ndarray]:
    """(2, 3) for each frame: from the plate's px to the frame's: it turns, drifts and nears."""
    height, width = shape
    out = []
    for t in np.linspace(-0.5, 0.5, frames):
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 5 * t, 1 + 0.04 * t)
        turn[:, 2] += [0.02 * width * t, 0.012 * height * np.sin(5 * t)]
        out.append(turn)
    return out


def steadiness(
    contenders: Sequence[Contender], pair: OpenPair
) -> dict[str, tuple[float, float]]:
    """(flicker, drift) of each, by label; {} where some frame's face is not found."""
    rgb = pair.plate.rgb
    size = rgb.shape[1::-1]
    ways = moves(rgb.shape[:2])
    frames = [
        noisy(cv2.warpAffine(rgb, way, size, flags=cv2.INTER_CUBIC,
                             borderMode=cv2.BORDER_REFLECT), NOISE, k)
        for k, way in enumerate(ways)
    ]  # fmt: skip
    frames = [np.maximum(frame, 0) for frame in frames]
    track = tracked(frames)
    if any(track.at(number) is None for number in range(1, FRAMES + 1)):
        return {}
    skin = pair.skin > 0.9
    inside = [_back(np.ones_like(rgb[..., 0]), way) > 0.99 for way in ways]
    step = (pair.said.age, pair.said.target)
    out = {}
    for each in contenders:
        deltas = rendered(each.model, frames, smooth(track), step, 0.0, each.pattern)
        carried = [_back(delta, way) for delta, way in zip(deltas, ways, strict=True)]
        seen = [skin & there for there in inside]
        out[each.label] = (flicker(carried, seen), drift(carried, seen))
    return out


def _back(picture: Floats, way: np.ndarray) -> Floats:
    """A frame's picture where the plate has it."""
    size = picture.shape[1::-1]
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, way, size, flags=flags), np.float32)
