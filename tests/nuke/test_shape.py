"""Shape in the node: native, live, and the engine's own result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import bakes
from reage.frame.layers import Layers
from reage.models.parts import Strengths
from reage.pixels.geometry import Region
from reage.shot.image import read_layers


@pytest.fixture
def baked(session: Any, tmp_path: Path) -> tuple[Any, Any, Layers]:
    """The plate with an alpha and a depth, the node on it, and its layers of frame 1001."""
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    plate = bakes.read(nuke)
    more = nuke.nodes.Expression(inputs=[plate], expr3="x / width + 0.1 * sin(y)")
    deep = nuke.nodes.Copy(inputs=[more, more], from0="rgba.red", to0="depth.Z")
    node = reage_nuke.create(deep, source_age=40, target_age=80, crop_size="256")
    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)
    layers = read_layers(Path(node["cache"].value() % 1001))
    before = bakes.pixels(deep, 1001)
    return deep, node, layers.spread(Region(0, 0, before.shape[1], before.shape[0]))


def moving(layers: Layers) -> np.ndarray:
    assert layers.shape is not None
    return (layers.shape != 0).any(-1)


def test_no_shape_is_the_graph_without_it_to_the_bit(baked: Any) -> None:
    plate, node, layers = baked
    assert np.abs(layers.shape).max() > 2
    shown, before = bakes.pixels(node, 1001), bakes.pixels(plate, 1001)
    still = layers.matte == 0
    assert (still & moving(layers)).any()
    assert np.array_equal(shown[still], before[still])
    node["blend"].setValue(0)
    assert np.array_equal(bakes.pixels(node, 1001), before)


@pytest.mark.parametrize("amount", [0.3, 1.0, 2.0])
def test_the_node_shows_what_the_engine_makes(baked: Any, amount: float) -> None:
    plate, node, layers = baked
    node["shape"].setValue(amount)
    node["blend"].setValue(0.7)
    before, shown = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    strengths = Strengths(shape=amount)
    want = layers.over(before[..., :3], 0.7, strengths)
    np.testing.assert_allclose(shown[..., :3], want, atol=1e-5)
    np.testing.assert_allclose(shown[..., 3:], layers.moved(before[..., 3:], strengths), atol=1e-5)
    still = ~moving(layers) & (layers.matte == 0)
    assert np.array_equal(shown[still], before[still])
    assert np.abs(want - layers.over(before[..., :3], 0.7)).max() > 0.02


def test_alpha_and_other_layers_go_along_as_the_knob_says(baked: Any) -> None:
    plate, node, layers = baked
    node["shape"].setValue(1)

    def changed() -> tuple[bool, bool]:
        from fake_nuke import evaluate

        names = ("rgba.alpha", "depth.Z")
        one, other = (evaluate.picture(n, 1001).array(names) for n in (plate, node))
        assert "reage_shape.u" not in evaluate.picture(node, 1001).channels
        alpha, depth = (bool((one != other)[..., k].any()) for k in (0, 1))
        return alpha, depth

    assert changed() == (True, False)
    for word, wanted in (("rgb", (False, False)), ("all", (True, True)), ("rgba", (True, False))):
        node["shape_carries"].setValue(word)
        assert changed() == wanted


def test_split_leaves_the_plates_side_where_it_is(baked: Any) -> None:
    plate, node, _ = baked
    node["shape"].setValue(1.5)
    before, full = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    node["view_renders"].setValue(True)
    node["view_mode"].setValue("split")
    node["split_at"].setValue(0.5)
    split, half = bakes.pixels(node, 1001), before.shape[1] // 2
    assert np.array_equal(split[:, :half], before[:, :half])
    reach = 40  # a pixel near the line may come from the plate's side
    assert np.array_equal(split[:, half + reach :], full[:, half + reach :])
    assert not np.array_equal(full[:, :half], before[:, :half])


def test_the_matte_input_holds_the_shape_back(baked: Any) -> None:
    import nuke

    plate, node, _ = baked
    node["shape"].setValue(1)
    before, full = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    node.setInput(2, nuke.nodes.Expression(inputs=[plate], expr3="x < width / 2 ? 0 : 1"))
    held, half = bakes.pixels(node, 1001), before.shape[1] // 2
    assert np.array_equal(held[:, :half], before[:, :half])
    reach = 40  # what comes from the held side is the plate's
    assert np.array_equal(held[:, half + reach :], full[:, half + reach :])


def test_the_groups_are_baked_and_the_slider_is_not(baked: Any) -> None:
    import reage_nuke

    _, node, layers = baked
    node["shape"].setValue(1.2)
    assert reage_nuke.bake(node, 1001, 1001).kept == (1001,)
    node["shape_jowls"].setValue(0.0)
    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)
    less = read_layers(Path(node["cache"].value() % 1001)).spread(layers.region)
    assert less.shape is not None and layers.shape is not None
    assert np.abs(less.shape).max() < np.abs(layers.shape).max()


def test_layers_from_before_the_shape_show_none(baked: Any) -> None:
    _, node, _ = baked
    file = Path(node["cache"].value() % 1001)
    bare = bakes.pixels(node, 1001)
    from reage.media.exr import write_layers
    from reage.media.imagefile import read_info

    kept = {n: a for n, a in bakes.channels(file).items() if not n.startswith("reage_shape")}
    info = read_info(file)
    write_layers(file, kept, Region(0, 0, info.display.width, info.display.height), info, {})
    node["shape"].setValue(1)
    assert np.array_equal(bakes.pixels(node, 1001), bare)
