"""The numpy evaluator: each node's pixels, and rendering through files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
import pytest

import fake_nuke
from fake_nuke import evaluate
from fake_nuke.evaluate.exr import DECODED

W, H = 8, 6
COLOR = (0.5, 0.25, -1.0, 1.0)


@pytest.fixture
def nuke(session: Any) -> Any:
    session.nuke.addFormat(f"{W} {H} 1 tiny")
    session.nuke.root()["format"].setValue("tiny")
    return session.nuke


def flat(nuke: Any, *color: float) -> Any:
    return nuke.nodes.Constant(color=list(color or COLOR))


def test_idistort_fetches_from_u_to_the_right_and_v_up(nuke: Any) -> None:
    """Foundry's example: at 51, 23 a u and v of -1, 5 shows what is at 50, 28."""
    plate = nuke.nodes.Expression(inputs=[flat(nuke)], expr0="x", expr1="y", expr2="x * 10 + y")
    moved = nuke.nodes.Expression(
        inputs=[plate], channel0="forward.u", expr0="-1", channel1="forward.v", expr1="2"
    )
    node = nuke.nodes.IDistort(inputs=[moved], channels="rgb", uv="forward", filter="Keys")
    before, after = rgba(plate), rgba(node)
    assert np.array_equal(after[2:, 1:, :3], before[:-2, :-1, :3])
    assert not after[:2, :, :3].any() and not after[2:, 0, :3].any()  # from outside: black
    assert np.array_equal(after[..., 3], before[..., 3])


def test_stmap_fetches_from_shares_of_the_picture_counted_from_its_bottom_left(nuke: Any) -> None:
    plate = nuke.nodes.Expression(inputs=[flat(nuke)], expr0="x", expr1="y", expr2="x * 10 + y")
    st = nuke.nodes.Expression(
        inputs=[flat(nuke)], expr0="(x - 1 + 0.5) / width", expr1="(y + 2 + 0.5) / height"
    )
    node = nuke.nodes.STMap(inputs=[plate, st], uv="rgb", filter="Keys")
    before, after = rgba(plate), rgba(node)
    np.testing.assert_allclose(after[2:, 1:], before[:-2, :-1], atol=1e-5)


def rgba(node: Any, frame: float = 1) -> np.ndarray:
    return evaluate.picture(node, frame).array()


def first(node: Any, frame: float = 1) -> list[float]:
    """rgba of the bottom left pixel."""
    return rgba(node, frame)[-1, 0].tolist()


def write(nuke: Any, node: Any, file: Path, datatype: str = "32 bit float", **more: Any) -> Any:
    made = nuke.nodes.Write(inputs=[node], file=file.as_posix(), file_type="exr", **more)
    made["datatype"].setValue(datatype)
    return made


def test_a_constant_and_y_is_up(nuke: Any) -> None:
    ramp = nuke.nodes.Expression(inputs=[flat(nuke)], expr0="x", expr1="y", expr2="frame")
    pixels = rgba(ramp, 7)
    assert pixels.shape == (H, W, 4) and pixels.dtype == np.float32
    assert pixels[0, 3].tolist() == [3, H - 1, 7, 1] and pixels[-1, 0].tolist() == [0, 0, 7, 1]
    assert ramp.sample("green", 0.5, 2.5) == 2


def test_an_expression_has_temporary_names_knobs_and_layers(nuke: Any) -> None:
    nuke.Layer("glow", ["red"])
    node = nuke.nodes.Expression(
        inputs=[flat(nuke)],
        temp_name0="k",
        temp_expr0="r * 2 + glow.red",
        expr0="k > 0.9 ? k : 0",
        channel1="glow",
        expr1="k + this.mix",
    )
    picture = evaluate.picture(node, 1)
    assert picture.array()[0, 0].tolist() == [1, 0.25, -1, 1]
    assert picture.array(["glow.red"])[0, 0, 0] == 2
    with pytest.raises(evaluate.RenderError, match="nothing stands for nothing"):
        rgba(nuke.nodes.Expression(inputs=[node], expr0="nothing"))


