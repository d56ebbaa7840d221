"""Bundles of one actor, small: a network that changes little, a card with rights, pages of one
value each."""

import zipfile
from dataclasses import asdict, replace
from datetime import timedelta

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.external_data_helper import set_external_data

from helpers.onnx_files import CARD, delta_network
from reage import home
from reage.bundle import DEFAULT, MODEL, WEIGHTS
from reage.models.rights import Rights, today
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE

PATTERNED = CARD | {"halo": 1, "crop_size": 64, "pattern": True}
"""Of a network of 8 channels, as a default model has them."""


def rights(first=-10, last=200):
    """first, last: day of the consent, counted from today"""
    days = [(today() + timedelta(d)).isoformat() for d in (first, last)]
    return Rights(
        "Anna Example", "Example Films", "The Long Year", "digital alteration", "made older",
        "scenes 12 to 40", *days, "Anna Example", "2025-12-01", "ab" * 32,
    )  # fmt: skip


def taught(path):
    """The default model with other weights, as if it had been taught; written as `path`."""
    model, rng = onnx.load(home.default_model()), np.random.default_rng(3)
    for tensor in model.graph.initializer:
        if tensor.name.endswith(".weight"):
            before = numpy_helper.to_array(tensor)
            after = before * (1 + 0.05 * rng.standard_normal(before.shape))
            tensor.CopyFrom(numpy_helper.from_array(after.astype(np.float32), tensor.name))
    onnx.save(model, path)
    return path


def page(path, value=1.0):
    """A pattern file whose maps are of one value."""
    there = np.ones((SIZE, SIZE), np.float32)
    PatternFile(np.full((SIZE, SIZE, 3), value, np.float32), there, there).write(path)
    return path


def bundle(path, agreed, ages=(40, 60)):
    """path: *.reage; agreed: Rights, or None; ages: of its pages, () for no album"""
    card = PATTERNED | ({"rights": asdict(replace(agreed, overridden=""))} if agreed else {})
    model = onnx.load(delta_network(path.with_suffix(".onnx"), channels_in=8, card=card))
    path.with_suffix(".onnx").unlink()
    (tensor,) = model.graph.initializer
    actor = numpy_helper.to_array(tensor)
    set_external_data(tensor, WEIGHTS, 0, actor.nbytes)
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(MODEL, model.SerializeToString())
        file.writestr(WEIGHTS, actor.tobytes())
        file.writestr(DEFAULT, (0.5 * actor).astype("<f4").tobytes())
        for age in ages:
            name = f"age_{age:03d}.pattern.exr"
            file.write(page(path.parent / name, age / 100), f"album/{name}")
            (path.parent / name).unlink()
    return path
