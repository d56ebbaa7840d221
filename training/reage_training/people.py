"""A sheet of a set's people: each in a row, at several ages, and at the last one with gray hair."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from reage_training.pairs.encoding import srgb
from reage_training.png import Shown, eight_bits
from reage_training.render.bank import Bank, open_bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.viewset import StoredView, find_views


def people_sheet(folder: Path, people: int, ages: Sequence[float]) -> Shown:
    """Rows for up to `people` identities, spread over the set; columns for the ages in years, and
    one for the last of them with all hair gray.

    Raises SettingsError where the folder holds no set.
    """
    bank = open_bank(folder, torch.device("cpu"))
    firsts = {int(view.story["seed"]): view for view in reversed(find_views(folder))}
    views = [firsts[seed] for seed in sorted(firsts)]
    step = max(1, len(views) // people)
    return np.vstack([_row(view, bank, ages) for view in views[::step][:people]])


def _row(view: StoredView, bank: Bank, ages: Sequence[float]) -> Shown:
    window = whole(view.planes(), view.story, bank.device)
    backwards = [Ages.all(age) for age in reversed(ages)]  # the first one is shown gray as well
    lit = pictures(window, bank, Look.of(view.story, bank.count), backwards)
    row = torch.cat([lit.rgb.flip(0), lit.gray[None]])
    return eight_bits(np.hstack([*srgb(row).permute(0, 2, 3, 1).numpy()]))