@pytest.mark.parametrize(
    "operation, value",
    [("plus", 1.5), ("minus", 0.5), ("from", -0.5), ("multiply", 0.5), ("over", 1.25), ("max", 1)],
)
def test_merge(nuke: Any, operation: str, value: float) -> None:
    below, above = flat(nuke, 0.5, 0, 0, 1), flat(nuke, 1, 0, 0, 0.5)
    merged = nuke.nodes.Merge2(inputs=[below, above], operation=operation)
    assert first(merged)[0] == value


def test_merge_of_rgb_leaves_alpha_and_other_layers_of_b(nuke: Any) -> None:
    nuke.Layer("glow", ["red"])
    below = nuke.nodes.AddChannels(inputs=[flat(nuke)], channels="glow", color=[3, 0, 0, 0])
    merged = nuke.nodes.Merge2(inputs=[below, flat(nuke, 1, 1, 1, 1)], operation="plus")
    for knob in ("Achannels", "Bchannels", "output"):
        merged[knob].setValue("rgb")
    picture = evaluate.picture(merged, 1)
    assert picture.array()[0, 0].tolist() == [1.5, 1.25, 0, 1]
    assert picture.array(["glow.red"])[0, 0, 0] == 3


def test_merge_keeps_the_box_that_it_is_told(nuke: Any) -> None:
    small = nuke.nodes.Crop(inputs=[flat(nuke, 1, 1, 1, 1)], box=[2, 1, 5, 4])
    merged = nuke.nodes.Merge2(inputs=[flat(nuke), small], operation="plus")
    boxes = {how: _box(merged, how) for how in ("union", "intersection", "A", "B")}
    assert boxes["union"] == boxes["B"] == (0, 0, W, H)
    assert boxes["intersection"] == boxes["A"] == (2, 1, 5, 4)


def _box(merged: Any, how: str) -> tuple[int, int, int, int]:
    merged["bbox"].setValue(how)
    return evaluate.picture(merged, 1).box


def test_outside_a_box_is_black_and_only_inside_is_added(nuke: Any) -> None:
    small = nuke.nodes.Crop(inputs=[flat(nuke, 1, 1, 1, 1)], box=[2, 1, 5, 4])
    pixels = rgba(nuke.nodes.Merge2(inputs=[flat(nuke), small], operation="plus", bbox="B"))
    inside = np.zeros((H, W), bool)
    inside[H - 4 : H - 1, 2:5] = True
    assert (pixels[inside][:, 0] == 1.5).all() and (pixels[~inside][:, 0] == 0.5).all()


def test_mix_and_mask_leave_the_bits_where_they_are_nought(nuke: Any) -> None:
    strange = nuke.nodes.Expression(inputs=[flat(nuke)], expr0="x < 4 ? 1/0 : 0.1")
    half = nuke.nodes.Expression(inputs=[flat(nuke)], expr3="x < 4 ? 0 : 1")
    merged = nuke.nodes.Merge2(inputs=[strange, flat(nuke), half], operation="copy")
    pixels = rgba(merged)
    assert np.isinf(pixels[:, :4, 0]).all() and (pixels[:, 4:, 0] == 0.5).all()
    merged["mix"].setValue(0)
    assert np.array_equal(rgba(merged), rgba(strange))


def test_copy_keymix_dissolve(nuke: Any) -> None:
    one, two = flat(nuke, 1, 1, 1, 0), flat(nuke, 2, 2, 2, 0.5)
    assert first(nuke.nodes.Copy(inputs=[one, two])) == [1, 1, 1, 0.5]
    assert first(nuke.nodes.Copy(inputs=[one, two], from0="red", to0="green")) == [1, 2, 1, 0]
    assert first(nuke.nodes.Keymix(inputs=[one, two, two]))[0] == 1.5
    assert first(nuke.nodes.Keymix(inputs=[one, two, two], invertMask=True, mix=0))[0] == 1
    assert [first(nuke.nodes.Dissolve(inputs=[one, two], which=w))[0] for w in (0, 0.25, 1)] == [
        1,
        1.25,
        2,
    ]


def test_switch_takes_an_expression_and_stays_in_range(nuke: Any) -> None:
    switch = nuke.nodes.Switch(inputs=[flat(nuke, 1), flat(nuke, 2), flat(nuke, 3)])
    switch["which"].setExpression("frame - 1")
    assert [first(switch, f)[0] for f in (0, 1, 2, 3, 9)] == [1, 1, 2, 3, 3]


