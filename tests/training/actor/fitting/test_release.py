"""An end at which nothing was learned."""

from __future__ import annotations

from pathlib import Path

from reage import home
from reage.models.onnx_model import OnnxModel
from reage_training.actor.book import Book, Entry
from reage_training.actor.fitting.adapter import Adapted
from reage_training.actor.fitting.photographs import BookPhotographs
from reage_training.actor.fitting.release import MODEL, release
from reage_training.checkpoint import weights_of
from reage_training.loop import FitResult
from reage_training.network import ReAgeNet


def test_an_adapter_that_has_learned_nothing_is_not_trusted_at_all(tmp_path: Path) -> None:
    """And no photograph is read to choose a strength of it: the book's are not there."""
    base, net = home.default_model(), ReAgeNet()
    net.load_state_dict(weights_of(base, net.state_dict()))
    adapter, told = Adapted(net, 2).eval(), list[str]()
    assert not adapter.learned
    entries = tuple(Entry(f"photographs/{k}.png", "", "", float(k), "name") for k in range(20, 60))
    photographs = BookPhotographs(Book(tmp_path, "", entries))
    result = FitResult(500, 1.0, 1.0, 0.7, False)
    release(tmp_path, adapter, base, tmp_path, (20.0, 60.0), photographs, result, told.append)
    figures = OnnxModel.load(tmp_path / MODEL, "cpu").card.figures
    assert figures["person_strength"] == 0.0 and figures["person_strength_curve"] == {}
    assert len(told) == 1 and "nothing was learned" in told[0]
