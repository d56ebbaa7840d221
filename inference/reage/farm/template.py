"""The template of a farm's job: Track ▶ Render, in chunks ▶ Report.

The face is followed once, over the whole shot, and every chunk goes by that track: so the crop's
size, and with it every bit, is the same on one machine and on forty.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from reage.farm.chunk import reports_folder
from reage.farm.parameters import LARGEST_CHUNK, NONE, OUT, Parameters
from reage.farm.submission import Submission, with_paths
from reage.job import RenderJob
from reage.media.frames import as_range
from reage.media.patterns import beside_all
from reage.settings import settings_of
from reage.shot.faces_file import faces_document

VERSION, CHUNKING = "jobtemplate-2023-09", "TASK_CHUNKING"

JOB, FACES = "job.json", "faces.json"
"""The job's document, and that of its faces where they are several, in the bundle."""

_ABOUT = {
    "model": "The model.",
    "age_map": "Age map.",
    "hair_matte": "Hair matte.",
    "track": "Face track that was made before.",
    "pattern": "Pattern file.",
    "album": "An actor's album.",
}
_NAMES = {"age_map": "AgeMap", "hair_matte": "HairMatte"}
_MOST_JOBS = next(s.limits for s in settings_of(RenderJob) if s.name == "jobs") or (1, 1)

Json = dict[str, Any]


def template(work: Submission) -> tuple[Json, dict[str, str | int]]:
    """The template, and the values of its parameters as they are submitted."""
    given = Parameters()
    asked, environment = _Steps(work, given), _environment(given)
    steps = [*asked.track(), asked.render(), asked.report()]
    made = {
        "specificationVersion": VERSION,
        "extensions": [CHUNKING],
        "name": f"ReAge {Path(work.job.output).name}"[:128],
        "description": f"Re-age {len(work.frames)} frames of {work.job.plate}."[:2048],
        "parameterDefinitions": given.definitions(),
        **environment,
        "steps": steps,
    }
    return made, given.values()


