"""What adds up of one model over held-out pictures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reage.models.channels import PARTS
from reage_training.evaluation.figures import ErrorStats, Sums, fine_energy, mean_change
from reage_training.evaluation.identity import Moved, meshes, shift, summary
from reage_training.evaluation.prediction import Prediction
from reage_training.evaluation.splits import groups
from reage_training.evaluation.stills import (
    CONDITIONINGS,
    IN_PARTS,
    NUDGES,
    STEPS,
    STRONG,
    YOUNGER,
    Still,
    face_of,
    main_conditioning,
    step_name,
    who,
)
from reage_training.evaluation.strength import Strength, change_shown
from reage_training.pairs.encoding import code

MOVED = ("made", "true")
Key = tuple[str, str, str]
"""Step, conditioning map, group."""


class ErrorSums:
    """Sums of what a model answered; `report` makes figures of them."""

    def __init__(self) -> None:
        self._sums: dict[Key, Sums] = {}
        self._parts: dict[tuple[str, str], ErrorStats] = {}
        self._hair = ErrorStats()
        self._matte: list[float] = []
        self._moved: dict[tuple[str, str], list[Moved]] = {}
        self._energy: dict[tuple[str, str], list[float]] = {}
        self._strength: dict[str, Strength] = {}
        self._nudges: dict[tuple[str, str], list[float]] = {}
        self._worst: dict[str, tuple[float, str]] = {}

    def add(self, still: Still, made: Prediction) -> None:
        step = step_name(still.step)
        if still.step in NUDGES:
            self._add_nudge(still, made, step)
            return
        sums = Sums.of(made.delta, still.true, still.skin)
        for group in ("all", *groups(still.metadata)):
            key = (step, still.conditioning, group)
            self._sums[key] = self._sums[key] + sums if key in self._sums else sums
        if still.conditioning != main_conditioning(still.step):
            return
        if still.parts is not None:
            for part in PARTS:
                pair = getattr(made.parts, part), getattr(still.parts, part)
                before = self._parts.get((step, part), ErrorStats())
                self._parts[step, part] = before + ErrorStats.of(*pair, still.skin)
        if still.step == YOUNGER and made.hair is not None and made.matte is not None:
            self._add_hair(still, made)
        if still.step in STRONG:
            so_far = self._strength.get(step, Strength.none())
            self._strength[step] = so_far + _strength(still, made)
        if still.step in IN_PARTS:
            self._add_looks(still, made, step)
            taken = sums.whole.reduction
            if taken is not None and taken < self._worst.get(step, (float("inf"), ""))[0]:
                self._worst[step] = (taken, who(still.metadata))

    def _add_nudge(self, still: Still, made: Prediction, step: str) -> None:
        codes = code().encode(still.rgb)
        for name, delta in zip(MOVED, (made.delta, still.true), strict=True):
            moved = mean_change(change_shown(codes, delta), still.skin)
            self._nudges.setdefault((step, name), []).append(moved)

    def _add_hair(self, still: Still, made: Prediction) -> None:
        assert still.hair is not None and made.hair is not None and made.matte is not None
        shown = made.hair * made.matte[..., None]
        self._hair += ErrorStats.of(shown, still.hair, still.hair_coverage)
        self._matte.append(float(np.abs(made.matte - still.hair_coverage).mean()))

    def _add_looks(self, still: Still, made: Prediction, step: str) -> None:
        """Landmarks and fine detail of the picture before, as made, and as it truly is."""
        before = code().encode(still.rgb)
        after = {"made": before + made.delta, "true": before + still.true}
        for name, picture in after.items():
            energy = self._energy.setdefault((step, name), [0.0, 0.0])
            energy[0] += fine_energy(before, still.skin)
            energy[1] += fine_energy(picture, still.skin)
        found = meshes(still.rgb, *(code().decode(picture) for picture in after.values()))
        if found is not None:
            start, made_mesh, true_mesh = found
            pairs = {
                "made": (start, made_mesh),
                "true": (start, true_mesh),
                "apart": (true_mesh, made_mesh),
            }
            for name, pair in pairs.items():
                self._moved.setdefault((step, name), []).append(shift(*pair))

    def report(self) -> dict[str, object]:
        """Plain JSON: pairs (with the main conditioning map), conditioning maps, parts, hair,
        identity, waxiness, strength, nudges (mean |change| on skin in code values of 8-bit sRGB),
        worst person."""
        return {
            "pairs": {step_name(s): self._groups(s, main_conditioning(s)) for s in STEPS},
            "guides": {
                step_name(s): {
                    conditioning: self._sums[step_name(s), conditioning, "all"].figures()
                    for conditioning in CONDITIONINGS
                    if (step_name(s), conditioning, "all") in self._sums
                }
                for s in STEPS
            },
            "parts": {
                step_name(s): {p: _error_stats(self._parts[step_name(s), p]) for p in PARTS}
                for s in IN_PARTS
                if (step_name(s), PARTS[0]) in self._parts
            },
            "hair": _with(_error_stats(self._hair), matte_error=self._matte),
            "identity": self._each(
                ("made", "true", "apart"), lambda *key: summary(self._moved.get(key, []))
            ),
            "waxiness": self._each(("made", "true"), lambda *key: _left(self._energy[key])),
            "strength": {step: sums.table() for step, sums in self._strength.items()},
            "nudges": {
                step: {name: round(float(np.mean(self._nudges[step, name])), 3) for name in MOVED}
                for step in map(step_name, NUDGES)
                if (step, "made") in self._nudges
            },
            "worst": {
                step: {"person": person, "reduction": round(taken, 5)}
                for step, (taken, person) in self._worst.items()
            },
        }

    def _groups(self, step: tuple[float, float], conditioning: str) -> dict[str, dict[str, float]]:
        return {
            group: sums.figures()
            for (name, told, group), sums in self._sums.items()
            if (name, told) == (step_name(step), conditioning)
        }

    def _each(
        self, names: tuple[str, ...], figure: Callable[[str, str], object]
    ) -> dict[str, dict[str, object]]:
        return {
            step_name(s): {name: figure(step_name(s), name) for name in names}
            for s in IN_PARTS
            if (step_name(s), "made") in self._energy
        }


def _strength(still: Still, made: Prediction) -> Strength:
    codes = code().encode(still.rgb)
    changed, true = (change_shown(codes, delta) for delta in (made.delta, still.true))
    size = face_of(still.landmarks).size
    return Strength.of(changed, true, still.regions, still.skin, size)


def _error_stats(stats: ErrorStats) -> dict[str, float]:
    if not stats.weight:
        return {}
    out = {
        "error": stats.mean("error"),
        "nothing": stats.mean("nothing"),
        "reduction": stats.reduction,
        "amplitude": stats.amplitude,
        "correlation": stats.correlation,
    }
    return {name: round(value, 5) for name, value in out.items() if value is not None}


def _with(figures: dict[str, float], **more: list[float]) -> dict[str, float]:
    means = {name: round(float(np.mean(values)), 5) for name, values in more.items() if values}
    return {**figures, **means}


def _left(energy: list[float]) -> float:
    return round(energy[1] / max(energy[0], 1e-12), 4)
