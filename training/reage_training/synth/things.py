"""Things before a face: glasses, hats, hands, microphones. Drawn into a view by its landmarks.

They are shapes and shades, not models of anything; what counts is that skin stops at them and
that they never age.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from reage_training.synth.head import Floats
from reage_training.synth.view import COVERAGE, SKIN, STILL, STILLS, View

Points = npt.NDArray[np.float64]
"""(N, 2) x and y in a view, px."""
Point = npt.NDArray[np.float64]

_FINE = 4
"""Bits of a pixel's fraction in drawing coordinates."""
_RIGHT_EYE, _LEFT_EYE = (33, 133), (362, 263)
_TEMPLES, _BROW, _TOP, _CHIN, _NOSE = (127, 356), (105, 334), 10, 152, 168

GLASSES, HAT, HAND, MICROPHONE = 0.18, 0.08, 0.14, 0.06
"""Shares of views that get each."""


def with_things(view: View, rng: np.random.Generator) -> View:
    """The view, perhaps with something before the face. The same seed draws the same."""
    planes = np.array(view.planes, np.float32)
    points = np.array(view.metadata["landmarks"], np.float64)[:, :2]
    size = float(np.linalg.norm(points[_TOP] - points[_CHIN]))
    level = _level(planes)
    worn = []
    for name, share, draw in (("glasses", GLASSES, _glasses), ("hat", HAT, _hat), ("hand", HAND,
                              _hand), ("microphone", MICROPHONE, _microphone)):  # fmt: skip
        if rng.uniform() < share:
            draw(rng, planes, points, size, level)
            worn.append(name)
    if not worn:
        return view
    changed = view.planes.copy()
    for plane in (*COVERAGE, *STILLS):
        changed[..., plane] = planes[..., plane]
    return replace(view, planes=changed, metadata={**view.metadata, "worn": worn})


def _level(planes: Floats) -> float:
    """Light that a white thing would give back here, in scene-linear units."""
    lit = planes[..., STILL].sum(-1) / 3
    return float(np.clip(np.percentile(lit, 75) * 2.5, 0.15, 1.2))


def _cover(planes: Floats, opacity: Floats, color: Floats) -> None:
    """Lay `color` (3,) or (h, w, 3) over all planes by `opacity` (h, w), in place."""
    for still in STILLS:
        planes[..., still] += (color - planes[..., still]) * opacity[..., None]
    for plane in COVERAGE:
        planes[..., plane] *= 1 - opacity


def _blank(planes: Floats) -> Floats:
    return np.zeros(planes.shape[:2], np.float32)


def _at(points: Sequence[Point] | Points) -> npt.NDArray[np.int32]:
    """Points (N, 2) px as OpenCV draws them, in fractions of a pixel."""
    return np.round(np.asarray(points) * (1 << _FINE) - (1 << (_FINE - 1))).astype(np.int32)


