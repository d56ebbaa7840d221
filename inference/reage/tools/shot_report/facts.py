"""What the head of a shot's page says: label → words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import PureWindowsPath
from typing import Any

from reage.job import RenderJob
from reage.media.sequence import compact
from reage.progress import span_told
from reage.settings import Settings
from reage.shot.rungs import told_output
from reage.shot.shot_report import FrameEntry, ShotReport

LOOKS = {
    "held": "The track bridged a short miss: the face is where it was supposed to be.",
    "edited": "The track was set by hand.",
    "doubtful": "The face was seen with little confidence: half hidden, blurred, or half outside.",
    "jumps": "The face lies far from between its neighbours: the track may have slipped.",
    "alone": "A face with none in the frames before and after: it may be none.",
    "cuts": "A new shot begins here.",
    "unsure": "No face, where one was that might be somebody else's.",
    "hardly changed": "A change was asked for, and next to nothing came of it.",
    "another size": "The plate is of another size than in the shot's first frame.",
}
"""What to make of the words of `track_notes`."""


def verdict(report: ShotReport) -> tuple[str, bool]:
    """The shot in a sentence, and whether it is whole."""
    count = len(report.frames) + len(report.missing)
    wrong = [
        f"{len(numbers)} {word}"
        for word, numbers in (("failed", report.failures), ("missing", report.missing))
        if numbers
    ]
    if wrong:
        return f"{' and '.join(wrong)} of {count} frames.", False
    through = len(report.numbers("no face"))
    beside = f"; {through} of them show no face and pass through" if through else ""
    return f"All of the {count} frames were made{beside}.", True


def facts(report: ShotReport) -> dict[str, str]:
    """For the page's first table."""
    shot, model, runs = report.shot, report.shot.model, report.runs
    ladder = str(shot.settings.get("ladder") or "")
    numbers = [f.number for f in report.frames]
    sizes = sorted({f.size for f in report.frames if f.size})
    what = f"layers {', '.join(shot.layers)}" if shot.layers else "the finished picture"
    return {
        "plate": f"{shot.plate} ({', '.join([*map(_size, sizes), shot.plate_space])})",
        "written": f"{told_output(shot.output, ladder or None)}: {what}, in {shot.space}",
        "frames": compact(numbers) if numbers else "none",
        "ages": "; ".join(_ages(report)) + f" (of a ladder {ladder})" * bool(ladder),
        "model": f"{model.name} {model.version}, license {model.license}, by {model.rights_holder}",
        "model's sha256": model.sha256,
        "learned from": model.trained_on,
        "consent": "; ".join(rights.line() for rights in shot.rights)
        or "the model is of nobody in particular, so none was needed",
        "device": ", ".join(dict.fromkeys(run.device for run in runs)),
        "crop": ", ".join(f"{side} px" for side in sorted({s for run in runs for s in run.crops})),
        "made": f"{_minute(min(run.started for run in runs))} to "
        f"{_minute(max(run.ended for run in runs))} UTC, by ReAge {shot.version}",
        "settings": ", ".join(_settings(shot.settings)) or "as they come",
    }  # fmt: skip


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]} px"


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")


def _ages(report: ShotReport) -> Iterator[str]:
    many = len(report.shot.faces) > 1
    for face in range(len(report.shot.faces)):
        pairs = dict.fromkeys(
            (f.faces[face].source_age, f.faces[face].target_age) for f in report.frames
        )
        who = f"face {face}: " if many else ""
        if len(pairs) == 1:
            ((source, target),) = pairs
            yield f"{who}{source:g} → {target:g}"
        elif pairs:
            sources, targets = zip(*pairs, strict=True)
            yield f"{who}{span_told(sources)} → {span_told(targets)}, keyed"


def _settings(said: Any) -> Iterator[str]:
    """Those that are not what they are without a word; files by their names."""
    usual = {f.name: f.default for f in (*fields(RenderJob), *fields(Settings))}
    for name, value in said.items():
        if value != usual.get(name) and name not in ("source_age", "target_age"):
            words = PureWindowsPath(value).name if isinstance(value, str) else value
            yield f"{name.replace('_', ' ')} {words}"


def cost(frame: FrameEntry) -> float:
    """Seconds."""
    return sum(frame.seconds.values())

