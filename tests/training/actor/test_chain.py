"""From README: a career of nobody → book → album → model → bundle → a re-aged frame, in small.

The actor has the small head, the photographs are small and few, the training is some steps long:
what is tried is that each command takes what the one before it has written.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from reage.cli import main as reage
from reage.media.imagefile import read_channels, read_info
from reage.models.onnx_model import OnnxModel
from reage.models.rights import Rights, today
from reage_training.cli import main


@pytest.fixture(scope="module")
def bundle(
    career: Path, small_dataset: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    place = tmp_path_factory.mktemp("chain")
    book, run, path = place / "BOOK", place / "RUN", place / "nobody.reage"
    train("ingest", career / "photographs", "--born", born(career), "-o", book, "--workers", 1)
    train("album", book, "--workers", 1)
    train("fit", book, "-o", run, "--sittings", 2, "--people", small_dataset, "--steps", 4,
          "--batch", 1, "--window", 64, "--every", 2, "--workers", 1)  # fmt: skip
    days = [(today() + timedelta(d)).isoformat() for d in (0, 40)]
    rights = Rights(
        "Nobody", "Example Films", "Miniature", "digital alteration", "made older", "all of it",
        *days, "Nobody", days[0], "cd" * 32,
    )  # fmt: skip
    said = {k: v for k, v in asdict(rights).items() if isinstance(v, str) and k != "overridden"}
    (place / "rights.json").write_text(json.dumps(said))
    train("bundle", run / "actor.onnx", "--album", book, "--rights", place / "rights.json", "-o",
          path)  # fmt: skip
    return path


def train(*words: object) -> None:
    assert main(["actor", *map(str, words)]) == 0


def born(career: Path) -> str:
    return str(json.loads((career / "person.json").read_text())["born"])


def test_a_plate_is_made_older_with_the_actors_own_lines(
    bundle: Path, career: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plate, made = next(career.glob("held/*/plate.exr")), {}
    for name, words in (("own", ()), ("drawn", ("--pattern", "0"))):
        out = tmp_path / f"{name}.exr"
        assert reage([
            "render", str(plate), "-o", str(out), "--source-age", "30", "--target-age", "65",
            "--crop-size", "256", "--device", "cpu", "--model", str(bundle), *words,
        ]) == 0  # fmt: skip
        made[name] = read_channels(out, ("reage_delta.red", "reage_matte.alpha"))[0]
        assert read_info(out).metadata["reage:consent"] == "cd" * 32
    assert "Rights: Nobody in Miniature" in capsys.readouterr().out
    assert abs(made["own"]).max() > 0.01
    assert abs(made["own"] - made["drawn"]).max() > 0.003


def test_the_card_says_what_it_was_learned_from(bundle: Path) -> None:
    rights = OnnxModel.load(bundle, "cpu").card.rights
    assert rights is not None and rights.ages is not None
    assert 5 <= rights.photographs <= 12
    assert 20 <= rights.ages[0] < rights.ages[1] <= 75
