"""Broken pixels: NaN or infinite where a number belongs. The plate stays as it is there, and the
artist is told what was broken, once a render."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from reage.media.frames import compact
from reage.pixels.plate import Pixels

WHAT_TO_DO = {
    "age map": "Have it rendered anew without NaN and inf.",
    "hair matte": "Have it rendered anew without NaN and inf.",
    "pattern": "Take another --pattern, or correct the face track there.",
    "model's answer": "Try --device cpu; where it stays, the model {model} is to blame.",
}
"""What may be broken, and what the artist can do about it; {model} is the model's name."""

Told = Callable[[str, int], None]
"""Told a key of WHAT_TO_DO, and at how many pixels of the frame it is broken; more than none."""


def untold(what: str, count: int) -> None:
    """For those who have nobody to tell."""


def broken(pixels: Pixels) -> np.ndarray | None:
    """(h, w) bool: where pixels, (h, w) or (h, w, c), are not finite in any channel; None where
    all are."""
    finite = np.isfinite(pixels)
    if finite.all():
        return None
    return np.asarray(~(finite if finite.ndim == 2 else finite.all(-1)))


def counted(what: str, pixels: Pixels, told: Told) -> np.ndarray | None:
    """The same, and whoever listens is told."""
    found = broken(pixels)
    if found is not None:
        told(what, int(np.count_nonzero(found)))
    return found


def without(pixels: Pixels, odd: np.ndarray | None) -> Pixels:
    """Pixels, (h, w) or (h, w, c), with zero where `odd`, (h, w) bool; as they are where None."""
    if odd is None:
        return pixels
    return np.where(odd if pixels.ndim == 2 else odd[..., None], np.float32(0), pixels)


@dataclass
class BrokenPixels:
    """What was broken in which frames of a render; frames may be told of from several threads."""

    _counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def at(self, frame: int) -> Told:
        """Listens for one frame; of what is told twice, the larger count holds."""

        def told(what: str, count: int) -> None:
            self._counts[what, frame] = max(count, self._counts.get((what, frame), 0))

        return told

    def sentences(self, model: str) -> Iterator[str]:
        """One for each thing, whatever the number of its frames. model: its name."""
        for what, to_do in WHAT_TO_DO.items():
            frames = {f: n for (w, f), n in sorted(self._counts.items()) if w == what}
            if frames:
                worst = max(frames, key=lambda f: frames[f])
                among = "frame" if len(frames) == 1 else f"frames {compact(tuple(frames))}, most in"
                yield (
                    f"The {what} is broken (NaN or inf) in {among} {worst}, at {frames[worst]} px: "
                    f"the plate stays as it is there. {to_do.format(model=model)}"
                )
