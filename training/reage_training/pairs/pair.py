"""One training pair: a window of a view at two ages, and the change taken apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from reage_training.dataset import StoredView
from reage_training.network import INPUT, PARTS
from reage_training.pairs.encoding import acescct
from reage_training.pairs.optics import draw_optics
from reage_training.pairs.retouch import CHANCE, retouched
from reage_training.pairs.sensor import draw_sensor
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import AddedPattern, Pictures, pictures
from reage_training.render.skin import Ages
from reage_training.render.window import Window, cut
from reage_training.synth.head import CHIN, FOREHEAD
from reage_training.textures import Rng

AGE_SCALE = 100.0
"""Years that 1.0 in an age map stands for."""
YOUNGEST, OLDEST = 18.0, 88.0

EQUAL, UP = 0.04, 0.5
"""Shares of pairs of equal age, and of pairs from younger to older."""

FACE_SIZES = (120.0, 1024.0)
"""Heights of faces in windows, hairline to chin, px: the sizes that the engine may show faces at;
the model's card says so. Those above 500 come from large views."""
SCALES = (0.35, 1.45)
"""Of a window against its view, log-uniform, as far as FACE_SIZES allow: beyond, what is finished
in a view would be seen enlarged."""

SEEN = 0.4
"""Share of pairs, in a dataset that has them, whose conditioning map is read off photographs."""

DYED = 0.5
"""Share of pairs whose hair has just any color: else whatever is dark beside a face is hair."""


@dataclass(frozen=True)
class Pair:
    """Tensors (C, h, w) float32.

    picture   network.INPUT: ACEScct RGB as the model sees it, ages / 100, the conditioning map
    parts     network.PARTS: what to add in ACEScct
    coverage  channels.COVERAGE: visible skin and hair, 0 … 1
    """

    picture: Tensor
    parts: Tensor
    coverage: Tensor


def draw_pair(views: tuple[StoredView, ...], bank: Bank, seed: int, index: int, size: int) -> Pair:
    """Pair number `index` of the endless row that `seed` names, `size` px square, a multiple
    of 16. The same views, bank, seed and index give the same bits on one device."""
    rng = np.random.default_rng((seed, index))
    view = views[rng.integers(len(views))]
    source, target = draw_ages(rng)
    window = draw_window(rng, view, size, bank.device)
    look = Look.of(view.metadata, bank.count)
    lit, shown = _lit(rng, window, bank, look, source, target)
    if rng.random() < DYED:
        lit = dyed(rng, lit)
    noise = torch.Generator(bank.device).manual_seed(int(rng.integers(2**62)))
    return finished(rng, lit, shown, (source, target), size, noise)


def finished(
    rng: Rng, lit: Pictures, shown: Tensor, ages: tuple[float, float], size: int,
    noise: torch.Generator,
) -> Pair:  # fmt: skip
    """Pictures as `steps_between` orders them, through optics and sensor, as a pair."""
    steps, coverage = draw_optics(rng, size, lit.rgb.device)
    clean = torch.cat([lit.rgb, lit.gray[None]])
    for step in steps:
        clean = step(clean)
    seen = clean[0]
    if ages[0] < ages[1] and rng.random() < CHANCE:  # the other way, what is gone cannot be taken
        seen = retouched(rng, seen, lit.skin * (1 - coverage))
    sensor = draw_sensor(rng, size, clean.device, noise)
    given = sensor.delivered(sensor.graded(sensor.noisy(seen)[None])[0])
    return encoded(given, sensor.graded(clean), lit, shown, ages, coverage)


