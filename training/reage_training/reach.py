"""Receptive fields by interval arithmetic, in one dimension.

For each of a period's output positions, the interval of positions it depends on is walked
backwards through a chain of layers. All intervals are closed and in whole samples of the
layer's input; a picture without borders is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """`spans[k]` is what output position k depends on, at the layer walked back to."""

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of_outputs(cls, period: int) -> Reach:
        """Before any layer: each output depends on itself. `period` is the total stride."""
        return cls(tuple((k, k) for k in range(period)))

    def conv(self, side: int) -> Reach:
        """Back through a convolution of odd `side`, stride 1, padded to keep the size."""
        r = side // 2
        return Reach(tuple((lo - r, hi + r) for lo, hi in self.spans))

    def strided(self, side: int, stride: int, padding: int) -> Reach:
        """Back through a convolution that keeps every `stride`-th sample."""
        return Reach(
            tuple(
                (lo * stride - padding, hi * stride - padding + side - 1) for lo, hi in self.spans
            )
        )

    def bilinear(self, factor: int) -> Reach:
        """Back through bilinear upsampling by an even `factor`, pixel centers aligned at ½."""
        h = factor // 2
        return Reach(tuple(((lo - h) // factor, (hi - h) // factor + 1) for lo, hi in self.spans))

    def shuffle(self, factor: int) -> Reach:
        """Back through a pixel shuffle (depth to space)."""
        return Reach(tuple((lo // factor, hi // factor) for lo, hi in self.spans))

    def unshuffle(self, factor: int) -> Reach:
        """Back through a pixel unshuffle (space to depth)."""
        return Reach(tuple((lo * factor, hi * factor + factor - 1) for lo, hi in self.spans))

    def furthest(self) -> int:
        """Greatest distance, over the period, of an output from what it depends on."""
        return max(max(k - lo, hi - k) for k, (lo, hi) in enumerate(self.spans))
