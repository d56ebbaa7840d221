"""Training goes on where it was left, and ends in order."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from reage.errors import ModelError, SettingsError
from reage_training.bands import GROUPS
from reage_training.checkpoint import averaged_network, read
from reage_training.dataset import StoredView
from reage_training.fit import fit
from reage_training.loop import Session
from reage_training.pairs.batches import Batch
from reage_training.render.bank import Bank
from reage_training.schedule import FitSettings, averaging, learning_rate
from reage_training.stretch import Stretch
from reage_training.synth.view import STILL
from reage_training.validation import TIMID, Reached, validate, validation_batches

SIX = FitSettings(steps=6, batch=2, window=32, warmup=2)
BANDED = replace(SIX, strength="banded")


def same(a: object, b: object) -> bool:
    """Whether two checkpoints hold the same, tensors to the bit."""
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return a == b


class StopAfter:
    """A progress listener that asks for the end, as Ctrl-C does, at the n-th line."""

    def __init__(self, lines: int) -> None:
        self.left = lines

    def __call__(self, line: str) -> None:
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def straight(small_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs of six steps without a stop, by how they ask for strength."""
    runs = {}
    for settings in (SIX, BANDED):
        runs[settings.strength] = tmp_path_factory.mktemp(settings.strength)
        ended = fit(small_dataset, runs[settings.strength], settings)
        assert ended.step == 6 and not ended.stopped
    return runs


@pytest.mark.parametrize("settings", [SIX, BANDED], ids=["local", "banded"])
def test_three_steps_and_three_more_are_six_to_the_bit(
    settings: FitSettings, straight: dict[str, Path], small_dataset: Path, tmp_path: Path
) -> None:
    handler, broken = signal.getsignal(signal.SIGINT), tmp_path / "broken"
    stopped = fit(small_dataset, broken, settings, Session(save_every=0, progress=StopAfter(3)))
    assert stopped.step == 3 and stopped.stopped
    assert fit(small_dataset, broken, settings).step == 6
    a, b = read(straight[settings.strength] / "last.pt"), read(broken / "last.pt")
    for ran in (a, b):  # the broken run validated more often
        del ran["score"], ran["stale"]
    assert same(a, b)
    assert signal.getsignal(signal.SIGINT) is handler


def test_runs_of_before_there_was_strength_and_while_there_was_a_critic_go_on(
    small_dataset: Path, tmp_path: Path
) -> None:
    last = tmp_path / "last.pt"
    fit(small_dataset, tmp_path, SIX, Session(save_every=0, progress=StopAfter(3)))
    old = read(last)
    del old["settings"]["strength"], old["score"]
    old["settings"]["critic"] = 0
    torch.save({**old, "best": 0.01, "critic": None}, last)  # an error, which no score gets below
    (tmp_path / "best.pt").unlink()
    assert averaged_network(last)[1] == SIX
    with pytest.raises(SettingsError, match="strength local"):
        fit(small_dataset, tmp_path, replace(SIX, strength="banded"))
    assert fit(small_dataset, tmp_path, SIX).step == 6
    assert (tmp_path / "best.pt").exists()


def test_how_strength_is_asked_for_changes_what_is_learned(straight: dict[str, Path]) -> None:
    local, banded = (read(straight[form] / "last.pt") for form in ("local", "banded"))
    assert not same(local["net"], banded["net"])


def test_another_runs_checkpoint_is_refused(small_dataset: Path, tmp_path: Path) -> None:
    fit(small_dataset, tmp_path, replace(SIX, steps=1))
    with pytest.raises(SettingsError, match="steps 1"):
        fit(small_dataset, tmp_path, SIX)


def test_a_new_run_can_start_from_old_weights(
    straight: dict[str, Path], small_dataset: Path, tmp_path: Path
) -> None:
    old, new = straight["local"], tmp_path / "new"
    fit(small_dataset, new, replace(SIX, steps=1, rate=1e-12), start_from=old / "best.pt")
    begun, _, step = averaged_network(new / "last.pt")
    left, _, _ = averaged_network(old / "best.pt")
    assert step == 1
    for a, b in zip(begun.parameters(), left.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-6)


def test_a_file_without_weights_is_refused(small_dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match="no model that `reage-train export` wrote"):
        fit(small_dataset, tmp_path / "run", SIX, start_from=tmp_path / "m.onnx")


def test_the_log_tells_the_loss_and_what_was_saved(small_dataset: Path, tmp_path: Path) -> None:
    result = fit(small_dataset, tmp_path, replace(SIX, steps=2))
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    saved = next(entry for entry in log if "ageing" in entry)
    assert saved["step"] == 2
    assert result.best == pytest.approx(saved["score"], abs=1e-4)
    assert saved["score"] > (saved["ageing"] + saved["deageing"]) / 2  # it hardly changes a thing
    assert list(saved["ageing_strength"]) == ["detail", "form", "tone"]
    (told,) = (entry for entry in log if "loss" in entry)
    assert told["loss"] == pytest.approx(result.last_loss, abs=1e-5)
    assert told["new_pairs_per_second"] == pytest.approx(2 * told["steps_per_second"], rel=0.01)
    assert 0 < told["waited"] < 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["best.pt", "last.pt", "log.jsonl"]


