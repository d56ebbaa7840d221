"""A model as Nuke's CatFileCreator and Flame's Inference take one: the contracts that their
documentation states, and the engine's own pixels. Neither program was run."""

import json

import numpy as np
import onnxruntime as ort
import pytest
import torch

from helpers.bundles import rights, taught
from reage import home
from reage.errors import RightsError, SettingsError
from reage.models.model import ModelInput
from reage.models.onnx_model import CARD_KEY, OnnxModel
from reage.pixels.color import Encoder
from reage_training.actor.bundle import make_bundle
from reage_training.cli import main
from reage_training.other_hosts import KNOBS, write_flame, write_torchscript

CODE = Encoder("ACEScg", "ACEScct")


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("nuke") / "reage.pt"
    write_torchscript(home.default_model(), path)
    return path


@pytest.fixture(scope="module")
def flame(tmp_path_factory):
    path = tmp_path_factory.mktemp("flame") / "reage.onnx"
    return path, write_flame(home.default_model(), path, 45, 65)


def plate(height, width):
    """(1, 3, h, w) scene-linear, with what is dark, bright and negative."""
    rng = np.random.default_rng(4)
    rgb = np.exp(rng.normal(-2, 1.5, (1, 3, height, width))).astype(np.float32)
    rgb[..., 0, 0], rgb[..., 1, 1] = -0.01, 60.0
    return rgb


def by_the_engine(rgb, source, target, blend=1.0, model=None):
    linear = np.ascontiguousarray(rgb[0].transpose(1, 2, 0))
    code = CODE.encode(linear)
    model = model or OnnxModel.load(device="cpu")
    told = model.run(ModelInput.of(model.card, code, source, target))
    delta = told.values[..., :9].reshape(*code.shape[:2], 3, 3).sum(2)
    return linear + blend * (CODE.decode(code + delta) - CODE.decode(code))


def run(script, rgb, **knobs):
    model = torch.jit.load(str(script))
    for name, value in knobs.items():
        setattr(model, name, value)
    with torch.no_grad():
        return model(torch.from_numpy(rgb)).numpy()


@pytest.mark.parametrize("blend", [1.0, 0.4])
def test_nukes_pixels_are_the_engines(script, blend):
    rgb = plate(96, 128)
    got = run(script, rgb, source_age=30.0, target_age=70.0, blend=blend)[0].transpose(1, 2, 0)
    want = by_the_engine(rgb, 30.0, 70.0, blend)
    scale = np.maximum(np.abs(want), 0.01)
    assert (np.abs(got - want) / scale).max() < 2e-3
    assert (np.abs(want - rgb[0].transpose(1, 2, 0)) / scale).max() > 0.02  # and it does something


@pytest.mark.parametrize("size", [(2, 2), (50, 37), (97, 130), (256, 256)])
def test_nuke_gives_any_picture_and_gets_one_of_its_size(script, size):
    rgb = plate(*size)
    out = run(script, rgb)
    assert out.shape == rgb.shape and out.dtype == np.float32 and np.isfinite(out).all()


def test_a_picture_does_not_depend_on_what_it_is_padded_with_far_from_its_edges(script):
    rgb = plate(512, 512)
    cut = run(script, np.ascontiguousarray(rgb[..., :505, :507]))
    assert np.allclose(run(script, rgb)[..., :360, :360], cut[..., :360, :360], atol=1e-5)


def test_equal_ages_leave_every_bit(script):
    rgb = plate(64, 64)
    assert np.array_equal(run(script, rgb, source_age=52.5, target_age=52.5), rgb)


def test_its_attributes_are_numbers_as_knobs_need_them(script):
    model = torch.jit.load(str(script))
    assert all(type(getattr(model, name)) is float for name in KNOBS)


def test_half_pictures_are_taken_by_half_weights(script):
    model = torch.jit.load(str(script)).half()
    rgb = torch.from_numpy(np.clip(plate(64, 64), 0, 2)).half()
    try:
        with torch.no_grad():
            torch.nn.Conv2d(1, 1, 1).half()(rgb[:, :1])
    except RuntimeError as e:
        pytest.skip(f"this torch convolves no halves on a CPU: {e}")
    with torch.no_grad():
        out = model(rgb)
    assert out.dtype == torch.float16 and torch.isfinite(out).all()


@pytest.fixture(scope="module")
def actor(tmp_path_factory):
    return taught(tmp_path_factory.mktemp("actor") / "actor.onnx")


