"""The page's pictures: rows of faces, each with its name, as data URIs; the strength's curve."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from io import StringIO

import cv2
import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from reage_training.actor.evaluation.contender import ACTOR, ALBUM, DEFAULT
from reage_training.actor.evaluation.pairs import MeasuredPair
from reage_training.actor.evaluation.photographs import Trial
from reage_training.evaluation.sheet import difference, panel, row
from reage_training.output import Shown
from reage_training.pairs.encoding import code, shown
from reage_training.synth.head import Floats

SIDE, QUALITY = 256, 76
"""Px of a panel; of its JPEG."""

_ROOM = 0.72
"""Around the face's middle, in face heights."""

_LABELS = (DEFAULT, ALBUM, ACTOR)


def pair_row(measured: MeasuredPair) -> str:
    """Plate, each contender and the truth; below, their changes."""
    pair = measured.pair
    made = {label: measured.results[label].picture for label in _LABELS
            if label in measured.results}  # fmt: skip
    every = {f"plate, {pair.said.age:.0f}": pair.plate.rgb, **made,
             f"truth, {pair.said.target:.0f}": pair.truth}  # fmt: skip
    middle, size = np.array(pair.face.center), pair.face.size
    seen = {name: _face(rgb, middle, size) for name, rgb in every.items()}
    before = next(iter(seen.values()))
    top = row([panel(p, name, SIDE) for name, p in seen.items()])
    changes = [panel(difference(p, before), "change" if k else "", SIDE)
               for k, p in enumerate(seen.values())]  # fmt: skip
    return data_uri(np.vstack([top, row(changes)]))


def trial_row(trial: Trial) -> str:
    """Plate, each contender, and the real photograph of the age that was asked for."""
    photo = trial.plate.photo
    faces = {f"plate, {trial.plate.age:.0f}": (photo.rgb, photo.mesh, photo.face_px)}
    for label in _LABELS:
        if label in trial.pictures:
            faces[label] = (trial.pictures[label], photo.mesh, photo.face_px)
    real = trial.real.photo
    faces[f"photograph, {trial.real.age:.0f}"] = (real.rgb, real.mesh, real.face_px)
    return data_uri(row([
        panel(_face(rgb, mesh[:, :2].mean(0), px), name, SIDE)
        for name, (rgb, mesh, px) in faces.items()
    ]))  # fmt: skip


def data_uri(picture: Shown) -> str:
    """A JPEG inside the page."""
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode()


def strength_plot(found: dict[float, float], what: str) -> str:
    """SVG whose bytes depend on the figures alone."""
    with rc_context({"svg.hashsalt": "reage", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(5.2, 2.6), layout="constrained")
        axes = figure.subplots()
        axes.plot(list(found), list(found.values()), color="#1f5fa8", marker="o", linewidth=2)
        axes.set(xlabel="person strength", ylabel=what, xticks=list(found))
        axes.grid(axis="y", color="#e0e0e0")
        axes.spines[["top", "right"]].set_visible(False)
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()[text.getvalue().index("<svg") :]


def _face(rgb: Floats, middle: Sequence[float] | np.ndarray, size: float) -> Floats:
    """(SIDE, SIDE, 3) sRGB around a face; light gray beyond the picture."""
    scale = SIDE / (2 * _ROOM * size)
    way = np.array([[scale, 0, SIDE / 2 - scale * middle[0]],
                    [0, scale, SIDE / 2 - scale * middle[1]]])  # fmt: skip
    seen = shown(code().encode(np.ascontiguousarray(rgb)))
    if scale < 1:  # against aliasing
        seen = cv2.GaussianBlur(seen, (0, 0), 0.45 / scale)
    out = cv2.warpAffine(seen, way, (SIDE, SIDE), flags=cv2.INTER_CUBIC,
                         borderValue=(0.93, 0.93, 0.93))  # fmt: skip
    return np.asarray(np.clip(out, 0, 1), np.float32)
