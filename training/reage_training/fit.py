"""Training: `fit` goes through a run's steps, from wherever it was left."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import torch
from torch import nn

from reage.errors import OutputError
from reage_training.background import background
from reage_training.checkpoint import BEST, LAST, Training
from reage_training.dataset import GrowingDataset, find_views
from reage_training.device import autocast, pick_device
from reage_training.interrupt import stop_requests
from reage_training.losses import loss
from reage_training.pairs.batches import Batch, batches
from reage_training.render.bank import open_bank
from reage_training.schedule import FitSettings, averaging, learning_rate
from reage_training.stretch import Stretch
from reage_training.validation import validate, validation_batches

REPORT = 50
"""Steps between two lines of progress and of the log."""

LOG = "log.jsonl"


@dataclass(frozen=True)
class FitResult:
    """Where a run stands: steps done, mean loss of the first and last reported stretch of
    this session, best validation score (`validation.Score`; lower is better), and whether a
    signal ended it."""

    step: int
    first_loss: float
    last_loss: float
    best: float
    stopped: bool


@dataclass(frozen=True)
class Session:
    """What decides how a run is carried out, but not what comes of it.

    minutes     stop (and save) after so long; the schedule is not shortened
    save_every  seconds between two checkpoints with validation
    workers     threads that make pairs
    device      auto, cpu or cuda
    background  let all other work go first, see `background`
    progress    is told a line from time to time
    """

    minutes: float | None = None
    save_every: float = 240.0
    workers: int = 1
    device: str = "auto"
    background: bool = False
    progress: Callable[[str], None] = field(default=lambda line: None)


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
    views of `data` serve. `start_from` gives a new run another one's weights.
    Raises SettingsError, ModelError or OutputError.
    """
    session = session or Session()
    with background() if session.background else nullcontext() as said, stop_requests() as stop:
        if said:
            session.progress(said)
        return _Run(data, out, settings, session, validation_set, start_from).go(stop)


class _Run:
    """One session of a run."""

    def __init__(
        self,
        data: Path,
        out: Path,
        settings: FitSettings,
        session: Session,
        validation_set: Path | None,
        start_from: Path | None,
    ) -> None:
        cv2.setNumThreads(1)  # the pairs' threads are the parallelism
        self.session, self.out = session, _made(out)
        self.device = pick_device(session.device)
        self.dataset = GrowingDataset(data)
        self.bank = open_bank(data, self.device)
        validation_bank = open_bank(validation_set, self.device) if validation_set else self.bank
        self.validation_set = validation_batches(
            find_views(validation_set) if validation_set else self.dataset.views(), validation_bank
        )
        self.state = Training.begin(settings, self.device)
        if (out / LAST).exists():
            self.state.restore(out / LAST)
        elif start_from:
            self.state.start_from(start_from)
        self.stretch = self._stretch()
        self.reported: list[float] = []

    def go(self, stop: Callable[[], bool]) -> FitResult:
        start = saved = time.monotonic()
        limit = (self.session.minutes or float("inf")) * 60
        first = self.state.step
        with closing(self._batches()) as row:
            while self.state.step < self.state.settings.steps and not stop():
                asked = time.monotonic()
                batch = next(row)
                given = time.monotonic()
                self._step(batch)
                now = time.monotonic()
                self.stretch.waited += given - asked
                self.stretch.learned += now - given
                if self.state.step % REPORT == 0:
                    self._report((now - start) / (self.state.step - first), limit - (now - start))
                if now - saved > self.session.save_every:
                    self._save()
                    saved = time.monotonic()
                if now - start > limit:
                    break
        self._save()
        self._flush()
        ends = self.reported or [float("nan")]
        return FitResult(self.state.step, ends[0], ends[-1], self.state.best, stop())

    def _batches(self) -> Generator[Batch, None, None]:
        s = self.state.settings
        return batches(
            self.dataset.views,
            self.bank,
            s.seed,
            s.batch,
            s.window,
            self.state.step,
            self.session.workers,
            s.uses,
        )

    def _step(self, batch: Batch) -> None:
        """One step of the optimizer; a batch without a finite gradient is passed over."""
        state = self.state
        for group in state.optimizer.param_groups:
            group["lr"] = learning_rate(state.step, state.settings)
        with autocast(self.device):
            parts, logits = state.net(batch.picture)
        parts, logits = parts.float(), logits.float()
        value = loss(parts, logits, batch.parts, batch.coverage, state.settings.strength)
        state.optimizer.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(state.net.parameters(), state.settings.clip)
        if torch.isfinite(norm):
            state.optimizer.step()
            self._average()
        self.stretch.losses.append(float(value.detach()))
        state.step += 1

    @torch.no_grad()
    def _average(self) -> None:
        take = 1 - averaging(self.state.step, self.state.settings)
        pairs = zip(self.state.averaged.parameters(), self.state.net.parameters(), strict=True)
        for mean, now in pairs:
            mean.lerp_(now, take)

    def _report(self, seconds_a_step: float, left: float) -> None:
        settings, told = self.state.settings, self.stretch.text()
        self._flush()
        left = min(left, (settings.steps - self.state.step) * seconds_a_step)
        self.session.progress(
            f"step {self.state.step}/{settings.steps}  {told}  {len(self.dataset.views())} views  "
            f"{left / 60:.0f} min left"
        )

    def _stretch(self) -> Stretch:
        return Stretch(self.state.settings.batch / self.state.settings.uses)

    def _flush(self) -> None:
        """Log the steps since the last call."""
        if self.stretch.finite:
            self.reported.append(self.stretch.loss)
            self._log(self.stretch.entry())
        self.stretch = self._stretch()

    def _save(self) -> None:
        """Validate, then write last.pt, and best.pt where it is the best so far."""
        score = validate(self.state.averaged, self.validation_set)
        better = score.value < self.state.best
        self.state.best = min(score.value, self.state.best)
        self.state.save(self.out / LAST)
        if better:
            self.state.save(self.out / BEST)
        self._log(score.entry())
        self.session.progress(
            f"step {self.state.step}: saved; {score.text()}{' (best)' if better else ''}"
        )

    def _log(self, entry: Mapping[str, object]) -> None:
        line = json.dumps({"step": self.state.step, **entry, "time": round(time.time(), 1)})
        with (self.out / LOG).open("a", encoding="utf-8") as f:
            f.write(line + "\n")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OutputError(f"Cannot make the folder {folder}: {e}") from e
    return folder
