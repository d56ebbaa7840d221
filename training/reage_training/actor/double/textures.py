"""A double's textures on the disk, and what of them a pair of an age is rendered from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch

from reage.album import Page
from reage.errors import OutputError, SettingsError
from reage.mix import Mix, Term
from reage.pattern.mixed import mixed
from reage.pattern.noise import Field
from reage_training.actor.double.fit import FittedPerson, pages_of, skin_of
from reage_training.actor.double.pattern import fitted
from reage_training.render.bank import Bank, bank_of
from reage_training.synth.ageing import heights
from reage_training.synth.head import Head
from reage_training.synth.patterns import PATTERNS, SEEN, SHAPE_SIZE, SHAPES, read_seen, seen_file

SEEN_AGES = tuple(float(age) for age in range(20, 90, 5))
"""At which a model in training is shown the album; the nearest to the target age counts."""


@dataclass(frozen=True)
class DoubleBank:
    """bank of the double's patterns; maps: what the album shows at each of `ages`"""

    bank: Bank
    ages: tuple[float, ...]
    maps: tuple[torch.Tensor, ...]

    def at(self, target_age: float) -> Bank:
        """The bank whose seen pattern is the album's page at a target age, whatever the draw."""
        k = int(np.argmin(np.abs(np.array(self.ages) - target_age)))
        count = self.bank.count
        return replace(
            self.bank, seen=tuple(m[k : k + 1].expand(count, -1, -1, -1) for m in self.maps)
        )


def open_double_bank(folder: Path, ages: tuple[float, ...], device: torch.device) -> DoubleBank:
    """Raises SettingsError where the folder holds no patterns."""
    try:
        patterns, shapes = np.load(folder / PATTERNS), np.load(folder / SHAPES)
    except (OSError, ValueError) as e:
        raise SettingsError(f"The double in {folder} is not whole ({e}); delete it.") from e
    seen = read_seen(folder, len(ages))
    if seen is None:
        raise SettingsError(f"The double in {folder} is not whole: {SEEN} lacks maps; delete it.")
    whole = bank_of(patterns, shapes, device, seen)
    return DoubleBank(replace(whole, seen=()), ages, whole.seen)


def write_textures(
    out: Path, head: Head, album: Path, person: FittedPerson, seed: int, patterns: int, size: int
) -> None:
    """Patterns, shapes and seen maps, each whole or not there. Raises OutputError."""
    seen = fitted(pages_of(album))
    drawn = [_sized(skin_of(person, seen, seed, k), size) for k in range(patterns)]
    try:
        (out / SEEN).mkdir(parents=True, exist_ok=True)
        _save(out / SHAPES, heights(head, SHAPE_SIZE))
        _save(out / PATTERNS, np.stack(drawn))
        for k, age in enumerate(SEEN_AGES):
            shown = mixed(Mix((Term(Page(str(album), age)),)))
            _save(seen_file(out, k), _sized(shown.astype(np.float16), size))
    except OSError as e:
        raise OutputError(f"The double in {out} cannot be written: {e.strerror}.") from e


def _sized(texture: Field, size: int) -> Field:
    """(N, N, C) float16 at another side, a mean of texels."""
    if texture.shape[0] == size:
        return texture
    wide = texture.astype(np.float32)
    planes = [cv2.resize(wide[..., c], (size, size), interpolation=cv2.INTER_AREA)
              for c in range(wide.shape[-1])]  # fmt: skip
    return np.stack(planes, -1).astype(np.float16)


def _save(path: Path, array: np.ndarray) -> None:
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        np.save(file, array)
    part.replace(path)
