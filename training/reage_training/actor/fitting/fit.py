"""An actor's model out of their book: the double, an adapter learned from it, and the file.

    RUN/double/         see `double`
    RUN/people/         default people, where none are given
    RUN/fit.json        what decides the run
    RUN/last.pt best.pt log.jsonl tensorboard/
    RUN/actor.onnx      the default model's graph with the actor's weights
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import cv2
import torch

from reage import strict_json
from reage.album import FOLDER
from reage.errors import OutputError, SettingsError
from reage.media.replacing import replacing
from reage_training.actor.book import Book
from reage_training.actor.double.double import NAME as DOUBLE
from reage_training.actor.double.double import DoubleOptions, ages_of, write_double
from reage_training.actor.double.pairs import PAIRS, Double, held_batches, mixed_row
from reage_training.actor.double.textures import open_double_bank
from reage_training.actor.fitting.adapter import RANK, Adapted
from reage_training.actor.fitting.photographs import BookPhotographs
from reage_training.actor.fitting.release import release
from reage_training.actor.fitting.sample import show
from reage_training.actor.fitting.verdict import Judge
from reage_training.checkpoint import BEST, LAST, Training, read, weights_of
from reage_training.dataset import StoredView, find_views
from reage_training.device import pick_device
from reage_training.events import Events
from reage_training.interrupt import stop_requests
from reage_training.loop import Curriculum, FitResult, Run, Session, made
from reage_training.network import ReAgeNet
from reage_training.pairs.batches import batches
from reage_training.parallel import Ranks, joined
from reage_training.render.bank import open_bank
from reage_training.render.look import Look
from reage_training.schedule import FitSettings
from reage_training.synth.seen import write_seen
from reage_training.synth.views import DatasetOptions, head_of, write_dataset
from reage_training.validation import validate, validation_batches

_HELD = 4
"""Of the views, one in so many is held out: of the double, and of the default people."""

FIT = "fit.json"

_PEOPLE_SEED = 7_300
"""Added to the run's seed: of default people who are nobody's double."""


@dataclass(frozen=True)
class ActorOptions:
    """What decides the model beside `FitSettings` and the double.

    rank      of the adapter
    share     of the pairs that are of the double; the others are of default people
    every     steps between two judgements on what is held out
    patience  judgements in a row without a better one after which the run ends, see `Curriculum`
    people    default people to render where no dataset is given
    """

    rank: int = RANK
    share: float = 0.6
    every: int = 500
    patience: int = 5
    people: int = 16

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise SettingsError(f"--share is above 0 and at most 1, not {self.share:g}.")
        if min(self.every, self.patience, self.people) < 1:
            raise SettingsError("--every, --patience and --default-people must be one or more.")


def fit_actor(
    book: Book,
    base: Path,
    out: Path,
    settings: FitSettings,
    options: ActorOptions,
    double: DoubleOptions,
    session: Session,
    people: Path | None = None,
    album: Path | None = None,
    held_out: Book | None = None,
) -> FitResult:
    """Make what is missing of RUN, and learn on from where it was left; where the run has ended,
    write the model. Raises SettingsError, ModelError, OutputError."""
    with stop_requests() as stop, joined() as ranks:
        album = album or book.folder / FOLDER
        told = session.progress if ranks.first else lambda line: None
        photographs = BookPhotographs(book, held_out)
        if ranks.first:
            decides = {"sittings": double.sittings, "people": _named(people),
                       "book": _named(book.folder),
                       "held": _named(held_out.folder if held_out else None)}  # fmt: skip
            _claim(out, settings, options, base, decides)
            write_double(out / "double", album, photographs.learned,
                         lambda: photographs.tones(album), double, session.workers, told,
                         stop)  # fmt: skip
            _same_double(out)
            if people is None and not stop():
                asked = _default_people(double, settings, options)
                write_dataset(out / "people", asked, session.workers,
                              lambda done, of: told(f"default people: {done} of {of}"),
                              stop)  # fmt: skip
                # Or a map off photographs would mean the actor.
                write_seen(out / "people", head_of(double.assets), asked.seed, asked.patterns,
                           session.workers,
                           lambda done, of: told(f"their photographs: {done} of {of}"),
                           stop)  # fmt: skip
        if ranks.anybody(stop()):
            step = read(out / LAST)["step"] if (out / LAST).exists() else 0
            return FitResult(step, float("nan"), float("nan"), float("inf"), True)
        run, given = _run(base, out, settings, options, session, people or out / "people", ranks)
        result = run.go(stop)
        if ranks.first and run.ended and not result.stopped:
            net = Adapted(given.default, options.rank)
            if (out / BEST).exists():
                net.load_state_dict(read(out / BEST)["averaged"])
            else:
                told("Nothing learned is better than the default model, so the model is just that.")
            release(out, net.eval(), base, album, given.span, photographs, result, told)
        ranks.wait()
        return result


def _run(
    base: Path, out: Path, settings: FitSettings, options: ActorOptions, session: Session,
    people: Path, ranks: Ranks,
) -> tuple[Run, Double]:  # fmt: skip
    cv2.setNumThreads(1)  # the pairs' threads are the parallelism
    device = pick_device(session.device)
    default = ReAgeNet()
    default.load_state_dict(weights_of(base, default.state_dict()))
    default.to(device).eval().requires_grad_(False)
    span, ages = ages_of(out / "double")
    of_double, bank = open_double_bank(out / "double", ages, device), open_bank(people, device)
    learned, held = parted(find_views(out / "double"), of_double.bank.count)
    double = Double(learned, of_double, span, default)
    others, held_others = parted(find_views(people), bank.count)
    held_people = validation_batches(held_others, bank)
    judge = Judge(held_batches(double, held), held_people, validate(default, held_people))
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        state = Training.of(Adapted(default, options.rank), settings, device)
    if (out / LAST).exists():
        state.restore(out / LAST)
    elif ranks.first:  # what is no better than the default is not kept
        begun = judge(state.averaged)
        state.best = begun.value
        session.progress(f"the default model: {begun.text()}")
    draw = mixed_row(double, others, bank, settings.seed, settings.window, options.share)
    course = Curriculum(
        lambda first: batches(lambda: draw, device, settings, first, session.workers, ranks),
        lambda: len(learned) + len(others),
        judge,
        options.every,
        options.patience,
        Events(out / "tensorboard") if ranks.first else None,
        partial(show, judge.double),
    )
    return Run(state, course, out, session, device, ranks), double


def parted(
    views: Sequence[StoredView], patterns: int
) -> tuple[tuple[StoredView, ...], tuple[StoredView, ...]]:
    """Views to learn from, and those of one person or sitting in _HELD, held out: one in _HELD of
    each size and, within that, of each of the `patterns`. All both where there is one person."""
    kinds = {
        int(view.metadata["seed"]):
            (len(view.planes()), Look.of(view.metadata, patterns).pattern)
        for view in views
    }  # fmt: skip
    seeds = sorted(kinds, key=lambda seed: (kinds[seed], seed))
    held = set(seeds[1::_HELD])
    if len(seeds) == 1:
        return tuple(views), tuple(views)
    return (
        tuple(v for v in views if int(v.metadata["seed"]) not in held),
        tuple(v for v in views if int(v.metadata["seed"]) in held),
    )


def _default_people(
    double: DoubleOptions, settings: FitSettings, options: ActorOptions
) -> DatasetOptions:
    return DatasetOptions(
        double.assets, _PEOPLE_SEED + settings.seed, options.people, 1, double.size, 8,
        double.texture, 0.25 if double.large else 0.0,
    )  # fmt: skip


def _named(folder: Path | None) -> str | None:
    """A folder's name, which is the same wherever it lies."""
    return None if folder is None else folder.resolve().name


