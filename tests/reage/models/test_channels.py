"""Which channel is what, by name alone: in cards, in tensors, and with a context beside them."""

import json
from dataclasses import dataclass, replace

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from helpers.onnx_files import CARD, delta_network
from helpers.part_models import PartsModel
from helpers.shots import face, plate
from reage.errors import ModelError
from reage.frame.pipeline import infer, prepare, reage_frame
from reage.models.channels import COUNTS, INPUTS, OUTPUTS, ChannelLayout
from reage.models.model import CONTEXT_SIDE, ModelInput
from reage.models.model_card import NEEDED, ModelCard
from reage.models.onnx_model import OnnxModel
from reage.models.residual import Residual
from reage.pixels.color import Encoder
from reage.pixels.geometry import Region
from reage.settings import Settings

ENCODER = Encoder("ACEScg", "ACEScct")
OLDER = Settings(source_age=40, target_age=70, crop_size=256)
BARE = ModelCard("bare", "Apache-2.0", "nothing", "ReAge contributors", halo=0)


@given(st.permutations(list(COUNTS)))
def test_names_cover_their_channels_once_in_order(names):
    channels = ChannelLayout(tuple(names))
    found = [channels.at(name) for name in names]
    assert [k for at in found for k in range(at.start, at.stop)] == list(range(channels.count))
    assert channels.at(names[1], names[3]) == slice(found[1].start, found[3].stop)


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(ValueError):
        ChannelLayout(("picture",)).at("pattern")


# ---------------------------------------------------------------- cards


def read(**fields):
    return ModelCard.from_json(json.dumps(CARD | fields), "face.json")


@pytest.mark.parametrize(
    ("older", "inputs", "outputs"),
    [
        ({}, NEEDED, ("delta",)),
        ({"parts": [], "pattern": False}, NEEDED, ("delta",)),
        ({"pattern": True}, (*NEEDED, "pattern"), ("delta",)),
        ({"parts": ["detail", "form", "tone"]}, NEEDED, ("detail", "form", "tone")),
        (
            {"parts": ["detail", "form", "tone", "hair"], "pattern": True},
            (*NEEDED, "pattern"), ("detail", "form", "tone", "hair", "hair_matte"),
        ),
    ],
)  # fmt: skip
def test_a_card_from_before_the_names_says_the_same(older, inputs, outputs):
    card = read(**older)
    assert (card.inputs, card.outputs) == (inputs, outputs)
    assert card == read(inputs=list(inputs), outputs=list(outputs))
    assert list(card.parts) == older.get("parts", [])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"inputs": [*NEEDED, "depth"]}, "inputs has depth, which ReAge does not know; .*context"),
        ({"outputs": ["delta", "glow"]}, "outputs has glow, which ReAge does not know; .*hair_ma"),
        ({"inputs": ["picture", "source_age"]}, "it needs picture, source_age, target_age"),
        ({"inputs": [*NEEDED, "picture"]}, "each once"),
        ({"inputs": "picture"}, "inputs is 'picture'; it must be a list"),
        ({"outputs": [["delta"]]}, "it must be text"),
        ({"outputs": ["detail", "form"]}, "it is delta, or detail, form, tone"),
        ({"outputs": ["delta", "hair"]}, "perhaps hair with hair_matte"),
        ({"outputs": []}, "outputs is .*; it is delta"),
        ({"outputs": ["delta"], "parts": []}, "leave parts away"),
        ({"inputs": list(NEEDED), "pattern": True}, "leave pattern away"),
    ],
)
def test_a_wrong_name_is_one_clear_sentence(fields, says):
    with pytest.raises(ModelError, match=f"^The model card in face.json.*{says}") as caught:
        read(**fields)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- order


@dataclass(frozen=True)
class Reordered:
    """A model whose tensors have the same channels in another order."""

    inner: PartsModel
    card: ModelCard
    sha256: str = "3" * 64

    def run(self, input):
        made = self.inner.run(input)
        return Residual(
            np.concatenate([made[name] for name in self.card.outputs], -1),
            self.card.output_channels,
        )


def test_the_order_of_the_outputs_changes_no_pixel():
    inner = PartsModel()
    card = replace(inner.card, outputs=("hair_matte", "tone", "hair", "detail", "form"))
    hair = np.ones(plate().rgb.shape[:2], np.float32)
    one, other = (
        reage_frame(plate(), face(), model, OLDER, ENCODER, parts=True, hair_matte=hair)
        for model in (inner, Reordered(inner, card))
    )
    assert one.hair.delta.any() and one.region == other.region
    for layer in ("delta", "matte"):
        assert np.array_equal(getattr(one, layer), getattr(other, layer))
    assert np.array_equal(one.parts.form, other.parts.form)
    assert np.array_equal(one.hair.delta, other.hair.delta)
    assert np.array_equal(one.hair.guess, other.hair.guess)


