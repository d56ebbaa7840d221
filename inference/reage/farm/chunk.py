"""Where the chunks of a farm's job leave what they did, for the step that joins it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from reage.farm.submission import Submission
from reage.media.frames import as_range, parse_frames
from reage.media.patterns import beside_all

_DIGITS = 8
"""Of a hash in a file's name."""


def reports_folder(work: Submission) -> str:
    """The folder of a submission's reports, as seen from that of its output: another one for
    another job, or other chunks, so that none is joined with those of a submission before it."""
    asked = f"{work.job.to_json()} {list(map(dict, work.faces))} {work.chunk}"
    return f"{beside_all(work.job.output, '.reports').name}/{_short(asked)}"


def report_of_chunk(folder: Path, frames: str | None) -> Path:
    """The file of a chunk's report: its frames' first and last number, and what tells gaps apart,
    in letters that any file system takes. frames: as a render is asked for them; None for all."""
    if frames is None:
        return folder / "all.json"
    numbers = sorted(parse_frames(frames))
    first, last = numbers[0], numbers[-1]
    gaps = "" if last - first + 1 == len(numbers) else f".{_short(as_range(numbers))}"
    return folder / f"{first}{f'-{last}' if last > first else ''}{gaps}.json"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
