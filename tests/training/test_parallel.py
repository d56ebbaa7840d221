"""Two processes that learn together learn what one does from their pairs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import torch

from reage_training.checkpoint import Training, read
from reage_training.fit import fit
from reage_training.schedule import FitSettings

ASKED = FitSettings(steps=4, batch=4, window=32)

GRADIENT = """
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
import torch
from reage_training.dataset import find_views
from reage_training.losses import loss
from reage_training.network import ReAgeNet
from reage_training.pairs.batches import batches
from reage_training.pairs.pair import draw_pair
from reage_training.parallel import joined
from reage_training.render.bank import open_bank
from reage_training.schedule import FitSettings

with joined() as ranks:
    torch.manual_seed(0)
    net, cpu, data = ReAgeNet(), torch.device("cpu"), Path(sys.argv[1])
    draw = partial(draw_pair, find_views(data), open_bank(data, cpu), 1, size=32)
    asked = FitSettings(9, 4 // ranks.count, 32)
    batch = next(batches(lambda: draw, cpu, asked, 3, 1, ranks))
    loss(*net(batch.picture), batch.parts, batch.coverage).backward()
    ranks.mean_gradients(net.parameters())
    if ranks.first:
        torch.save([p.grad for p in net.parameters()], sys.argv[2])
"""

TWO = (sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone")


def ended(*words: str) -> subprocess.CompletedProcess[str]:
    out = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert out.returncode == 0, out.stderr
    return out


def test_the_gradient_of_two_ranks_is_that_of_one_with_all_their_pairs(
    small_dataset: Path, tmp_path: Path
) -> None:
    script = tmp_path / "gradient.py"
    script.write_text(GRADIENT, encoding="utf-8")
    for name, launch in (("one", TWO[:1]), ("two", TWO)):
        ended(*launch, str(script), str(small_dataset), str(tmp_path / name))
    one, two = (torch.load(tmp_path / name) for name in ("one", "two"))
    largest = max(float(gradient.abs().max()) for gradient in one)
    for a, b in zip(one, two, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5 * largest)


def test_two_ranks_train_as_one_and_one_of_them_speaks(small_dataset: Path, tmp_path: Path) -> None:
    words = [str(small_dataset), "-o", str(tmp_path / "two"), "--steps", "4", "--batch", "2",
             "--window", "32", "--device", "cpu"]  # fmt: skip
    said = ended(*TWO, "-m", "reage_training.cli", "fit", *words).stderr
    assert said.count("step 4: saved") == 1
    fit(small_dataset, tmp_path / "one", ASKED)
    one, two = (read(tmp_path / name / "last.pt") for name in ("one", "two"))
    assert one["step"] == two["step"] == 4
    a, b = (torch.cat([w.flatten() for w in run["net"].values()]) for run in (one, two))
    net = Training.begin(ASKED, torch.device("cpu")).net.state_dict()
    begun = torch.cat([weight.flatten() for weight in net.values()])
    turned = torch.cosine_similarity(a - begun, b - begun, 0)
    assert turned > 0.9  # Adam makes full steps of gradients that are next to nothing

