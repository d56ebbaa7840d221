"""No picture is made past a consent, whether the model or the album alone is the actor's."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

import reage
from helpers.bundles import PATTERNED, bundle, rights
from helpers.onnx_files import delta_network
from reage import home
from reage.errors import ModelError, RightsError
from reage.job import RenderJob
from reage.media.imagefile import read_info
from reage.models import consents
from reage.models.consents import permitted, rights_of
from reage.models.onnx_model import OnnxModel
from reage.models.rights import today
from reage.service.preview import Previewer
from reage.settings import Settings
from reage.shot.rendering import render

PLATE = home.demo_plate()[0]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def model(tmp_path):
    """Nobody's in particular."""
    path = delta_network(tmp_path / "nobody.onnx", channels_in=8, card=PATTERNED)
    return OnnxModel.load(path, "cpu")


@pytest.fixture
def old(tmp_path):
    return bundle(tmp_path / "old.reage", rights(-90, -1))


def job(tmp_path, pattern, **more):
    settings = Settings(source_age=40, target_age=50, crop_size=128, pattern=pattern)
    return RenderJob(str(PLATE), str(tmp_path / "o.exr"), settings, device="cpu", **more)


def test_an_album_past_its_consent_is_refused_in_renders_previews_and_pictures(
    tmp_path, model, old
):
    asked = job(tmp_path, f"7*0.5+{old}@target:mirror*0.5")
    with pytest.raises(RightsError, match="Anna Example for The Long Year ended"):
        render(asked, model=model)
    assert not (tmp_path / "o.exr").exists()
    assert not (tmp_path / "cache" / "albums").exists()  # not so much as unpacked
    with pytest.raises(RightsError):
        Previewer().show(asked, 1001, model, 64, lambda: False)
    with pytest.raises(RightsError):
        reage.reage_image(np.zeros((64, 64, 3), np.float32), 40, 50, model=model,
                          pattern=f"{old}@50")  # fmt: skip


def test_one_of_several_faces_may_not_have_it_either(tmp_path, model, old):
    faces = [{"face": "0", "pattern": 0}, {"face": "10,10", "pattern": f"{old}@50"}]
    (tmp_path / "faces.json").write_text(json.dumps({"reage_faces": 1, "faces": faces}))
    with pytest.raises(RightsError):
        render(job(tmp_path, 0, faces=str(tmp_path / "faces.json")), model=model)


def test_an_albums_consent_is_told_and_stamped_as_a_models_is(tmp_path, model):
    pages = bundle(tmp_path / "anna.reage", rights(-10, 5))
    report = render(job(tmp_path, f"{pages}@target"), model=model)
    assert f"Rights: {rights(-10, 5).line()}." in report.notices
    assert any("The consent ends in 5 days" in said for said in report.notices)
    said = read_info(tmp_path / "o.exr").metadata
    assert said["reage:rights"] == rights(-10, 5).line()
    assert said["reage:consent"] == "ab" * 32
    shown = Previewer().show(job(tmp_path, f"{pages}@50"), 1001, model, 64, lambda: False)
    assert shown.rights == (rights(-10, 5),)


def test_a_reason_renders_it_all_the_same_and_shows_in_the_frame(tmp_path, model, old):
    render(job(tmp_path, f"{old}@50", past_consent="a pickup day"), model=model)
    said = read_info(tmp_path / "o.exr").metadata
    assert said["reage:past_consent"] == "a pickup day"
    assert said["reage:rights"] == rights(-90, -1).line()


def test_a_model_outlives_no_day(tmp_path, model, monkeypatch):
    """Loaded while its consent held, used on the day after."""
    card = replace(model.card, rights=rights(-10, 0))
    loaded = replace(model, card=card)
    picture, asked = np.zeros((64, 64, 3), np.float32), job(tmp_path, 7)
    assert permitted(card, 7) == (rights(-10, 0),)
    tomorrow = today() + timedelta(1)
    monkeypatch.setattr(consents, "today", lambda: tomorrow)
    for use in (
        lambda: reage.reage_image(picture, 40, 50, model=loaded),
        lambda: Previewer().show(asked, 1001, loaded, 64, lambda: False),
        lambda: render(asked, model=loaded),
    ):
        with pytest.raises(RightsError):
            use()


def test_the_same_consent_is_told_once_and_others_beside_it(tmp_path, model):
    one, two = rights(), replace(rights(), performer="Bela Example")
    a = bundle(tmp_path / "a.reage", one)
    b = bundle(tmp_path / "b.reage", two)
    card = replace(model.card, rights=one)
    assert permitted(card, f"{a}@50*0.5+{b}@50*0.5") == (one, two)
    assert permitted(replace(card, inputs=card.inputs[:3]), f"{b}@50") == (one,)  # it sees none


def test_what_a_bundle_says_is_read_again_when_it_is_another(tmp_path):
    path = bundle(tmp_path / "a.reage", rights())
    assert rights_of(path) == rights()
    bundle(path, None, ages=())
    assert rights_of(path) is None


def test_a_bundle_that_does_not_say_its_rights_is_refused(tmp_path, model):
    (tmp_path / "a.reage").write_text("no zip")
    with pytest.raises(ModelError, match="is no bundle"):
        permitted(model.card, f"{tmp_path / 'a.reage'}@50")
