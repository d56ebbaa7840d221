"""A bundle: one file that is its model at person strength 1, and the one it began with at 0."""

import json
import zipfile
from dataclasses import asdict, replace

import numpy as np
import onnx
import pytest

from helpers.bundles import rights, taught
from helpers.certificates import STUDIO, certified
from reage import home
from reage.bundle import MODEL, WEIGHTS, album_of
from reage.errors import ModelError, RightsError, SettingsError
from reage.job import RenderJob
from reage.media.imagefile import read_info
from reage.models.onnx_model import OnnxModel
from reage.settings import Settings
from reage.shot.rendering import render
from reage_training.actor.book import Book, Entry
from reage_training.actor.bundle import make_bundle
from reage_training.cli import main
from reage_training.rewrite import noise

BASE = home.default_model()
SEED = OnnxModel.load(BASE, "cpu").card.figures["run"]["seed"]


@pytest.fixture(scope="module")
def actor(tmp_path_factory):
    return taught(tmp_path_factory.mktemp("actor") / "actor.onnx")


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book") / "album"
    folder.mkdir()
    (folder / "age_040.pattern.exr").write_bytes(b"a page")
    (folder / "shape.json").write_text("{}")
    (folder / "notes of the casting.txt").write_text("nobody's business")
    return folder


@pytest.fixture(scope="module")
def bundle(actor, album, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "anna.reage"
    make_bundle(actor, BASE, album, rights(), path, "Anna")
    return path


def answer(path, **how):
    model = OnnxModel.load(path, "cpu", **how)
    return model.run(noise(model.card, np.random.default_rng(1))).values


def test_it_is_its_model_at_one_and_the_base_at_nought_to_the_bit(bundle, actor):
    assert np.array_equal(answer(bundle), answer(actor))
    assert np.array_equal(answer(bundle, person=0.0), answer(BASE))


def test_between_them_weights_go_from_one_to_the_other(bundle):
    half, low, high = (answer(bundle, person=p) for p in (0.5, 0.0, 1.0))
    assert 0 < np.abs(half - low).mean() < np.abs(high - low).mean()
    names = [OnnxModel.load(bundle, "cpu", person=p).sha256 for p in (0.0, 0.5, 1.0)]
    assert len({*names}) == 3


def test_the_same_makes_the_same_file(bundle, actor, album, tmp_path):
    again = tmp_path / "again.reage"
    make_bundle(actor, BASE, album, rights(), again, "Anna")
    assert again.read_bytes() == bundle.read_bytes()


def test_it_holds_pages_of_the_album_and_nothing_else_of_the_folder(bundle, monkeypatch, tmp_path):
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path))
    files = {f.name: f.read_bytes() for f in album_of(bundle).iterdir()}
    assert files == {"age_040.pattern.exr": b"a page", "shape.json": b"{}"}
    (album_of(bundle) / "shape.json").write_bytes(b"cut off")
    assert {f.name: f.read_bytes() for f in album_of(bundle).iterdir()} == files


def test_a_render_says_whose_face_it_is_and_stamps_it_into_every_frame(bundle, tmp_path):
    out = tmp_path / "o.1001.exr"
    settings = Settings(source_age=40, target_age=60, model=str(bundle), crop_size=128)
    plate = home.demo_plate()[0]
    report = render(RenderJob(str(plate), str(out), settings, device="cpu"))
    assert f"Rights: {rights().line()}." in report.notices
    said = read_info(out).metadata
    assert said["reage:rights"] == rights().line()
    assert said["reage:consent"] == "ab" * 32
    assert said["reage:rights_holder"] == "Example Films"
    assert "reage:past_consent" not in said


def test_outside_the_consent_it_is_refused_and_a_reason_shows_in_every_frame(
    actor, tmp_path
):
    path, out = tmp_path / "old.reage", tmp_path / "o.1001.exr"
    make_bundle(actor, BASE, None, rights(-90, -1), path, "Anna")
    settings = Settings(source_age=40, target_age=60, model=str(path), crop_size=128)
    job = RenderJob(str(home.demo_plate()[0]), str(out), settings, device="cpu")
    with pytest.raises(RightsError, match=r"ended on .* --past-consent"):
        render(job)
    assert not out.exists()
    report = render(replace(job, past_consent="a pickup day, agreed by mail"))
    assert any("agreed by mail" in said for said in report.notices)
    assert read_info(out).metadata["reage:past_consent"] == "a pickup day, agreed by mail"


def test_a_model_loaded_before_the_consent_ended_is_refused_after_it(actor, tmp_path):
    path = tmp_path / "old.reage"
    make_bundle(actor, BASE, None, rights(-90, -1), path, "Anna")
    loaded = OnnxModel.load(path, "cpu", past_consent="loaded while it held")
    settings = Settings(source_age=40, target_age=60, model=str(path), crop_size=128)
    job = RenderJob(str(home.demo_plate()[0]), str(tmp_path / "o.exr"), settings)
    with pytest.raises(RightsError):
        render(job, model=loaded)


