"""A render job, looked at before a farm gets it: what could not be rendered is refused here, by
sentences that a render would say, and no model is loaded for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reage import home
from reage.album import Page
from reage.bundle import is_bundle
from reage.errors import ModelError, SettingsError
from reage.farm.parameters import CHUNK, LARGEST_CHUNK
from reage.job import RenderJob
from reage.media.frames import as_range
from reage.media.overwriting import Named, refuse_overwriting
from reage.media.patterns import has_frame_token, on_disk
from reage.media.sequence import frame_paths, with_range
from reage.mix import Mix, Term
from reage.models.consents import card_of_model, permitted
from reage.pattern.mixed import check_files
from reage.shot.drawn import Drawn
from reage.shot.faces_file import entries, face_jobs, of_several
from reage.shot.finished import finished_job, is_movie
from reage.shot.footage import Footage
from reage.shot.inputs import inputs_of
from reage.shot.rungs import rung_jobs
from reage.shot.tracking import open_track, parse_face, track_paths

_LONGEST = 1024
"""Letters of a job parameter, by the specification."""

_REFERENCE = "{{"
"""Begins what Open Job Description reads as a parameter."""


@dataclass(frozen=True)
class Submission:
    """What a farm is to do.

    job    paths are absolute, frames said one by one, and one face's track is named
    frames in ascending order
    faces  of a job of several, as a faces file has them, each with its track; () for one
    made   names of the tracks that the farm makes first, in the output's folder, by the face's
           place; of one face by 0
    chunk  frames of a task
    files  all that is read, for farms that bring files to their machines
    named  the same as sentences name it, with the job's own file
    """

    job: RenderJob
    frames: tuple[int, ...]
    faces: tuple[Mapping[str, Any], ...]
    made: Mapping[int, str]
    chunk: int
    files: tuple[Path, ...]
    named: tuple[Named, ...]

    @classmethod
    def of(cls, job: RenderJob, chunk: int = CHUNK, file: Path | None = None) -> Submission:
        """file: the job's own. Raises what a render of the job would raise before its first frame,
        as far as that can be known without its model, and SettingsError for what no farm can do."""
        if not 1 <= chunk <= LARGEST_CHUNK:
            raise SettingsError(f"--chunk is {chunk}; it must be from 1 to {LARGEST_CHUNK} frames.")
        job = _absolute(job)
        finished_job(job)
        if is_movie(job.output):
            raise SettingsError(
                f"{job.output} is one movie, which the machines of a farm cannot share; submit "
                "layers, or pictures such as face.%04d.png, and make the movie of those."
            )
        footage = Footage.open(job)
        numbers = tuple(sorted(footage.frames))
        patterns = [one.output for one in rung_jobs(job)]
        written = [file for each in patterns for file in frame_paths(each, numbers).values()]
        several = of_several(job)
        found = [_absolute_entry(e) for e in entries(job, footage)] if several else []
        made = {}
        if several:
            paths = track_paths(job.output, len(found))
            made = {n: str(p) for n, p in enumerate(paths) if not found[n].get("track")}
            found = [{**entry, "track": entry.get("track") or made[n]}
                     for n, entry in enumerate(found)]  # fmt: skip
        elif not job.track:
            made = {0: str(track_paths(job.output, 1)[0])}
        jobs = face_jobs(job, footage)
        read = (one_named for one in jobs for one_named in inputs_of(one))
        named = (("render job", file), *inputs_of(job), *read)
        refuse_overwriting([*written, *made.values()], named)
        for one in jobs:
            _check(one, footage)
        frames = as_range(numbers)
        if len(frames) > _LONGEST:
            raise SettingsError(
                f"The frames of this job take {len(frames)} letters to write, and a farm's job "
                f"{_LONGEST} at the most; submit it in parts, with --frames."
            )
        names = {n: Path(path).name for n, path in made.items()}
        if _REFERENCE in "".join([Path(job.output).name, *names.values()]):
            raise SettingsError(
                f"{job.output} has {_REFERENCE} in its name, which Open Job Description reads as a "
                "parameter of its own; name it otherwise."
            )
        files = dict.fromkeys(_read(jobs, footage, bool(several)))
        job = replace(job, frames=frames, track=job.track or (None if several else made[0]))
        return cls(job, numbers, tuple(found), names, chunk, tuple(files), named)

    @property
    def contiguous(self) -> bool:
        """Whether no frame is left out between the first and the last."""
        return self.frames[-1] - self.frames[0] + 1 == len(self.frames)

    @property
    def tasks(self) -> int:
        """Chunks that the frames come to."""
        return -(-len(self.frames) // self.chunk)


def _check(job: RenderJob, footage: Footage) -> None:
    """What one face's render would refuse."""
    settings = job.settings
    for what, pattern in (("age map", settings.age_map), ("hair matte", settings.hair_matte)):
        if pattern:
            Drawn.open(what, pattern, footage, settings.map_channel)
    check_files(Mix.of(settings.pattern))
    model = Path(settings.model or home.default_model())
    if not model.is_file():
        raise ModelError(f"There is no model {model}.")
    if card := card_of_model(model):
        permitted(card, settings.pattern, job.past_consent or "")
    if job.track:
        open_track(job, footage)
    else:
        parse_face(settings.face)


