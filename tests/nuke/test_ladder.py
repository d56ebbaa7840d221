"""A ladder in the node: baked once, and the age out then moves between its rungs with no model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fake_nuke import evaluate
from helpers import bakes
from reage.frame.between import at_age
from reage.frame.layers import Layers
from reage.media.patterns import at_rung, frame_path
from reage.models.parts import Parts, Strengths
from reage.pixels.geometry import Region

AGES = (30, 40, 70)
SOURCE = 50.0


@pytest.fixture
def laddered(session: Any, tmp_path: Path) -> tuple[Any, Any]:
    """The plate, and a node on it that is baked at three ages in frames 1001 and 1002."""
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    plate = bakes.read(nuke, last=1002)
    node = reage_nuke.create(plate, source_age=SOURCE, target_age=55, crop_size="256")
    node["ladder"].setValue("30, 40, 70")
    node["datatype"].setValue("float")  # in half the delta is its parts' sum within a rounding
    done = reage_nuke.bake(node)
    assert done.computed == (1001, 1002) and not done.failed
    return plate, node


def rungs_of(node: Any, frame: int) -> dict[int, Layers]:
    """What the files of the rungs hold, over all of the plate."""
    pattern = node["cache"].value()
    return {age: _layers(frame_path(at_rung(pattern, age), frame)) for age in AGES}


def _layers(path: Path) -> Layers:
    found = bakes.channels(path)

    def together(layer: str, names: tuple[str, ...] = ("red", "green", "blue")) -> np.ndarray:
        return np.stack([found[f"{layer}.{name}"] for name in names], -1)

    parts = Parts(*(together(f"reage_delta_{part}") for part in ("detail", "form", "tone")))
    matte = found["reage_matte.alpha"]
    whole = Region(0, 0, matte.shape[1], matte.shape[0])
    shape = together("reage_shape", ("u", "v")) * np.array([1, -1], np.float32)
    layers = Layers.of_parts(whole, parts, matte)
    return replace(layers, delta=together("reage_delta"), shape=shape)


def shown(node: Any, frame: int = 1001) -> np.ndarray:
    return bakes.pixels(node, frame)


def test_the_node_shows_what_the_engine_mixes(laddered: Any) -> None:
    plate, node = laddered
    before, rungs = shown(plate), rungs_of(node, 1001)
    for age in (20, 30, 33, 44, 50, 50.5, 60, 70, 85):
        node["target_age"].setValue(age)
        mixed = at_age(rungs, SOURCE, age)
        for values in ({}, {"detail": 0.3, "tone": 1.7, "shape": 1.0, "blend": 0.6}):
            for name in ("detail", "tone", "shape", "blend"):
                node[name].setValue(values.get(name, 0 if name == "shape" else 1))
            strengths = Strengths(**{k: v for k, v in values.items() if k != "blend"})
            want = before[..., :3]
            if mixed is not None:
                want = mixed.over(want, values.get("blend", 1.0), strengths)
            np.testing.assert_allclose(shown(node)[..., :3], want, atol=2e-5)


def test_at_a_rung_it_is_that_bake_to_the_bit(laddered: Any) -> None:
    import reage_nuke

    plate, node = laddered
    how = {"crop_size": "256", "datatype": "float"}
    alone = reage_nuke.create(plate, source_age=SOURCE, target_age=0, **how)
    for age in AGES[1:]:
        for each in (node, alone):
            each["target_age"].setValue(age)
        assert reage_nuke.bake(alone, 1001, 1001).computed == (1001,)
        for shape, form in ((0, 1), (1, 0.5)):
            for each in (node, alone):
                each["shape"].setValue(shape)
                each["form"].setValue(form)
            assert np.array_equal(shown(node), shown(alone))


def test_a_keyed_age_moves_and_makes_no_frame_stale(laddered: Any, session: Any) -> None:
    import reage_nuke
    from reage_nuke import state

    plate, node = laddered
    knob = node["target_age"]
    knob.setAnimated()
    knob.setValueAt(30, 1001)
    knob.setValueAt(60, 1002)
    bakes.settle(session)
    assert state.states(node).counts() == {"baked": 2, "stale": 0, "missing": 0}
    assert reage_nuke.bake(node).kept == (1001, 1002)
    for frame, age in ((1001, 30.0), (1002, 60.0)):
        before = shown(plate, frame)
        want = at_age(rungs_of(node, frame), SOURCE, age).over(before[..., :3])
        np.testing.assert_allclose(shown(node, frame)[..., :3], want, atol=2e-5)


def test_a_frame_is_fresh_if_all_of_its_rungs_are(laddered: Any) -> None:
    import reage_nuke
    from reage_nuke import show, state

    _, node = laddered
    files = {a: frame_path(at_rung(node["cache"].value(), a), 1002) for a in AGES}
    files[40].unlink()
    show.refresh(node)
    assert dict(state.states(node).frames) == {1001: "baked", 1002: "missing"}
    times = {a: p.stat().st_mtime_ns for a, p in files.items() if a != 40}
    assert reage_nuke.bake(node).computed == (1002,)
    assert files[40].is_file()
    assert times == {a: files[a].stat().st_mtime_ns for a in times}  # those that stood were kept
    node["source_age"].setValue(52)
    assert state.states(node).counts()["stale"] == 2


def test_another_rung_is_baked_and_nothing_else(laddered: Any) -> None:
    import reage_nuke
    from reage_nuke import state

    _, node = laddered
    old = [frame_path(at_rung(node["cache"].value(), a), n) for a in AGES for n in (1001, 1002)]
    times = [path.stat().st_mtime_ns for path in old]
    node["ladder"].setValue("30,40,60,70")
    assert state.states(node).counts()["missing"] == 2
    assert reage_nuke.bake(node).computed == (1001, 1002)
    assert times == [path.stat().st_mtime_ns for path in old]
    assert [node[f"rung{k}"].value() for k in range(1, 9)] == [30, 40, 60, 70, 999, 999, 999, 999]


def test_without_a_ladder_the_bake_of_its_own_shows_and_no_rung_is_read(laddered: Any) -> None:
    import reage_nuke

    plate, node = laddered
    node["ladder"].setValue("")
    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)
    how = {"crop_size": "256", "datatype": "float"}
    alone = reage_nuke.create(plate, source_age=SOURCE, target_age=55, **how)
    reage_nuke.bake(alone, 1001, 1001)
    assert np.array_equal(shown(node), shown(alone))
    assert [node[f"rung{k}"].value() for k in range(1, 9)] == [999] * 8
    for age in AGES:
        frame_path(at_rung(node["cache"].value(), age), 1001).unlink()
    assert np.array_equal(shown(node), shown(alone))


def test_layers_go_along_and_a_words_error_is_the_knobs(laddered: Any) -> None:
    from reage.errors import SettingsError
    from reage_nuke import nodes

    _, node = laddered
    node["target_age"].setValue(60)
    node["output_layers"].setValue("delta, matte, parts")
    names = ["reage_delta.red", "reage_matte.alpha", "reage_delta_form.green"]
    picture = evaluate.picture(node, 1001)
    mixed = at_age(rungs_of(node, 1001), SOURCE, 60.0)
    want = (mixed.delta[..., 0], mixed.matte, mixed.parts.form[..., 1])
    for name, each in zip(names, want, strict=True):
        np.testing.assert_allclose(picture.array([name])[..., 0], each, atol=2e-5)
    node["ladder"].setValue("20,old")
    with pytest.raises(SettingsError, match=r": ladder is target ages"):
        nodes.ladder(node)


def test_clearing_takes_the_rungs_away_too(laddered: Any) -> None:
    from reage_nuke import clearing

    _, node = laddered
    folder = Path(node["cache"].value()).parent
    assert clearing.clear(node) == "6 files deleted"
    assert not list(folder.glob("*.exr"))


def test_a_copy_brings_its_rungs(laddered: Any, session: Any, tmp_path: Path) -> None:
    import reage_nuke

    _, node = laddered
    session.nuke.scriptSaveAs((tmp_path / "shot_v2.nk").as_posix())
    assert reage_nuke.bake(node).kept == (1001, 1002)
    assert "shot_v2" in node["cache"].value()


def test_a_node_below_sees_the_age_move(laddered: Any) -> None:
    import reage_nuke
    from reage_nuke import state

    _, node = laddered
    below = reage_nuke.create(node, source_age=40, target_age=60, crop_size="256")
    reage_nuke.bake(below, 1001, 1001)
    assert state.states(below).frames[1001] == "baked"
    node["target_age"].setValue(33)
    assert state.states(below).frames[1001] == "stale"