def _glasses(
    rng: np.random.Generator, planes: Floats, points: Points, size: float, level: float
) -> None:
    """Two rims that follow the eyes, bridge, temples; lenses tint and reflect a little."""
    thick = max(1, round(size * rng.uniform(0.006, 0.03)))
    frame, lens = _blank(planes), _blank(planes)
    across = points[263] - points[33]
    tilt = float(np.degrees(np.arctan2(across[1], across[0])))
    wide, high = rng.uniform(0.135, 0.165) * size, rng.uniform(0.09, 0.15) * size
    corner = rng.uniform(2.0, 4.0)
    centers: list[tuple[Point, float]] = []
    for eye in (_RIGHT_EYE, _LEFT_EYE):
        inner = points[list(eye)].mean(0) + np.array([0, 0.015 * size])
        # A turned head shows the far eye narrower.
        ratio = np.linalg.norm(points[eye[1]] - points[eye[0]]) / (0.165 * size)
        axes = (wide * float(np.clip(ratio, 0.55, 1.15)), high)
        ring = cv2.ellipse2Poly((0, 0), (1000, int(1000 * axes[1] / axes[0])), 0, 0, 360, 4)
        shape = np.asarray(ring) / 1000.0
        shape = np.sign(shape) * np.abs(shape) ** (2 / corner)
        turn = np.radians(tilt)
        spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        outline = shape * axes[0] @ spin.T + inner
        cv2.fillPoly(lens, [_at(outline)], 1.0, cv2.LINE_AA, _FINE)
        cv2.polylines(frame, [_at(outline)], True, 1.0, thick, cv2.LINE_AA, _FINE)
        centers.append((inner, axes[0]))
    unit = across / (np.linalg.norm(across) + 1e-6)
    a, b = centers[0][0] + unit * centers[0][1], centers[1][0] - unit * centers[1][1]
    middle = (a + b) / 2 - [0, 0.02 * size]
    cv2.polylines(frame, [_at([a, middle, b])], False, 1.0, thick, cv2.LINE_AA, _FINE)
    for (center, width), temple, side in zip(centers, _TEMPLES, (-1, 1), strict=True):
        cv2.polylines(frame, [_at([center + unit * width * side, points[temple]])], False, 1.0,
                      thick, cv2.LINE_AA, _FINE)  # fmt: skip
    shade = cv2.GaussianBlur(frame, (0, 0), 0.012 * size)
    shift = np.array([[1, 0, 0.01 * size], [0, 1, 0.03 * size]], np.float32)
    shade = cv2.warpAffine(shade, shift, shade.shape[::-1])
    planes[..., SKIN] *= 1 - 0.25 * np.clip(shade, 0, 1) * (1 - frame)  # the rim's soft shadow
    tint = rng.uniform(0.0, 0.10) if rng.uniform() < 0.9 else rng.uniform(0.5, 0.95)
    ramp = np.linspace(0.2, 1, planes.shape[0], dtype=np.float32)[:, None, None]
    sky = ramp * np.float32(level * rng.uniform(0.1, 0.6)) * np.ones((1, 1, 3), np.float32)
    _cover(planes, lens * np.float32(tint), sky)
    hue = np.exp(rng.uniform(np.log(0.01), np.log(0.4))) * np.exp(rng.normal(0, 0.25, 3)) * level
    _cover(planes, np.clip(frame, 0, 1), hue.astype(np.float32))


def _hat(
    rng: np.random.Generator, planes: Floats, points: Points, size: float, level: float
) -> None:
    """A cap, a brimmed hat or a scarf over hair and forehead, and its shadow below."""
    left, right, brow = points[_TEMPLES[0]], points[_TEMPLES[1]], points[list(_BROW)].mean(0)
    up = (points[_TOP] - points[_CHIN]) / size
    side = np.array([-up[1], up[0]])
    half = np.linalg.norm(right - left) / 2 * rng.uniform(1.08, 1.3)
    foot = brow + up * size * rng.uniform(0.06, 0.2)
    t = np.linspace(-1, 1, 25)
    sag = rng.uniform(-0.02, 0.07) * size
    edge = foot + np.outer(t * half, side) - np.outer((1 - t * t) * sag, up)
    crown = foot + up * size * rng.uniform(0.7, 1.2)
    body = np.vstack([edge, crown + side * half * 0.9, crown - side * half * 0.9])
    matte = _blank(planes)
    cv2.fillPoly(matte, [_at(body)], 1.0, cv2.LINE_AA, _FINE)
    if rng.uniform() < 0.5:  # a brim
        reach = rng.uniform(1.1, 1.7)
        flat = (1000, int(rng.uniform(90, 260)))
        brim = np.asarray(cv2.ellipse2Poly((0, 0), flat, 0, 0, 360, 6)) / 1000.0
        turn = np.stack([side, -up])
        cv2.fillPoly(matte, [_at(foot + brim * half * reach @ turn)], 1.0, cv2.LINE_AA, _FINE)
    shadow = cv2.GaussianBlur(matte, (0, 0), 0.05 * size)
    fall = -0.09 * size * up
    drop = np.array([[1, 0, fall[0]], [0, 1, fall[1]]], np.float32)
    shadow = cv2.warpAffine(shadow, drop, shadow.shape[::-1]) * rng.uniform(0.2, 0.7)
    planes[..., SKIN] *= 1 - np.clip(shadow, 0, 1) * (1 - matte)
    _cover(planes, matte, _cloth(rng, matte.shape, level))