@pytest.mark.parametrize(
    "gui, frame, fails", [(True, 1, False), (False, 1, True), (False, 2, False)]
)
def test_an_assert_fails_where_its_expression_says_and_gui_is_0_in_a_terminal(
    gui: bool, frame: int, fails: bool
) -> None:
    session = fake_nuke.install(gui=gui)
    try:
        node = session.nuke.nodes.Assert(inputs=[session.nuke.nodes.Constant(color=[1, 2, 3, 4])])
        node["expression"].setExpression("$gui || frame > 1")
        node["message"].setValue("no picture at [frame]")
        if fails:
            with pytest.raises(evaluate.RenderError, match="no picture at 1"):
                evaluate.picture(node, frame)
        else:
            assert evaluate.picture(node, frame).array()[0, 0].tolist() == [1, 2, 3, 4]
        node["expression"].setExpression("$guy")
        with pytest.raises(evaluate.RenderError, match="stands for nothing"):
            evaluate.picture(node, frame)
    finally:
        session.uninstall()


def test_multiply_and_grade(nuke: Any) -> None:
    assert first(nuke.nodes.Multiply(inputs=[flat(nuke)], value=2)) == [1, 0.5, -2, 2]
    grade = nuke.nodes.Grade(inputs=[flat(nuke)], multiply=2, add=0.5)
    assert first(grade) == [1.5, 1, 0, 1]
    grade["black_clamp"].setValue(False)
    assert first(grade) == [1.5, 1, -1.5, 1]


def test_time_nodes(nuke: Any) -> None:
    clock = nuke.nodes.Expression(inputs=[flat(nuke)], expr0="frame")
    assert first(nuke.nodes.TimeOffset(inputs=[clock], time_offset=3), 10)[0] == 7
    assert first(nuke.nodes.FrameHold(inputs=[clock], firstFrame=4), 10)[0] == 4


def test_disable_passes_input_0_and_may_be_an_expression(nuke: Any) -> None:
    node = nuke.nodes.Multiply(inputs=[flat(nuke)], value=2)
    node["disable"].setExpression("frame > 5")
    assert first(node, 5)[0] == 1 and first(node, 6)[0] == 0.5


def test_groups_and_what_they_ask_of_their_parent(nuke: Any) -> None:
    group = nuke.nodes.Group(name="G")
    group.addKnob(nuke.Double_Knob("gain"))
    with group:
        plate = nuke.nodes.Input(name="Plate")
        mask = nuke.nodes.Input(name="Mask", number=1)
        gain = nuke.nodes.Multiply(inputs=[plate, mask], name="Gain")
        gain["value"].setExpression("parent.gain")
        gain["disable"].setExpression("[exists parent.input1] ? 0 : 1")
        nuke.nodes.Output(inputs=[gain])
    group["gain"].setValue(3)
    group.setInput(0, flat(nuke))
    assert first(group)[0] == 0.5
    group.setInput(1, flat(nuke, 0, 0, 0, 1))
    assert first(group)[0] == 1.5


def test_what_it_does_not_know_raises(nuke: Any) -> None:
    for node in (
        nuke.nodes.Blur(inputs=[flat(nuke)]),
        nuke.nodes.Merge2(inputs=[flat(nuke), flat(nuke)], operation="hypot"),
        nuke.nodes.Tracker4(inputs=[flat(nuke)], transform="stabilize"),
    ):
        with pytest.raises(evaluate.RenderError, match=node.name()):
            rgba(node)
        assert node.hasError() and nuke.nodes.Dot(inputs=[node]).treeHasError()
        assert not nuke.nodes.Dot(inputs=[node]).hasError()


# ---------------------------------------------------------------- files
def test_a_render_comes_back_bit_for_bit(session: Any, nuke: Any, tmp_path: Path) -> None:
    ramp = nuke.nodes.Expression(inputs=[flat(nuke)], expr0="x / 3 + frame", expr1="0/0")
    target = write(nuke, ramp, tmp_path / "a b" / "ü.####.exr", channels="rgba")
    with pytest.raises(RuntimeError, match="no such folder"):
        nuke.execute(target, 1001, 1002)
    target["create_directories"].setValue(True)
    nuke.execute(target, 1001, 1002)
    assert session.world.rendered[-1] == ("Write1", 1002, "main")
    read = nuke.nodes.Read(file=f"{tmp_path.as_posix()}/a b/ü.%04d.exr", raw=True)
    read["first"].setValue(1001)
    read["last"].setValue(1002)
    assert np.array_equal(rgba(read, 1002), rgba(ramp, 1002), equal_nan=True)
    assert (read.width(), read.height(), read.firstFrame()) == (W, H, 1001)
    assert read.metadata("input/filename", 1002).endswith("ü.1002.exr")


