# SPDX-License-Identifier: GPL-3.0-or-later
"""What this session knows of each node group, by its `session_uid`; no file keeps it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from reage_host.state import FrameState

_LINES = 200


@dataclass
class Told:
    """state: of the range, as its files were last seen; loaded: of every frame, when Blender last
    read its file; step: how far a bake is, "" while none runs; error: what
    ended the last one; log: what was said, with the time."""

    state: FrameState | None = None
    loaded: Mapping[int, str] = field(default_factory=dict)
    step: str = ""
    error: str = ""
    log: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))

    def say(self, text: str) -> None:
        if text:
            self.log.append(f"{time.strftime('%H:%M:%S')} {text}")


_known: dict[int, Told] = {}


def of(uid: int) -> Told:
    return _known.setdefault(uid, Told())


def forget() -> None:
    """Another file is opened: its groups have other numbers."""
    _known.clear()
