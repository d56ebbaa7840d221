"""Training goes on where it was left, and ends in order."""

from __future__ import annotations

import json
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from reage.errors import ModelError, SettingsError
from reage_training.checkpoint import averaged_network, read
from reage_training.fit import Sitting, fit
from reage_training.render.bank import Bank
from reage_training.schedule import FitSettings, averaging, learning_rate
from reage_training.synth.view import STILL
from reage_training.validation import validate, validation_batches
from reage_training.viewset import StoredView

SIX = FitSettings(steps=6, batch=2, window=32, warmup=2)


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


def test_three_steps_and_three_more_are_six_to_the_bit(small_set: Path, tmp_path: Path) -> None:
    handler = signal.getsignal(signal.SIGINT)
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    assert fit(small_set, straight, SIX).step == 6
    stopped = fit(small_set, broken, SIX, Sitting(save_every=0, progress=StopAfter(3)))
    assert stopped.step == 3
    assert fit(small_set, broken, SIX).step == 6
    a, b = read(straight / "last.pt"), read(broken / "last.pt")
    a.pop("best"), b.pop("best")  # the broken run validated more often
    assert same(a, b)
    assert signal.getsignal(signal.SIGINT) is handler


def test_another_runs_checkpoint_is_refused(small_set: Path, tmp_path: Path) -> None:
    fit(small_set, tmp_path, replace(SIX, steps=1))
    with pytest.raises(SettingsError, match="steps 1"):
        fit(small_set, tmp_path, SIX)


def test_a_new_run_can_start_from_old_weights(small_set: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    fit(small_set, old, SIX)
    fit(small_set, new, replace(SIX, steps=1, rate=1e-12), start_from=old / "best.pt")
    begun, _, step = averaged_network(new / "last.pt")
    left, _, _ = averaged_network(old / "best.pt")
    assert step == 1
    for a, b in zip(begun.parameters(), left.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-6)


def test_a_file_without_weights_is_refused(small_set: Path, tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match="no model that `reage-train export` wrote"):
        fit(small_set, tmp_path / "run", SIX, start_from=tmp_path / "m.onnx")


def test_the_log_tells_the_loss_and_what_was_saved(small_set: Path, tmp_path: Path) -> None:
    result = fit(small_set, tmp_path, replace(SIX, steps=2))
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    saved = next(entry for entry in log if "ageing" in entry)
    assert saved["step"] == 2
    assert result.best == pytest.approx((saved["ageing"] + saved["deageing"]) / 2, abs=1e-4)
    assert [entry["loss"] for entry in log if "loss" in entry] == [
        pytest.approx(result.last_loss, abs=1e-5)
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["best.pt", "last.pt", "log.jsonl"]


def test_pictures_that_are_not_finite_are_passed_over(small_set: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    shutil.copytree(small_set, data)
    for path in data.glob("0*.npy"):
        planes = np.load(path)
        planes[..., STILL] = np.nan
        np.save(path, planes)
    fit(data, out, replace(SIX, steps=2), held=small_set)
    net, _, _ = averaged_network(out / "last.pt")
    assert all(torch.isfinite(p).all() for p in net.parameters())
    log = (out / "log.jsonl").read_text("utf-8")
    assert '"ageing"' in log


def test_the_best_weights_are_chosen_by_what_doing_nothing_leaves(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    held = validation_batches(views, bank)
    assert len(held) == len(views) and held[0].picture.shape == (2, 8, 96, 96)

    class Nothing(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return x.new_zeros(2, 12, 96, 96), x.new_zeros(2, 2, 96, 96)

    assert validate(Nothing(), held) == pytest.approx((1.0, 1.0), abs=1e-5)


def test_a_damaged_checkpoint_is_said(small_set: Path, tmp_path: Path) -> None:
    fit(small_set, tmp_path, replace(SIX, steps=1))
    last = tmp_path / "last.pt"
    last.write_bytes(last.read_bytes()[:5000])
    with pytest.raises(ModelError, match=r"last\.pt"):
        fit(small_set, tmp_path, replace(SIX, steps=1))
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
    "wrong", [{"steps": 0}, {"window": 250}, {"rate": 0.0}, {"batch": 0}, {"uses": 0}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        replace(SIX, **wrong)
