"""Layers that a delivery reads, held so that no render changes them meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from reage.errors import OutputClaimed, OutputError
from reage.media.sequence import with_range
from reage.shot.claiming import claimed, refuse_claimed


@contextmanager
def reading(layers: str, files: Mapping[int, Path]) -> Iterator[Callable[[], None]]:
    """Layers that others may deliver meanwhile, and nobody render. In a folder where nothing can
    be written it is only looked whether somebody does. Gives and raises as `claiming.claimed`."""
    pattern = with_range(layers, None)[0]
    with ExitStack() as held:
        try:
            check = held.enter_context(claimed(pattern, files, reads=True))
        except OutputClaimed:
            raise
        except (OutputError, OSError):  # by rights, which os.access may not know, or a full disk
            refuse_claimed(pattern, files, reads=True)
            check = _nothing
        yield check


def _nothing() -> None:
    pass