def test_another_base_is_refused(actor, tmp_path):
    other = onnx.load(BASE)
    del other.graph.node[-1]
    onnx.save(other, tmp_path / "other.onnx")
    with pytest.raises(ModelError, match="was not learned from the model"):
        make_bundle(actor, tmp_path / "other.onnx", None, rights(), tmp_path / "a.reage", "Anna")
    assert not (tmp_path / "a.reage").exists()


def test_the_book_fills_in_how_many_photographs_of_which_ages(actor, tmp_path):
    book = tmp_path / "book"
    entries = [
        Entry(f"photographs/{k}.jpg", "", "", age, "name", aside)
        for k, (age, aside) in enumerate([(22.0, ""), (70.5, ""), (80.0, "blurred"), (None, "")])
    ]
    Book(book, "", tuple(entries)).write()
    (book / "album").mkdir()
    (book / "album" / "age_022.pattern.exr").write_bytes(b"a page")
    make_bundle(actor, BASE, book, rights(), tmp_path / "a.reage", "Anna")
    made = OnnxModel.load(tmp_path / "a.reage", "cpu").card.rights
    assert (made.photographs, made.ages) == (2, (22.0, 70.5))
    assert "photographed at 22 to 70.5" in made.short()
    assert made.seed == OnnxModel.load(BASE, "cpu").card.figures["run"]["seed"]


def test_a_folder_without_pages_is_refused(actor, tmp_path):
    with pytest.raises(SettingsError, match="holds no album"):
        make_bundle(actor, BASE, tmp_path, rights(), tmp_path / "a.reage", "Anna")


def broken(bundle, tmp_path, name, data):
    """The bundle with one of its files changed; None takes it out."""
    path = tmp_path / "broken.reage"
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            what = data if entry.filename == name else old.read(entry)
            if what is not None:
                new.writestr(entry.filename, what)
    return path


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (MODEL, None, "holds no model.onnx"),
        (MODEL, b"no model", "is not an ONNX"),
        (WEIGHTS, b"1234", "do not belong to each other"),
    ],
)
def test_a_broken_bundle_is_a_sentence(bundle, tmp_path, name, data, words):
    with pytest.raises(ModelError, match=words):
        OnnxModel.load(broken(bundle, tmp_path, name, data), "cpu")


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_bundle_that_is_cut_off_is_a_sentence(bundle, tmp_path, share):
    data = bundle.read_bytes()
    path = tmp_path / "cut.reage"
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ModelError, match="is no bundle"):
        OnnxModel.load(path, "cpu")


def test_the_command_begins_rights_and_makes_a_bundle(actor, tmp_path, capsys):
    said = tmp_path / "rights.json"
    assert main(["actor", "bundle", "--begin", str(said)]) == 0
    assert main(["actor", "bundle", "--begin", str(said)]) == SettingsError.exit_code
    made = ["actor", "bundle", str(actor), "--rights", str(said), "-o", str(tmp_path / "a.reage")]
    assert main(made) == SettingsError.exit_code  # nothing is filled in yet
    assert "performer is empty" in capsys.readouterr().err
    filled = {k: v for k, v in asdict(rights()).items() if k in json.loads(said.read_text())}
    said.write_text(json.dumps(filled))
    assert main(made) == 0
    assert OnnxModel.load(tmp_path / "a.reage", "cpu").card.rights == replace(rights(), seed=SEED)
    assert main([*made[:-1], str(tmp_path / "B.REAGE")]) == 0 and (tmp_path / "B.REAGE").is_file()
    assert main([*made[:-1], str(tmp_path / "b.zip")]) == SettingsError.exit_code


def test_a_bundle_that_cannot_be_signed_takes_no_signed_ones_place(actor, tmp_path, capsys):
    said, out, keys = tmp_path / "rights.json", tmp_path / "a.reage", tmp_path / "keys"
    said.write_text(json.dumps({**asdict(rights()), "ages": None}))
    keys.mkdir()
    chain, key = map(str, certified(keys))
    words = ["actor", "bundle", str(actor), "--rights", str(said), "-o", str(out)]
    assert main([*words, "--sign", chain, "--key", key]) == 0
    signed = out.read_bytes()
    assert main(["actor", "bundle", "--check", str(out)]) == 0
    assert f"Signed by {STUDIO!r}" in capsys.readouterr().err
    none = str(tmp_path / "none.pem")
    assert main([*words, "--sign", chain, "--key", none]) == SettingsError.exit_code
    assert main([*words, "--sign", chain]) == SettingsError.exit_code
    assert out.read_bytes() == signed and not list(tmp_path.glob(".*"))
    out.write_bytes(signed[: len(signed) // 2] + b"?" + signed[len(signed) // 2 + 1 :])
    assert main(["actor", "bundle", "--check", str(out)]) == 1
