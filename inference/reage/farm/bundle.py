"""A bundle's files: a folder that `deadline bundle submit` and `openjd run` take."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Any

from reage.errors import OutputError
from reage.farm.submission import Submission
from reage.farm.template import FACES, JOB, template
from reage.progress import frames_told

TEMPLATE, VALUES, ASSETS = "template.json", "parameter_values.json", "asset_references.json"
PARAMETERS = "openjd_parameters.json"
"""The values once more, as openjd-cli reads them."""


@dataclass(frozen=True)
class Bundle:
    """A bundle on the disk."""

    folder: Path
    work: Submission

    @classmethod
    def write(cls, work: Submission, folder: Path) -> Bundle:
        """Into a folder, which is made; of what stands there the files of a bundle are replaced.
        Raises OutputError."""
        folder = folder.absolute()
        job, made = work.job, cls(folder, work)
        asked, values = template(work)
        texts = {
            TEMPLATE: _text(asked),
            VALUES: _text({"parameterValues": [
                {"name": name, "value": value} for name, value in values.items()
            ]}),
            ASSETS: _text({"assetReferences": {
                "inputs": {"filenames": list(map(str, work.files)), "directories": []},
                "outputs": {"directories": [str(Path(job.output).parent)]},
                "referencedPaths": [],
            }}),
            PARAMETERS: _text(values),
        }  # fmt: skip
        if work.faces:
            texts[FACES] = _text({"reage_faces": 1, "faces": list(work.faces)})
            settings = replace(job.settings, face="0")
            job = replace(job, faces=str(folder / FACES), settings=settings)
        texts[JOB] = job.to_json()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8")
        except OSError as e:
            raise OutputError(f"The bundle {folder} cannot be written: {e.strerror}.") from e
        return made

    def text(self) -> str:
        """What was written, and how it is run."""
        work, where = self.work, self.folder
        tracks = len(work.made)
        first = f", after {'the face track' if tracks == 1 else f'{tracks} face tracks'}"
        tasks = "1 chunk" if work.tasks == 1 else f"{work.tasks} chunks"
        return "\n".join([
            f"{frames_told(len(work.frames))} in {tasks} of {work.chunk}{first * bool(tracks)}",
            f"here: openjd run {quote(str(where / TEMPLATE))} "
            f"-p {quote(f'file://{where / PARAMETERS}')}",
            f"Deadline Cloud: deadline bundle submit {quote(str(where))}",
            f"bundle: {where}",
        ])  # fmt: skip

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        work = self.work
        return {
            "bundle": str(self.folder), "frames": len(work.frames), "chunk": work.chunk,
            "tasks": work.tasks, "tracks": list(work.made.values()), "text": self.text(),
        }  # fmt: skip


def _text(document: object) -> str:
    return json.dumps(document, indent=2) + "\n"
