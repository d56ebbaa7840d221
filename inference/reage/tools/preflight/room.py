"""Whether what a render writes can be written, and fits; nothing is written to find out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reage.errors import OutputClaimed, OutputError
from reage.faces import FaceTrack
from reage.job import RenderJob
from reage.media.overwriting import refuse_overwriting
from reage.media.sequence import compact, frame_paths
from reage.shot.claiming import refuse_claimed
from reage.shot.finished import is_finished, is_movie
from reage.shot.footage import Footage
from reage.shot.inputs import inputs_of
from reage.shot.rungs import rung_jobs, told_output
from reage.shot.tracking import track_path
from reage.tools.preflight.verdict import Collected

FACE_AREA = 1.5
"""Of the square of a face's size, that layers cover: the matte's bounds. The demo plate's take
1.47."""

CHANNELS = {"delta": 3, "matte": 1, "parts": 14, "shape": 2, "st": 2, "beauty": 4}
"""Of each layer, hair's among those of the parts."""

STORED = {"float": 4 * 0.8, "half": 2 * 0.55}
"""Bytes of a value in a file, as it is packed; RLE and ZIPS on the demo plate's layers."""

FINISHED = {
    ".mov": 0.5, ".mp4": 0.25, ".png": 4.0, ".tif": 8.0, ".tiff": 8.0, ".jpg": 0.6, ".jpeg": 0.6,
    ".dpx": 4.0,
}  # fmt: skip
"""Bytes of a pixel of the finished picture, at most as a rule: ProRes 422 HQ has 0.44."""

A_TRACKED_FRAME = 11_000
"""Bytes of a face track's file."""

_SPARE = 1.1


@dataclass(frozen=True)
class Written:
    """How many files a render would write, of a ladder one a rung and frame, and how many of them
    stand already."""

    files: int
    standing: int


def check_output(job: RenderJob, footage: Footage, found: Collected) -> Written | None:
    """Names, folder and claims."""
    frames = footage.frames[:1] if is_movie(job.output) else footage.frames
    outputs = found.of("output", lambda: _named(job, frames))
    if outputs is None:
        return None
    folder = Path(job.output).parent
    standing = found.of("output", lambda: standing_in(folder, outputs))
    if standing is None:
        return None
    for pattern, files in outputs.items():
        every = dict.fromkeys(footage.frames, Path(pattern)) if is_movie(pattern) else files
        try:
            refuse_claimed(pattern, every)
        except OutputClaimed as e:
            found.add("output", "fail", str(e), code=e.exit_code)
    made = "" if folder.is_dir() else "; its folder will be made"
    what = f"{told_output(job.output, job.ladder)}{made}"
    if not found.failed("output"):
        found.add("output", "ok", what)
    if standing and not job.resume:
        numbers = compact(sorted({number for number, _ in standing}))
        one = job.output if is_movie(job.output) else f"The frames {numbers} of it"
        found.add("output", "warn", f"{one} stand already and will be replaced; --resume keeps "
                  "those that fit.")  # fmt: skip
    return Written(sum(map(len, outputs.values())), len(standing))


_Files = Mapping[str, Mapping[int, Path]]
"""Pattern → frame → file."""


def _named(job: RenderJob, frames: Sequence[int]) -> _Files:
    outputs = {one.output: frame_paths(one.output, frames) for one in rung_jobs(job)}
    made = () if job.track else (track_path(job.output),)
    for each in outputs.values():
        refuse_overwriting([*each.values(), *made], inputs_of(job))
    return outputs


def standing_in(folder: Path, outputs: _Files) -> tuple[tuple[int, Path], ...]:
    """Frame and file of those that stand. Raises OutputError where the folder is closed; by its
    rights alone, so a server may think otherwise."""
    try:
        there = nearest(folder)
        every = (pair for each in outputs.values() for pair in each.items())
        standing = tuple((n, path) for n, path in every if path.is_file())
    except OSError as e:
        raise OutputError(f"{e.filename} cannot be written: {e.strerror}.") from e
    if not there.is_dir():
        raise OutputError(f"The folder {folder} cannot be made: {there} is a file.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(f"{there} cannot be written: its rights, or its disk, are read-only.")
    return standing


def nearest(folder: Path) -> Path:
    """The innermost of a folder and those around it that stands."""
    whole = folder.absolute()
    return next((each for each in (whole, *whole.parents) if each.exists()), whole)


def bytes_a_frame(job: RenderJob, footage: Footage, tracks: Sequence[FaceTrack]) -> float | None:
    """Of one file, by the mean of the faces' sizes; None where no face tells it."""
    plate = footage.header.display
    whole = plate.width * plate.height
    if is_finished(job.output):
        return whole * FINISHED[Path(job.output).suffix.lower()]
    sizes = [[f.size for n in t.frames if (f := t.at(n))] for t in tracks]
    if not any(sizes):
        return None
    faces = sum(FACE_AREA * sum(each) ** 2 / len(each) ** 2 for each in sizes if each)
    area = min(faces / footage.header.aspect, whole)
    value = STORED[job.datatype]
    around = sum(CHANNELS[layer] for layer in job.layers if layer not in ("beauty", "st"))
    everywhere = sum(CHANNELS[layer] for layer in job.layers if layer in ("beauty", "st"))
    return value * (around * area + everywhere * whole)


def check_room(
    job: RenderJob, footage: Footage, written: Written, each: float, found: Collected
) -> int:
    """Bytes that the frames would take, beside those that stand and are replaced."""
    frames = len(footage.frames)
    files = frames if is_movie(job.output) else written.files
    total = int(each * files)
    anew = files if is_movie(job.output) else files - written.standing
    needed = int(each * max(anew, 1) * _SPARE) + (0 if job.track else A_TRACKED_FRAME * frames)
    folder = nearest(Path(job.output).parent)
    free = shutil.disk_usage(folder).free
    words = f"about {size(total)} will be written, {size(free)} are free in {folder}"
    if needed > free:
        found.add(
            "disk", "fail", f"{words}; {size(needed)} are needed.",
            "Make room, write elsewhere, or take --datatype half.", OutputError.exit_code,
        )  # fmt: skip
    elif why := _limited(folder, each * (frames if is_movie(job.output) else 1), anew):
        found.add("disk", "fail", why, "", OutputError.exit_code)
    else:
        found.add("disk", "ok", words)
    return total


def _limited(folder: Path, largest: float, files: int) -> str:
    """Why the system has no room for as many files, or as large ones; else ""."""
    if sys.platform == "win32":
        return ""
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit != resource.RLIM_INFINITY and limit < largest:
        return f"A file may be {size(limit)} here (ulimit -f), and one will be {size(largest)}."
    room = os.statvfs(folder)
    if room.f_files and room.f_favail < files:
        return f"{folder} has room for {room.f_favail} files more, and {files} will be written."
    return ""


def size(count: float) -> str:
    """Bytes in words."""
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count / 1e3:.0f} kB"
