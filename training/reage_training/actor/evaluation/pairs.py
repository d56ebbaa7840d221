"""Contenders on a career's pairs, whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from reage.errors import FaceError
from reage.faces import FaceFrame
from reage.media.imagefile import read_plate
from reage.pixels.plate import Plate
from reage_training.actor.career.held import HeldPair, pairs
from reage_training.actor.evaluation import marks
from reage_training.actor.evaluation.contender import PLATE, Contender
from reage_training.actor.evaluation.marks import FoundMark
from reage_training.evaluation.identity import meshes, shift
from reage_training.evaluation.portrait import largest_face
from reage_training.pairs.encoding import code
from reage_training.synth.head import Floats

SPACE = "ACEScg"
"""Of the pairs' plates."""


@dataclass(frozen=True)
class OpenPair:
    """A pair, read: pictures (h, w, 3) scene-linear ACEScg, skin (h, w) 0 … 1."""

    name: str
    said: HeldPair
    plate: Plate
    truth: Floats
    skin: Floats
    mattes: tuple[Floats, ...]
    face: FaceFrame

    @property
    def older(self) -> bool:
        return self.said.target > self.said.age

    @property
    def title(self) -> str:
        return f"{self.said.age:.0f} → {self.said.target:.0f}"


@dataclass(frozen=True)
class Result:
    """One contender on one pair.

    error     mean |difference from the truth| on skin, ACEScct
    kept      marks of the plate that the truth shows as well; new: those of the truth alone
    left      shares left of those of the plate alone
    shifts    of `identity.shift`, px of a 512 px view; empty where no face was found
    """

    picture: Floats
    error: float
    kept: tuple[FoundMark, ...]
    new: tuple[FoundMark, ...]
    left: tuple[float, ...]
    shifts: tuple[float, ...]


@dataclass(frozen=True)
class MeasuredPair:
    """A pair and what each contender made of it, by its label, PLATE among them."""

    pair: OpenPair
    results: dict[str, Result]

    @property
    def nothing(self) -> float:
        """Error of the plate as it is."""
        return self.results[PLATE].error


def opened(career: Path) -> tuple[OpenPair, ...]:
    """A career's pairs. Raises SettingsError where there are none, FaceError where a plate shows
    no face."""
    return tuple(_read(folder, said) for folder, said in pairs(career))


def measured(
    pair: OpenPair, contenders: Sequence[Contender], say: Callable[[str], None] = lambda _: None
) -> MeasuredPair:
    results = {PLATE: _result(pair, pair.plate.rgb)}
    for each in contenders:
        made = each.reaged(pair.plate, SPACE, pair.face, pair.said.age, pair.said.target)
        results[each.label] = _result(pair, made)
        say(f"{each.label}, pair {pair.name}: {results[each.label].error:.4f}")
    return MeasuredPair(pair, results)


def error(made: Floats, pair: OpenPair) -> float:
    """Mean |difference| from the truth on skin, in ACEScct."""
    apart = np.abs(code().encode(made) - code().encode(pair.truth)).mean(-1)
    return float(np.average(apart, weights=pair.skin))


def _result(pair: OpenPair, made: Floats) -> Result:
    kept: list[FoundMark] = []
    new: list[FoundMark] = []
    left: list[float] = []
    for mark, matte in zip(pair.said.marks, pair.mattes, strict=True):
        if mark.in_truth:
            found = marks.look_for(made, pair.truth, matte, pair.skin, pair.said.face_px)
            if found is not None:
                (kept if mark.in_plate else new).append(found)
        elif mark.in_plate:
            share = marks.left_of(
                made, pair.plate.rgb, pair.truth, matte, pair.skin, pair.said.face_px
            )
            left += [] if share is None else [share]
    both = meshes(pair.plate.rgb, made)
    shifts = () if both is None else shift(*both).shifts
    return Result(made, error(made, pair), tuple(kept), tuple(new), tuple(left), shifts)


def _read(folder: Path, said: HeldPair) -> OpenPair:
    plate = read_plate(folder / "plate.exr")
    truth = read_plate(folder / "truth.exr").rgb
    return OpenPair(
        folder.name, said, plate, truth, _matte(folder / "skin.png"),
        tuple(_matte(folder / f"mark_{mark.number}.png") for mark in said.marks),
        largest_face(plate, f"{folder}/plate.exr"),
    )  # fmt: skip


def moved_px(results: Sequence[Result]) -> float:
    """Median of how far bone and the ends of eyes and mouth moved, px of a 512 px view."""
    shifts = [s for r in results for s in r.shifts]
    return float(np.median(shifts)) if shifts else float("nan")


def _matte(path: Path) -> Floats:
    found = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if found is None:
        raise FaceError(f"{path} is missing or no picture.")
    return np.asarray(found / np.float32(255), np.float32)
