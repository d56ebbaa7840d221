"""Several faces in one render: which, and what is set for each.

A faces file is JSON, made by `reage track --list -o faces.json` and edited by hand:

    {"reage_faces": 1, "faces": [
    {"face": "412,300", "source_age": 45.0, "target_age": 70.0, "pattern": 3},
    {"track": "${SHOT}/b.track.json", "source_age": 30.0, "target_age": 20.0}
    ]}

A path in it may have an environment's variables, as `${NAME}`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from reage import strict_json
from reage.errors import SettingsError
from reage.faces import FaceTrack
from reage.job import RenderJob
from reage.settings import LIVE, Settings, settings_of
from reage.shaped import shown
from reage.shot.footage import Footage
from reage.shot.tracking import first_faces, in_plate, track_paths

EVERY = "all"
"""As `--face`: every face of the first frame that shows any."""

_VERSION = 1
_MOST_FACES = 1000
_SHARED = (*LIVE, "colorspace", "pixel_aspect", "model", "person")
"""Settings of which one output can have but one."""

OWN = tuple(s.name for s in settings_of(Settings) if s.name not in _SHARED)
"""Those that each face may have for itself; `track` goes beside them."""

_PATHS = ("track", "age_map", "hair_matte", "pattern")
_VARIABLE = re.compile(r"\$\{(\w+)\}")

_TEMPLATE = ("source_age", "target_age", "pattern")


def face_jobs(job: RenderJob, footage: Footage) -> tuple[RenderJob, ...]:
    """A job for each face; the job itself where it names but one.

    What the faces file says of a face wins over the job, keys of single frames included. Raises
    SettingsError, and FaceError where all faces are asked for and none is there.
    """
    if not of_several(job):
        return (job,)
    found = entries(job, footage)
    if job.settings.hair_matte and len(found) > 1:
        raise SettingsError(
            "One hair matte would gray the hair between two faces twice; in place of "
            "--hair-matte give each face its own hair_matte in the file of --faces."
        )
    return tuple(_of_face(job, entry) for entry in found)


def of_several(job: RenderJob) -> bool:
    """Whether a job says of more than one face how it is re-aged."""
    return job.faces is not None or job.settings.face == EVERY


def to_be_followed(job: RenderJob, footage: Footage) -> list[tuple[RenderJob, Path]]:
    """Those faces of several that an entry points at, each with where its track goes: to the file
    that the entry names, else beside the output, as a render has it."""
    found = entries(job, footage)
    paths = track_paths(job.output, len(found))
    return [
        (replace(_of_face(job, entry), track=None), Path(entry.get("track") or path))
        for entry, path in zip(found, paths, strict=True)
        if "face" in entry
    ]


def entries(job: RenderJob, footage: Footage) -> list[dict[str, Any]]:
    """What is said of each face of a job of several, as a faces file says it. Raises as `face_jobs`
    does."""
    if job.track is not None:
        raise SettingsError(
            "--track is one face's; name each face's own as track in the file of --faces."
        )
    if job.faces is None:
        aspect = footage.header.aspect
        found = first_faces(footage).faces.values()
        return [{"face": "{:.0f},{:.0f}".format(*in_plate(f, aspect))} for f in found]
    return [_worded(entry) for entry in _read(Path(job.faces))]


def template(job: RenderJob, faces: Sequence[tuple[float, float]]) -> str:
    """A faces file for faces at these points, in plate px: the job's own settings, to be edited. A
    pattern that nobody asked for is left to the render, whose model may bring one along."""
    values = {name: getattr(job.settings, name) for name in _TEMPLATE}
    if values["pattern"] == Settings.pattern:
        del values["pattern"]
    lines = [json.dumps({"face": f"{x:.0f},{y:.0f}", **values}) for x, y in faces]
    return f'{{"reage_faces": {_VERSION}, "faces": [\n' + ",\n".join(lines) + "\n]}\n"


def check_apart(tracks: Sequence[FaceTrack], where: str) -> None:
    """Raises SettingsError where two tracks follow one face: its change would count twice."""
    for (i, one), (j, other) in combinations(enumerate(tracks), 2):
        pairs = [(one.at(n), other.at(n)) for n in one.frames]
        apart = [
            float(np.hypot(*np.subtract(a.center, b.center))) > 0.5 * min(a.size, b.size)
            for a, b in pairs
            if a is not None and b is not None
        ]
        if apart and sum(apart) < len(apart) / 2:
            raise SettingsError(
                f"Faces {i} and {j} of {where} are the same face in most frames; leave one out, "
                "or point at another."
            )


def _of_face(job: RenderJob, entry: dict[str, Any]) -> RenderJob:
    own = {name: value for name, value in entry.items() if name != "track"}
    by_frame = {
        frame: {name: value for name, value in values.items() if name not in own}
        for frame, values in job.by_frame.items()
    }
    settings = replace(job.settings, **({"face": "0"} | own))
    return replace(job, settings=settings, track=entry.get("track"), faces=None, by_frame=by_frame)


def _read(path: Path) -> list[dict[str, Any]]:
    """The entries of a faces file, each of them such that settings can be made of it."""
    data = strict_json.load(path, f"the faces file {path}", SettingsError)
    version = data.get("reage_faces") if isinstance(data, dict) else None
    if not isinstance(data, dict) or version is True or version != _VERSION:
        raise SettingsError(
            f'{path} is no faces file: it must start with {{"reage_faces": {_VERSION}, ….'
        )
    entries = data.get("faces")
    if not isinstance(entries, list) or not 0 < len(entries) <= _MOST_FACES:
        raise SettingsError(f"The faces file {path} needs faces, a list of 1 to {_MOST_FACES}.")
    found = []
    for place, entry in enumerate(entries):
        who = f"The faces file {path}, face {place}"
        found.append(_expanded(entry, who) if isinstance(entry, dict) else entry)
        _check(found[-1], who)
    return found


def _expanded(entry: dict[str, Any], who: str) -> dict[str, Any]:
    """With the environment's variables in its paths. Raises SettingsError for one that is not
    set."""

    def value_of(variable: re.Match[str]) -> str:
        if variable[1] not in os.environ:
            raise SettingsError(f"{who}: the environment has no {variable[0]}.")
        return os.environ[variable[1]]

    paths = {name: entry[name] for name in _PATHS if isinstance(entry.get(name), str)}
    return entry | {name: _VARIABLE.sub(value_of, path) for name, path in paths.items()}


def _worded(entry: dict[str, Any]) -> dict[str, Any]:
    """With whole numbers as words where a setting takes words: a face's index, say."""
    return {k: str(v) if type(v) is int and _kind(k) is str else v for k, v in entry.items()}


def _kind(name: str) -> Any:
    return next((s.type for s in settings_of(Settings) if s.name == name), str)


def _check(entry: Any, who: str) -> None:
    if not isinstance(entry, dict) or not ({"face", "track"} & set(entry)):
        raise SettingsError(f"{who}: say which face it is, by face or by track.")
    for name in entry:
        if name in _SHARED:
            raise SettingsError(
                f"{who}: {name} holds for all faces of one output; set it for the render, or "
                "render this face by itself and add its layers in the comp."
            )
        if name not in (*OWN, "track"):
            raise SettingsError(f"{who}: unknown {shown(name)}; known are {', '.join(OWN)}, track.")
    track = entry.get("track")
    if track is not None and not isinstance(track, str):
        raise SettingsError(f"{who}: track is {shown(track)}; it must be a file's name.")
    try:
        Settings(**{name: v for name, v in _worded(entry).items() if name != "track"})
    except SettingsError as e:
        raise SettingsError(f"{who}: {e}") from e
