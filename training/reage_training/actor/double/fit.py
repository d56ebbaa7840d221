"""What an album and its photographs say of a person, in the generator's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from reage.album import page_files
from reage.errors import Cancelled, SettingsError
from reage.pattern.file import read_pattern
from reage.pattern.layout import KINDS
from reage.pattern.maps import SIZE
from reage.pattern.photo.photograph import Photograph
from reage_training.actor.album.growth import Growth
from reage_training.actor.double.calibration import Gains, calibrated, strengths
from reage_training.actor.double.head import color_of, identity_of
from reage_training.actor.double.pattern import Fitted, Pages, fitted
from reage_training.actor.double.places import AgedTone
from reage_training.actor.double.skin_color import SkinColor, tone_by_places
from reage_training.render.bank import bank_of
from reage_training.synth.ageing import heights
from reage_training.synth.head import Head
from reage_training.synth.patterns import SHAPE_SIZE, pattern, pattern_seed
from reage_training.synth.person import Person
from reage_training.synth.photographs import seen_pattern, sitting_of
from reage_training.synth.said import SaidLook
from reage_training.synth.seen import landmark_uv
from reage_training.synth.traits import Traits

_YAWS, _FACE_PX = (-30.0, 0.0, 30.0), 600
"""How the double is photographed, where the book does not say better."""

_READ = 2
"""Pages, the oldest, that the double's readings are compared with: young skin shows little."""


@dataclass(frozen=True)
class FittedPerson:
    """identity  see `synth.person.Person`
    color     of the skin, each number with its deviation
    span      ages of the youngest and the oldest page
    gains     (2, R, B) of the calibration, flat
    """

    identity: tuple[float, ...]
    color: SkinColor
    span: tuple[float, float]
    gains: tuple[float, ...]

    @property
    def calibration(self) -> Gains:
        return Gains(np.array(self.gains).reshape(Gains.none().values.shape))

    @property
    def dense(self) -> float:
        """How strong weave, fine lines and crepe are: as what is finest of the lines."""
        return float(np.clip(self.calibration.values[0, :, 0].mean(), 0.5, 1.6))

    def text(self) -> str:
        lines, folds = (self.calibration.values[k].mean() for k in (0, 1))
        tone = self.color.tone
        return (
            f"the double: skin of tone {tone.value:.2f} (± {tone.width:.2f}), which ages "
            f"at the usual speed; lines {lines:.2f} and folds {folds:.2f} "
            "times as strong as on the pages, so that photographs of it read as the actor's do"
        )


def pages_of(album: Path) -> Pages:
    """All pages, from young to old. Raises SettingsError where there are none."""
    found = page_files(str(album))
    if not found:
        raise SettingsError(f"{album} holds no pages; make them with `reage-train actor album`.")
    return Pages(
        tuple(sheet.age for sheet in found),
        tuple(read_pattern(sheet.path, whole=True) for sheet in found),
    )


def fit_person(
    head: Head,
    album: Path,
    photographs: Sequence[Photograph],
    tones: Sequence[AgedTone],
    seed: int,
    rounds: int,
    told: Callable[[str], None],
    stop: Callable[[], bool] = lambda: False,
) -> FittedPerson:
    """photographs: of the album, at rest where there are such; () where there are none, and head
    and blood stay average. tones: of its readings, see `skin_color.shown_by`; of none the tone
    stays average. Raises Cancelled where `stop` comes true."""
    pages = pages_of(album)
    seen = fitted(pages)
    identity = np.zeros(len(head.identity), np.float32)
    tone = tone_by_places(head, tones)
    color = SkinColor(tone)
    if photographs:
        told(f"fitting the head to {len(photographs)} photographs")
        identity = identity_of(head, [p.mesh for p in photographs], [p.facing for p in photographs])
        color = SkinColor(*color_of(photographs, tone))
    sizes = [photo.face_px for photo in photographs]
    face_px = int(np.clip(np.median(sizes), 200, 1000)) if sizes else _FACE_PX
    start = FittedPerson(
        tuple(map(float, identity)), color, (pages.ages[0], pages.ages[-1]),
        tuple(map(float, Gains.none().values.ravel())),
    )  # fmt: skip
    if not rounds:
        return start
    told("photographing the double and reading it, to know what its skin must be")
    oldest = list(zip(pages.ages, pages.files, strict=True))[-_READ:]
    wanted = {age: strengths(file.maps, file.coverage) for age, file in oldest}

    def read(gains: Gains, age: float) -> np.ndarray:
        if stop():
            raise Cancelled("Stopped while the double was photographed.")
        return _read(head, start, seen, seed, face_px, gains, age)

    gains = calibrated(wanted, read, rounds)
    return replace(start, gains=tuple(map(float, gains.values.ravel())))


def skin_of(person: FittedPerson, seen: Fitted, seed: int, k: int) -> np.ndarray:
    """(SIZE, SIZE, CHANNELS) float16: the person's pattern, with draw `k` of what photographs do
    not resolve."""
    drawn = pattern(pattern_seed(seed, k), SIZE)
    stronger = seen.stronger(person.calibration)
    return stronger.into(drawn, person.color.tone.value, person.dense).astype(np.float16)


def _read(
    head: Head, start: FittedPerson, seen: Fitted, seed: int, face_px: int, gains: Gains, age: float
) -> np.ndarray:
    """`strengths` of a reading of the double at an age, as a page says them: at full age."""
    person = replace(start, gains=tuple(map(float, gains.values.ravel())))
    skin = skin_of(person, seen, seed, 0)
    bank = bank_of(skin[None], heights(head, SHAPE_SIZE), torch.device("cpu"))
    traits = Traits.random(seed)
    worn = Person(
        seed=seed, identity=np.array(person.identity, np.float32), expression={},
        style=Person.random(head, seed).style, hair_age=40.0,
        traits=_plain(traits, person),
        look=SaidLook(pattern=0, mirrored=False, delays=(0.0,) * len(KINDS)),
    )  # fmt: skip
    shown = seen_pattern(sitting_of(head, landmark_uv(head), worn, bank, age, face_px, _YAWS))
    grown = Growth.at(age)
    at_full_age = shown.maps / np.array([grown.lines, grown.folds, grown.spots], np.float32)
    return strengths(np.asarray(at_full_age, np.float32), shown.coverage)


def _plain(traits: Traits, person: FittedPerson) -> Traits:
    likely = person.color.likeliest(traits)
    return replace(
        likely, ageing_speed=1.0, spots=1.0, freckles=0.0, makeup=(0.0, 0.0, 0.0, 0.0), beard=0.0
    )
