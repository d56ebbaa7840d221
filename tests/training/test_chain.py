"""The whole of training in miniature: synth and fit, by their commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reage_training.cli import main


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a set and a run."""
    here = tmp_path_factory.mktemp("chain")
    data, run = here / "set", here / "run"
    synth = ["synth", "--out", data, "--identities", 2, "--views", 1, "--seed", 5]
    small = ["--size", 96, "--patterns", 2, "--texture", 96, "--workers", 1]
    assert call(*synth, *small) == 0
    fit = ["fit", data, "-o", run, "--steps", 100, "--batch", 4, "--window", 64, "--uses", 2]
    assert call(*fit, "--rate", 0.002) == 0
    return here


def call(*words: object) -> int:
    return main([str(word) for word in words])


def test_the_loss_falls_and_it_beats_doing_nothing_on_its_own_people(trained: Path) -> None:
    log = (trained / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in log]
    losses = [entry["loss"] for entry in entries if "loss" in entry]
    assert losses[-1] < 0.95 * losses[0]  # much of it is the coverage, which come slowly
    saved = [entry for entry in entries if "ageing" in entry]
    assert (saved[-1]["ageing"] + saved[-1]["deageing"]) / 2 < 0.92


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["fit", ".", "-o", "run"], 2, "reage-train synth"),
        (["people", ".", "-o", "x.png"], 2, "reage-train synth"),
    ],
)
def test_errors_are_one_sentence_and_a_code(
    words: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*words) == code
    assert said in capsys.readouterr().err


def test_help_needs_no_command_module(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "evaluate" in capsys.readouterr().out
