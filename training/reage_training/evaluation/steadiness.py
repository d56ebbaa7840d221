"""Flicker and drift of a model on the moving head: alone and in the engine, clean and noisy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from reage.faces import FaceFrame, FaceTrack
from reage.faces.skin import facing
from reage.models.model import Model
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.shape.ages import aged_offsets
from reage_training.evaluation.flicker import drift, flicker, jitter
from reage_training.evaluation.moving import SHAPED, Moment, noisy
from reage_training.evaluation.prediction import predict_picture
from reage_training.evaluation.shot import SMOOTH, landmarks, rendered, smooth, tracked
from reage_training.evaluation.stills import OLDER, YOUNGER, Step, step_name

NOISE = 0.01
"""σ of the camera's noise where the light is 1; at mid-gray 0.18 it is 2.4 % of the gray."""

STEADY = 1.0
"""Frames, of the engine's smoothing along the skin, where it is on."""

ROWS = {
    "truth": "the true change, measured the same way: what the turning light and resampling leave",
    "model": "the model alone on the rendered frames, with the true conditioning map",
    "model, noise": "the same with camera noise",
    "engine": f"reage render: its own track (smooth {SMOOTH:g}), crop, mesh, pattern 0, matte",
    "engine, noise": "the same with camera noise",
    "engine, noise, steady": f"the same with --steady {STEADY:g}",
}

Table = dict[str, dict[str, dict[str, float]]]


@dataclass(frozen=True)
class RenderedTake:
    """The shot as one camera delivers it at one age: frames (h, w, 3) ACEScg, and the engine's
    track of them as it is found; None where some frame has no face."""

    frames: tuple[Pixels, ...]
    track: FaceTrack | None


@dataclass(frozen=True)
class Takes:
    """Clean and noisy takes by the source age of YOUNGER and OLDER, tracked once for all
    models."""

    shot: tuple[Moment, ...]
    clean: Mapping[float, RenderedTake]
    noisy: Mapping[float, RenderedTake]

    @classmethod
    def of(cls, shot: Sequence[Moment]) -> Takes:
        clean, grained = {}, {}
        for age, _ in (YOUNGER, OLDER):
            frames = tuple(moment.rgb[age] for moment in shot)
            clean[age] = _take(frames)
            grained[age] = _take(tuple(noisy(rgb, NOISE, k) for k, rgb in enumerate(frames)))
        return cls(tuple(shot), clean, grained)

    def jitter(self) -> dict[str, float]:
        """px at 512: how the engine's landmarks shake about the true ones, by take and
        smoothing, at the source age of YOUNGER."""
        age = YOUNGER[0]
        scale = 512 / self.shot[0].rgb[age].shape[0]
        true = [m.landmarks[:, :2] * scale for m in self.shot]
        out = {}
        for name, take in (("clean", self.clean[age]), ("noise", self.noisy[age])):
            if take.track is None:
                continue
            steady = (f"smooth {SMOOTH:g}", smooth(take.track))
            for how, track in (("as found", take.track), steady):
                found = landmarks(track) or []
                out[f"{name}, {how}"] = round(jitter([p * scale for p in found], true), 3)
        return out


def shape_jitter(takes: Takes) -> dict[str, float]:
    """px at 512: how the warp of SHAPED shakes about the true projection of its fields, at the
    landmarks that look at the camera in all frames, by take; on the smoothed track."""
    age = YOUNGER[0]
    size = takes.shot[0].rgb[age].shape[0]
    true = [m.shaped - m.landmarks[:, :2] for m in takes.shot]
    out = {}
    for name, take in (("clean", takes.clean[age]), ("noise", takes.noisy[age])):
        if take.track is None:
            continue
        track = smooth(take.track)
        faces = [face for n in sorted(track.frames) if (face := track.at(n))]
        seen = np.min([facing(np.array(face.mesh)) for face in faces], axis=0) > 0.9
        moved = [_moved(face, m.shaped, size) for face, m in zip(faces, takes.shot, strict=True)]
        shaken = jitter([p[seen] for p in moved], [p[seen] for p in true])
        out[name] = round(shaken * 512 / size, 3)
    return out


def _moved(face: FaceFrame, shaped: np.ndarray, size: int) -> np.ndarray:
    """(468, 2) px by which the engine's warp has moved the skin that lies at points (468, 2)."""
    data = Region(0, 0, size, size)
    found = aged_offsets(face, SHAPED, data)
    whole = np.zeros((size, size, 2), np.float32)
    if found is not None:
        whole[found.region.slices(data)] = found.xy
    x, y = (shaped - 0.5).astype(np.float32).T
    return np.asarray(-cv2.remap(whole, x, y, cv2.INTER_LINEAR)[:, 0], np.float64)


def _take(frames: tuple[Pixels, ...]) -> RenderedTake:
    track = tracked(frames)
    return RenderedTake(frames, None if landmarks(track) is None else track)


def steadiness(model: Model, takes: Takes, say: Callable[[str], None] = lambda _: None) -> Table:
    """{"65→30": {row: {"flicker", "drift"}}} for ROWS. Engine rows are absent where it finds no
    face in some frame."""
    table: Table = {}
    for step in (YOUNGER, OLDER):
        clean, grained = takes.clean[step[0]], takes.noisy[step[0]]
        made = {
            "truth": [moment.true(*step) for moment in takes.shot],
            "model": _alone(model, clean, takes.shot, step),
            "model, noise": _alone(model, grained, takes.shot, step),
        }
        for name, take, steady in (
            ("engine", clean, 0.0),
            ("engine, noise", grained, 0.0),
            ("engine, noise, steady", grained, STEADY),
        ):
            if take.track is not None:
                made[name] = rendered(model, take.frames, smooth(take.track), step, steady)
        table[step_name(step)] = {row: _measured(d, takes.shot) for row, d in made.items()}
        say(f"flicker of {step_name(step)}")
    return table


def _alone(
    model: Model, take: RenderedTake, shot: Sequence[Moment], step: Step
) -> list[Pixels]:
    return [
        predict_picture(model, rgb, moment.landmarks, step, moment.shown).delta
        for rgb, moment in zip(take.frames, shot, strict=True)
    ]


def _measured(deltas: Sequence[Pixels], shot: Sequence[Moment]) -> dict[str, float]:
    carried = [m.skin.carried(d) for m, d in zip(shot, deltas, strict=True)]
    seen: list[np.ndarray] = [m.skin.seen for m in shot]
    return {
        "flicker": round(flicker(carried, seen), 4),
        "drift": round(drift(carried, seen), 4),
    }


def rows_of(table: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The ROWS that a table has, in order."""
    return [row for row in ROWS if any(row in rows for rows in table.values())]
