"""A bundle's files: a folder that `deadline bundle submit` and `openjd run` take."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Any

from reage.errors import OutputError, SettingsError
from reage.farm.chunk import reports_folder
from reage.farm.submission import Submission, whole_path
from reage.farm.template import FACES, JOB, template
from reage.job import RenderJob
from reage.media.frames import as_range
from reage.media.overwriting import refuse_overwriting
from reage.media.patterns import beside_all
from reage.media.replacing import replacing_all, writer_of
from reage.progress import frames_told
from reage.shaped import shown
from reage.shot.faces_file import faces_document

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
        """Into a folder, which is made; over an earlier bundle of the same output, whole or not at
        all. Raises SettingsError where an input would be overwritten, or the folder holds other
        files; OutputError."""
        folder = Path(whole_path(folder))
        texts = _texts(work, folder)
        try:
            _refuse_other_files(folder, work)
            folder.mkdir(parents=True, exist_ok=True)
            with replacing_all([folder / name for name in texts]) as drafts:
                for name, text in texts.items():
                    drafts[folder / name].write_text(text, encoding="utf-8", newline="\n")
        except OSError as e:
            raise OutputError(f"The bundle {folder} cannot be written: {e.strerror or e}.") from e
        return cls(folder, work)

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
            f"its report by hand: {self._report}",
            f"bundle: {where}",
        ])  # fmt: skip

    @property
    def _report(self) -> str:
        """What the last step runs, for where it cannot, as some chunk never ended well."""
        output = self.work.job.output
        reports = Path(output).parent / reports_folder(self.work)
        page = beside_all(output, ".report.html")
        frames = as_range(self.work.frames)
        return f"reage report {quote(str(reports))} --frames={frames} -o {quote(str(page))}"

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        work = self.work
        return {
            "bundle": str(self.folder), "frames": len(work.frames), "chunk": work.chunk,
            "tasks": work.tasks, "tracks": list(work.made.values()), "text": self.text(),
        }  # fmt: skip


def _texts(work: Submission, folder: Path) -> dict[str, str]:
    """What each file of a bundle holds; the one that a farm asks for first."""
    job = work.job
    asked, values = template(work)
    listed = [{"name": name, "value": value} for name, value in values.items()]
    files = {
        TEMPLATE: _text(asked),
        VALUES: _text({"parameterValues": listed}),
        ASSETS: _text({"assetReferences": {
            "inputs": {"filenames": list(map(str, work.files)), "directories": []},
            "outputs": {"directories": [str(Path(job.output).parent)]},
            "referencedPaths": [],
        }}),
        PARAMETERS: _text(values),
    }  # fmt: skip
    if work.faces:
        files[FACES] = _text(faces_document(work.faces))
        settings = replace(job.settings, face="0")
        job = replace(job, faces=str(folder / FACES), settings=settings)
    return {**files, JOB: job.to_json()}


def _refuse_other_files(folder: Path, work: Submission) -> None:
    """Raises SettingsError where a bundle may not be written into this folder, OSError."""
    names = {TEMPLATE, VALUES, ASSETS, PARAMETERS, FACES, JOB}
    refuse_overwriting([folder / name for name in sorted(names)], work.named)
    if not folder.is_dir():
        return
    there = {each.name for each in folder.iterdir() if each.is_file() and not writer_of(each)}
    if others := sorted(there - names):
        raise SettingsError(
            f"{folder} holds other files, such as {shown(others[0])}; name a folder of its own for "
            "the bundle."
        )
    if there and _output_of(folder / JOB) != work.job.output:
        raise SettingsError(
            f"{folder} holds another job's bundle; name another folder, or delete that one."
        )


def _output_of(path: Path) -> str | None:
    """Where the frames of a bundle's job go; None where there is no such job."""
    try:
        return RenderJob.load(path).output
    except SettingsError:
        return None


def _text(document: object) -> str:
    return json.dumps(document, indent=2) + "\n"
