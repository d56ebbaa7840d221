"""No output takes the place of an input: footage and roto cannot be made again by a render."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reage.errors import SettingsError
from reage.media.frames import frame_paths
from reage.media.patterns import has_frame_token, on_disk
from reage.media.sequence import with_range

Named = tuple[str, str | Path | None]
"""What a file is called in sentences, and where it is: one file, or a pattern, which stands for all
files that it names. None where none was given."""


def refuse_overwriting(outputs: Iterable[str | Path | None], inputs: Iterable[Named]) -> None:
    """Raises SettingsError where one of the outputs is one of the inputs, by whatever path, link
    or spelling each is named."""
    written = {known: path for each in outputs for path in _files(each) if (known := _known(path))}
    if not written:
        return  # what is not there yet overwrites nothing
    for what, each in inputs:
        for path in _files(each):
            if (known := _known(path)) and known in written:
                raise SettingsError(
                    f"The output {written[known]} would overwrite the {what}; name another."
                )


def _files(named: str | Path | None) -> Iterator[Path]:
    """The files on the disk that a path or a pattern stands for; the path itself where it is one
    file's."""
    if named is None:
        return
    path = Path(with_range(named, None)[0])
    if not has_frame_token(path) or path.is_file():
        yield path
    elif path.parent.is_dir():
        yield from frame_paths(path, on_disk(path)).values()


def _known(path: Path) -> object:
    """What the file system knows a file by; None where there is none. Some servers number no files
    for Windows: then its path, without links."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if found.st_ino else path.resolve()
