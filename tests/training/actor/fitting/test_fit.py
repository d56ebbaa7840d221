"""An actor's model: learned from their double, resumable, of the default's own graph."""

from __future__ import annotations

import json
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import skimage.data
import torch

from helpers.doubles import AGES, DOUBLE
from reage import home
from reage.errors import SettingsError
from reage.models.model import ModelInput
from reage.models.onnx_model import OnnxModel
from reage_training.actor.book import Book, Entry
from reage_training.actor.double import pairs
from reage_training.actor.double.double import NAME, ages_of
from reage_training.actor.double.pairs import Double, believed, held_batches, misplaced
from reage_training.actor.double.textures import open_double_bank
from reage_training.actor.fit_command import base_of
from reage_training.actor.fitting.fit import ActorOptions, fit_actor
from reage_training.actor.fitting.verdict import Verdict
from reage_training.checkpoint import read, weights_of
from reage_training.dataset import find_views
from reage_training.loop import FitResult, Session
from reage_training.network import PATTERN, ReAgeNet
from reage_training.output import write_picture
from reage_training.schedule import FitSettings
from reage_training.validation import Reached, Score

SIX = FitSettings(steps=6, batch=2, window=32, warmup=1, seed=1, rate=1e-3)
OPTIONS = ActorOptions(rank=2, share=0.6, every=2, patience=9, people=2)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Of one photograph, which is in the public domain."""
    folder = tmp_path_factory.mktemp("book")
    write_picture(folder / "photographs/38.png", skimage.data.astronaut())
    out = Book(folder, "", (Entry("photographs/38.png", "38.png", "", 38.0, "name"),))
    out.write()
    return out


class StopAfter:
    """A progress listener that asks for the end, as Ctrl-C does, at the n-th line that saves."""

    def __init__(self, saves: int) -> None:
        self.left = saves

    def __call__(self, line: str) -> None:
        self.left -= "saved" in line
        if not self.left:
            signal.raise_signal(signal.SIGINT)


def fitted(
    book: Book, out: Path, album: Path, double: Path, people: Path, session: Session,
    options: ActorOptions = OPTIONS,
) -> FitResult:  # fmt: skip
    if not out.exists():
        shutil.copytree(double, out / "double")
    return fit_actor(
        book, home.default_model(), out, SIX, options, DOUBLE, session, people, album
    )


@pytest.fixture(scope="module")
def run(
    book: Book, album: Path, double: Path, small_dataset: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:  # fmt: skip
    out = tmp_path_factory.mktemp("actor_run") / "run"
    result = fitted(book, out, album, double, small_dataset, Session())
    assert result.step == 6 and not result.stopped
    return out


def test_a_run_that_is_ended_and_goes_on_is_one_that_was_not_to_the_bit(
    run: Path, book: Book, album: Path, double: Path, small_dataset: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    stopped = fitted(
        book, out, album, double, small_dataset, Session(progress=StopAfter(1))
    )
    assert stopped.stopped and stopped.step == 2 and not (out / "actor.onnx").exists()
    assert fitted(book, out, album, double, small_dataset, Session()).step == 6
    whole, broken = (read(folder / "last.pt") for folder in (run, out))
    assert whole["score"] == broken["score"] and whole["stale"] == broken["stale"]
    for name, weight in whole["net"].items():
        assert torch.equal(weight, broken["net"][name]), name


def test_only_the_adapter_has_learned(run: Path) -> None:
    state = read(run / "last.pt")["net"]
    assert any(value.abs().max() > 0 for name, value in state.items() if name.startswith("wide."))
    base = weights_of(home.default_model(), ReAgeNet().state_dict())
    assert all(torch.equal(state[f"base.{name}"], weight) for name, weight in base.items())


def test_the_file_has_the_defaults_graph_and_other_weights(run: Path) -> None:
    own, default = (onnx.load(p).graph for p in (run / "actor.onnx", home.default_model()))
    assert [n.SerializeToString() for n in own.node] == [
        n.SerializeToString() for n in default.node
    ]
    kept, new = ({i.name: onnx.numpy_helper.to_array(i) for i in g.initializer}
                 for g in (default, own))  # fmt: skip
    assert kept.keys() == new.keys() and all(kept[n].shape == new[n].shape for n in kept)
    assert any(not np.array_equal(kept[n], new[n]) for n in kept)
    card = OnnxModel.load(run / "actor.onnx", "cpu").card
    assert card.name == "reage-actor" and card.figures["span"] == list(AGES)
    assert card.figures["person_strength"] == 1.0 and card.age_range == (18.0, 85.0)


def test_the_engine_runs_it(run: Path) -> None:
    models = [OnnxModel.load(p, "cpu") for p in (run / "actor.onnx", home.default_model())]
    rng = np.random.default_rng(3)
    given = ModelInput.of(models[0].card, rng.random((64, 64, 3), np.float32), 30.0, 70.0)
    one, other = (model.run(given).values for model in models)
    assert one.shape == other.shape and not np.array_equal(one, other)


def test_curves_and_pictures_are_written(run: Path) -> None:
    (file,) = (run / "tensorboard").iterdir()
    data = file.read_bytes()
    for tag in (b"double 0", b"score", b"others", b"double/ageing"):
        assert tag in data
    log = [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]
    assert [entry["step"] for entry in log if "score" in entry] == [2, 4, 6]


def test_another_run_is_refused(
    run: Path, book: Book, album: Path, double: Path, small_dataset: Path
) -> None:
    other = ActorOptions(rank=3, share=0.6, every=2, patience=9, people=2)
    with pytest.raises(SettingsError, match="rank 2"):
        fitted(book, run, album, double, small_dataset, Session(), other)
    with pytest.raises(SettingsError, match="people small_set"):
        fitted(book, run, album, double, small_dataset.parent, Session())
    with pytest.raises(SettingsError, match="book book"):
        elsewhere = replace(book, folder=book.folder / "other")
        fitted(elsewhere, run, album, double, small_dataset, Session())


def test_a_run_does_not_go_on_with_another_double(
    run: Path, book: Book, album: Path, double: Path, small_dataset: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    shutil.copytree(run, out)
    file = out / "double" / NAME
    file.write_text(file.read_text("utf-8").replace('"span"', ' "span"'), "utf-8")
    with pytest.raises(SettingsError, match="another double"):
        fitted(book, out, album, double, small_dataset, Session())


def test_a_base_that_is_no_model_is_said(tmp_path: Path) -> None:
    assert base_of("default") == home.default_model()
    with pytest.raises(SettingsError, match="neither"):
        base_of(str(tmp_path))
    with pytest.raises(SettingsError, match="--share"):
        ActorOptions(share=0.0)


@pytest.fixture(scope="module")
def of_double(double: Path) -> Double:
    span, ages = ages_of(double)
    torch.manual_seed(0)
    bank = open_double_bank(double, ages, torch.device("cpu"))
    return Double(find_views(double), bank, span, ReAgeNet().eval())


def test_within_the_span_the_double_is_learned_and_far_outside_the_default(
    of_double: Double,
) -> None:
    pair = of_double.still(of_double.views[0], 55.0, 75.0)
    assert of_double.held(pair, (55.0, 75.0)) is pair
    assert of_double.held(pair, (51.5, 78.5)) is pair
    far = of_double.held(pair, (55.0, 75.0 + 4.0 + 20.0))
    with torch.no_grad():
        said, _ = of_double.default(pair.picture[None])
    torch.testing.assert_close(far.parts, (said[0] + pair.parts) / 2, rtol=0, atol=1e-5)
    assert believed((55.0, 75.0), 18.0) < 0.35 and believed((55.0, 75.0), 60.0) == 1.0


def test_a_pair_shows_the_page_of_its_target_age(of_double: Double) -> None:
    near, far = (of_double.bank.at(age).seen[0] for age in (54.0, 76.0))
    ages = of_double.bank.ages
    assert torch.equal(near[0], of_double.bank.maps[0][ages.index(55.0)])
    assert torch.equal(far[0], of_double.bank.maps[0][ages.index(75.0)])
    assert not torch.equal(near, far)
    one, two = (of_double.pair(5, 0, 32) for _ in range(2))
    assert torch.equal(one.picture, two.picture) and torch.equal(one.parts, two.parts)


def test_a_misplaced_map_has_the_same_lines_a_little_aside() -> None:
    lines = torch.zeros(3, 96, 96)
    lines[:, 46:50, :] = 1.0
    rng = np.random.default_rng(4)
    torch.testing.assert_close(misplaced(rng, lines, 8.0, 0.0), lines)
    rows = torch.arange(96.0)[:, None]

    def middle(shown: torch.Tensor) -> torch.Tensor:  # of the line, at each column
        return (shown[0] * rows).sum(0) / shown[0].sum(0)

    off = torch.stack([middle(misplaced(rng, lines, 8.0, 0.4)) - 47.5 for _ in range(60)])
    assert 2.4 < float(off.std()) < 4.0 and abs(float(off.mean())) < 1.0  # 3.2 px
    assert float(off.diff(dim=1).abs().max()) < 1.0  # nothing folds over


def test_pages_are_shown_aside_the_same_each_time(
    of_double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = of_double.views[0]
    aside, again = (of_double.still(view, 30.0, 70.0).picture for _ in range(2))
    assert torch.equal(aside, again)
    pair = of_double.pair(5, 0, 96).picture
    monkeypatch.setattr(pairs, "misplaced", lambda rng, shown, px_per_cm: shown)
    for shown, in_place in (
        (aside, of_double.still(view, 30.0, 70.0).picture), (pair, of_double.pair(5, 0, 96).picture)
    ):  # fmt: skip
        assert shown[PATTERN].any() and not torch.equal(shown[PATTERN], in_place[PATTERN])


def test_both_ways_are_held(of_double: Double) -> None:
    (batch, *_) = held_batches(of_double, of_double.views)
    assert batch.picture.shape == (2, 8, 96, 96)
    assert batch.picture[0, 3, 0, 0] < batch.picture[0, 4, 0, 0]


def test_making_other_people_worse_costs() -> None:
    def score(error: float) -> Score:
        reached = Reached(error, {"detail": 1.0, "form": 1.0, "tone": 1.0})
        return Score(reached, reached)

    good, bad = (Verdict(score(0.5), score(e), score(0.6)) for e in (0.6, 0.66))
    assert good.others == pytest.approx(1) and good.value == pytest.approx(0.5)
    assert bad.others == pytest.approx(1.1) and bad.value > 0.6
