"""File patterns: `shot.%04d.exr`, `shot.####.exr`, `shot.@@@@.exr`, read as the engine reads them;
`%V` and `%v` stand for the view, as in Nuke.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_FRAME = re.compile(r"%(?:0(\d+))?d|(#+)|(@+)")
_VIEW = re.compile(r"%[vV]")


def has_frame(pattern: str) -> bool:
    """Whether the pattern names a file for each frame."""
    return _token(Path(pattern).name) is not None


def for_frame(pattern: str, frame: int) -> Path:
    """The file of one frame; the view is filled in already. A file's own name as it is."""
    path = Path(pattern)
    token = _token(path.name)
    return path if token is None else path.with_name(_named(path.name, token, frame))


def on_disk(pattern: str) -> tuple[int, ...]:
    """Numbers of the files that a pattern, with its padding, names; ascending."""
    path = Path(pattern)
    token = _token(path.name)
    if token is None or not path.parent.is_dir():
        return ()
    head, tail = (os.path.normcase(part) for part in _around(path.name, token))
    number = re.compile(f"{re.escape(head)}(-?\\d+){re.escape(tail)}")
    found = (number.fullmatch(os.path.normcase(entry.name)) for entry in path.parent.iterdir())
    pairs = ((int(match[1]), match[0]) for match in found if match)
    named = (n for n, name in pairs if name == os.path.normcase(_named(path.name, token, n)))
    return tuple(sorted(named))


def unfinished(pattern: str) -> list[Path]:
    """Frames that an engine that was killed has left half written: of `face.1001.exr`,
    `.face.1001.0123456789ab.exr`."""
    path = Path(pattern)
    token = _token(path.name)
    if token is None or not path.parent.is_dir():
        return []
    head, tail = (re.escape(os.path.normcase(part)) for part in _around(path.stem, token))
    name = re.compile(rf"\.{head}-?\d+{tail}\.[0-9a-f]{{12}}\.exr")
    return [p for p in path.parent.iterdir() if name.fullmatch(os.path.normcase(p.name))]


def head_of(pattern: str) -> str:
    """The file's name before the frame's number; less its ending where it has none."""
    path = Path(pattern)
    token = _token(path.name)
    return path.stem if token is None else _around(path.name, token)[0]


def has_view(pattern: str) -> bool:
    """Whether the pattern names a file, or a folder, for each view."""
    return bool(_VIEW.search(pattern))


def for_view(pattern: str, view: str) -> str:
    """`%V` is the view's name, `%v` its first letter."""
    return pattern.replace("%V", view).replace("%v", view[:1])


def with_percent(pattern: str) -> str:
    """`####` as `%04d`, which both Nuke and the engine read."""
    return re.sub(r"#+", lambda run: f"%0{len(run.group())}d", pattern)


def _token(name: str) -> re.Match[str] | None:
    """The last frame number's place in a file's name."""
    return next(reversed(list(_FRAME.finditer(name))), None)


def _around(name: str, token: re.Match[str]) -> tuple[str, str]:
    return name[: token.start()], name[token.end() :]


def _named(name: str, token: re.Match[str], frame: int) -> str:
    width, hashes, ats = token.groups()
    digits = int(width) if width else len(hashes or ats or "1")
    head, tail = _around(name, token)
    return f"{head}{frame:0{digits}d}{tail}"