@pytest.mark.parametrize("person", [1.0, 0.5, 0.0])
def test_a_bundle_is_handed_over_at_its_person_strength(actor, tmp_path, person):
    bundle, out, rgb = tmp_path / "anna.reage", tmp_path / "anna.pt", plate(64, 96)
    make_bundle(actor, home.default_model(), None, rights(), bundle, "Anna")
    assert main(["hand-over", str(bundle), "--nuke", str(out), "--person", f"{person}"]) == 0
    got = run(out, rgb, source_age=30.0, target_age=70.0)[0].transpose(1, 2, 0)
    model = OnnxModel.load(bundle, "cpu", person=person)
    want = by_the_engine(rgb, 30.0, 70.0, model=model)
    scale = np.maximum(np.abs(want), 0.01)
    other = by_the_engine(
        rgb, 30.0, 70.0, model=OnnxModel.load(actor if person < 1 else None, "cpu")
    )
    near, far = ((np.abs(got - each) / scale).max() for each in (want, other))
    assert near < 2e-3 and far > 5e-3
    files = {f"{CARD_KEY}.json": ""}
    torch.jit.load(str(out), _extra_files=files)
    assert json.loads(files[f"{CARD_KEY}.json"])["rights"]["performer"] == "Anna Example"


def test_a_bundle_past_its_consent_is_not_handed_over(actor, tmp_path, capsys):
    bundle = tmp_path / "old.reage"
    make_bundle(actor, home.default_model(), None, rights(-90, -1), bundle, "Anna")
    for words in (["--nuke", str(tmp_path / "a.pt")],
                  ["--flame", str(tmp_path / "a.onnx"), "--ages", "45,65"]):  # fmt: skip
        assert main(["hand-over", str(bundle), *words]) == RightsError.exit_code
        assert "Anna Example for The Long Year ended" in capsys.readouterr().err
    assert [f.name for f in tmp_path.iterdir()] == ["old.reage"]


@pytest.mark.parametrize("person", ["2", "-1"])
def test_a_person_strength_that_is_none_is_a_sentence(tmp_path, capsys, person):
    words = ["hand-over", str(home.default_model()), "--nuke", str(tmp_path / "a.pt")]
    assert main([*words, f"--person={person}"]) == SettingsError.exit_code
    assert "--person" in capsys.readouterr().err


def test_the_card_goes_along(script, flame):
    files = {f"{CARD_KEY}.json": ""}
    torch.jit.load(str(script), _extra_files=files)
    told = json.loads(files[f"{CARD_KEY}.json"])
    assert told["name"] == OnnxModel.load(device="cpu").card.name
    session = ort.InferenceSession(flame[0], providers=["CPUExecutionProvider"])
    assert CARD_KEY in session.get_modelmeta().custom_metadata_map


def test_flames_json_says_what_the_file_has_in_tokens_that_it_knows(flame):
    path, beside = flame
    assert beside == path.with_suffix(".json")
    told = json.loads(beside.read_text(encoding="utf-8"))["ModelDescription"]
    assert {*told} == {
        "MinimumVersion", "Name", "Description", "SupportsSceneLinear", "KeepAspectRatio",
        "Padding", "Inputs", "Outputs",
    }  # fmt: skip
    (seen,), (given,) = told["Inputs"], told["Outputs"]
    assert {*seen} == {"Name", "Description", "Type", "Gain", "Channels"}
    assert {*given} == {
        "Name", "Description", "Type", "InverseGain", "ScalingFactor", "Channels",
    }  # fmt: skip
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    assert [i.name for i in session.get_inputs()] == [seen["Name"]]
    assert [o.name for o in session.get_outputs()] == [given["Name"]]
    assert session.get_inputs()[0].shape[1] == len(seen["Channels"])


def test_flames_pixels_are_the_engines(flame):
    rgb = plate(96, 128)
    code = CODE.encode(np.ascontiguousarray(rgb[0].transpose(1, 2, 0)))
    session = ort.InferenceSession(flame[0], providers=["CPUExecutionProvider"])
    (got,) = session.run(None, {"input": code.transpose(2, 0, 1)[None]})
    model = OnnxModel.load(device="cpu")
    told = model.run(ModelInput.of(model.card, code, 45.0, 65.0)).values[..., :9]
    want = code + told.reshape(*code.shape[:2], 3, 3).sum(2)
    assert np.abs(got[0].transpose(1, 2, 0) - want).max() < 1e-4


@pytest.mark.parametrize("ages", [[], ["--ages", "45"], ["--ages", "45,old"], ["--ages", "0,45"]])
def test_ages_that_are_none_are_a_sentence(tmp_path, capsys, ages):
    words = ["hand-over", str(home.default_model()), "--flame", str(tmp_path / "a.onnx")]
    code = main([*words, *ages])
    assert code == SettingsError.exit_code and "--ages" in capsys.readouterr().err
    assert not (tmp_path / "a.onnx").exists()
