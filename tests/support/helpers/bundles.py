"""Bundles of one actor, small: a network that changes little, a card with rights, pages of one
value each."""

import zipfile
from dataclasses import asdict, replace
from datetime import timedelta

import numpy as np

from helpers.onnx_files import CARD, delta_network
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


def page(path, value=1.0):
    """A pattern file whose maps are of one value."""
    there = np.ones((SIZE, SIZE), np.float32)
    PatternFile(np.full((SIZE, SIZE, 3), value, np.float32), there, there).write(path)
    return path


def bundle(path, agreed, ages=(40, 60)):
    """path: *.reage; agreed: Rights, or None; ages: of its pages, () for no album"""
    card = PATTERNED | ({"rights": asdict(replace(agreed, overridden=""))} if agreed else {})
    model = delta_network(path.with_suffix(".onnx"), channels_in=8, card=card)
    with zipfile.ZipFile(path, "w") as file:
        file.write(model, "model.onnx")  # its weights are inside
        for name in ("actor.weights", "default.weights"):
            file.writestr(name, b"")
        for age in ages:
            name = f"age_{age:03d}.pattern.exr"
            file.write(page(path.parent / name, age / 100), f"album/{name}")
            (path.parent / name).unlink()
    model.unlink()
    return path