class _Steps:
    """Each `reage` command of the job, with what it is told."""

    def __init__(self, work: Submission, given: Parameters) -> None:
        self.work, job = work, work.job
        self.job = given.document("Job", JOB, "The render job; what is said here wins over it.")
        self.plate = given.path("Plate", job.plate, "The shot.")
        self.folder = given.path("OutputDir", str(Path(job.output).parent),
                                 "Where the frames, the track and the report go.",
                                 "DIRECTORY", OUT)  # fmt: skip
        name = given.text("OutputName", Path(job.output).name, "How the frames are called.")
        self.output = f"{self.folder}/{name}"
        self.reports = f"{self.folder}/{reports_folder(work)}"
        self.frames = given.text("Frames", as_range(work.frames), "Frames to render.")
        self.chunk = given.number("ChunkSize", work.chunk, (1, LARGEST_CHUNK),
                                  "Frames of one task.")  # fmt: skip
        self.device = given.text("Device", job.device, "Where the model runs: auto, cpu, cuda …")
        jobs = (int(_MOST_JOBS[0]), int(_MOST_JOBS[1]))
        self.jobs = given.number("Jobs", job.jobs, jobs, "Frames in the model at the same time.")
        self.program = given.text("ReAge", "reage", "The command, or its path.")
        self.flags = self._looks(given)
        self.faces: Json | None = None
        self.paths: Json | None = None
        if work.faces:
            self.faces, self.paths = self._several(given)

    def track(self) -> list[Json]:
        """The step that follows each face; none where all tracks are given."""
        made = self.work.made
        if not made:
            return []
        words = ["track", self.job, "--plate", self.plate]
        if not self.work.faces:
            words += ["-o", f"{self.folder}/{made[0]}"]
            return [{"name": "Track", "script": self._script(words)}]
        asked = [self.work.faces[n] for n in made]
        smooth = self.work.job.settings.smooth
        columns = {
            "Face": [str(one.get("face", "0")) for one in asked],
            "Smooth": [str(one.get("smooth", smooth)) for one in asked],
            "File": list(made.values()),
        }
        words += ["--face={{Task.Param.Face}}", "--smooth", "{{Task.Param.Smooth}}"]
        words += ["-o", f"{self.folder}/{{{{Task.Param.File}}}}"]
        space = {
            "taskParameterDefinitions": [
                {"name": name, "type": "STRING", "range": values}
                for name, values in columns.items()
            ],
            "combination": f"({', '.join(columns)})",
        }
        return [{"name": "Track", "parameterSpace": space, "script": self._script(words)}]

    def render(self) -> Json:
        chunks = {
            "defaultTaskCount": self.chunk,
            "rangeConstraint": "CONTIGUOUS" if self.work.contiguous else "NONCONTIGUOUS",
        }
        space = {
            "taskParameterDefinitions": [
                {"name": "Frames", "type": "CHUNK[INT]", "range": self.frames, "chunks": chunks}
            ]
        }
        words = ["render", self.job, "--plate", self.plate, "-o", self.output, *self.flags,
                 "--frames={{Task.Param.Frames}}", "--device", self.device, "--jobs", self.jobs,
                 "--resume", "--chunk-report", self.reports]
        several = {"stepEnvironments": [self.paths]} if self.faces else {}
        files = {"embeddedFiles": [self.faces]} if self.faces else {}
        after = {"dependencies": [{"dependsOn": "Track"}]} if self.work.made else {}
        script = {**files, **self._script(words)}
        return {"name": "Render", **after, **several, "parameterSpace": space, "script": script}

    def report(self) -> Json:
        page = f"{self.folder}/{beside_all(self.work.job.output, '.report.html').name}"
        words = ["report", self.reports, f"--frames={self.frames}", "--plate", self.plate,
                 "--layers", self.output, *self._followed, "-o", page]  # fmt: skip
        return {
            "name": "Report",
            "dependencies": [{"dependsOn": "Render"}],
            "script": self._script(words, tells=False),
        }

    @property
    def _followed(self) -> list[str]:
        """The flag that names the track of one face; several have theirs in the faces' file."""
        at = self.flags.index("--track") if "--track" in self.flags else len(self.flags)
        return self.flags[at : at + 2]

    def _script(self, words: Sequence[str], tells: bool = True) -> Json:
        more = ["--progress", "openjd"] if tells else []
        return {"actions": {"onRun": {"command": self.program, "args": [*words, *more]}}}

    def _looks(self, given: Parameters) -> list[str]:
        """The flags that tell a render of files."""
        job, made = self.work.job, self.work.made
        own = {name: getattr(job.settings, name)
               for name in ("age_map", "hair_matte", "model", "pattern")}  # fmt: skip
        if not self.work.faces:
            own["track"] = None if made else job.track
        mapped = with_paths(own, partial(_reference, given))
        flags = [word for name, value in mapped.items() if value and value != _plain(own, name)
                 for word in (f"--{name.replace('_', '-')}", str(value))]  # fmt: skip
        if self.work.faces:
            return [*flags, "--faces", "{{Task.File.Faces}}"]
        return [*flags, *(["--track", f"{self.folder}/{made[0]}"] if made else [])]

    def _several(self, given: Parameters) -> tuple[Json, Json]:
        """The file of several faces, and the environment that has its paths: in the file's JSON a
        path as a worker has it, with backslashes, would have to be escaped."""
        variables: dict[str, str] = {}

        def named(name: str, path: str) -> str:
            variable = f"REAGE_FILE_{len(variables) + 1}"
            variables[variable] = self._track(path) or _reference(given, name, path)
            return f"${{{variable}}}"

        told = [with_paths(entry, named) for entry in self.work.faces]
        text = json.dumps(faces_document(told), indent=1)
        file = {"name": "Faces", "type": "TEXT", "filename": FACES, "data": text}
        return file, {"name": "Faces", "variables": variables}

    def _track(self, path: str) -> str:
        """A reference to a track that the farm makes; "" where the path is another's."""
        folder, name = os.path.split(path)
        ours = folder == str(Path(self.work.job.output).parent) and name in self.work.made.values()
        return f"{self.folder}/{name}" if ours else ""


def _reference(given: Parameters, name: str, path: str) -> str:
    """A reference to a file that a render reads, by what an entry of a faces file calls it."""
    kind = "DIRECTORY" if Path(path).is_dir() else "FILE"
    flow = NONE if kind == "DIRECTORY" else None  # a book's photographs stay in the house
    return given.path(_NAMES.get(name, name.title()), path, _ABOUT[name], kind, flow)


def _plain(own: Mapping[str, Any], name: str) -> Any:
    """What needs no flag, as no path is in it: a pattern that is a seed."""
    return own[name] if name == "pattern" else None


def _environment(given: Parameters) -> Json:
    """The OCIO config that names of color spaces are of, where one was set."""
    config = os.environ.get("OCIO", "")
    if not config:
        return {}
    about = "The OCIO config."
    named = given.path("Ocio", config, about) if Path(config).is_file() else given.text(
        "Ocio", config, about
    )  # fmt: skip
    return {"jobEnvironments": [{"name": "OCIO", "variables": {"OCIO": named}}]}
