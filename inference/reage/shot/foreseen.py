"""What an artist should know before the first frame, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from reage.errors import PlateError
from reage.faces import FaceTrack
from reage.job import RenderJob
from reage.ladder import MOST, rungs, wanting
from reage.mix import Mix
from reage.models.model_card import ModelCard
from reage.pattern.mixed import notices as pattern_notices
from reage.settings import Settings
from reage.shot.footage import Footage
from reage.shot.rungs import rung_jobs
from reage.shot.slight import SMALL
from reage.shot.tracking import NO_FACE, faces_of


def foreseen(
    job: RenderJob, frames: tuple[int, ...], card: ModelCard, track: FaceTrack
) -> Iterator[str]:
    """Of settings, ages and faces."""
    looks = [one.at(number) for one in rung_jobs(job) for number in frames]
    yield from _ages(looks, card)
    if job.ladder:
        yield from _wide_spans(rungs(job.ladder), looks[0].source_age)
    asked = (job.settings.age_map, *(look.gray for look in looks), *(s.shape for s in looks))
    if not any(asked) and all(look.source_age == look.target_age for look in looks):
        yield "The age in and the age out are the same, so nothing changes."
    if any(look.shape for look in looks) and {"shape", "st", "beauty"}.isdisjoint(job.layers):
        yield (
            "Shape shows in the beauty and in layers of its own; --shape changes nothing here. "
            "Add beauty, shape or st to --layers."
        )
    if any(look.gray for look in looks):
        if not card.hair:
            yield f"The model {card.name} does not gray hair; --gray changes nothing."
        elif job.settings.hair_matte is None:
            yield (
                "Gray needs a hair matte: give one with --hair-matte, or on the node's input hair; "
                "without it no hair changes. A start is in the layer reage_guess_hair."
            )
    if job.settings.pattern and not card.pattern:
        yield f"The model {card.name} takes no pattern; --pattern changes nothing."
    if card.pattern:
        yield from pattern_notices(Mix.of(job.settings.pattern), [s.target_age for s in looks])
    if not any(track.at(number) for number in track.frames):
        yield NO_FACE


def other_faces(job: RenderJob, footage: Footage, track: FaceTrack) -> Iterator[str]:
    """Where the shot's first or last frame with a face shows more than the one that is re-aged,
    large enough to be meant, and nobody has said which. Of a part of the shot, such as a farm's
    chunk, only where those are in it: to look takes as long as to render some frames."""
    if job.settings.face != "0" or job.faces:
        return
    there = {n: face.size for n in track.frames if (face := track.at(n))}
    for number in dict.fromkeys([*list(there)[:1], *list(there)[-1:]]):
        if number not in footage.frames:
            continue
        try:
            count = len(faces_of(footage, number, min(SMALL, there[number] / 2)).faces)
        except PlateError:
            continue  # whoever renders it will hear of it
        if count > 1:
            yield (
                f"Frame {number} shows {count} faces, and one of them is re-aged, the largest of "
                "the first frame; --face chooses another, or all."
            )
            return


def _ages(looks: list[Settings], card: ModelCard) -> Iterator[str]:
    """The youngest and the oldest age asked for, where the model knows it not."""
    low, high = card.age_range
    ages = [age for look in looks for age in (look.source_age, look.target_age)]
    for age in dict.fromkeys((min(ages), max(ages))):
        if not low <= age <= high:
            yield f"The model was trained for ages {low:g} to {high:g}; {age:g} is outside."


def _wide_spans(ages: tuple[int, ...], source_age: float) -> Iterator[str]:
    """Where a ladder's mixes are least exact, and what mends it."""
    if lacks := wanting(ages, source_age):
        whole = sorted({*ages, *lacks})
        line = f": --ladder {','.join(map(str, whole))}" if len(whole) <= MOST else ""
        yield (
            f"A ladder's mixes are off by a quarter to a half of the change up to the rungs beside "
            f"the face's own age, {source_age:g}; with rungs at {' and '.join(map(str, lacks))} "
            f"only within five years of it{line}."
        )
