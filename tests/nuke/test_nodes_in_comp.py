"""What a compositor expects of the node: mask, mix, layers for nodes below, boxes, views.

On a file that is written here, with no bake: only the gizmo's own nodes are asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fake_nuke import evaluate
from helpers import bakes
from reage.media.exr import write_layers
from reage.media.imagefile import read_info
from reage.pixels.geometry import Region

REGION = Region(300, 90, 360, 400)
COLORS = ("red", "green", "blue")
COLORED = ("delta", "delta_detail", "delta_form", "delta_tone", "delta_hair")
LAYERS = (
    *(f"reage_{layer}.{c}" for layer in COLORED for c in COLORS),
    "reage_matte.alpha", "reage_matte_hair.alpha",
)  # fmt: skip


@pytest.fixture
def comp(session: Any, tmp_path: Path) -> Any:
    """(plate, node, baked channels over the display) in a terminal, as a farm renders."""
    return on_a_file(session, tmp_path)


@pytest.fixture
def viewer(gui_session: Any, tmp_path: Path) -> Any:
    """The same with windows."""
    return on_a_file(gui_session, tmp_path)


def on_a_file(session: Any, folder: Path) -> tuple[Any, Any, dict[str, np.ndarray]]:
    import reage_nuke

    nuke = bakes.start(session, folder)
    plate = bakes.read(nuke)
    node = reage_nuke.create(plate, source_age=50, target_age=25)
    info = read_info(Path(bakes.PLATE % 1001))
    random = np.random.default_rng(5)
    inside = np.s_[REGION.y : REGION.y + REGION.height, REGION.x : REGION.x + REGION.width]
    channels = {}
    for name in LAYERS:
        whole = np.zeros((info.display.height, info.display.width), np.float32)
        whole[inside] = random.random((REGION.height, REGION.width), np.float32) * 0.5
        channels[name] = whole
    within = {name: whole[inside] for name, whole in channels.items()}
    write_layers(folder / "face.1001.exr", within, REGION, info, {})
    node["cache"].setValue((folder / "face.%04d.exr").as_posix())
    node["fresh"].setAnimated()
    for frame, value in ((1000, 0.0), (1001, 1.0), (1002, 0.0)):
        node["fresh"].setValueAt(value, frame)
    return plate, node, channels


def law(plate: Any, channels: dict[str, np.ndarray], amount: Any = 1.0) -> np.ndarray:
    """Plate + delta × matte × amount, (h, w, 3)."""
    delta = np.stack([channels[f"reage_delta.{c}"] for c in COLORS], axis=-1)
    amount = np.broadcast_to(np.float32(amount), delta.shape[:2])[..., None]
    return bakes.pixels(plate, 1001)[..., :3] + delta * channels["reage_matte.alpha"][
        ..., None
    ] * amount


def shows(node: Any, want: np.ndarray) -> bool:
    return bool(np.abs(bakes.pixels(node, 1001)[..., :3] - want).max() <= 1e-6)


def ramps(plate: Any) -> Any:
    """A mask whose red rises and whose alpha falls from left to right, over the whole frame."""
    import nuke

    return nuke.nodes.Expression(
        inputs=[plate], expr0="x / width", expr1="0", expr2="0", expr3="1 - x / width"
    )


# ---------------------------------------------------------------- mask and mix
def test_the_mask_is_a_channel_that_can_be_chosen_and_turned_about(comp: Any) -> None:
    plate, node, channels = comp
    node.setInput(2, ramps(plate))
    width = bakes.pixels(plate, 1001).shape[1]
    ramp = np.arange(width, dtype=np.float32) / width
    assert shows(node, law(plate, channels, 1 - ramp))
    node["mask_channel"].setValue("rgba.red")
    assert shows(node, law(plate, channels, ramp))
    node["invert_mask"].setValue(True)
    assert shows(node, law(plate, channels, 1 - ramp))
    node["mask_channel"].setValue("none")  # of Nuke's nodes: no mask
    assert shows(node, law(plate, channels))


def test_an_inverted_mask_is_white_where_its_picture_ends(comp: Any) -> None:
    import nuke

    plate, node, channels = comp
    left = nuke.nodes.Crop(inputs=[ramps(plate)], box=[0, 0, 450, 540])
    node.setInput(2, left)
    node["mask_channel"].setValue("rgba.red")
    node["invert_mask"].setValue(True)
    width = bakes.pixels(plate, 1001).shape[1]
    column = np.arange(width, dtype=np.float32)
    held = np.where(column < 450, 1 - column / np.float32(width), 1)
    assert shows(node, law(plate, channels, held))
    node.setInput(2, None)
    assert shows(node, law(plate, channels))  # with nothing to turn about


def test_mix_is_blend_by_another_name(comp: Any) -> None:
    plate, node, channels = comp
    node["mix"].setValue(0.25)
    assert node["blend"].value() == 0.25 and shows(node, law(plate, channels, 0.25))
    node["blend"].setAnimated()
    for frame, value in ((1000, 0.0), (1002, 1.0)):
        node["blend"].setValueAt(value, frame)
    assert node["mix"].valueAt(1001) == 0.5 and shows(node, law(plate, channels, 0.5))


def test_a_saved_script_brings_mask_and_mix_back(comp: Any) -> None:
    import nuke

    plate, node, channels = comp
    node.setInput(2, ramps(plate))
    node["mask_channel"].setValue("rgba.red")
    node["mix"].setValue(0.5)
    shown = bakes.pixels(node, 1001)
    nuke.scriptSave()
    nuke.scriptOpen(nuke.root().name())
    again = nuke.toNode("ReAge1")
    assert (again["mask_channel"].value(), again["blend"].value()) == ("rgba.red", 0.5)
    assert np.array_equal(bakes.pixels(again, 1001), shown)


def test_a_script_from_before_the_mask_loads_with_its_wires_right(comp: Any) -> None:
    import nuke

    names = ("hair", "garbage", "ages", "plate")  # as scripts push them: the last is input 0
    pushed = "".join(f"Constant {{\n inputs 0\n name {name}\n}}\n" for name in names)
    nuke.scriptReadText(pushed + "ReAge {\n inputs 4\n blend 0.5\n name Before\n}\n")
    node = nuke.toNode("Before")
    wires = [node.input(k).name() for k in range(4)]
    assert wires == ["plate", "ages", "garbage", "hair"]
    doors = {int(n["number"].value()): n.name() for n in node.nodes() if n.Class() == "Input"}
    assert doors == {0: "Plate", 1: "Age_map", 2: "mask", 3: "Hair"}


# ---------------------------------------------------------------- boxes, layers for nodes below
def test_boxes_stay_tight_under_a_mask_and_a_hair_matte_of_the_whole_frame(viewer: Any) -> None:
    plate, node, _ = viewer
    height = plate.height()
    tight = (
        REGION.x, height - REGION.y - REGION.height, REGION.x + REGION.width, height - REGION.y
    )  # fmt: skip
    for connected in (None, ramps(plate)):
        for number in (2, 3):
            node.setInput(number, connected)
        for view in ("delta", "matte", "hair guess"):
            node["view_mode"].setValue(view)
            assert evaluate.picture(node, 1001).box == tight, view
        for name in ("result", "split"):
            node["view_mode"].setValue(name)
            for layers in range(3):
                node["output_layers"].setValue(layers)
                assert evaluate.picture(node, 1001).box == evaluate.picture(plate, 1001).box


def test_layers_go_along_with_the_result_as_far_as_is_asked(comp: Any) -> None:
    plate, node, channels = comp
    node["blend"].setValue(0.5)
    bare = evaluate.picture(node, 1001)
    assert sorted(bare.channels) == sorted(evaluate.picture(plate, 1001).channels)
    wanted = {"delta, matte": {"reage_delta", "reage_matte"}}
    wanted["delta, matte, parts"] = {name.rpartition(".")[0] for name in LAYERS}
    for words, layers in wanted.items():
        node["output_layers"].setValue(words)
        picture = evaluate.picture(node, 1001)
        carried = [name for name in LAYERS if name.rpartition(".")[0] in layers]
        assert set(picture.channels) == {*bare.channels, *carried}
        assert np.array_equal(picture.array(), bare.array())
        for name in carried:  # whole, whatever blend says
            assert np.array_equal(picture.array([name])[..., 0], channels[name])


def test_layers_move_with_a_shape_that_moves_all(comp: Any) -> None:
    plate, node, channels = comp
    node["output_layers"].setValue("delta, matte")
    node["shape"].setValue(1)
    for word in ("rgba", "all"):
        node["shape_carries"].setValue(word)
        picture = evaluate.picture(node, 1001)
        assert "reage_shape.u" not in picture.channels
        assert np.array_equal(picture.array(["reage_matte.alpha"])[..., 0],
                              channels["reage_matte.alpha"])  # fmt: skip


# ---------------------------------------------------------------- views and renders
VIEWS = ("plate", "delta", "matte", "split", "hair guess")


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_that_was_left_on_reaches_no_render_of_a_farm(comp: Any, view: str) -> None:
    plate, node, channels = comp
    node["view_mode"].setValue(view)
    assert shows(node, law(plate, channels))
    node["view_renders"].setValue(True)  # who wants it, says so
    assert not shows(node, law(plate, channels))
    node["fresh"].clearAnimated()
    node["fresh"].setValue(0)
    node["view_renders"].setValue(False)
    with pytest.raises(evaluate.RenderError, match="is not baked"):
        bakes.pixels(node, 1001)


@pytest.mark.parametrize("view", VIEWS)
def test_nuke_s_own_window_refuses_to_render_a_view(viewer: Any, tmp_path: Path, view: str) -> None:
    import nuke

    plate, node, channels = viewer
    below, tool = nuke.nodes.Group(), nuke.nodes.Group()  # a studio's Write is a group
    with below:
        nuke.nodes.Output(inputs=[nuke.nodes.Input()])
    with tool:
        write = nuke.nodes.Write(inputs=[nuke.nodes.Input()])
    below.setInput(0, node)
    tool.setInput(0, below)
    write["file"].setValue((tmp_path / "out.%04d.exr").as_posix())
    write["file_type"].setValue("exr")
    nuke.execute(write, 1001, 1001)
    node["view_mode"].setValue(view)
    assert not shows(node, law(plate, channels))  # it is what the viewer shows
    with pytest.raises(RuntimeError, match=f"ReAge1 shows its {view}, .*in renders"):
        nuke.execute(write, 1001, 1001)
    node["view_renders"].setValue(True)
    nuke.execute(write, 1001, 1001)
    node["view_renders"].setValue(False)
    node["disable"].setValue(True)
    nuke.execute(write, 1001, 1001)


def written(source: Any, folder: Path) -> None:
    import nuke

    write = nuke.nodes.Write(inputs=[source], file=(folder / "out.%04d.exr").as_posix())
    write["file_type"].setValue("exr")
    nuke.execute(write, 1001, 1001)


@pytest.mark.parametrize("how", ["converted", "disabled here alone"])
def test_a_view_is_refused_of_whatever_may_show_it(viewer: Any, tmp_path: Path, how: str) -> None:
    import nuke

    import reage_nuke

    _, node, _ = viewer
    node["view_mode"].setValue("matte")
    if how == "converted":
        node = reage_nuke.to_group(node)
    else:
        nuke.frame(1002)
        node["disable"].setExpression("frame == 1002")
    with pytest.raises(RuntimeError, match="ReAge1 shows its matte"):
        written(node, tmp_path)


def test_a_view_that_reaches_no_pixel_is_no_matter(viewer: Any, tmp_path: Path) -> None:
    import nuke

    plate, node, _ = viewer
    node["view_mode"].setValue("matte")
    switch = nuke.nodes.Switch(inputs=[node, plate])
    switch["which"].setValue(1)
    written(switch, tmp_path)
    switch["which"].setExpression("frame < 1002")
    with pytest.raises(RuntimeError, match="shows its matte"):
        written(switch, tmp_path)
    switch.setInput(0, plate)
    switch.setInput(1, node)
    switch["which"].clearAnimated()
    switch["which"].setValue(1)
    switch["disable"].setValue(True)
    written(switch, tmp_path)
    group = nuke.nodes.Group()
    with group:
        nuke.nodes.Output(inputs=[nuke.nodes.Input()])
        nuke.nodes.Input()  # leads nowhere
    group.setInput(0, plate)
    group.setInput(1, node)
    written(group, tmp_path)


def test_an_age_map_is_baked_and_so_its_view_is_no_matter(viewer: Any, tmp_path: Path) -> None:
    import reage_nuke

    plate, node, _ = viewer
    node["view_mode"].setValue("matte")
    below = reage_nuke.create(plate)
    below["when_not_baked"].setValue("plate")
    below.setInput(1, node)
    written(below, tmp_path)
    below.setInput(2, node)  # a mask is live
    with pytest.raises(RuntimeError, match="shows its matte"):
        written(below, tmp_path)


def test_no_plate_is_a_view_of_the_node_above(viewer: Any) -> None:
    import reage_nuke
    from reage.errors import PlateError

    _, node, _ = viewer
    node["view_mode"].setValue("matte")
    below = reage_nuke.create(node, source_age=50, target_age=70, crop_size="256")
    with pytest.raises(PlateError, match=r"ReAge1 shows its matte, .*in renders"):
        reage_nuke.bake(below, 1001, 1001)


def test_the_node_says_which_view_it_shows(gui_session: Any, viewer: Any) -> None:
    plate, node, _ = viewer
    assert "view" not in gui_session.autolabel(node)
    node["view_mode"].setValue("matte")
    assert "view: matte, in the viewer alone" in gui_session.autolabel(node).splitlines()
    node["view_renders"].setValue(True)
    assert "view: matte, IN RENDERS TOO" in gui_session.autolabel(node).splitlines()


# ---------------------------------------------------------------- hidden curves
def test_the_curve_editor_shows_no_curve_of_the_node_s_own(gui_session: Any, viewer: Any) -> None:
    import nuke

    _, node, _ = viewer
    node["blend"].setAnimated()
    node["blend"].setValueAt(1.0, 1001)
    shown = {"blend", "range_first", "range_last"}  # an artist's own, and the project's range
    assert gui_session.curve_editor(node) - shown == set()
    nuke.scriptSave()
    nuke.scriptOpen(nuke.root().name())
    again = nuke.toNode("ReAge1")
    assert again["fresh"].isAnimated() and "blend" in gui_session.curve_editor(again)
    assert gui_session.curve_editor(again) - shown == set()
