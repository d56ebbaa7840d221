"""Pictures of what a model does, for people: PNG sheets of labelled panels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import OutputError
from reage.model import Model
from reage.plate import Pixels
from reage_training.dataset import Group, encoder
from reage_training.delivery import srgb
from reage_training.evaluate import Case, cases

GAIN = 4.0
"""Deltas are shown as gray ± this much of their sRGB difference."""

Shown = npt.NDArray[np.uint8]
"""(h, w, 3) sRGB, 8 bits."""


def shown(code: Pixels) -> Pixels:
    """(h, w, 3) ACEScct → sRGB, clipped to 0 … 1."""
    light = encoder().decode(np.ascontiguousarray(code))
    return np.asarray(np.clip(srgb().encode(light), 0, 1), np.float32)


def difference(after: Pixels, before: Pixels) -> Pixels:
    """Two shown pictures → their difference as gray ± GAIN times itself."""
    return np.asarray(np.clip(0.5 + GAIN * (after - before), 0, 1), np.float32)


def panel(picture: Pixels, label: str, side: int | None = None) -> Shown:
    """sRGB 0 … 1 to 8 bits with a label; `side` px wide where given."""
    if side is not None and picture.shape[1] != side:
        height = round(picture.shape[0] * side / picture.shape[1])
        picture = cv2.resize(picture, (side, height), interpolation=cv2.INTER_AREA)
    out: Shown = (np.ascontiguousarray(picture) * 255 + 0.5).astype(np.uint8)
    for colour, thick in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(out, label, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, thick, cv2.LINE_AA)
    return out


def held_sheet(
    model: Model, groups: Sequence[Group], people: int = 6, side: int | None = None
) -> Shown:
    """A row each way for people spread over the set: source, prediction, truth, deltas.

    The rows are 65→30 and 30→65, or what the set has nearest within `evaluate.NEAR`.
    """
    step = max(1, len(groups) // people)
    rows = []
    for group in groups[::step][:people]:
        for pair in ((65.0, 30.0), (30.0, 65.0)):
            rows += [_row(case, side) for case in cases(model, [group], pair)]
    return np.vstack(rows)


def _row(case: Case, side: int | None) -> Shown:
    source, made, true = (shown(case.before + d) for d in (0 * case.true, case.made, case.true))
    a, b = (f"{age:.0f}" for age in case.ages)
    panels = (
        (source, f"{a}"),
        (made, f"{a} to {b}"),
        (true, f"truth {b}"),
        (difference(made, source), f"delta x{GAIN:g}"),
        (difference(true, source), f"true delta x{GAIN:g}"),
    )
    return np.hstack([panel(picture, label, side) for picture, label in panels])


def write_png(path: Path, picture: Shown) -> None:
    """Raises OutputError."""
    ok, data = cv2.imencode(".png", picture[..., ::-1])
    try:
        if not ok:
            raise OSError("the picture cannot be coded as PNG")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.tobytes())
    except OSError as e:
        raise OutputError(f"Cannot write the sheet {path}: {e}") from e