def test_pictures_that_are_not_finite_are_passed_over(small_dataset: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    shutil.copytree(small_dataset, data)
    for path in data.glob("0*.npy"):
        planes = np.load(path)
        planes[..., STILL] = np.nan
        np.save(path, planes)
    fit(data, out, replace(SIX, steps=2), validation_set=small_dataset)
    net, _, _ = averaged_network(out / "last.pt")
    assert all(torch.isfinite(p).all() for p in net.parameters())
    log = (out / "log.jsonl").read_text("utf-8")
    assert '"ageing"' in log


def test_the_best_weights_are_chosen_by_what_doing_nothing_leaves(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    validation_set = validation_batches(views, bank)
    assert len(validation_set) == len(views) and validation_set[0].picture.shape == (2, 8, 96, 96)

    class Nothing(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return x.new_zeros(2, 12, 96, 96), x.new_zeros(2, 2, 96, 96)

    score = validate(Nothing(), validation_set)
    for way in (score.ageing, score.deageing):
        assert way.error == pytest.approx(1, abs=1e-5)
        assert way.strength == {"detail": 0, "form": 0, "tone": 0}
    assert score.value == pytest.approx(1 + TIMID, abs=1e-5)


class Scaled(nn.Module):
    """The truth of one batch, with its two directions times these."""

    def __init__(self, batch: Batch, older: float, younger: float) -> None:
        super().__init__()
        by = torch.tensor([older, younger])[:, None, None, None]
        self.parts, self.coverage = batch.parts * by, (batch.coverage - 0.5) * 80

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.parts, self.coverage


@pytest.fixture(scope="module")
def seen(views: tuple[StoredView, ...], bank: Bank) -> Batch:
    """One still, both ways, on skin that is there or not: half coverage tells no strength."""
    (batch,) = validation_batches(views, bank, 1)
    return batch._replace(coverage=(batch.coverage > 0.5).float())


def test_strength_is_told_by_band_and_direction(seen: Batch) -> None:
    score = validate(Scaled(seen, 0.5, 1.0), (seen,))
    # Bands look beyond the skin's edge, where the truth goes on and what is shown does not.
    assert list(score.ageing.strength.values()) == pytest.approx([0.5] * 3, rel=0.2)
    assert list(score.deageing.strength.values()) == pytest.approx([1.0] * 3, rel=0.2)
    assert score.ageing.error == pytest.approx(0.5, abs=0.01)
    assert score.deageing.error == pytest.approx(0, abs=0.01)
    assert "ageing 50.0%" in score.text()


def test_a_score_takes_no_timid_network_for_a_strong_one() -> None:
    """Of changes that place fine lines equally well, RMS error likes the faint ones, and the
    score the strong ones; among equally strong ones it likes the better placed."""
    strengths = np.linspace(0.2, 1.0, 9)
    for placed in (0.5, 0.7):
        errors = np.sqrt(1 + strengths**2 - 2 * placed * strengths)
        scores = [
            Reached(float(error), dict.fromkeys(GROUPS, float(strength))).score
            for error, strength in zip(errors, strengths, strict=True)
        ]
        assert np.argmin(errors) < 6 and np.argmin(scores) == 8
    better, worse = (Reached(error, dict.fromkeys(GROUPS, 0.9)) for error in (0.4, 0.5))
    too_strong = Reached(0.4, dict.fromkeys(GROUPS, 1.3))
    assert better.score < worse.score and too_strong.score == 0.4


def test_a_stretch_tells_what_the_network_waited_for() -> None:
    stretch = Stretch(new=2, losses=[0.5, float("inf"), 0.3], waited=1.0, learned=3.0)
    told = "loss 0.4000  0.75 steps/s  1.50 new pairs/s  25% of it waiting for pairs"
    assert stretch.text() == told
    assert stretch.entry() == {
        "loss": 0.4, "passed_over": 1, "steps_per_second": 0.75, "new_pairs_per_second": 1.5,
        "waited": 0.25,
    }  # fmt: skip


def test_a_background_run_says_so_before_it_begins(tmp_path: Path) -> None:
    """By its command, as its process cannot be raised again; in an empty folder, as on a busy
    machine a run in the background takes its time."""
    words = [str(tmp_path), "-o", str(tmp_path / "run"), "--steps", "1", "--background"]
    ended = subprocess.run(
        [sys.executable, "-m", "reage_training.cli", "fit", *words],
        capture_output=True, text=True, start_new_session=True,
    )  # fmt: skip
    assert ended.returncode == 2, ended.stderr
    said = ended.stderr.splitlines()
    assert said[0].startswith("In the background: ") and "No views" in said[-1]


def test_a_damaged_checkpoint_is_said(small_dataset: Path, tmp_path: Path) -> None:
    fit(small_dataset, tmp_path, replace(SIX, steps=1))
    last = tmp_path / "last.pt"
    last.write_bytes(last.read_bytes()[:5000])
    with pytest.raises(ModelError, match=r"last\.pt"):
        fit(small_dataset, tmp_path, replace(SIX, steps=1))
    with pytest.raises(ModelError, match=r"log\.jsonl"):
        averaged_network(tmp_path / "log.jsonl")


def test_the_rate_rises_falls_and_never_ends_before_the_run() -> None:
    settings = FitSettings(steps=1000, rate=8e-4, warmup=100)
    rates = [learning_rate(k, settings) for k in range(1000)]
    top = int(np.argmax(rates))
    assert 90 <= top <= 110 and max(rates) <= 8e-4
    assert all(np.diff(rates[:top]) > 0) and all(np.diff(rates[top:]) < 0)
    assert 0 < rates[-1] < 0.02 * 8e-4
    assert averaging(0, settings) == 0.1 and averaging(10**6, settings) == settings.ema


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 0}, {"window": 250}, {"rate": 0.0}, {"batch": 0}, {"uses": 0},
        {"strength": "brute"},
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        replace(SIX, **wrong)
