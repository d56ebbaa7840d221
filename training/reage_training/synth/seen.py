"""A dataset's patterns as photographs give them, for a network that is to know such patterns.

Each pattern is worn by an old person of its own seed, who is photographed from one to three sides
and from near or far; `reage.pattern.photo` reads it off again. What stands in the folder is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from reage.errors import OutputError
from reage_training.processes import each
from reage_training.synth.head import Floats, Head
from reage_training.synth.patterns import pattern_seed, seen_file
from reage_training.synth.photographs import seen_pattern, sitting

_SIDES = ((0.0,), (-25.0, 20.0), (-40.0, 0.0, 40.0))
"""Degrees of yaw from which a person is photographed."""

_AGES, _FACES = (62.0, 85.0), (380, 900)
"""Years, and px of the face in a photograph."""


def write_seen(
    out: Path,
    head: Head,
    seed: int,
    count: int,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Photograph those of a dataset's `count` patterns that are missing, until `stop` is true.
    Raises OutputError."""
    todo = [k for k in range(count) if not seen_file(out, k).is_file()]
    done = count - len(todo)
    for _ in each(partial(_write, out, head, seed), todo, workers, stopped=stop):
        done += 1
        if progress is not None:
            progress(done, count)


def seen(head: Head, seed: int) -> np.ndarray:
    """(SIZE, SIZE, 3) float16 lines, folds and marks, see `reage.pattern.maps`, of the pattern and
    the person of a seed."""
    rng = np.random.default_rng([seed, 56])
    yaws = [yaw + float(rng.normal(0, 5)) for yaw in _SIDES[int(rng.integers(len(_SIDES)))]]
    age, face_px = float(rng.uniform(*_AGES)), int(rng.uniform(*_FACES))
    shown = sitting(head, landmark_uv(head), seed, age, face_px, yaws)
    return seen_pattern(shown).maps.astype(np.float16)


def landmark_uv(head: Head) -> Floats:
    """(468, 2) float32 face UV of a head's landmarks."""
    corners = head.uv[head.landmarks]
    return np.asarray(np.einsum("lk,lkc->lc", head.barycentric, corners), np.float32)


def _write(out: Path, head: Head, seed: int, k: int) -> None:
    file = seen_file(out, k)
    part = file.with_name(f".{file.name}.part")
    maps = seen(head, pattern_seed(seed, k))
    try:
        file.parent.mkdir(exist_ok=True)
        with part.open("wb") as writing:
            np.save(writing, maps)
        part.replace(file)
    except OSError as error:
        raise OutputError(f"cannot write {file}: {error.strerror}") from error
