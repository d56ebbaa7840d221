"""The page of two models, by the command: complete, offline, and honest about its aims."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from reage.models.model_card import ModelCard
from reage.models.onnx_model import CARD_KEY
from reage_training.cli import main
from reage_training.evaluation import evaluate, speed, tables
from reage_training.evaluation.aims import AIMS, Aim
from reage_training.evaluation.moving import moving_head
from reage_training.evaluation.plots import growth
from reage_training.evaluation.stills import STRONG
from reage_training.evaluation.tables import PageEntry

CARD = {
    "license": "Apache-2.0",
    "trained_on": "nothing",
    "rights_holder": "ReAge contributors",
    "halo": 0,
}


def network(path: Path, name: str, side: int | None = None, **card: object) -> Path:
    """A model whose delta is a tenth of the ages' difference, in any or in one size."""
    weight = np.zeros((3, 5, 1, 1), np.float32)
    weight[:, 3], weight[:, 4] = -0.1, 0.1
    size = [side, side] if side else ["h", "w"]
    graph = helper.make_graph(
        [helper.make_node("Conv", ["input", "weight"], ["delta"])],
        "delta",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 5, *size])],
        [helper.make_tensor_value_info("delta", TensorProto.FLOAT, [1, 3, *size])],
        [numpy_helper.from_array(weight, "weight")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    helper.set_model_props(model, {CARD_KEY: json.dumps({"name": name, **CARD, **card})})
    onnx.save(model, path)
    return path


def call(*words: object) -> int:
    return main([str(word) for word in words])


@pytest.fixture(scope="module", autouse=True)
def _few_and_small() -> Iterator[None]:
    """At the released sizes the moving head and the timing alone would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "moving_head", partial(moving_head, count=3))
        patch.setattr(speed, "SIDES", (64,))
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, small_dataset: Path) -> Path:
    here = tmp_path_factory.mktemp("page")
    own = network(here / "own.onnx", "plain <model>")
    foreign = network(here / "foreign.onnx", "foreign", 64, encoding="sRGB")
    words = ("evaluate", own, foreign, "--held", small_dataset, "--out", here / "page")
    few = ("--people", 1, "--pictures", 1)
    assert call(*words, *few, "--figures", here / "figures.json") == 0
    return here


def test_the_page_shows_every_model_and_works_alone(made: Path) -> None:
    text = (made / "page" / "index.html").read_text(encoding="utf-8")
    assert "plain &lt;model&gt; 1" in text and "plain <model>" not in text
    assert "foreign 1" in text and text.count("sha256 ") == 2
    assert "<script" not in text and "http" not in text
    sources = re.findall(r'src="([^"]+)"', text)
    assert len(sources) >= 5 and all((made / "page" / s).is_file() for s in sources)
    whole = sum(p.stat().st_size for p in (made / "page").rglob("*") if p.is_file())
    assert whole < 3_000_000
    assert str(made) not in text


def test_the_page_begins_with_what_is_weak(made: Path) -> None:
    text = (made / "page" / "index.html").read_text(encoding="utf-8")
    start = text.index("What is weak")
    assert start < text.index(">Aims<") < text.index("Strength by band and region")
    weak = text[start : text.index(">Aims<")]
    assert "Weakest of the true strength, 30→65: " in weak and "Worst person, 65→30: " in weak
    assert weak.count("<ul>") == 2
    table = text[text.index("Strength by band and region") :]
    assert table.count('<div class="bar') >= 3 * 5 * 5 * 2  # steps, places seen, bands, models


def test_the_page_shows_a_sweep_at_full_size_and_a_slider_tried(made: Path) -> None:
    pictures = made / "page" / "pictures"
    true, *swept = (cv2.imread(str(p)) for p in sorted(pictures.glob("sweep_*"), reverse=True))
    assert len(swept) == 2 * 2  # two models, from two ages
    assert {p.shape for p in swept} == {true.shape}
    side = true.shape[0]
    assert true.shape[1] == 5 * side and 60 <= side <= 96  # no thumbnail, and not enlarged
    assert len(list(pictures.glob("nudge_*"))) == 2
    text = (made / "page" / "index.html").read_text(encoding="utf-8")
    figures = json.loads((made / "figures.json").read_text(encoding="utf-8"))
    for step in ("30→20", "70→60"):
        moved = figures["nudges"][step]
        assert moved["made"] > 0 < moved["true"]
        assert f"<th>{step}</th><td>{moved['made']:.2f}</td>" in text


def test_views_of_several_sizes_make_one_page(
    tmp_path: Path, made: Path, mixed_dataset: Path
) -> None:
    page = tmp_path / "page"
    words = ("evaluate", made / "own.onnx", "--held", mixed_dataset, "--out", page)
    assert call(*words, "--people", 2, "--pictures", 2, "--figures", tmp_path / "f.json") == 0
    figures = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert figures["people"] == 2
    assert figures["pairs"]["30→65"]["all"]["change"] == pytest.approx(0.035, abs=1e-4)
    heights = {cv2.imread(str(p)).shape[0] for p in (page / "pictures").glob("person_*")}
    assert heights == {256}


def test_what_was_not_measured_is_a_dash() -> None:
    card = ModelCard.from_json(json.dumps({"name": "x", **CARD}), "x")
    nothing = PageEntry("x 1", "x.onnx", card, "", {}, "#000000")
    for made in (tables.aims, tables.parts, tables.nudges, tables.identity, tables.outside,
                 tables.waxiness, tables.speed):  # fmt: skip
        table = made([nothing])
        assert len(table.rows) >= 2
        cells = {cell for row in table.rows if row.names != ("halo",) for cell in row.figures}
        assert cells == {tables.NONE}
    assert not tables.strength([nothing], STRONG[0]) and not tables.errors([nothing]).rows


def test_every_picture_says_in_words_what_it_shows(made: Path) -> None:
    text = (made / "page" / "index.html").read_text(encoding="utf-8")
    pictures = re.findall(r"<img ([^>]+)>", text)
    told = [re.findall(r'alt="([^"]+): [^"]+"', picture) for picture in pictures]
    assert len(pictures) >= 10 and all(len(words) == 1 for words in told)


def test_the_same_figures_are_the_same_plot(made: Path) -> None:
    card = ModelCard.from_json(json.dumps({"name": "x", **CARD}), "x")
    report = json.loads((made / "figures.json").read_text(encoding="utf-8"))
    entry = PageEntry("x <1>", "x.onnx", card, "", report, "#000000")
    plot = growth([entry])
    assert plot == growth([entry]) and "x &lt;1&gt;" in plot and "dc:date" not in plot
    other = replace(entry, report={"sweep": {**report["sweep"], "true": [[0, 1, 2, 3]]}})
    assert plot != growth([other])


def test_the_page_says_which_aims_are_missed(made: Path) -> None:
    text = (made / "page" / "index.html").read_text(encoding="utf-8")
    assert all(aim.text in text for aim in AIMS)
    assert "plain &lt;model&gt; 1 misses: error taken away on skin, 65→30" in text
    assert "the law holds" in text


def test_the_page_shows_where_the_model_does_worst(made: Path) -> None:
    text = (made / "page" / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r"worst_0\d\.jpg", text)) == 2
    pairs = json.loads((made / "figures.json").read_text(encoding="utf-8"))["pairs"]
    for step in ("65→30", "30→65"):  # of one person the worst is what all of them have
        left = re.escape(f"{-pairs[step]['all']['reduction']:+.0%}")
        assert re.search(rf"{step}, (wo)?man, tone [\d.]+, error {left}", text)


def test_the_figures_are_the_first_models(made: Path) -> None:
    figures = json.loads((made / "figures.json").read_text(encoding="utf-8"))
    assert figures["command"] == (
        "reage-train evaluate own.onnx foreign.onnx --held small_set0 --out page --people 1 "
        "--pictures 1"
    )
    assert figures["held_set"]["seed"] == 1 and figures["people"] == 1
    assert figures["pairs"]["30→65"]["all"]["change"] == pytest.approx(0.035, abs=1e-4)
    assert figures["sweep"]["worst_step"] == pytest.approx(1 / 12, rel=1e-3)
    assert figures["speed"]["parameters"] == 15 and figures["speed"]["overhead"] == 1


def test_an_aim_is_reached_between_its_ends() -> None:
    aim = Aim("x", ("a", "b"), 0.9, 1.1)
    assert aim.reached(0.9) and aim.reached(1.1) and not aim.reached(1.2)
    assert aim.value({"a": {"b": 1}}) == 1 and aim.value({"a": 1}) is aim.value({}) is None
    assert (aim.wanted, Aim("x", (), 0.5).wanted, Aim("x", (), high=1).wanted) == (
        "90% to 110%", "at least 50%", "at most 100%",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--portrait", "face.png"), "--source-age"),
        (("--people", "0"), "--people"),
    ],
)
def test_wrong_words_are_one_sentence(
    more: tuple[str, ...], said: str, made: Path, small_dataset: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    words = ("evaluate", made / "own.onnx", "--held", small_dataset, "--out", made / "no")
    assert call(*words, *more) == 2
    assert said in capsys.readouterr().err


def test_a_broken_model_is_one_sentence(
    tmp_path: Path, small_dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    assert call("evaluate", broken, "--held", small_dataset, "--out", tmp_path / "page") == 4
    said = capsys.readouterr().err
    assert "broken.onnx is not an ONNX model" in said and said.count("\n") == 1
    assert not (tmp_path / "page").exists()
