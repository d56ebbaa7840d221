"""What hosts know of file patterns beyond the engine (`reage.media.patterns`): `%V` and `%v` stand
for the view, as in Nuke.
"""

from __future__ import annotations

import re
from pathlib import Path

from reage.media import patterns
from reage.media.patterns import NumberedName, as_compared

_VIEW = re.compile(r"%[vV]")


def on_disk(pattern: str) -> tuple[int, ...]:
    """Numbers of the files that a pattern, with its padding, names; ascending. () where there is
    no such folder."""
    path = Path(pattern)
    return tuple(sorted(patterns.on_disk(path))) if path.parent.is_dir() else ()


def unfinished(pattern: str) -> list[Path]:
    """Frames that an engine that was killed has left half written: of `face.1001.exr`,
    `.face.1001.0123456789ab.exr`."""
    path = Path(pattern)
    around = NumberedName.of(path.stem)
    if around is None or not path.parent.is_dir():
        return []
    head, tail = (re.escape(as_compared(part)) for part in (around.head, around.tail))
    name = re.compile(rf"\.{head}-?\d+{tail}\.[0-9a-f]{{12}}\.exr")
    return [p for p in path.parent.iterdir() if name.fullmatch(as_compared(p.name))]


def head_of(pattern: str) -> str:
    """The file's name before the frame's number; less its ending where it has none."""
    path = Path(pattern)
    around = NumberedName.of(path.name)
    return path.stem if around is None else around.head


def has_view(pattern: str) -> bool:
    """Whether the pattern names a file, or a folder, for each view."""
    return bool(_VIEW.search(pattern))


def for_view(pattern: str, view: str) -> str:
    """`%V` is the view's name, `%v` its first letter."""
    return pattern.replace("%V", view).replace("%v", view[:1])


def with_percent(pattern: str) -> str:
    """`####` as `%04d`, which both Nuke and the engine read."""
    return re.sub(r"#+", lambda run: f"%0{len(run.group())}d", pattern)
