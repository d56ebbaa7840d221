"""Strengths in the node: the gizmo's own expressions on real layers, and on layers with hair."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
import pytest

from fake_nuke.evaluate.exr import DECODED
from helpers import bakes
from reage.media.exr import write_layers
from reage.media.imagefile import read_info
from reage.pixels.geometry import Region

PARTS = ("detail", "form", "tone")
COLORS = ("red", "green", "blue")
HAIR = (*(f"reage_delta_hair.{c}" for c in COLORS), "reage_matte_hair.alpha")


@pytest.fixture
def baked(session: Any, tmp_path: Path) -> tuple[Any, Any, Path]:
    """The plate, the node on it, and the file of its frame 1001."""
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    plate = bakes.read(nuke)
    node = reage_nuke.create(plate, source_age=50, target_age=75, crop_size="256")
    node.setInput(3, nuke.nodes.Expression(inputs=[plate], expr3="1"))
    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)
    return plate, node, Path(node["cache"].value() % 1001)


def rewrite(file: Path, *without: str, **more: np.ndarray) -> dict[str, np.ndarray]:
    """Write a baked file again, less and more channels in it; returns all, over the display."""
    info = read_info(file)
    whole = info.display
    channels = {n: a for n, a in bakes.channels(file).items() if not n.startswith(without)}
    channels |= more
    here = Region(0, 0, whole.width, whole.height)
    write_layers(file, channels, here, info, {})
    return channels


def with_hair(file: Path) -> dict[str, np.ndarray]:
    """The file with hair in it that lies beside the face, over it, and nowhere else."""
    shape = bakes.channels(file)["reage_matte.alpha"].shape
    matte = np.zeros(shape, np.float32)
    matte[10 : shape[0] // 2, 20 : shape[1] // 2] = np.linspace(0, 1, shape[1] // 2 - 20)
    noise = np.random.default_rng(3).normal(0, 0.2, (3, *shape)).astype(np.float32)
    return rewrite(file, *HAIR, **dict(zip(HAIR, (*noise, matte), strict=True)))


def color(channels: dict[str, np.ndarray], layer: str) -> np.ndarray:
    return np.stack([channels[f"{layer}.{c}"] for c in COLORS], axis=-1)


def law(plate: np.ndarray, channels: dict[str, np.ndarray], **s: float) -> np.ndarray:
    """What the comp is to show."""
    s = WHOLE | s
    change = color(channels, "reage_delta")
    if any(s[part] != 1 for part in PARTS):
        change = sum(np.float32(s[part]) * color(channels, f"reage_delta_{part}") for part in PARTS)
    result = plate[..., :3] + change * channels["reage_matte.alpha"][..., None] * s["blend"]
    if "reage_matte_hair.alpha" in channels:
        matte = channels["reage_matte_hair.alpha"][..., None]
        result = result + color(channels, "reage_delta_hair") * matte * s["gray"] * s["blend"]
    return np.asarray(result)


def outside(channels: dict[str, np.ndarray]) -> np.ndarray:
    return (channels["reage_matte.alpha"] == 0) & (channels["reage_matte_hair.alpha"] == 0)


WHOLE = {"blend": 1.0, "detail": 1.0, "form": 1.0, "tone": 1.0, "gray": 0.0}
MIXED = {"detail": 1.7, "form": 0.3, "tone": 0.6, "gray": 0.25, "blend": 0.8}
STRENGTHS = (
    {"detail": 0.0}, {"form": 2.0}, {"tone": 0.4}, {"gray": 0.7}, {"gray": 1.0, "blend": 0.5},
    MIXED,
)  # fmt: skip


def turn(node: Any, **strengths: float) -> None:
    """Set all strengths, to their defaults where none is named."""
    for name, value in (WHOLE | strengths).items():
        node[name].setValue(value)


def test_each_strength_acts_on_its_part_and_nowhere_else(baked: Any) -> None:
    plate, node, file = baked
    channels = with_hair(file)
    before, whole = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    still = outside(channels)
    assert still.any()
    for strengths in STRENGTHS:
        turn(node, **strengths)
        shown = bakes.pixels(node, 1001)
        assert np.abs(shown[..., :3] - law(before, channels, **strengths)).max() <= 1e-6
        assert np.abs(shown - whole).max() > 1e-3
        assert np.array_equal(shown[still], before[still])
        assert np.array_equal(shown[..., 3], before[..., 3])


def test_whole_strengths_are_the_delta_and_no_gray_is_no_hair(baked: Any) -> None:
    plate, node, file = baked
    before, bare = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    delta, matte = bakes.layers(file)
    inside = matte > 0
    assert np.abs(bare[..., :3] - (before[..., :3] + delta * matte[..., None])).max() <= 1e-6
    assert np.array_equal(bare[~inside], before[~inside])
    with_hair(file)
    assert np.array_equal(bakes.pixels(node, 1001), bare)


def test_no_strength_at_all_is_the_plate_to_the_bit(baked: Any) -> None:
    plate, node, file = baked
    with_hair(file)
    turn(node, **dict.fromkeys(PARTS, 0.0))
    assert np.array_equal(bakes.pixels(node, 1001), bakes.pixels(plate, 1001))


def test_hair_is_held_back_by_the_matte_input_and_by_split(baked: Any) -> None:
    plate, node, file = baked
    with_hair(file)
    node["gray"].setValue(1)
    before, full = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    quarter = before.shape[1] // 4
    import nuke

    right = nuke.nodes.Expression(inputs=[plate], expr3="x < width / 4 ? 0 : 1")
    node.setInput(2, right)
    held = bakes.pixels(node, 1001)
    node.setInput(2, None)
    node["view_renders"].setValue(True)
    node["view_mode"].setValue("split")
    node["split_at"].setValue(0.25)
    split = bakes.pixels(node, 1001)
    for shown in (held, split):
        assert np.array_equal(shown[:, :quarter], before[:, :quarter])
        assert np.array_equal(shown[:, quarter:], full[:, quarter:])
    assert not np.array_equal(full[:, :quarter], before[:, :quarter])


def test_views_show_hair_as_much_as_gray_does(baked: Any) -> None:
    plate, node, file = baked
    channels = with_hair(file)
    before = bakes.pixels(plate, 1001)
    face, hair = channels["reage_matte.alpha"], channels["reage_matte_hair.alpha"]
    node["view_renders"].setValue(True)
    node["view_mode"].setValue("matte")
    assert np.array_equal(bakes.pixels(node, 1001)[..., 0], face)
    node["gray"].setValue(0.5)
    assert np.array_equal(bakes.pixels(node, 1001)[..., 0], np.maximum(face, hair * 0.5))
    node["view_mode"].setValue("delta")
    wanted = law(np.zeros_like(before), channels, gray=0.5)
    assert np.abs(bakes.pixels(node, 1001)[..., :3] - wanted).max() <= 1e-6


@pytest.mark.parametrize(("channel", "knob"), [("alpha", "expr3"), ("red", "expr0")])
def test_hair_grays_only_where_both_the_baked_matte_and_the_input_are(
    baked: Any, channel: str, knob: str
) -> None:
    plate, node, file = baked
    node["map_channel"].setValue(channel)
    node.input(3)["expr0"].setValue("1")
    channels = with_hair(file)
    node["gray"].setValue(1)
    bare = bakes.pixels(node, 1001)
    roto = node.input(3)
    shape = channels["reage_matte.alpha"].shape
    ramp = np.broadcast_to(np.arange(shape[1], dtype=np.float32) / shape[1] - 0.25, shape)
    roto[knob].setValue("x / width - 0.25")  # below zero at the left
    held = np.clip(ramp, 0, channels["reage_matte_hair.alpha"])
    wanted = law(bakes.pixels(plate, 1001), channels | {"reage_matte_hair.alpha": held}, gray=1)
    shown = bakes.pixels(node, 1001)
    assert np.abs(shown[..., :3] - wanted).max() <= 1e-6 and np.abs(shown - bare).max() > 0.01
    node.setInput(3, None)
    none = bakes.pixels(node, 1001)
    node["gray"].setValue(0)
    assert np.array_equal(none, bakes.pixels(node, 1001))


def test_a_view_shows_the_guess_at_hair(baked: Any) -> None:
    plate, node, file = baked
    guess = bakes.channels(file)["reage_guess_hair.alpha"]
    assert guess.max() > 0.5
    node["view_renders"].setValue(True)
    node["view_mode"].setValue("hair guess")
    assert np.array_equal(bakes.pixels(node, 1001)[..., :3], np.dstack([guess] * 3))


def test_animated_strengths_are_followed(baked: Any) -> None:
    plate, node, file = baked
    channels = with_hair(file)
    node["detail"].setAnimated()
    for frame, value in ((1000, 0.0), (1002, 1.0)):
        node["detail"].setValueAt(value, frame)
    wanted = law(bakes.pixels(plate, 1001), channels, detail=0.5)
    assert np.abs(bakes.pixels(node, 1001)[..., :3] - wanted).max() <= 1e-6


def test_a_file_from_before_the_parts_shows_its_delta_whole(baked: Any) -> None:
    """A farm believes what an old script says of its frames, and finds old files."""
    plate, node, file = baked
    shown = bakes.pixels(node, 1001)
    rewrite(file, "reage_delta_", "reage_matte_")
    turn(node, **dict.fromkeys((*PARTS, "gray"), 0.3))
    old = bakes.pixels(node, 1001)
    assert np.abs(old - shown).max() <= 1e-6
    assert not np.array_equal(old, bakes.pixels(plate, 1001))


@pytest.mark.parametrize(
    ("strengths", "decoded"),
    [
        ({}, {"delta"}),
        ({"form": 1.5}, {"delta", "parts"}),
        ({"gray": 0.5}, {"delta", "hair"}),
        ({"shape": 1.0}, {"delta", "shape"}),
    ],
)
def test_parts_of_the_file_that_nothing_asks_for_are_not_decoded(
    baked: Any, strengths: dict[str, float], decoded: set[str]
) -> None:
    _, node, file = baked
    turn(node, **strengths)
    DECODED.clear()
    bakes.pixels(node, 1001)
    names = [oiio.ImageBuf(str(file), part, 0).spec()["name"] for part in range(4)]
    assert names == ["delta", "parts", "hair", "shape"]
    assert {names[part] for path, part in DECODED if path == file} == decoded


BROKEN = (
    ("Parts", "expr0", "parent.form * reage_delta_form", "parent.tone * reage_delta_form"),
    ("Parts", "expr1", "* reage_delta_tone.green", "* reage_delta_tone.red"),
    ("Amount", "expr3", "parent.blend * ", ""),
    ("Hairs", "temp_expr3", "max(parent.gray, parent.grey) * ", ""),
    ("Hairs", "temp_expr2", ": reage_matte_hair", ": reage_matte"),
    ("Hairs", "temp_expr1", ": reage_input_hair.alpha", ": reage_input_hair.red"),
    ("Hairs", "expr2", "reage_delta_hair.blue", "reage_delta_hair.green"),
)


def test_a_broken_formula_is_noticed(session: Any, baked: Any) -> None:
    """The check of the checks above."""
    plate, node, file = baked
    channels = with_hair(file)
    turn(node, **MIXED)
    wanted = law(bakes.pixels(plate, 1001), channels, **MIXED)
    for inner, knob, good, bad in BROKEN:
        assert np.abs(bakes.pixels(node, 1001)[..., :3] - wanted).max() <= 1e-6
        formula = node.node(inner)[knob]
        text = formula.getText()
        assert good in text
        formula.setValue(text.replace(good, bad, 1))
        assert np.abs(bakes.pixels(node, 1001)[..., :3] - wanted).max() > 1e-4, (inner, knob, bad)
        formula.setValue(text)
    session.lost.clear()  # it was on purpose
