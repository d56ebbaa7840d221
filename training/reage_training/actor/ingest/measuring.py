"""Measuring the files of a tree side by side, a few at a time, whatever befalls one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reage.errors import Cancelled, FaceError, OutputError, PlateError, SettingsError
from reage.unforeseen import unforeseen
from reage_training.actor.ingest import identity, movies
from reage_training.actor.ingest.kept import COLORSPACE, IDENTITY, KnownFile, full, store
from reage_training.actor.ingest.measure import Measures, measured, sha256_of
from reage_training.actor.ingest.tree import SourceFile
from reage_training.processes import Processes, ending


@dataclass(frozen=True)
class How:
    """folder: of the measures; colorspace: of files that do not say theirs; stills: of a movie at
    most"""

    folder: Path
    colorspace: str | None = None
    stills: int = 24


@dataclass(frozen=True)
class Done:
    """known: None where the file changed or went while it was read"""

    source: SourceFile
    known: KnownFile | None


def measure_all(
    sources: Sequence[SourceFile], how: How, workers: int, stopped: Callable[[], bool]
) -> Iterator[Done]:
    """Measure files, in any order; ends early where stopped. workers: processes; 0 measures in this
    one, else a file that brings its process down is damaged. Raises FaceError where the face
    networks are missing, OutputError."""
    if workers == 0:
        for source in sources:
            if stopped():
                return
            with suppress(Cancelled):
                yield look_at(source, how, stopped)
        return
    with Processes(workers) as processes:
        for _, done in processes.each(
            partial(look_at, how=how), sources, stopped, partial(_ended, how=how)
        ):
            yield done


def _ended(source: SourceFile, how: How) -> Done:
    """For a file whose process was ended."""
    try:
        sha256 = sha256_of(source.path)
    except OSError:
        return Done(source, None)
    why = f"{source.path} is damaged: what reads it ended over it."
    store(how.folder, sha256, Measures("damaged", why))
    return Done(source, _known(source, sha256))


def look_at(source: SourceFile, how: How, stopped: Callable[[], bool] = ending) -> Done:
    """Measure one file, and keep what was found. Raises Cancelled where stopped amid a movie."""
    try:
        known = _movie(source, how, stopped) if source.is_movie else _still(source, how)
    except (FaceError, OutputError, SettingsError):
        raise
    except OSError as e:
        if not source.still_there():
            return Done(source, None)
        raise full(source.path, e) from e
    return Done(source, known if source.still_there() else None)


def _still(source: SourceFile, how: How) -> KnownFile:
    sha256 = sha256_of(source.path)
    return _known(source, sha256, lacks(measure_file(source.path, sha256, how)))


def measure_file(path: Path, sha256: str, how: How) -> Measures:
    """What was measured of a file of this content, now or before."""
    before = Measures.read(how.folder / f"{sha256}.npz")
    if before is not None and not can_tell(lacks(before), how):
        return before
    try:
        found = measured(path, how.colorspace)
    except (FaceError, OutputError, SettingsError, OSError):
        raise
    except Exception as e:
        found = Measures("damaged", str(unforeseen(e, str(path))))
    store(how.folder, sha256, found)
    return found


def lacks(found: Measures) -> str:
    """COLORSPACE, IDENTITY or empty: what could not be told."""
    if found.aside == "colorspace":
        return COLORSPACE
    return IDENTITY if found.has_face and not found.identity.size else ""


def can_tell(lacking: str, how: How) -> bool:
    """Whether it can be told now: a colorspace was said, or the network installed, since."""
    if lacking == COLORSPACE:
        return how.colorspace is not None
    return lacking == IDENTITY and identity.weights() is not None


def _movie(source: SourceFile, how: How, stopped: Callable[[], bool]) -> KnownFile:
    made_of = f"{source.name} {source.size} {source.changed}".encode()
    folder = how.folder / "stills" / hashlib.sha256(made_of).hexdigest()[:12]
    try:
        files = movies.stills(source.path, folder, how.stills, stopped)
    except OutputError:
        raise
    except PlateError as e:
        sha256 = sha256_of(source.path)
        store(how.folder, sha256, Measures("damaged", str(e)))
        return _known(source, sha256)
    made, lacking = [], ""
    for file in files:
        sha256 = sha256_of(file)
        lacking = lacks(measure_file(file, sha256, how)) or lacking
        made.append((file.relative_to(how.folder).as_posix(), sha256))
    return KnownFile(
        source.name, source.size, source.changed, "", tuple(made), lacking, how.stills
    )


def _known(source: SourceFile, sha256: str, lacking: str = "") -> KnownFile:
    return KnownFile(source.name, source.size, source.changed, sha256, (), lacking)