def _cloth(rng: np.random.Generator, shape: tuple[int, ...], level: float) -> Floats:
    """(h, w, 3) of a plain or ribbed cloth with soft folds."""
    hue = np.exp(rng.uniform(np.log(0.02), np.log(0.6))) * np.exp(rng.normal(0, 0.3, 3)) * level
    coarse = rng.standard_normal((7, 7)).astype(np.float32)
    folds = np.exp(0.35 * cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC))
    x = np.arange(shape[1], dtype=np.float32)[None, :]
    rib = 1 + rng.uniform(0, 0.25) * np.sin(x * rng.uniform(0.3, 2.0))
    return np.asarray(folds[..., None] * rib[..., None] * hue, np.float32)


def _hand(
    rng: np.random.Generator, planes: Floats, points: Points, size: float, level: float
) -> None:
    """Fingers that come from outside and touch a cheek, the chin or the brow."""
    targets = (152, 50, 280, 105, 334, 61, 291)
    tip = points[targets[rng.integers(len(targets))]] + rng.normal(0, 0.05 * size, 2)
    middle = np.array(planes.shape[1::-1]) / 2
    away = tip - middle + rng.normal(0, 0.1 * size, 2)
    away /= np.linalg.norm(away) + 1e-6
    across = np.array([-away[1], away[0]])
    thick = size * rng.uniform(0.045, 0.07)
    skin = np.array([1.30, 0.92, 0.74]) * rng.uniform(0.08, 0.5) * level
    for k in range(rng.integers(1, 5)):
        start = tip + across * (k - 1.5) * thick * 1.9 + away * rng.uniform(0, 0.12) * size
        end = start + (away + across * rng.normal(0, 0.06)) * 1.5 * size
        matte, ridge = _blank(planes), _blank(planes)
        ends = _at([start, end])
        cv2.line(matte, ends[0], ends[1], 1.0, max(1, int(2 * thick)), cv2.LINE_AA, _FINE)
        cv2.line(ridge, ends[0], ends[1], 1.0, max(1, int(thick)), cv2.LINE_AA, _FINE)
        ridge = cv2.GaussianBlur(ridge, (0, 0), 0.5 * thick)
        shadow = cv2.GaussianBlur(matte, (0, 0), 0.4 * thick)
        planes[..., SKIN] *= 1 - 0.45 * np.clip(shadow - matte, 0, 1)
        color = (0.35 + 0.65 * ridge[..., None]) * skin
        _cover(planes, np.clip(matte, 0, 1), color.astype(np.float32))


def _microphone(
    rng: np.random.Generator, planes: Floats, points: Points, size: float, level: float
) -> None:
    """A ball and its stem before mouth or chin, dark and dull or in a foam of any color."""
    middle = points[_CHIN] + (points[_NOSE] - points[_CHIN]) * rng.uniform(-0.3, 0.45)
    middle = middle + rng.normal(0, 0.12 * size, 2)
    radius = size * rng.uniform(0.05, 0.13)
    turn = np.radians(rng.uniform(30, 150))
    foot = middle + np.array([np.cos(turn), np.sin(turn)]) * 2.5 * size
    matte, light = _blank(planes), _blank(planes)
    stem = _at([middle, foot])
    cv2.line(matte, stem[0], stem[1], 1.0, max(1, int(radius * 0.9)), cv2.LINE_AA, _FINE)
    ball = _at([middle])[0]
    cv2.circle(matte, ball, int(radius * (1 << _FINE)), 1.0, -1, cv2.LINE_AA, _FINE)
    bright = _at([middle + np.array([-0.35, -0.4]) * radius])[0]
    cv2.circle(light, bright, int(0.4 * radius * (1 << _FINE)), 1.0, -1, cv2.LINE_AA, _FINE)
    light = cv2.GaussianBlur(light, (0, 0), max(0.5, 0.35 * radius))
    hue = np.exp(rng.uniform(np.log(0.008), np.log(0.15))) * np.exp(rng.normal(0, 0.3, 3)) * level
    grain = np.exp(0.25 * rng.standard_normal(matte.shape)).astype(np.float32)
    color = (0.5 + 1.5 * light)[..., None] * grain[..., None] * hue.astype(np.float32)
    _cover(planes, np.clip(matte, 0, 1), color.astype(np.float32))
