"""The textures that a dataset's people share: patterns of ageing and brows, and the head's shapes.

    patterns.npy  float16 (P, N, N, C), row 0 at v = 1: the kinds of `reage.pattern.layout`,
                  weave, fine lines, crepe, three generations of spots, brows, moles (below
                  zero scars, which no random person has)
    shapes.npy    float32 (F, M, M): see `ageing.heights`
    seen/KKK.npy  float16 (N, N, 3) of each pattern: lines, folds and marks as they are read off
                  photographs, see `synth.seen`; not in every dataset
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from reage.errors import OutputError
from reage.pattern.layout import KINDS
from reage.pattern.noise import Field
from reage.pattern.relief import relief
from reage.pattern.spots import blot
from reage_training.processes import each
from reage_training.synth.ageing import heights
from reage_training.synth.brows import brows
from reage_training.synth.head import Head

PATTERNS, SHAPES, SEEN = "patterns.npy", "shapes.npy", "seen"
KIND = slice(0, len(KINDS))
WEAVE, FINE, CREPE, SPOTS, BROWS, MOLES = (
    len(KINDS),
    len(KINDS) + 1,
    len(KINDS) + 2,
    slice(len(KINDS) + 3, len(KINDS) + 6),
    len(KINDS) + 6,
    len(KINDS) + 7,
)
CHANNELS = len(KINDS) + 8
SHAPE_SIZE = 128


def write_patterns(
    out: Path, head: Head, seed: int, count: int, size: int, workers: int = 1
) -> None:
    """Write both files where they are not there. Raises OutputError."""
    try:
        if not (out / SHAPES).is_file():
            np.save(out / SHAPES, heights(head, SHAPE_SIZE))
        if (out / PATTERNS).is_file():
            return
        part = out / ".patterns.part.npy"
        shape = (count, size, size, CHANNELS)
        file = np.lib.format.open_memmap(part, "w+", np.float16, shape)
        seeds = [pattern_seed(seed, k) for k in range(count)]
        for one, made in each(partial(pattern, size=size), seeds, workers):
            file[seeds.index(one)] = made
        file.flush()
        del file
        part.replace(out / PATTERNS)
    except OSError as error:
        raise OutputError(f"cannot write the patterns in {out}: {error.strerror}") from error


def pattern_seed(seed: int, k: int) -> int:
    """Of pattern `k` of the dataset `seed`."""
    return seed * 1_000_000 + k


def seen_file(folder: Path, k: int) -> Path:
    return folder / SEEN / f"{k:03d}.npy"


def read_seen(folder: Path, count: int) -> np.ndarray | None:
    """(count, N, N, 3) what photographs show of all patterns of a dataset; None where some are
    missing."""
    files = [seen_file(folder, k) for k in range(count)]
    if not all(file.is_file() for file in files):
        return None
    return np.stack([np.load(file) for file in files])


def pattern(seed: int, size: int) -> np.ndarray:
    """(size, size, CHANNELS) float16 of one seed."""
    drawn = relief(seed, size)
    rng = np.random.default_rng([seed, 13])
    planes = [*drawn.kinds, drawn.weave, drawn.fine, drawn.crepe, *drawn.spots, brows(rng, size),
              _moles(rng, size)]  # fmt: skip
    return np.stack(planes, -1).astype(np.float16)


def _moles(rng: np.random.Generator, size: int) -> Field:
    """Unit coverage (size, size) in 0..1 of a handful of moles."""
    coverage = np.zeros((size, size), np.float32)
    still = np.zeros((size, size), np.float32)
    for _ in range(int(rng.integers(0, 7))):
        u, v = rng.uniform(0.22, 0.78), rng.uniform(0.12, 0.92)
        radius = 0.0012 + rng.gamma(2.0, 0.0007)
        patch = blot(u, v, radius, size, still, 1.0, 0.0)
        if patch is not None:
            patch.add_to(coverage, rng.uniform(0.5, 1.0))
    return np.clip(coverage, 0.0, 1.0)
