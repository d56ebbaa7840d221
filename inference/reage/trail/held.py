"""Layers that a delivery reads, held so that no render changes them meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from reage.media.sequence import with_range
from reage.shot.claiming import claimed, refuse_claimed


@contextmanager
def reading(layers: str, files: Mapping[int, Path]) -> Iterator[Callable[[], None]]:
    """Layers that others may deliver meanwhile, and nobody render. In a folder where nothing can
    be written it is only looked whether somebody does. Gives and raises as `claiming.claimed`."""
    pattern = with_range(layers, None)[0]
    with ExitStack() as held:
        if os.access(Path(pattern).parent, os.W_OK):
            yield held.enter_context(claimed(pattern, files, reads=True))
        else:
            refuse_claimed(pattern, files, reads=True)
            yield lambda: None
