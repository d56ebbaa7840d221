"""How good an exported model is, on identities it never saw.

The model runs as the engine runs it: the ONNX file through `reage.onnx_model`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reage.errors import SettingsError
from reage.model import Model
from reage.plate import Pixels
from reage_training.dataset import Group, encoder
from reage_training.figures import Sums, measure
from reage_training.textures import Plane

PAIRS = ((65.0, 30.0), (30.0, 65.0), (80.0, 20.0), (20.0, 80.0), (65.0, 45.0), (45.0, 45.0))
"""(source, target) ages that are measured where the set has them."""

NEAR = 2.0
"""Years that a picture's age may be off the one asked for."""

THIRDS = ("light", "medium", "dark")

Figures = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Case:
    """One pair and what a model made of it.

    before:      (h, w, 3) ACEScct
    true, made:  (h, w, 3) deltas in ACEScct
    skin:        (h, w) 0 … 1
    """

    group: Group
    ages: tuple[float, float]
    before: Pixels
    true: Pixels
    made: Pixels
    skin: Plane


def evaluate(
    model: Model,
    groups: Sequence[Group],
    pairs: Sequence[tuple[float, float]] = PAIRS,
    progress: Callable[[str], None] = lambda line: None,
) -> Mapping[str, Figures]:
    """Figures of `Sums.figures` for each pair: {"65→30": {"all": …, "light": …, …}, …}.

    The thirds are by the skin's tone; empty ones are left out.
    Raises SettingsError where no group has pictures of any pair's ages.
    """
    table = {}
    for pair in pairs:
        sums: dict[str, Sums] = {}
        for case in cases(model, groups, pair):
            part = measure(case.made, case.true, case.skin)
            for name in ("all", third(case.group.tone)):
                sums[name] = sums.get(name, Sums()) + part
        if sums:
            table[pair_name(pair)] = {name: s.figures() for name, s in sums.items()}
            progress(f"measured {pair_name(pair)}")
    if not table:
        asked = ", ".join(map(pair_name, pairs))
        raise SettingsError(
            f"No group of the held set has ages for any of {asked}; "
            "write it with `reage-train synth --ages 20,30,45,65,80`."
        )
    return table


def third(tone: float) -> str:
    """Which third of the range of tones, 0 light … 1 dark."""
    return THIRDS[min(2, int(tone * 3))]


def pair_name(pair: tuple[float, float]) -> str:
    return f"{pair[0]:g}→{pair[1]:g}"


def cases(model: Model, groups: Sequence[Group], pair: tuple[float, float]) -> Iterator[Case]:
    """The model on every group that has pictures of both ages."""
    for group in groups:
        which = [_nearest(group, age) for age in pair]
        if None not in which:
            a, b = (k for k in which if k is not None)
            yield _case(model, group, a, b)


def _nearest(group: Group, age: float) -> int | None:
    off = np.abs(np.array(group.ages) - age)
    return int(off.argmin()) if off.min() <= NEAR else None


def _case(model: Model, group: Group, a: int, b: int) -> Case:
    pictures = group.pictures()
    side = pictures.shape[1] // model.card.stride * model.card.stride
    before, after = (np.array(pictures[k, :side, :side], np.float32) for k in (a, b))
    code, target = (encoder().encode(p[..., :3]) for p in (before, after))
    ages = (group.ages[a], group.ages[b])
    source_age, target_age = (np.full((side, side), age, np.float32) for age in ages)
    made = model.run(code, source_age, target_age)
    skin = np.clip(np.maximum(before[..., 3], after[..., 3]), 0, 1)
    return Case(group, ages, code, target - code, made, skin)


def table_text(table: Mapping[str, Figures]) -> str:
    """The figures as lines for people."""
    head = (
        f"{'pair':8}{'skin':8}{'error less by':>14}{'of':>9}{'detail':>9}{'corr.':>7}{'outside':>9}"
    )
    lines = [head]
    for name, parts in table.items():
        there = [part for part in ("all", *THIRDS) if part in parts]
        lines += [_line(name if part == "all" else "", part, parts[part]) for part in there]
    return "\n".join(lines)


def _line(name: str, part: str, f: Mapping[str, float]) -> str:
    if "reduction" not in f:
        return f"{name:8}{part:8}{'change':>14}{f['change']:9.4f}{'':16}{f['outside']:9.4f}"
    return (
        f"{name:8}{part:8}{f['reduction']:14.1%}{f['nothing']:9.4f}"
        f"{f['detail_amplitude']:9.0%}{f['detail_correlation']:7.2f}{f['outside']:9.4f}"
    )
