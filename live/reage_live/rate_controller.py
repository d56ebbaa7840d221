"""Keep up: make the crop smaller where the machine is too slow, and larger again with care."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from reage.models.model_card import ModelCard

SIZES = (512, 384, 256, 192)
"""Px a side; those that the model can take."""

_LOOK = 2.0
"""Seconds that a judgment is made of."""

_TOO_MANY = 0.1
"""Share of dropped frames that is too high."""

_TOO_LATE = 3.0
"""Frames of delay, at the source's rate, that are too many."""

_ROOM = 0.6
"""Of the time between two frames, what the larger crop may take for it to be tried."""

_FROZEN = (0.5, 4.0)
"""Seconds between two frames, and times the usual of late, that are a freeze: something else had
the machine, such as a driver or a first run of the model, and the crop cannot help that."""

_USUAL = 9
"""Frames of which the middle one is usual."""

_FIRST_WAIT, _LONGEST_WAIT = 10.0, 1280.0
"""Seconds of ease before a larger crop is tried; doubled each time that it proves too large."""


def sizes_for(card: ModelCard, largest: int) -> tuple[int, ...]:
    """Crop sides that may be gone down to from `largest`, largest first."""
    if card.fixed_size:
        return (card.fixed_size,)
    smaller = (s for s in SIZES if s < largest and s % card.stride == 0)
    return (largest, *smaller)


@dataclass
class _Counts:
    """Of the frames since `since`."""

    since: float
    shown: int = 0
    dropped: int = 0
    delay: float = 0.0
    busy: float = 0.0


class RateController:
    """Chooses the crop size. For one thread.

    Laws: a steady machine ends in a steady size: each size that proved too large is tried again
    only after twice the ease that it was tried after before. One step at a time.
    """

    def __init__(self, sizes: tuple[int, ...], period: float) -> None:
        self.sizes, self.period = sizes, period
        self._step = 0
        self._wait = dict.fromkeys(sizes, _FIRST_WAIT)
        self._eased: float | None = None
        self._tried: float | None = None
        self._counts: _Counts | None = None
        self._last: float | None = None
        self._gaps: deque[float] = deque(maxlen=_USUAL)
        self._frozen = False
        self.line = ""

    @property
    def size(self) -> int:
        return self.sizes[self._step]

    def saw(self, now: float, delay: float, busy: float, dropped: int) -> None:
        """A frame was finished.

        delay:   seconds since its capture
        busy:    seconds of work that it took
        dropped: frames that were dropped for it
        Law: a freeze, and what was dropped for it, counts for nothing.
        """
        thaws, self._frozen = self._frozen, self._freezes(now)
        if thaws or self._frozen:
            self._counts = None
            return
        if self._counts is None:
            self._counts = _Counts(now)
        counts = self._counts
        counts.shown += 1
        counts.dropped += dropped
        counts.delay += delay
        counts.busy += busy
        if now - counts.since >= _LOOK and counts.shown >= 2:
            self._judge(now, counts)
            self._counts = _Counts(now)

    def _freezes(self, now: float) -> bool:
        """Whether much more time went by since the last frame than did of late. What goes on is
        usual soon."""
        gap = None if self._last is None else now - self._last
        self._last = now
        if gap is None:
            return False
        usual = median(self._gaps) if self._gaps else self.period
        self._gaps.append(gap)
        least, times = _FROZEN
        return gap > max(least, times * usual)

    def _judge(self, now: float, counts: _Counts) -> None:
        share = counts.dropped / (counts.shown + counts.dropped)
        late = counts.delay / counts.shown / self.period
        if share > _TOO_MANY or late > _TOO_LATE:
            self._eased = None
            self._lower(now, share)
            return
        if self._eased is None:
            self._eased = now
        if self._step == 0:
            self.line = ""
            return
        larger = self.sizes[self._step - 1]
        likely = counts.busy / counts.shown * (larger / self.size) ** 2 / self.period
        if now - self._eased >= self._wait[larger] and likely < _ROOM:
            self._step -= 1
            self._tried, self._eased = now, None
            self.line = f"Crop raised to {self.size} px: this machine has the time."

    def _lower(self, now: float, share: float) -> None:
        if self._step + 1 == len(self.sizes):
            if share > _TOO_MANY:
                self.line = (
                    f"This machine is too slow for every frame: {share:.0%} are dropped at "
                    f"{self.size} px; the delay stays bounded."
                )
            return
        if self._tried is not None:
            self._wait[self.size] = min(2 * self._wait[self.size], _LONGEST_WAIT)
            self._tried = None
        self._step += 1
        self.line = f"Crop lowered to {self.size} px: this machine is too slow for more."
