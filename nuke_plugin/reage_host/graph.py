"""What a bake needs of its host: the one thing that a new host writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from reage.settings import Settings
from reage_host.fingerprint import Sources
from reage_host.report import Observer

T = TypeVar("T")

PLATE, AGE_MAP, HAIR_MATTE = INPUTS = ("plate", "age_map", "hair_matte")
"""What flows into a graph; the last two, which may be missing, are fields of `Settings`, too."""


class GraphAdapter(Protocol):
    """One way to re-age one plate, in one view, as its host has it.

    A bake runs on a thread of its own. `settings` and `key` are only called inside `reading`;
    the others are called from the bake's thread.
    """

    @property
    def name(self) -> str:
        """For sentences."""

    @property
    def layers(self) -> str:
        """File pattern of the layers, absolute, .exr, the view filled in; the face track lies
        beside them."""

    @property
    def frames(self) -> Sequence[int]:
        """All that may be baked, ascending; the face track spans them. Empty where only the
        engine can count them: of a movie."""

    def reading(self, look: Callable[[], T]) -> T:
        """`look()`, on a thread and at a time at which the graph may be read."""

    def settings(self, frame: int) -> Settings:
        """What is set at a frame, colorspace and all; asked for frame 0 where `frames` is empty.
        While a bake runs, only keyed ones may come to differ. Raises SettingsError."""

    def key(self, which: str, frame: int) -> Sources | None:
        """What the pixels of an input (one of INPUTS) come from at a frame, the same in another
        session. No file is looked at for it. None where nothing is connected."""

    def plate(self, which: str, frames: Sequence[int], observer: Observer) -> str | None:
        """Have the pixels of an input in files, for these frames at least; their pattern, or the
        movie. None where nothing is connected. Raises PlateError, and Cancelled where the
        observer says so."""

    def show(self) -> None:
        """Files may have come: show what is fresh. Called at the end of a bake, well or not."""