def _same_double(out: Path) -> None:
    """Note of which double a run learns, or check that it is this one. Raises SettingsError."""
    double, file = out / "double" / DOUBLE, out / FIT
    if not double.is_file():  # stopped before it was
        return
    said = strict_json.load(file, f"the run {file}", SettingsError)
    assert isinstance(said, dict), "as it was claimed"
    of = hashlib.sha256(double.read_bytes()).hexdigest()
    if said.get("double", of) != of:
        raise SettingsError(
            f"{out} has learned from another double than the one in it; write to another folder, "
            f"or delete {out}."
        )
    _note(file, {**said, "double": of})


def _note(file: Path, said: Mapping[str, object]) -> None:
    try:
        with replacing(file) as draft:
            draft.write_text(json.dumps(said, indent=1), encoding="utf-8")
    except OSError as e:
        raise OutputError(f"{file} cannot be written: {e.strerror}.") from e


def _claim(
    out: Path, settings: FitSettings, options: ActorOptions, base: Path,
    decides: Mapping[str, object],
) -> None:  # fmt: skip
    """Note what decides the run, or check that the folder's is this one. Raises SettingsError."""
    made(out)
    sha256 = hashlib.sha256(base.read_bytes()).hexdigest()
    wanted = {"pairs": PAIRS, **asdict(settings), **asdict(options),
              "default_people": options.people, **decides,
              "base": base.name, "sha256": sha256}  # fmt: skip
    file = out / FIT
    if file.is_file():
        found = strict_json.load(file, f"the run {file}", SettingsError)
        if not isinstance(found, dict):
            raise SettingsError(f"{file} describes no run.")
        if differ := [k for k, value in wanted.items() if found.get(k) != value]:
            raise SettingsError(
                f"{out} holds a run with {', '.join(f'{k} {found.get(k)}' for k in differ)}; ask "
                "for the same, or write to another folder."
            )
        return
    _note(file, wanted)
