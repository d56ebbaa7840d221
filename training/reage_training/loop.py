"""The loop of every training here: through a run's steps, from wherever it was left."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from torch import nn

from reage.errors import OutputError
from reage_training.checkpoint import BEST, LAST, Training
from reage_training.device import autocast
from reage_training.events import Events
from reage_training.losses import loss
from reage_training.pairs.batches import Batch
from reage_training.parallel import ALONE, Ranks
from reage_training.schedule import averaging, learning_rate
from reage_training.stretch import Stretch

REPORT = 50
"""Steps between two lines of progress and of the log."""

LOG = "log.jsonl"


@dataclass(frozen=True)
class FitResult:
    """Where a run stands: steps done, mean loss of the first and last reported stretch of
    this session, best validation score (lower is better), and whether a signal ended it."""

    step: int
    first_loss: float
    last_loss: float
    best: float
    stopped: bool


@dataclass(frozen=True)
class Session:
    """What decides how a run is carried out, but not what comes of it.

    minutes     stop (and save) after so long; the schedule is not shortened
    save_every  seconds between two checkpoints
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


class Judgement(Protocol):
    """What is said of weights; the lower its value, the better they are."""

    @property
    def value(self) -> float: ...
    def text(self) -> str: ...
    def entry(self) -> dict[str, object]: ...


@dataclass(frozen=True)
class Curriculum:
    """What a run learns from, and is judged by.

    batches  all batches from a step on, without end
    views    how many views they are made of now
    judge    weights on what is held out
    every    steps between two judgements; None where each checkpoint has one
    patience judgements in a row without a better one after which the run ends; None never. Those of
             the schedule's first half do not count: the rate is too high there to tell
    events   curves and pictures for TensorBoard; `show` draws what they show of weights
    """

    batches: Callable[[int], Generator[Batch, None, None]]
    views: Callable[[], int]
    judge: Callable[[nn.Module], Judgement]
    every: int | None = None
    patience: int | None = None
    events: Events | None = None
    show: Callable[[nn.Module, Events, int], None] = lambda net, events, step: None


class Run:
    """One session of a run. `state` is where it stands; `out` holds what it writes."""

    def __init__(
        self,
        state: Training,
        course: Curriculum,
        out: Path,
        session: Session,
        device: torch.device,
        ranks: Ranks = ALONE,
    ) -> None:
        self.state, self.course, self.session = state, course, session
        self.device, self.ranks = device, ranks
        self.out = made(out)
        self.stretch = self._stretch()
        self.reported: list[float] = []

    @property
    def ended(self) -> bool:
        """All steps done, or no better for as long as the course waits."""
        patience = self.course.patience
        tired = patience is not None and self.state.stale >= patience
        return self.state.step >= self.state.settings.steps or tired

    def go(self, stop: Callable[[], bool]) -> FitResult:
        start = saved = time.monotonic()
        limit = (self.session.minutes or float("inf")) * 60
        first, every, over = self.state.step, self.course.every, False
        with closing(self.course.batches(first)) as row:
            while not self.ranks.anybody(self.ended or stop() or over):
                asked = time.monotonic()
                batch = next(row)
                given = time.monotonic()
                self._step(batch)
                now = time.monotonic()
                self.stretch.waited += given - asked
                self.stretch.learned += now - given
                if self.state.step % REPORT == 0:
                    self._report((now - start) / (self.state.step - first), limit - (now - start))
                judging = every is not None and self.state.step % every == 0
                over = now - start > limit
                if judging or now - saved > self.session.save_every:
                    self._save(judging or every is None)
                    saved = time.monotonic()
        if every is None or self.state.step > first:
            self._save(every is None or (self.ended and self.state.step % every != 0))
        self._flush()
        done = f"{self.state.step} of {self.state.settings.steps} steps done"
        self._tell(f"{done}; best score {self.state.best:.3f}.")
        ends = self.reported or [float("nan")]
        return FitResult(self.state.step, ends[0], ends[-1], self.state.best, stop())

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
        learned = [p for p in state.net.parameters() if p.requires_grad]
        self.ranks.mean_gradients(learned)
        norm = nn.utils.clip_grad_norm_(learned, state.settings.clip)
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
        self._tell(
            f"step {self.state.step}/{settings.steps}  {told}  {self.course.views()} views  "
            f"{left / 60:.0f} min left"
        )

    def _stretch(self) -> Stretch:
        return Stretch(self.state.settings.batch * self.ranks.count / self.state.settings.uses)

    def _flush(self) -> None:
        """Log the steps since the last call."""
        if self.stretch.finite:
            self.reported.append(self.stretch.loss)
            self._log(self.stretch.entry())
        self.stretch = self._stretch()

    def _save(self, judging: bool) -> None:
        """Judge the weights where that is due, then write best.pt where they are the best so far,
        and last.pt, which says so, after it."""
        if not self.ranks.first:
            return
        state, said, better = self.state, "", False
        if judging:
            score = self.course.judge(state.averaged)
            better = score.value < state.best
            state.best = min(score.value, state.best)
            late = 2 * state.step > state.settings.steps
            state.stale = 0 if better else state.stale + late
            said = f"; {score.text()}{' (best)' if better else ''}"
        if better:
            state.save(self.out / BEST)
        state.save(self.out / LAST)
        if judging:
            self._log(score.entry())
            if self.course.events is not None:
                self.course.show(state.averaged, self.course.events, state.step)
        self._tell(f"step {state.step}: saved{said}")

    def _tell(self, line: str) -> None:
        if self.ranks.first:
            self.session.progress(line)

    def _log(self, entry: Mapping[str, object]) -> None:
        if not self.ranks.first:
            return
        line = json.dumps({"step": self.state.step, **entry, "time": round(time.time(), 1)})
        with (self.out / LOG).open("a", encoding="utf-8") as f:
            f.write(line + "\n")
        if self.course.events is not None:
            self.course.events.curves(self.state.step, entry)


def made(folder: Path) -> Path:
    """The folder, made where it is missing. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OutputError(f"Cannot make the folder {folder}: {e}") from e
    return folder
