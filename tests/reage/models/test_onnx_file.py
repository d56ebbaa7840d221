"""What a file asks for beyond itself is found wherever it stands in it."""

from pathlib import Path

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from helpers.onnx_files import CARD, delta_network, endless_network
from reage import home
from reage.errors import ModelError
from reage.models.onnx_file import Needs

HERE = Path("m.onnx")


def needs(model):
    return Needs.of(model.SerializeToString(), HERE)


def external(name="w", location="a.bin"):
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[1])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return tensor


def graph(*nodes, weights=()):
    return helper.make_graph(list(nodes), "g", [], [], list(weights))


FOREIGN = helper.make_node("Glow", ["x"], ["y"], domain="acme")


@pytest.mark.parametrize(
    "model",
    [
        helper.make_model(graph(FOREIGN)),
        helper.make_model(graph(helper.make_node("If", ["x"], ["y"], then_branch=graph(FOREIGN)))),
        helper.make_model(graph(helper.make_node("X", [], ["y"], all=[graph(), graph(FOREIGN)]))),
        helper.make_model(
            graph(),
            functions=[helper.make_function("own", "F", [], [], [FOREIGN], [])],
        ),
    ],
    ids=["graph", "branch", "list", "function"],
)
def test_a_foreign_operator_is_found(model):
    assert needs(model).operators["acme"] == "Glow"


@pytest.mark.parametrize(
    "model",
    [
        helper.make_model(graph(weights=[external()])),
        helper.make_model(graph(helper.make_node("Constant", [], ["y"], value=external()))),
        helper.make_model(
            graph(helper.make_node("If", ["x"], ["y"], then_branch=graph(weights=[external()])))
        ),
    ],
    ids=["weight", "constant", "branch"],
)
def test_weights_in_another_file_are_found(model):
    assert needs(model).files == {"a.bin"}


def test_an_external_weight_that_names_no_file_is_one_all_the_same():
    tensor = external()
    del tensor.external_data[:]
    with pytest.raises(ModelError, match="weights in another file, ''"):
        needs(helper.make_model(graph(weights=[tensor]))).check(HERE, ())


def test_functions_that_a_file_brings_along_are_its_own():
    own = helper.make_function(
        "mine", "F", ["x"], ["y"], [helper.make_node("Abs", ["x"], ["y"])],
        [helper.make_opsetid("", 17)],
    )  # fmt: skip
    call = helper.make_node("F", ["x"], ["y"], domain="mine")
    needs(helper.make_model(graph(call), functions=[own])).check(HERE, ())


def test_what_is_standard_passes(tmp_path):
    paths = (
        home.default_model(), endless_network(tmp_path / "a.onnx"),
        delta_network(tmp_path / "b.onnx", card=CARD),
    )  # fmt: skip
    for path in paths:
        found = Needs.of(path.read_bytes(), path)
        found.check(path, ())
        assert found.operators and not found.files


@given(st.binary(max_size=200))
def test_other_bytes_are_no_model_or_an_empty_one(data):
    try:
        Needs.of(data, HERE)
    except ModelError as e:
        assert "is not an ONNX model" in str(e)


def test_a_model_cut_off_anywhere_is_refused_or_shorter():
    data = helper.make_model(graph(FOREIGN, weights=[external()])).SerializeToString()
    for end in range(len(data)):
        try:
            Needs.of(data[:end], HERE)
        except ModelError:
            continue
    assert onnx.load_from_string(data).graph.node