def test_half_channels_and_data_windows(nuke: Any, tmp_path: Path) -> None:
    nuke.Layer("glow", ["red"])
    plate = nuke.nodes.AddChannels(inputs=[flat(nuke, 1 / 3, 0, 0, 1)], channels="glow")
    cropped = nuke.nodes.Crop(inputs=[plate], box=[-2, 1, 5, 4])
    target = write(nuke, cropped, tmp_path / "x.exr", "16 bit half", channels="all")
    nuke.execute(target, 1, 1)
    picture = evaluate.picture(nuke.nodes.Read(file=target["file"].value(), raw=True), 1)
    assert picture.box == (-2, 1, 5, 4) and picture.format.width() == W
    assert set(picture.channels) >= {"rgba.red", "rgba.alpha", "glow.red"}
    assert picture.array()[H - 2, 0, 0] == np.float32(np.float16(1 / 3))
    assert picture.array()[0, 0, 0] == 0


def parts(path: Path, said: int | None = None, **parts: tuple[str, ...]) -> Any:
    """A Read of a file with these parts; what its attribute nuke/full_layer_names says."""
    specs = []
    for name, channels in parts.items():
        spec = oiio.ImageSpec(W, H, len(channels), "half")
        spec.channelnames = channels
        spec["oiio:subimagename"] = name
        if said is not None:
            spec["nuke/full_layer_names"] = said
        specs.append(spec)
    write_parts(path, specs)
    return path.as_posix()


def write_parts(path: Path, specs: list[Any]) -> None:
    out = oiio.ImageOutput.create(str(path))
    assert out.open(str(path), tuple(specs))
    for i, spec in enumerate(specs):
        assert not i or out.open(str(path), spec, "AppendSubimage")
        pixels = np.full((spec.height, spec.width, spec.nchannels), i + 1, np.float32)
        assert out.write_image(pixels)
    out.close()


def test_parts_of_a_file_are_layers_and_decoded_when_they_are_asked_for(
    nuke: Any, tmp_path: Path
) -> None:
    """By Foundry's own reader, exrReader.cpp of the NDK."""
    dotted = parts(tmp_path / "a.exr", a=("R", "G", "B"), b=("glow.red",))
    DECODED.clear()
    picture = evaluate.picture(nuke.nodes.Read(file=dotted, raw=True), 1)
    assert set(picture.channels) == {"rgba.red", "rgba.green", "rgba.blue", "glow.red"}
    assert picture.array(["glow.red"]).max() == 2
    assert {part for _, part in DECODED} == {1}
    bare = parts(tmp_path / "b.exr", glow=("R",), mist=("R",))
    picture = evaluate.picture(nuke.nodes.Read(file=bare, raw=True), 1)
    assert set(picture.channels) == {"glow.red", "mist.red"}
    said = parts(tmp_path / "c.exr", 0, glow=("glow.red",), mist=("mist.red",))
    picture = evaluate.picture(nuke.nodes.Read(file=said, raw=True), 1)
    assert set(picture.channels) == {"glow_glow.red", "mist_mist.red"}


def test_parts_that_lie_elsewhere_are_a_read_error(nuke: Any, tmp_path: Path) -> None:
    specs = [oiio.ImageSpec(W, H, 1, "half") for _ in range(2)]
    for spec, name in zip(specs, "ab", strict=True):
        spec["oiio:subimagename"] = name
    specs[1].x = 2
    write_parts(tmp_path / "a.exr", specs)
    with pytest.raises(evaluate.RenderError, match="Multipart data window size must be consistent"):
        evaluate.picture(nuke.nodes.Read(file=(tmp_path / "a.exr").as_posix(), raw=True), 1)


