"""Measure models on held-out people, side by side.

The models run as the engine runs them, through `reage.models.model.Model`; each picture is rendered
once for all of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from reage.errors import SettingsError
from reage.models.model import Model
from reage.pixels.plate import Pixels
from reage_training.dataset import StoredView
from reage_training.evaluation.aims import Report
from reage_training.evaluation.error_sums import ErrorSums
from reage_training.evaluation.figures import ErrorStats
from reage_training.evaluation.large_sweep import LargeSweep, facing_most, large_sweep
from reage_training.evaluation.moving import Moment, moving_head
from reage_training.evaluation.prediction import Prediction, predict
from reage_training.evaluation.speed import speed
from reage_training.evaluation.steadiness import Takes, shape_jitter, steadiness
from reage_training.evaluation.stills import (
    IN_PARTS,
    NUDGES,
    OLDER,
    Step,
    Still,
    main_conditioning,
    step_name,
    stills,
    who,
)
from reage_training.evaluation.sweep import seat, sweep, worst_step
from reage_training.pairs.encoding import code
from reage_training.render.bank import Bank
from reage_training.synth.head import Head

SWEPT = 3
"""People that are swept from 20 to 80."""

Say = Callable[[str], None]
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Shown:
    """One person's pictures in ACEScct: before (h, w, 3), the true change and each model's."""

    label: str
    before: Pixels
    true: Pixels
    made: tuple[Pixels, ...]


@dataclass(frozen=True)
class People:
    """shown   pictures of some people, younger and older
    worst   those of all that the first model takes least error from, one for each step
    nudged  the first of those shown, ten years younger
    """

    shown: tuple[Shown, ...]
    worst: tuple[Shown, ...]
    nudged: tuple[Shown, ...]


@dataclass(frozen=True)
class EvaluatedModel:
    """reports   figures of each model as plain JSON, in the order of the models
    people    pictures of some people and of the worst, see `People`
    large     one person from 20 to 80
    shot      the moving head
    """

    reports: tuple[Report, ...]
    people: People
    large: LargeSweep
    shot: tuple[Moment, ...]


def evaluate(
    models: Sequence[Model],
    views: Sequence[StoredView],
    bank: Bank,
    head: Head,
    pictures: int = 4,
    say: Say = lambda _: None,
) -> EvaluatedModel:
    """Measure models on views; `pictures` people are kept to be shown.

    head: of the person who moves for the flicker; best the one that the views show.
    Raises SettingsError where there is no view or no model.
    """
    if not models or not views:
        raise SettingsError("Evaluating takes at least one model and one held-out view.")
    accumulators, people = _stills(models, views, bank, pictures, say)
    seats = tuple(_ahead(lambda v: seat(v, bank, 16), spread_over(views, SWEPT)))
    sweeps = tuple(tuple(sweep(model, at) for at in seats) for model in models)
    large = large_sweep(models, facing_most(views), bank)
    say("swept from 20 to 80")
    size = min(view.planes().shape[0] for view in views)
    shot = tuple(moving_head(head, bank, OLDER, size))
    say("rendered the moving head")
    takes = Takes.of(shot)
    say("tracked it")
    reports = []
    for model, accumulator, swept in zip(models, accumulators, sweeps, strict=True):
        smallest = worst_step(swept)
        reports.append(
            {
                "people": len(views),
                **accumulator.report(),
                "sweep": {
                    "worst_step": round(smallest, 6),
                    "means": [[round(m, 5) for m in means] for means in swept],
                    "true": [[round(m, 5) for m in at.true] for at in seats],
                },
                "flicker": steadiness(model, takes, say),
                "track": takes.jitter(),
                "shape": shape_jitter(takes),
                "speed": speed(model),
            }
        )
    return EvaluatedModel(tuple(reports), people, large, shot)


def _stills(
    models: Sequence[Model], views: Sequence[StoredView], bank: Bank, pictures: int, say: Say
) -> tuple[list[ErrorSums], People]:
    accumulators = [ErrorSums() for _ in models]
    kept = {v.path for v in spread_over(views, pictures)}
    shown: list[Shown] = []
    nudged: list[Shown] = []
    worst: dict[Step, tuple[float, Shown]] = {}
    rendered = _ahead(lambda v: list(stills(v, bank)), views)
    for number, (view, row) in enumerate(zip(views, rendered, strict=True), 1):
        for still in row:
            made = [predict(model, still) for model in models]
            for accumulator, each in zip(accumulators, made, strict=True):
                accumulator.add(still, each)
            if still.step in NUDGES and number == 1:
                nudged.append(_shown(still, made))
            if not _is_shown(still):
                continue
            if view.path in kept:
                shown.append(_shown(still, made))
            taken = ErrorStats.of(made[0].delta, still.true, still.skin).reduction
            if taken is not None and (still.step not in worst or taken < worst[still.step][0]):
                worst[still.step] = (taken, _shown(still, made, f"error {-taken:+.0%}"))
        say(f"measured {number} of {len(views)} people")
    worst_of_all = tuple(each for _, each in worst.values())
    return accumulators, People(tuple(shown), worst_of_all, tuple(nudged))


def _is_shown(still: Still) -> bool:
    return still.step in IN_PARTS and still.conditioning == main_conditioning(still.step)


def _shown(still: Still, made: Sequence[Prediction], *words: str) -> Shown:
    label = ", ".join((step_name(still.step), who(still.metadata), *words))
    deltas = tuple(each.delta for each in made)
    return Shown(label, code().encode(still.rgb), still.true, deltas)


def spread_over(views: Sequence[StoredView], count: int) -> list[StoredView]:
    """`count` of the views, or all, evenly from the first on."""
    count = min(count, len(views))
    return [views[k * len(views) // count] for k in range(count)]


def _ahead(function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """`map`, with the next item on a thread of its own while the last one is looked at."""
    with ThreadPoolExecutor(1, thread_name_prefix="render") as pool:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > 2:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
