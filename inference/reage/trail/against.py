"""What trails are held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Say = Callable[[str], object]
"""Takes a sentence: about what does not hold, or what else is to be known."""


@dataclass(frozen=True)
class Against:
    """model:  a model's file; None takes the default one where the name is its
    consent: sha256 of the document, "" without one
    folders: where ingredients may lie
    anchors: PEM of certificates that are trusted; then what nobody signed does not hold
    """

    model: Path | None = None
    consent: str = ""
    folders: Sequence[Path] = ()
    anchors: str = ""