def test_views_have_files_of_their_own(nuke: Any, tmp_path: Path) -> None:
    nuke.root()["views"].fromScript("left #ff0000\nright #00ff00")
    picked = nuke.nodes.Expression(inputs=[flat(nuke)], expr0='[string equal [view] "right"]')
    target = write(nuke, picked, tmp_path / "x.%V.exr", views="left right")
    nuke.execute(target, 1, 1)
    read = nuke.nodes.Read(file=f"{tmp_path.as_posix()}/x.%V.exr", raw=True)
    assert evaluate.picture(read, 1, "left").array()[0, 0, 0] == 0
    assert evaluate.picture(read, 1, "right").array()[0, 0, 0] == 1


@pytest.mark.parametrize(
    "how, frames",
    [("hold", [1, 1, 2, 3, 3]), ("loop", [3, 1, 2, 3, 1]), ("bounce", [2, 1, 2, 3, 2])],
)
def test_frames_outside_the_range(nuke: Any, tmp_path: Path, how: str, frames: list[int]) -> None:
    clock = nuke.nodes.Expression(inputs=[flat(nuke)], expr0="frame")
    nuke.execute(write(nuke, clock, tmp_path / "x.%d.exr"), 1, 3)
    file = f"{tmp_path.as_posix()}/x.%d.exr"
    read = nuke.nodes.Read(file=file, first=1, last=3, before=how, after=how, raw=True)
    assert [first(read, f)[0] for f in range(5)] == frames
    read["before"].setValue("black")
    assert first(read, 0) == [0, 0, 0, 0]
    read["frame"].setValue("frame - 10")
    assert first(read, 12)[0] == 2


def test_a_missing_file_is_an_error_or_black(nuke: Any, tmp_path: Path) -> None:
    read = nuke.nodes.Read(file=f"{tmp_path.as_posix()}/none.%04d.exr", raw=True)
    assert read.hasError() and read.width() == W and read.metadata() == {}
    with pytest.raises(evaluate.RenderError, match=r"none\.0001\.exr"):
        rgba(read)
    read["on_error"].setValue("black")
    assert not read.hasError() and not rgba(read).any()


def test_colors_are_never_converted_unseen(nuke: Any, tmp_path: Path) -> None:
    target = write(nuke, flat(nuke), tmp_path / "x.exr", colorspace="sRGB")
    with pytest.raises(RuntimeError, match="converts no colors"):
        nuke.execute(target, 1, 1)
    target["raw"].setValue(True)
    nuke.execute(target, 1, 1)
    read = nuke.nodes.Read(file=target["file"].value(), colorspace="sRGB")
    with pytest.raises(evaluate.RenderError, match="does not convert"):
        rgba(read)


def test_proxy_mode_is_refused(nuke: Any) -> None:
    nuke.root().setProxy(True)
    with pytest.raises(evaluate.RenderError, match="proxy"):
        rgba(flat(nuke))


def test_escape_cancels_a_render_and_keeps_what_is_done(
    session: Any, nuke: Any, tmp_path: Path
) -> None:
    target = write(nuke, flat(nuke), tmp_path / "x.%d.exr")
    session.cancel_render_at(3)
    with pytest.raises(RuntimeError, match="^Cancelled"):
        nuke.execute(target, 1, 5)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.1.exr", "x.2.exr"]


# ---------------------------------------------------------------- hashes
def test_the_hash_changes_with_all_that_makes_the_picture(nuke: Any) -> None:
    plate = flat(nuke)
    group = nuke.nodes.Group()
    group.addKnob(nuke.Double_Knob("gain"))
    with group:
        gain = nuke.nodes.Multiply(inputs=[nuke.nodes.Input()])
        gain["value"].setExpression("parent.gain")
        nuke.nodes.Output(inputs=[gain])
    group.setInput(0, plate)
    seen = [group.opHashes()]
    for change in (
        lambda: plate["color"].setValue(0.3),
        lambda: group["gain"].setValue(2),
        lambda: nuke.frame(5),
        lambda: plate["disable"].setValue(True),
        lambda: group.setInput(0, nuke.nodes.Dot()),
    ):
        change()
        seen.append(group.opHashes())
    assert len({tuple(h) for h in seen}) == len(seen)


def test_the_hash_does_not_change_with_looks(nuke: Any) -> None:
    node = flat(nuke)
    before = node.opHashes()
    node.setName("Other")
    node.setXYpos(100, 200)
    node["label"].setValue("x")
    node["tile_color"].setValue(0xFF0000FF)
    assert node.opHashes() == before
