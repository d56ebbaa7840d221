"""Pairs that an actor's adapter learns from: of the double, and of default people among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reage.album import trusted
from reage_training.actor.double.textures import DoubleBank
from reage_training.dataset import StoredView
from reage_training.pairs.batches import Batch, collate
from reage_training.pairs.pair import (
    DYED,
    Pair,
    draw_ages,
    draw_pair,
    draw_window,
    dyed,
    encoded,
    finished,
    steps_between,
)
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.window import Window, whole
from reage_training.textures import Rng

PAIRS = 2
"""Raised where pairs of the same numbers become others, so that no run goes on with them."""

UNTOLD = 0.08
"""Share of the double's pairs whose model is shown no pattern: an artist may choose another one."""

ASIDE = 0.2
"""cm, deviation: how far a page's lines lie beside the face's. Of 15 texels (3.8 mm) by which a
mesh is off, 11 are the same on all photographs and plates of a person (ADR 25); the rest is about
this each way. Shown where the double itself has them, pages would be trusted blindly."""

NEAR = 4.0
"""Years outside the span that are as good as within: a page says what is near its age as well."""

_ALIKE = 4.0
"""cm between the knots of the field by which a map lies aside: a mesh is off alike over a cheek."""

_SPREAD = 0.8
"""Deviation of what lies between knots of deviation 1, cubically."""


@dataclass(frozen=True)
class Double:
    """What pairs of the double are made of.

    span     the album's youngest and oldest age
    default  the default model's network: what it says holds outside the span
    """

    views: tuple[StoredView, ...]
    bank: DoubleBank
    span: tuple[float, float]
    default: nn.Module

    def pair(self, seed: int, index: int, size: int) -> Pair:
        """Pair number `index` of the row that `seed` names, see `pairs.pair.draw_pair`: the change
        is the double's own, its conditioning map the album's page at the target age."""
        rng = np.random.default_rng((seed, 2, index))
        view = self.views[rng.integers(len(self.views))]
        ages = draw_ages(rng)
        bank = self.bank.at(ages[1])
        window = draw_window(rng, view, size, bank.device)
        look = Look.of(view.metadata, bank.count)
        lit = pictures(window, bank, look, steps_between(*ages), None, seen=True)
        shown = misplaced(rng, lit.conditioning, _px_per_cm(window))
        if rng.random() < UNTOLD:
            shown = torch.zeros_like(shown)
        if rng.random() < DYED:
            lit = dyed(rng, lit)
        noise = torch.Generator(bank.device).manual_seed(int(rng.integers(2**62)))
        return self.held(finished(rng, lit, shown, ages, size, noise), ages)

    def still(self, view: StoredView, source: float, target: float) -> Pair:
        """All of a view as it is, see `validation.still_pair`, with the album's page, which lies
        aside as in learning; how, follows from the view's person."""
        bank, planes = self.bank.at(target), view.planes()
        side = planes.shape[0] // 16 * 16
        window = whole(planes[:side, :side], view.metadata, bank.device)
        look = Look.of(view.metadata, bank.count)
        lit = pictures(window, bank, look, steps_between(source, target), None, seen=True)
        clean = torch.cat([lit.rgb, lit.gray[None]])
        rng = np.random.default_rng((int(view.metadata["seed"]), 62))
        shown = misplaced(rng, lit.conditioning, _px_per_cm(window))
        return encoded(clean[0], clean, lit, shown, (source, target))

    def held(self, pair: Pair, ages: tuple[float, float]) -> Pair:
        """A pair whose change is, as far as its ages lie outside the span, the default's own."""
        trust = min(believed(self.span, age) for age in ages)
        if trust == 1.0 or ages[0] == ages[1]:
            return pair
        with torch.no_grad():
            said, _ = self.default(pair.picture[None])
        return replace(pair, parts=torch.lerp(said[0].float(), pair.parts, trust))


def _px_per_cm(window: Window) -> float:
    return window.px_per_texel / float(window.metadata["cm_per_px"])


def misplaced(rng: Rng, shown: Tensor, px_per_cm: float, aside: float = ASIDE) -> Tensor:
    """A conditioning map (3, h, w) whose places lie aside by a smooth field of deviation `aside`,
    in cm, right and down each."""
    _, h, w = shown.shape
    count = [max(2, round(side / px_per_cm / _ALIKE) + 1) for side in (h, w)]
    knots = shown.new_tensor(rng.normal(0, aside / _SPREAD * px_per_cm, (1, 2, *count)))
    off = F.interpolate(knots, (h, w), mode="bicubic", align_corners=True)[0]
    at = torch.stack(torch.meshgrid(
        torch.arange(w, device=shown.device), torch.arange(h, device=shown.device), indexing="xy"
    ))  # fmt: skip
    to_unit = 2 / shown.new_tensor([w - 1, h - 1])
    grid = ((at + off).permute(1, 2, 0) * to_unit - 1)[None]
    return F.grid_sample(shown[None], grid, padding_mode="border", align_corners=True)[0]


def believed(span: tuple[float, float], age: float) -> float:
    """0 … 1: how far the book is believed at an age, as `reage.album.trust` says of its pages; 1
    up to NEAR years outside its span."""
    return trusted((span[0] - NEAR, span[1] + NEAR), age)


def mixed_row(
    double: Double,
    people: tuple[StoredView, ...],
    people_bank: Bank,
    seed: int,
    size: int,
    share: float,
) -> Callable[[int], Pair]:
    """What draws pair k: of the double with a chance of `share`, else of a default person."""

    def draw(index: int) -> Pair:
        if np.random.default_rng((seed, 3, index)).random() < share:
            return double.pair(seed, index, size)
        return other(index)

    other = partial(draw_pair, people, people_bank, seed, size=size)
    return draw


def held_batches(double: Double, views: tuple[StoredView, ...]) -> tuple[Batch, ...]:
    """Of each view the change between two ages of the span, as far apart as it allows, both ways;
    of a short span, between ages around it."""
    low, high = max(double.span[0], 25.0), min(double.span[1], 70.0)
    if high - low < 20:
        low, high = max(20.0, low - 10), min(80.0, high + 10)
    return tuple(
        collate([double.still(view, low, high), double.still(view, high, low)]) for view in views
    )
