"""Flicker and drift of a model on the moving head: alone and in the engine, clean and noisy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from reage.faces import FaceTrack
from reage.model import Model
from reage.plate import Pixels
from reage_training.evaluation.answer import ask
from reage_training.evaluation.flicker import drift, flicker, jitter
from reage_training.evaluation.moving import Moment, noisy
from reage_training.evaluation.shot import SMOOTH, landmarks, rendered, tracked
from reage_training.evaluation.stills import OLDER, YOUNGER, Step, step_name

NOISE = 0.01
"""σ of the camera's noise where the light is 1; at mid-gray 0.18 it is 2.4 % of the gray."""

STEADY = 1.0
"""Frames, of the engine's smoothing along the skin, where it is on."""

ROWS = {
    "truth": "the true change, measured the same way: what the turning light and resampling leave",
    "model": "the model alone on the rendered frames, with the true guide",
    "model, noise": "the same with camera noise",
    "engine": f"reage render: its own track (smooth {SMOOTH:g}), crop, guide by the mesh, matte",
    "engine, noise": "the same with camera noise",
    "engine, noise, steady": f"the same with --steady {STEADY:g}",
}

Table = dict[str, dict[str, dict[str, float]]]


def steadiness(
    model: Model, shot: Sequence[Moment], say: Callable[[str], None] = lambda _: None
) -> Table:
    """{"65→30": {row: {"flicker", "drift"}}} for ROWS. Engine rows are absent where it finds no
    face in some frame."""
    table: Table = {}
    for step in (YOUNGER, OLDER):
        clean = [moment.rgb[step[0]] for moment in shot]
        grained = [noisy(rgb, NOISE, k) for k, rgb in enumerate(clean)]
        rows = {"truth": _measured([m.true(*step) for m in shot], shot)}
        rows["model"] = _measured(_alone(model, clean, shot, step), shot)
        rows["model, noise"] = _measured(_alone(model, grained, shot, step), shot)
        for name, frames, steady in (
            ("engine", clean, 0.0),
            ("engine, noise", grained, 0.0),
            ("engine, noise, steady", grained, STEADY),
        ):
            track = tracked(frames, SMOOTH)
            if _complete(track):
                rows[name] = _measured(rendered(model, frames, track, step, steady), shot)
        table[step_name(step)] = rows
        say(f"flicker of {step_name(step)}")
    return table


def track_jitter(shot: Sequence[Moment], age: float = YOUNGER[0]) -> dict[str, float]:
    """px at 512: how the engine's landmarks shake about the true ones; by kind of track."""
    scale = 512 / shot[0].rgb[age].shape[0]
    true = [m.landmarks[:, :2] * scale for m in shot]
    clean = [m.rgb[age] for m in shot]
    out = {}
    for noise, frames in (
        ("clean", clean),
        ("noise", [noisy(rgb, NOISE, k) for k, rgb in enumerate(clean)]),
    ):
        for name, sigma in (("as found", 0.0), (f"smooth {SMOOTH:g}", SMOOTH)):
            found = landmarks(tracked(frames, sigma))
            if found is not None:
                scaled = [points * scale for points in found]
                out[f"{noise}, {name}"] = round(jitter(scaled, true), 3)
    return out


def _alone(
    model: Model, frames: Sequence[Pixels], shot: Sequence[Moment], step: Step
) -> list[Pixels]:
    return [
        ask(model, rgb, moment.landmarks, step, moment.shown).delta
        for rgb, moment in zip(frames, shot, strict=True)
    ]


def _measured(deltas: Sequence[Pixels], shot: Sequence[Moment]) -> dict[str, float]:
    carried = [m.skin.carried(d) for m, d in zip(shot, deltas, strict=True)]
    seen: list[np.ndarray] = [m.skin.seen for m in shot]
    return {
        "flicker": round(flicker(carried, seen), 4),
        "drift": round(drift(carried, seen), 4),
    }


def _complete(track: FaceTrack) -> bool:
    return landmarks(track) is not None


def rows_of(table: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The ROWS that a table has, in order."""
    return [row for row in ROWS if any(row in rows for rows in table.values())]
