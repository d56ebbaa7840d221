"""Held-out views at two ages, and the change between them that a model is to find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from torch import Tensor

from reage.faces import FaceFrame, face_frame
from reage.models.parts import Parts
from reage.pixels.plate import Pixels
from reage_training.dataset import StoredView
from reage_training.evaluation.regions import Labels, regions_of
from reage_training.pairs.encoding import code
from reage_training.pairs.pair import steps_between
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import AddedPattern, pictures
from reage_training.render.skin import Ages
from reage_training.render.window import Window, whole
from reage_training.synth.said import traits_of
from reage_training.synth.view import UV
from reage_training.textures import Plane

Step = tuple[float, float]
"""Source and target age in years."""

YOUNGER, OLDER = (65.0, 30.0), (30.0, 65.0)
STEPS: tuple[Step, ...] = (YOUNGER, OLDER, (80.0, 20.0), (20.0, 80.0), (65.0, 45.0), (45.0, 45.0))
IN_PARTS = (YOUNGER, OLDER)
"""Steps whose parts are rendered as well."""

STRONG = (OLDER, YOUNGER, (20.0, 80.0))
"""Steps whose strength is told by band and region."""

NUDGES: tuple[Step, ...] = ((30.0, 20.0), (70.0, 60.0))
"""Ten years, as when a slider is first tried: something must be seen to change."""

CONDITIONINGS = {
    "own": "the model is shown the pattern by which this face truly ages: how well it draws what "
    "it is told",
    "other": "it is shown another person's pattern. Ageing: the truth then grows that pattern over "
    "the face, as an artist's seed asks. De-ageing: the face's own lines go, whatever is shown, as "
    "the seed knows nothing of an actor's wrinkles",
    "seen": "it is shown what photographs of that pattern on another face give, as an artist's "
    "pattern file does. Only where the dataset has them",
    "none": "it is shown no pattern and can only guess where lines will come: what a model "
    "that takes no pattern is left with",
}
"""What each conditioning map means, for the page."""


@dataclass(frozen=True)
class Still:
    """One view at one age, shown with one conditioning map.

    metadata of the view; conditioning: which map, of CONDITIONINGS
    rgb     (h, w, 3) scene-linear ACEScg at the source age
    true    (h, w, 3) what to add in ACEScct; parts: the same apart; hair: what turns it gray.
            The last two are None where they were not rendered
    skin    (h, w) 0 … 1 coverage by what ages: skin, eyes, lips, teeth; hair_coverage by hair
    regions (h, w) which region of the face each pixel shows
    shown   (h, w, 3) the conditioning map, or None
    """

    metadata: Mapping[str, Any]
    step: Step
    conditioning: str
    rgb: Pixels
    true: Pixels
    parts: Parts | None
    hair: Pixels | None
    skin: Plane
    hair_coverage: Plane
    regions: Labels
    shown: Pixels | None

    @property
    def landmarks(self) -> np.ndarray:
        """(468, 3) px, as rendered."""
        return np.array(self.metadata["landmarks"], np.float64)


def who(metadata: Mapping[str, Any]) -> str:
    """A view's person in words."""
    traits = traits_of(metadata)
    return f"{'man' if traits.male else 'woman'}, tone {traits.tone:.2f}"


def face_of(landmarks: np.ndarray) -> FaceFrame:
    """The face of true landmarks (468, 3) px, as the engine would have it."""
    return face_frame(np.asarray(landmarks, np.float64), 1, 1.0)


def step_name(step: Step) -> str:
    return f"{step[0]:g}→{step[1]:g}"


def main_conditioning(step: Step) -> str:
    """The conditioning map that a step's main figures are measured with: as the model is used,
    younger with any seed's, older with the one that the result shall follow."""
    return "other" if step[1] <= step[0] else "own"


def framed(view: StoredView, bank: Bank, stride: int = 16) -> Window:
    """All of a view, its sides cut to multiples of `stride`."""
    planes = view.planes()
    side = planes.shape[0] // stride * stride
    return whole(planes[:side, :side], view.metadata, bank.device)


def stills(view: StoredView, bank: Bank, stride: int = 16) -> Iterator[Still]:
    """All that is measured of one view: each step and nudge with its main conditioning map, OLDER
    with every conditioning map that there is, YOUNGER with none as well."""
    window = framed(view, bank, stride)
    look = Look.of(view.metadata, bank.count)
    other = (look.pattern + 1) % bank.count
    ages = _ages()
    lit = pictures(window, bank, look, ages)
    grown = pictures(window, bank, look, steps_between(*OLDER), AddedPattern(other, OLDER[0]))
    given = {age: image(lit.rgb[k]) for k, age in enumerate(ages)}
    codes = {age: code().encode(rgb) for age, rgb in given.items()}
    grown_codes = [code().encode(image(rgb)) for rgb in grown.rgb]
    gray = code().encode(image(lit.gray)) - codes[ages[0]]
    own_conditioning, other_conditioning = image(lit.conditioning), image(grown.conditioning)
    regions = regions_of(image(window.planes[UV]))

    def still(step: Step, conditioning: str, shown: Pixels | None) -> Still:
        row = [codes.get(a) for a in steps_between(*step)]
        if step == OLDER and conditioning == "other":
            row = [row[0], *grown_codes[1:]]
        source, target = codes[Ages.all(step[0])], row[-1]
        assert target is not None
        return Still(
            view.metadata, step, conditioning, given[Ages.all(step[0])], target - source,
            _parts(row) if step in IN_PARTS else None,
            gray if Ages.all(step[0]) == ages[0] else None,
            _plane(lit.skin), _plane(lit.hair), regions, shown,
        )  # fmt: skip

    for step in (*STEPS, *NUDGES):
        main = main_conditioning(step)
        yield still(step, main, own_conditioning if main == "own" else other_conditioning)
    yield still(OLDER, "other", other_conditioning)
    if bank.seen:
        seen = pictures(window, bank, look, [Ages.all(OLDER[0])], seen=True).conditioning
        yield still(OLDER, "seen", image(seen))
    yield still(OLDER, "none", None)
    yield still(YOUNGER, "none", None)


def _ages() -> list[Ages]:
    """What is rendered of each person, once: YOUNGER's source first."""
    wanted = [Ages.all(age) for step in (*STEPS, *NUDGES) for age in step]
    wanted += [ages for step in IN_PARTS for ages in steps_between(*step)]
    return list(dict.fromkeys(wanted))


def _parts(row: list[Pixels | None]) -> Parts:
    """Tone, form and detail out of the pictures that `steps_between` orders."""
    steps = [each for each in row if each is not None]
    tone, form, detail = (after - before for before, after in pairwise(steps))
    return Parts(detail, form, tone)


def image(planes: Tensor) -> Pixels:
    """(c, h, w) → (h, w, c) float32."""
    return np.ascontiguousarray(planes.permute(1, 2, 0).float().cpu().numpy())


def _plane(plane: Tensor) -> Plane:
    return np.asarray(plane.float().cpu().numpy(), np.float32)
