"""Training: `fit` learns a network from a dataset."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import cv2

from reage_training.background import background
from reage_training.checkpoint import LAST, Training
from reage_training.dataset import GrowingDataset, find_views
from reage_training.device import pick_device
from reage_training.interrupt import stop_requests
from reage_training.loop import Curriculum, FitResult, Run, Session
from reage_training.pairs.batches import Batch, batches
from reage_training.pairs.pair import draw_pair
from reage_training.parallel import Ranks, joined
from reage_training.render.bank import open_bank
from reage_training.schedule import FitSettings
from reage_training.validation import validate, validation_batches


def fit(
    data: Path,
    out: Path,
    settings: FitSettings,
    session: Session | None = None,
    validation_set: Path | None = None,
    start_from: Path | None = None,
) -> FitResult:
    """Train on the views in `data`, which may still be growing; keep the run in `out`.

    Goes on from out/last.pt where there is one. Writes last.pt (the whole state), best.pt
    (the same, at the best validation so far) and log.jsonl. SIGINT and SIGTERM save and
    end it in order. `validation_set` is a dataset of other identities; without one the first
    views of `data` serve. `start_from` gives a new run another one's weights. Under `torchrun`
    `settings.batch` is each process's, see `parallel`.
    Raises SettingsError, ModelError or OutputError.
    """
    session = session or Session()
    with (
        background() if session.background else nullcontext() as said,
        stop_requests() as stop,
        joined() as ranks,
    ):
        if said:
            session.progress(said)
        return _run(data, out, settings, session, validation_set, start_from, ranks).go(stop)


def _run(
    data: Path,
    out: Path,
    settings: FitSettings,
    session: Session,
    validation_set: Path | None,
    start_from: Path | None,
    ranks: Ranks,
) -> Run:
    cv2.setNumThreads(1)  # the pairs' threads are the parallelism
    device = pick_device(session.device)
    dataset, bank = GrowingDataset(data), open_bank(data, device)
    validation_bank = open_bank(validation_set, device) if validation_set else bank
    held = validation_batches(
        find_views(validation_set) if validation_set else dataset.views(), validation_bank
    )
    state = Training.begin(settings, device)
    if (out / LAST).exists():
        state.restore(out / LAST)
    elif start_from:
        state.start_from(start_from)

    def row(first: int) -> Generator[Batch, None, None]:
        return batches(
            lambda: partial(draw_pair, dataset.views(), bank, settings.seed, size=settings.window),
            device, settings, first, session.workers, ranks,
        )  # fmt: skip

    course = Curriculum(row, lambda: len(dataset.views()), partial(validate, held=held))
    return Run(state, course, out, session, device, ranks)