def test_the_order_of_the_inputs_is_the_tensors(tmp_path):
    """The same network behind another order of its channels answers another picture."""
    swapped = ["target_age", "source_age", "picture"]
    card = CARD | {"halo": 1, "inputs": swapped, "outputs": ["delta"]}
    model = OnnxModel.load(delta_network(tmp_path / "m.onnx", card=card), "cpu")
    plain = OnnxModel.load(delta_network(tmp_path / "p.onnx", card=CARD), "cpu")
    r = np.random.default_rng(0)
    maps = r.random((32, 32, 5), np.float32)
    one = plain.run(ModelInput(maps[..., :3], maps[..., 3] * 100, maps[..., 4] * 100))
    other = model.run(ModelInput(maps[..., 2:], maps[..., 1] * 100, maps[..., 0] * 100))
    assert np.allclose(one.delta, other.delta, atol=1e-5) and one.delta.any()


# ---------------------------------------------------------------- context


WITH_CONTEXT = replace(BARE, inputs=(*NEEDED, "context"))


@dataclass
class Seeing:
    """A model that adds the mean of the whole crop to each of its tiles, and keeps what it saw."""

    seen: list
    card: ModelCard = WITH_CONTEXT
    sha256: str = "4" * 64

    def run(self, input):
        self.seen.append(input)
        whole = input.context.mean((0, 1))
        values = np.broadcast_to(whole, input.picture.shape).astype(np.float32)
        return Residual(values, self.card.output_channels)


def test_each_tile_sees_the_context_whole_and_the_tile_size_changes_no_pixel():
    model = Seeing([])
    ready = prepare(plate(), face(), model.card, OLDER, ENCODER)
    whole, tiled = (infer(ready, model, tile).values for tile in (256, 64))
    first, *tiles = model.seen
    assert len(tiles) == 16 and first.context.shape == (CONTEXT_SIDE, CONTEXT_SIDE, 3)
    assert all(np.array_equal(tile.context, first.context) for tile in tiles)
    assert {tile.picture.shape for tile in tiles} == {(64, 64, 3)}
    assert np.array_equal(whole, tiled) and whole.any()


@pytest.mark.parametrize("side", [128, 256, 512])
def test_the_context_is_the_whole_crop_small_at_any_crop_size(side):
    ready = prepare(plate(), face(), WITH_CONTEXT, replace(OLDER, crop_size=side), ENCODER)
    seen = ready.input
    assert seen.context.shape == (CONTEXT_SIDE, CONTEXT_SIDE, 3)
    assert np.allclose(seen.context.mean((0, 1)), seen.picture.mean((0, 1)), atol=0.02)
    corner = seen.window(Region(16, 32, 48, 64))
    assert corner.context is seen.context and corner.picture.shape == (64, 48, 3)
    assert np.array_equal(corner.target_age, seen.target_age[32:96, 16:64])


def test_a_model_without_context_is_given_none():
    ready = prepare(plate(), face(), BARE, OLDER, ENCODER)
    assert ready.input.context is None and ready.input.pattern is None


def context_network(path, side=CONTEXT_SIDE, name="context"):
    """A real ONNX network: half of the picture, and the mean of the context."""
    one, all_axes = TensorProto.FLOAT, [2, 3]
    nodes = [
        helper.make_node("Slice", ["input", "from", "to", "axis"], ["rgb"]),
        helper.make_node("ReduceMean", [name], ["mean"], axes=all_axes, keepdims=1),
        helper.make_node("Add", ["rgb", "mean"], ["sum"]),
        helper.make_node("Mul", ["sum", "half"], ["delta"]),
    ]
    constants = [
        helper.make_tensor("from", TensorProto.INT64, [1], [0]),
        helper.make_tensor("to", TensorProto.INT64, [1], [3]),
        helper.make_tensor("axis", TensorProto.INT64, [1], [1]),
        helper.make_tensor("half", one, [], [0.5]),
    ]
    takes = [
        helper.make_tensor_value_info(name, one, [1, 3, side, side]),
        helper.make_tensor_value_info("input", one, [1, 5, "h", "w"]),
    ]
    gives = [helper.make_tensor_value_info("delta", one, [1, 3, "h", "w"])]
    graph = helper.make_graph(nodes, "context", takes, gives, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    card = CARD | {"halo": 0, "inputs": [*NEEDED, "context"]}
    helper.set_model_props(model, {"reage_card": json.dumps(card)})
    onnx.save(model, path)
    return path


def test_a_file_takes_its_context_as_an_input_of_that_name(tmp_path):
    model = OnnxModel.load(context_network(tmp_path / "m.onnx"), "cpu")
    ready = prepare(plate(), face(), model.card, OLDER, ENCODER)
    seen = ready.input
    want = (seen.picture + seen.context.mean((0, 1), dtype=np.float64)) / 2
    for tile in (256, 64):
        assert np.allclose(infer(ready, model, tile).delta, want, atol=1e-5)


@pytest.mark.parametrize(
    "make",
    [
        lambda p: context_network(p, side=128),
        lambda p: context_network(p, name="whole"),
        lambda p: delta_network(p, card=CARD | {"inputs": [*NEEDED, "context"]}),
    ],
)
def test_a_file_without_the_context_of_its_card_is_refused(tmp_path, make):
    make(tmp_path / "m.onnx")
    with pytest.raises(ModelError, match=r"one input context 1×3×256×256 and one output"):
        OnnxModel.load(tmp_path / "m.onnx", "cpu")


def test_every_input_of_the_table_is_one_that_a_model_can_be_given():
    assert set(INPUTS) == set(ModelInput.__dataclass_fields__) - {"apart"}
    assert not set(INPUTS) & set(OUTPUTS)