def encoded(
    given: Tensor, clean: Tensor, lit: Pictures, shown: Tensor, ages: tuple[float, float],
    coverage: Tensor | float = 0.0,
) -> Pair:  # fmt: skip
    """A pair from scene-linear pictures: the one given to the model (3, h, w), and the clean
    ones (5, 3, h, w): source, with the target's tone, also its form, also its detail; gray."""
    code = acescct(clean)
    tone, form, detail = (code[k + 1] - code[k] for k in range(3))
    source, target = (torch.full_like(given[:1], age / AGE_SCALE) for age in ages)
    seen = {"picture": acescct(given), "source_age": source, "target_age": target, "pattern": shown}
    parts = {"detail": detail, "form": form, "tone": tone, "hair": code[4] - code[0]}
    return Pair(
        torch.cat(INPUT.ordered(seen)),
        torch.cat(PARTS.ordered(parts)),
        torch.stack([lit.skin, lit.hair]) * (1 - coverage),
    )


def steps_between(source: float, target: float) -> list[Ages]:
    """From all of one age to all of another: tone, form, detail, in this order."""
    return [
        Ages.all(source),
        Ages(source, source, target),
        Ages(source, target, target),
        Ages.all(target),
    ]


def dyed(rng: Rng, lit: Pictures) -> Pictures:
    """The pictures with hair that is lighter or darker, and of another hue, alike at each age;
    the gray one stays."""
    color = np.exp(rng.normal(0, 0.8) + rng.normal(0, 0.2, 3))
    tint = lit.rgb.new_tensor(color)[:, None, None] - 1
    return replace(lit, rgb=lit.rgb * (1 + lit.hair * tint))


def draw_ages(rng: Rng) -> tuple[float, float]:
    """Source and target in years; wide steps are likelier than narrow ones."""
    kind = rng.random()
    a, b = np.sort(rng.uniform(YOUNGEST, OLDEST, 2))
    if b - a < 20:
        a, b = np.sort(rng.uniform(YOUNGEST, OLDEST, 2))
    if kind < EQUAL:
        return float(a), float(a)
    return (float(a), float(b)) if kind < EQUAL + UP else (float(b), float(a))


def draw_window(rng: Rng, view: StoredView, size: int, device: torch.device) -> Window:
    """A window about the view's face, turned, scaled, perhaps mirrored."""
    points = np.array(view.metadata["landmarks"])[:, :2]
    low, high = points.min(0), points.max(0)
    height = float(np.linalg.norm(points[FOREHEAD] - points[CHIN]))
    least, most = np.clip(np.array(SCALES) * height, *FACE_SIZES) / height
    scale = float(np.exp(rng.uniform(np.log(least), np.log(most))))
    slack = np.maximum((high - low) / 2 * 1.15 - size / scale / 2, 0.06 * (high - low))
    center = (low + high) / 2 + rng.uniform(-slack, slack)
    return cut(
        view.planes(), view.metadata, device, size, scale, float(rng.uniform(-20, 20)),
        (float(center[0]), float(center[1])), bool(rng.random() < 0.5),
    )  # fmt: skip


def _lit(
    rng: Rng, window: Window, bank: Bank, look: Look, source: float, target: float
) -> tuple[Pictures, Tensor]:
    """The pictures, and the conditioning map that the model is shown.

    Older: mostly the pattern that the face then gets. In a third of the cases that is not the
    one its own wrinkles follow, as with a seed chosen for an actor. Younger: any pattern, as
    the artist's seed knows nothing of an actor's wrinkles. At times none.
    """
    kind = rng.random()
    other = int(rng.integers(bank.count))
    seen = bool(bank.seen) and rng.random() < SEEN
    ages = steps_between(source, target)
    if target > source:
        added_pattern = AddedPattern(other, source) if kind < 0.35 else None
        lit = pictures(window, bank, look, ages, added_pattern, seen)
        return lit, torch.zeros_like(lit.conditioning) if kind > 0.92 else lit.conditioning
    added_pattern = AddedPattern(other, OLDEST) if kind < 0.6 else None
    lit = pictures(window, bank, look, ages, added_pattern, seen)
    return lit, torch.zeros_like(lit.conditioning) if kind > 0.8 else lit.conditioning