def _read(jobs: tuple[RenderJob, ...], footage: Footage, several: bool) -> Iterator[Path]:
    """The files that a job of these faces reads; what comes with ReAge is everywhere."""
    yield from (footage.file(n) for n in sorted(footage.frames))
    for one in jobs:
        packed = [p for p in Mix.of(one.settings.pattern).pages if is_bundle(Path(p.folder))]
        unpacked = {file for page in packed for file in page.files}  # here; there it is anew
        yield from (Path(page.folder) for page in packed)
        for what, named in inputs_of(one):
            of_default = what.startswith("model") and not one.settings.model
            elsewhere = what in ("plate", "faces file") or of_default
            if elsewhere or named is None or named in unpacked:
                continue
            path = Path(named)
            if has_frame_token(path) and not path.is_file():
                yield from frame_paths(path, sorted(on_disk(path))).values()
            elif path.is_file():
                yield path


def _absolute(job: RenderJob) -> RenderJob:
    plate, frames = with_range(job.plate, job.frames)
    settings = replace(job.settings, **_absolute_entry(_paths_of(job)))
    return replace(
        job, plate=whole_path(plate), output=whole_path(job.output), frames=frames,
        settings=settings,
        track=job.track and whole_path(job.track), faces=job.faces and whole_path(job.faces),
    )  # fmt: skip


def _paths_of(job: RenderJob) -> dict[str, Any]:
    names = ("age_map", "hair_matte", "model", "pattern")
    return {name: getattr(job.settings, name) for name in names}


def _absolute_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Settings, or an entry of a faces file, with the paths in them whole."""
    return with_paths(entry, lambda name, path: whole_path(path))


def with_paths(entry: Mapping[str, Any], change: Any) -> dict[str, Any]:
    """Settings, or an entry of a faces file, with `change(name, path)` for each path in them."""
    made = dict(entry)
    for name in ("age_map", "hair_matte", "model", "track"):
        if made.get(name):
            made[name] = change(name, made[name])
    if isinstance(made.get("pattern"), str):
        terms = Mix.of(made["pattern"]).terms
        made["pattern"] = Mix(tuple(_with_path(term, change) for term in terms)).plain
    return made


def _with_path(term: Term, change: Any) -> Term:
    if isinstance(term.source, Page):
        folder = change("album", term.source.folder)
        return replace(term, source=replace(term.source, folder=folder))
    if isinstance(term.source, str):
        return replace(term, source=change("pattern", term.source))
    return term


def whole_path(path: str | Path) -> str:
    """Absolute, and with no way back in it: a farm maps paths by their beginnings."""
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links
