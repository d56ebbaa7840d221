"""NaN and inf in what comes in leave the plate's own pixels, and are named once."""

import json
from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import reage
import reage.pattern.conditioning
from helpers.onnx_files import CARD, nan_network
from helpers.part_models import PartsModel, network_in_parts
from helpers.shots import HEIGHT, WIDTH, face, pixels, plate, write_plate, write_shot
from reage.frame.broken import WHAT_TO_DO, BrokenPixels
from reage.frame.pipeline import finish, infer, prepare, reage_frame
from reage.media.imagefile import read_channels
from reage.models.model import NullModel
from reage.models.onnx_model import OnnxModel
from reage.pixels.color import Encoder
from reage.settings import Settings

ENCODER = Encoder("ACEScg", "ACEScct")
OLDER = Settings(source_age=40, target_age=70, crop_size=256)
SPOT = np.s_[100:106, 150:156]
DELTA = tuple(f"reage_delta.{c}" for c in ("red", "green", "blue"))


def bits(a):
    return np.ascontiguousarray(a, np.float32).view(np.uint32)


def network_with_roots(path):
    """A real ONNX network: 0.2 × the root of the picture less 0.2, which has none in the dark."""
    weight = np.zeros((3, 5, 3, 3), np.float32)
    for color in range(3):
        weight[color, color, 1, 1] = 1.0
    nodes = [
        helper.make_node("Conv", ["input", "weight", "less"], ["bright"], pads=[1, 1, 1, 1]),
        helper.make_node("Sqrt", ["bright"], ["root"]),
        helper.make_node("Mul", ["root", "strength"], ["delta"]),
    ]
    constants = {
        "weight": weight, "less": np.full(3, -0.2, np.float32), "strength": np.float32(0.2),
    }  # fmt: skip
    graph = helper.make_graph(
        nodes,
        "roots",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 5, "h", "w"])],
        [helper.make_tensor_value_info("delta", TensorProto.FLOAT, [1, 3, "h", "w"])],
        [numpy_helper.from_array(np.asarray(a), name) for name, a in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    card = CARD | {"halo": 1, "crop_size": 256}
    helper.set_model_props(model, {"reage_card": json.dumps(card)})
    onnx.save(model, path)
    return str(path)


def dark(number=0):
    rgb = pixels(number)
    rgb[SPOT] = 0.001
    return rgb


@pytest.fixture
def shot(tmp_path):
    """Four plates with a dark spot on the face in the second and the third."""
    shot = write_shot(tmp_path / "plates", (1, 2, 3, 4))
    for number in (2, 3):
        write_plate(tmp_path / "plates" / f"shot.{number:04d}.exr", dark(number))
    return shot


def render(shot, folder, fake=None, **settings):
    look = Settings(source_age=40, target_age=70, **({"crop_size": 256} | settings))
    layers = ("delta", "matte", "parts", "beauty")
    job = reage.RenderJob(
        shot[0], str(folder / "out.%04d.exr"), look, track=shot[1], layers=layers
    )
    return reage.render(job, model=fake)


def read(folder, number, *names):
    return read_channels(folder / f"out.{number:04d}.exr", names)[0]


def named(report):
    return [n for n in report.notices if "broken" in n]


@pytest.mark.parametrize("steady", [0.0, 1.0])
def test_where_the_models_answer_is_broken_the_plate_stays(shot, tmp_path, steady):
    """In every frame that has it, and for its neighbours it is no change."""
    model = network_with_roots(tmp_path / "m.onnx")
    report = render(shot, tmp_path, steady=steady, model=model)
    for number in (1, 2, 3, 4):
        delta, beauty = read(tmp_path, number, *DELTA), read(tmp_path, number, "R", "G", "B")
        assert np.isfinite(delta).all() and (np.abs(delta) > 0.01).sum() > 5000
        if number in (2, 3):
            assert not delta[SPOT].any()
            assert np.array_equal(bits(beauty[SPOT]), bits(dark(number)[SPOT]))
        else:
            assert np.abs(delta[SPOT]).min() > 0.001
    (told,) = named(report)
    assert told.startswith("The model's answer is broken (NaN or inf) in frames 1-4, most in ")
    assert told.endswith(WHAT_TO_DO["model's answer"].format(model=CARD["name"]))
    assert "the plate stays as it is there" in told
    assert "next to nothing" not in report.text()


def test_of_a_model_that_answers_nothing_but_nan_the_plate_passes(shot, tmp_path):
    report = render(shot, tmp_path, model=str(nan_network(tmp_path / "m.onnx")), shape=0.0)
    beauty = read(tmp_path, 2, "R", "G", "B")
    assert np.array_equal(bits(beauty), bits(dark(2)))
    assert not read(tmp_path, 2, *DELTA).any()
    (told,) = named(report)
    assert "frames 1-4" in told and told.endswith("the model test model is to blame.")


def test_broken_answers_join_to_the_bit_whatever_the_tile(tmp_path):
    model = OnnxModel.load(network_with_roots(tmp_path / "m.onnx"), "cpu")
    whole, tiled = (
        reage_frame(plate(dark()), face(), model, OLDER, ENCODER, tile=tile, parts=True)
        for tile in (256, 64)
    )
    assert np.isfinite(whole.delta).all() and whole.delta.any()
    for part in ("delta", "matte"):
        assert np.array_equal(bits(getattr(whole, part)), bits(getattr(tiled, part)))
    assert np.array_equal(bits(whole.parts.detail), bits(tiled.parts.detail))


@pytest.mark.parametrize("mode", ["scale", "replace"])
def test_where_an_age_map_is_broken_the_plate_stays(shot, tmp_path, mode):
    ages = np.full((HEIGHT, WIDTH, 3), 0.8, np.float32)
    ages[SPOT] = np.nan
    ages[120:124, 140:143] = np.inf
    write_plate(tmp_path / "map.exr", ages)
    steer = {"age_map": str(tmp_path / "map.exr"), "age_map_mode": mode}
    report = render(shot, tmp_path, NullModel(strength=0.5), **steer)
    broken = ~np.isfinite(ages[..., 0])
    for number in (1, 2, 3, 4):
        delta, beauty = read(tmp_path, number, *DELTA), read(tmp_path, number, "R", "G", "B")
        assert not delta[broken].any() and np.isfinite(delta).all()
        given = dark(number) if number in (2, 3) else pixels(number)
        assert np.array_equal(bits(beauty[broken]), bits(given[broken]))
        assert np.abs(delta[108:112, 150:156]).min() > 0.01
    (told,) = named(report)
    assert f"age map is broken (NaN or inf) in frames 1-4, most in 1, at {broken.sum()} px" in told


def test_where_a_hair_matte_is_broken_nothing_grays(shot, tmp_path):
    roto = np.ones((HEIGHT, WIDTH, 3), np.float32)
    roto[30:40, 150:160], roto[SPOT] = np.nan, -np.inf
    write_plate(tmp_path / "roto.exr", roto)
    matte = {"hair_matte": str(tmp_path / "roto.exr"), "gray": 1.0}
    report = render(shot, tmp_path, PartsModel(), **matte)
    hair = ("reage_matte_hair.alpha", *(f"reage_delta_hair.{c}" for c in ("red", "green", "blue")))
    broken = ~np.isfinite(roto[..., 0])
    for number in (1, 2, 3, 4):
        full = read(tmp_path, number, *hair, "R", "G", "B")
        assert np.isfinite(full).all() and not full[broken][:, :4].any()
        above = np.s_[30:40, 150:160]
        assert np.array_equal(bits(full[above][..., 4:]), bits(pixels(number)[above]))
        assert full[50:60, 150:160, :4].all()
    (told,) = named(report)
    assert "hair matte is broken" in told and f"at {broken.sum()} px" in told


def test_where_a_pattern_is_broken_nothing_changes(tmp_path, monkeypatch):
    """No pattern of ours is; the pattern of another would be."""
    pattern = np.zeros((256, 256, 3), np.float32)
    pattern[120:130, 110:118, 1] = np.nan
    monkeypatch.setattr(reage.pattern.conditioning, "conditioning_map", lambda *_: pattern)
    model, tally = network_in_parts(tmp_path / "m.onnx", pattern=True), BrokenPixels()
    told = tally.at(7)
    ready = prepare(plate(), face(), model.card, OLDER, ENCODER, parts=True, told=told)
    assert np.isfinite(ready.input.pattern).all()
    change = infer(ready, model, 256, told=told)
    layers = finish(ready, change, told)
    seen = ready.crop.paste((~np.isfinite(pattern).all(-1)).astype(np.float32), layers.region)
    assert (seen > 0.5).any() and not layers.delta[seen > 0.5].any()
    assert np.isfinite(layers.delta).all() and layers.delta.any()
    (sentence,) = tally.sentences("m")
    assert sentence.startswith("The pattern is broken (NaN or inf) in frame 7, at 80 px")


@pytest.mark.parametrize("parts", [False, True])
def test_an_answer_too_large_for_light_is_broken(parts):
    seen = []
    ready = prepare(plate(), face(), NullModel().card, OLDER, ENCODER, parts=parts)
    change = infer(ready, NullModel(strength=1000.0), 256)
    layers = finish(ready, change, lambda *what: seen.append(what))
    assert not layers.delta.any() and layers.matte.any()
    assert seen == [("model's answer", (layers.matte > 0).sum())]


def test_what_is_whole_is_not_named(shot, tmp_path):
    assert not named(render(shot, tmp_path, replace(PartsModel(), hair_matte=0.5)))
