"""A sheet of a dataset's people: each in a row, at several ages, and at the last one with gray
hair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from reage_training.dataset import StoredView, find_views
from reage_training.output import Shown, eight_bits
from reage_training.pairs.encoding import srgb
from reage_training.render.bank import Bank, open_bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole


def people_sheet(
    folder: Path, people: int, ages: Sequence[float], size: int | None = None
) -> Shown:
    """Rows for up to `people` identities, spread over the dataset; columns for the ages in years,
    and one for the last of them with all hair gray.

    Each person is shown in the largest of their views, brought to `size` px; where left away, to
    the largest of those shown. Raises SettingsError where the folder holds no dataset.
    """
    bank = open_bank(folder, torch.device("cpu"))
    views = largest(find_views(folder))
    shown = views[:: max(1, len(views) // people)][:people]
    side = size or max(map(_side, shown))
    return np.vstack([_row(view, bank, ages, side) for view in shown])


def largest(views: Iterable[StoredView]) -> list[StoredView]:
    """Of each person the largest view, the first of those; in the order of their seeds."""
    best: dict[int, StoredView] = {}
    for view in views:
        known = best.setdefault(int(view.metadata["seed"]), view)
        if _side(view) > _side(known):
            best[int(view.metadata["seed"])] = view
    return [best[seed] for seed in sorted(best)]


def _side(view: StoredView) -> int:
    return int(view.planes().shape[0])


def _row(view: StoredView, bank: Bank, ages: Sequence[float], side: int) -> Shown:
    window = whole(view.planes(), view.metadata, bank.device)
    backwards = [Ages.all(age) for age in reversed(ages)]  # the first one is shown gray as well
    lit = pictures(window, bank, Look.of(view.metadata, bank.count), backwards)
    row = srgb(torch.cat([lit.rgb.flip(0), lit.gray[None]])).permute(0, 2, 3, 1).numpy()
    return np.hstack([_sized(eight_bits(picture), side) for picture in row])


def _sized(picture: Shown, side: int) -> Shown:
    """A square picture at `side` px; one of that size is left as it is."""
    if picture.shape[0] == side:
        return picture
    how = cv2.INTER_AREA if side < picture.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (side, side), interpolation=how), np.uint8)
