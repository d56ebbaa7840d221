"""Which frame of a shot a contact sheet shows, and its layers where none were rendered yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reage.errors import FaceError, SettingsError
from reage.job import RenderJob
from reage.media.patterns import frame_path
from reage.media.sequence import open_shot
from reage.progress import Progress
from reage.settings import Settings, settings_of
from reage.shot.footage import Footage
from reage.shot.rendering import render
from reage.shot.tracking import NO_FACE, faces_of

YEARS = 30.0
"""Between the plate and each of the two pictures, as far as the model's ages reach."""

_LOOKED_AT = 5
"""Frames, evenly spread over the shot, of which the one with the largest sure face is taken."""

_AGES = next(s.slider for s in settings_of(Settings) if s.name == "source_age") or (0.0, 100.0)


def frame_of_both(plate: str, younger: str, older: str) -> int:
    """The middle one of the frames that plate and layers have. Raises SettingsError where none
    is."""
    shot = open_shot(plate)
    there = [n for n in shot.frames if n not in shot.missing]
    both = [n for n in there if all(frame_path(p, n).is_file() for p in (younger, older))]
    if not both:
        raise SettingsError(f"No frame of {plate} has layers in both {younger} and {older}.")
    return both[len(both) // 2]


def best_frame(job: RenderJob) -> int:
    """Of some frames of a shot, the one whose face is largest and surest. Raises FaceError where
    none shows one."""
    footage = Footage.open(job)
    frames, last = footage.frames, len(footage.frames) - 1
    some = dict.fromkeys(frames[last * (2 * i + 1) // (2 * _LOOKED_AT)] for i in range(_LOOKED_AT))
    seen = {n: next(iter(faces_of(footage, n).faces.values()), None) for n in some}
    good = {n: face.size * face.confidence for n, face in seen.items() if face is not None}
    if not good:
        raise FaceError(NO_FACE)
    return max(good, key=lambda n: good[n])


def rendered(
    plate: str, settings: Settings, folder: Path, progress: Callable[[Progress], object]
) -> tuple[int, Path, Path]:
    """A frame of the shot, and its layers made younger and older, in the folder."""
    layers = ("delta", "matte", *(("shape",) if settings.shape else ()))
    job = RenderJob(plate, str(folder / "younger.exr"), settings, layers=layers)
    number = best_frame(job)
    low, high = _AGES
    made = []
    for name, age in (
        ("younger", max(low, settings.source_age - YEARS)),
        ("older", min(high, settings.source_age + YEARS)),
    ):
        output = folder / f"{name}.exr"
        look = replace(settings, target_age=age)
        frames = str(number)
        render(replace(job, output=str(output), settings=look, frames=frames), progress)
        made.append(output)
    return number, made[0], made[1]
