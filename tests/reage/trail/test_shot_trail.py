"""Trails read back, by the command as people give it: what holds, and each thing that does not."""

import hashlib
import json
import shutil
import ssl
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.bundles import bundle, rights
from helpers.certificates import STUDIO, certified
from helpers.deliveries import MODEL, said_anew
from helpers.onnx_files import CARD, delta_network
from helpers.plate_files import write_image, write_talkie
from reage import home
from reage.errors import MissingFrames
from reage.models.onnx_model import OnnxModel
from reage.settings import Settings
from reage.trail.against import Against
from reage.trail.delivery import deliver
from reage.trail.found import found_shots
from reage.trail.manifest import Manifest
from reage.trail.mixed import Terms
from reage.trail.shot_trail import trail_of
from reage.trail.signature import signature_of
from reage.trail.signing import Signer, sign_bundle
from reage.version import __version__


def send(kit, output, signer):
    return deliver(
        kit.layers, replace(kit.job(output), settings=Settings()), None, Terms(signer)
    ).files


def test_a_shot_is_a_line_with_what_was_done(shared, ask):
    code, told = ask(shared.layers)
    assert code == 0 and told.count("\n") == 1
    for words in ("frames 1-3", "age 40 to 70", f"{MODEL.card.name} {MODEL.card.version}",
                  MODEL.sha256[:12], MODEL.card.license, __version__, "no consent named",
                  "pixels as written", "finds accidents", "not signed"):  # fmt: skip
        assert words in told, words


def test_patterns_folders_and_files_are_the_same_shot(shared, ask):
    folder = Path(shared.layers).parent
    by_pattern, by_folder = ask(shared.layers), ask(folder)
    by_files = ask(*(shared.layers % n for n in (3, 1, 2)))
    assert by_pattern == by_folder == by_files


def test_what_is_not_there_is_a_sentence(tmp_path, ask):
    for name in ("none.exr", "none.%04d.exr", tmp_path):
        code, told = ask(tmp_path / name)
        assert code == MissingFrames.exit_code and told.count("\n") == 1


def test_json_has_every_word_of_every_file(shared, ask):
    code, told = ask(shared.layers, "--json")
    result = json.loads(told)["result"]
    assert code == 0 and result["holds"]
    (shot,) = result["shots"]
    assert [Path(one["file"]).name for one in shot["files"]] == [
        f"l.{n:04d}.exr" for n in (1, 2, 3)
    ]
    for one in shot["files"]:
        said = one["said"]
        assert said["card_sha256"] == MODEL.card.sha256 and one["pixels"] == "as written"
        assert len(said["settings_sha256"]) == 64 and said["license"] == MODEL.card.license
        assert said["made_from"].split()[0] == f"settings:{said['settings_sha256'][:8]}"


@pytest.mark.parametrize("share", [0.5, 0.75, 0.95])
def test_one_changed_byte_of_pixels_is_found(own, ask, share):
    path = Path(own.layers % 2)
    data = bytearray(path.read_bytes())
    data[int(share * len(data))] ^= 64
    path.write_bytes(data)
    code, told = ask(own.layers)
    assert code == 1 and "the pixels of l.0002.exr are not those that were written" in told


def test_a_frame_of_another_model_is_found(own, ask):
    own.render(own.layers, replace(MODEL, sha256="2" * 64), frames="3")
    code, told = ask(own.layers)
    assert code == 1 and "l.0003.exr names another model than the others" in told


def test_a_frame_without_a_trail_is_found(own, ask):
    shutil.copy(own.plate % 2, own.layers % 2)
    code, told = ask(own.layers)
    assert code == 1 and "l.0002.exr has no trail" in told


def test_a_file_without_any_trail_says_so_in_a_sentence(shared, tmp_path, ask):
    write_image(tmp_path / "p.png", np.zeros((8, 8, 3), np.uint8), kind="uint8")
    write_talkie(tmp_path / "p.mov", [np.zeros((16, 16, 3), np.uint8)] * 6, sound="aac")
    for path in (shared.plate % 1, tmp_path / "p.png", tmp_path / "p.mov"):
        code, told = ask(path)
        assert code == 1 and "nothing in it says that ReAge made it" in told


def test_a_damaged_file_ends_nothing(own, ask):
    Path(own.layers % 1).write_bytes(b"no EXR at all")
    code, told = ask(own.layers)
    assert code == 1 and "l.0001.exr is damaged" in told and "age 40 to 70" in told


def test_the_model_is_held_against_a_file(shared, tmp_path, ask):
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    kit = replace(shared, layers=str(tmp_path / "l.%04d.exr"))
    kit.render(kit.layers, OnnxModel.load(path, "cpu"))
    code, told = ask(kit.layers, "--model", path)
    assert code == 0 and f"The model is {path}" in told
    code, told = ask(kit.layers, "--model", home.default_model())
    assert code == 1 and "each of frames 1-3 was made by another model" in told
    assert ask(shared.layers, "--model", path)[0] == 1


def test_the_default_model_is_known_by_its_name_and_hash(shared, tmp_path, ask):
    default = OnnxModel.load(None, "cpu")
    kit = replace(shared, layers=str(tmp_path / "l.%04d.exr"))
    kit.render(kit.layers, replace(MODEL, card=MODEL.card, sha256=default.sha256))
    assert "comes with this ReAge" not in ask(kit.layers)[1]
    named = replace(MODEL.card, name=default.card.name, version=default.card.version)
    kit.render(kit.layers, replace(MODEL, card=named, sha256=default.sha256))
    code, told = ask(kit.layers)
    assert code == 0 and "comes with this ReAge" in told
    kit.render(kit.layers, replace(MODEL, card=named))
    code, told = ask(kit.layers)
    assert code == 1 and "names the default model" in told and "another hash" in told


@pytest.fixture
def consent(tmp_path):
    document = tmp_path / "consent.pdf"
    document.write_bytes(b"%PDF I, Anna Example, agree")
    return document, hashlib.sha256(document.read_bytes()).hexdigest()


def test_the_consent_is_held_against_its_document(shared, tmp_path, consent, ask):
    document, sha256 = consent
    agreed = replace(rights(), consent_sha256=sha256)
    kit = replace(shared, layers=str(tmp_path / "l.%04d.exr"))
    model = replace(MODEL, card=replace(MODEL.card, rights=agreed))
    kit.render(kit.layers, model)
    code, told = ask(kit.layers, "--consent", document)
    assert code == 0 and "The consent is the document that was given" in told
    assert ask(shared.layers, "--consent", document)[0] == 1
    document.write_bytes(document.read_bytes() + b" to more")
    code, told = ask(kit.layers, "--consent", document)
    assert code == 1 and "does not name the consent" in told
    kit.render(kit.layers, MODEL, frames="2")
    code, told = ask(kit.layers)
    assert code == 1 and "l.0002.exr names another consent than the others" in told


def test_a_bundle_at_any_strength_is_the_model_of_its_frames(shared, tmp_path, ask, keys):
    anna = bundle(tmp_path / "anna.reage", rights())
    kit = replace(shared, layers=str(tmp_path / "l.%04d.exr"))
    kit.render(kit.layers, OnnxModel.load(anna, "cpu", person=0.5), person=0.5)
    assert ask(kit.layers, "--model", anna)[0] == 0
    code, told = ask(anna)
    assert code == 0 and "consent abababababab" in told and "not signed" in told
    sign_bundle(anna, Signer.open(*keys))
    code, told = ask(anna)
    assert code == 0 and STUDIO in told and "untrusted signer" in told


@pytest.mark.parametrize("name", ["d.mov", "d.mp4", "d.zip", "d.%04d.png", "d.%04d.tif"])
def test_what_was_signed_is_read_and_checked(shared, keys, tmp_path, ask, name):
    files = send(shared, tmp_path / name, Signer.open(*keys))
    out, plates = tmp_path / name, Path(shared.plate).parent
    code, told = ask(out)
    assert code == 0 and STUDIO in told and "untrusted signer" in told and "40" in told
    assert "none that ReAge knows of" in told and "not signed" not in told
    code, told = ask(out, "--trust", keys[0], "--ingredients", Path(shared.layers).parent,
                     "--ingredients", plates)  # fmt: skip
    count = 3 if name == "d.zip" else 6
    assert code == 0 and "a signer whom you trust" in told
    assert f"Of {count} ingredients {count} are those" in told
    data = bytearray(files[0].read_bytes())
    data[len(data) // 2] ^= 1
    files[0].write_bytes(data)
    code, told = ask(out)
    assert code == 1 and f"not the one that {STUDIO!r} signed" in told


def test_somebody_elses_signature_does_not_hold_where_ours_is_trusted(
    shared, keys, tmp_path, ask
):
    send(shared, tmp_path / "d.mov", Signer.open(*keys))
    folder = tmp_path / "other"
    folder.mkdir()
    code, told = ask(tmp_path / "d.mov", "--trust", certified(folder)[0])
    assert code == 1 and "untrusted signer" in told


def test_changed_and_absent_ingredients_are_named(own, keys, tmp_path, ask):
    send(own, tmp_path / "d.mov", Signer.open(*keys))
    folder = Path(own.layers).parent
    own.render(own.layers, frames="2", layers=("delta", "matte"))
    code, told = ask(tmp_path / "d.mov", "--ingredients", folder)
    assert code == 1 and "not the files that were signed: l.0002.exr." in told
    assert "Not there to be checked: shot.0001.exr" in told
    (tmp_path / "empty").mkdir()
    code, told = ask(tmp_path / "d.mov", "--ingredients", tmp_path / "empty")
    assert code == 1 and "not one of its ingredients" in told


def test_a_zip_is_read_to_its_pixels_though_nobody_signed_it(own, tmp_path, ask):
    send(own, tmp_path / "d.zip", None)
    code, told = ask(tmp_path / "d.zip")
    assert code == 0 and "pixels as written" in told and "age 40 to 70" in told
    path = Path(own.layers % 3)
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as packed:
        packed.write(own.layers % 1, "l.0001.exr")
        packed.writestr("../l.0003.exr", data)
    code, told = ask(tmp_path / "e.zip")
    assert code == 1 and "the pixels of l.0003.exr" in told
    assert not list(tmp_path.glob("*.exr"))


def test_pictures_of_which_one_lost_its_signature_do_not_hold(shared, keys, tmp_path, ask):
    files = send(shared, tmp_path / "d.%04d.png", Signer.open(*keys))
    files[1].unlink()
    shutil.copy(send(shared, tmp_path / "u.%04d.png", None)[1], files[1])
    code, told = ask(tmp_path / "d.%04d.png")
    assert code == 1 and "d.0002.png is not signed, the others are" in told


@pytest.mark.parametrize("word", ["nan", "inf", "abc", "-1", " ", "2"])
def test_a_person_strength_that_is_none_hides_no_other_model(own, tmp_path, ask, word):
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    for n in (1, 2, 3):
        said_anew(Path(own.layers % n), person=word)
    code, told = ask(own.layers, "--model", path)
    assert code == 1 and "person strength" in told and "The model is" not in told


def test_a_frame_that_names_no_model_is_found(own, tmp_path, ask):
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    own.render(own.layers, OnnxModel.load(path, "cpu"))
    assert ask(own.layers, "--model", path)[0] == 0
    second = Path(own.layers % 2)
    second.write_bytes(second.read_bytes().replace(b"reage:model_sha256", b"reage:model_sha255"))
    for more in ((), ("--model", path)):
        code, told = ask(own.layers, *more)
        assert code == 1 and "l.0002.exr does not name the hash of its model" in told


@pytest.mark.parametrize("name", ["l.%04d.exr", "d.zip", "d.mov", "d.%04d.png", "d.%04d.jpg"])
def test_what_nobody_signed_is_not_trusted(shared, keys, tmp_path, ask, name):
    """A signature is lost where a file is written anew, and that nobody can tell."""
    out = shared.layers
    if name.startswith("d"):
        out = tmp_path / name
        send(shared, out, None)
    assert ask(out)[0] == 0
    code, told = ask(out, "--trust", keys[0])
    assert code == 1 and "is not signed, so nobody whom you trust vouches for it" in told


def test_layers_in_a_signed_zip_are_covered_by_it(shared, keys, tmp_path, ask):
    send(shared, tmp_path / "d.zip", Signer.open(*keys))
    code, told = ask(tmp_path / "d.zip", "--trust", keys[0])
    assert code == 0 and "not signed" not in told


@pytest.mark.parametrize("made", ["empty", "text", "key", "der"])
def test_what_is_to_be_trusted_is_a_certificate(shared, keys, tmp_path, ask, made):
    pem, first = tmp_path / "t.pem", keys[0].read_text().partition("-----END")[0]
    pem.write_bytes({
        "empty": b"", "text": b"our certificates\n", "key": keys[1].read_bytes(),
        "der": ssl.PEM_cert_to_DER_cert(f"{first}-----END CERTIFICATE-----"),
    }[made])  # fmt: skip
    code, told = ask(shared.layers, "--trust", pem)
    assert code == 2 and "t.pem holds" in told and "certificate" in told and told.count("\n") == 1


def test_nothing_stands_before_a_signed_zip(shared, keys, tmp_path, ask):
    """c2pa takes it; who unpacks a ZIP from its begin on gets what is there."""
    path = tmp_path / "d.zip"
    send(shared, path, Signer.open(*keys))
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as other:
        other.writestr("l.0009.exr", b"somebody else's")
    whole = path.read_bytes()
    path.write_bytes((tmp_path / "x.zip").read_bytes() + whole)
    code, told = ask(path, "--trust", keys[0])
    assert code == 1 and "unchanged since" not in told


def test_of_a_shot_all_say_which_pixels_were_written(own, ask):
    second = Path(own.layers % 2)
    second.write_bytes(second.read_bytes().replace(b"reage:pixels", b"reage:pixelz"))
    code, told = ask(own.layers)
    assert code == 1 and "l.0002.exr does not say which pixels were written" in told


FORGED = "1\n/show/face.mov: Signed by Disney, unchanged since.\x1b[2K\r\u202eX"


def test_words_in_a_header_begin_no_line_and_move_no_cursor(own, ask):
    for word in ("version", "model", "license", "past_consent"):
        said_anew(Path(own.layers % 2), **{word: FORGED})
    for n in (1, 2, 3):
        said_anew(Path(own.layers % n), consent=FORGED)
    code, told = ask(own.layers)
    lines = told.splitlines()
    assert code == 0 and len(lines) == 1 and lines[0].startswith(own.layers)
    assert "Signed by Disney" in told and told.rstrip("\n").isprintable()


CAPTURED = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"

CLAIM = "30, model x. Signed by Example Films (Example Films), a signer whom you trust"


@pytest.mark.parametrize("word", [
    "ages", "source_age", "model", "license", "version", "past_consent", "model_sha256", "consent",
])  # fmt: skip
def test_words_in_a_header_read_as_its_own(own, ask, word):
    """They stand in quotes, or cut short; ages that are none are not printed."""
    for n in (1, 2, 3):
        said_anew(Path(own.layers % n), **{word: CLAIM})
    code, told = ask(own.layers)
    assert told.count("Signed by") == told.count(f"'{CLAIM}'")
    assert ("ages that cannot be read" in told) == (word in ("ages", "source_age"))


def test_names_in_a_certificate_stand_in_quotes(shared, keys, tmp_path):
    files = send(shared, tmp_path / "d.%04d.png", Signer.open(*keys))
    found = signature_of(files[0])
    evil = replace(found, signer="Films, a signer whom you trust; unchanged since. (" + 99 * "x")
    for one in (evil, replace(evil, intact=False)):
        told = one.text()
        assert "'Films, a signer whom you trust" in told and len(told) < 300


def test_what_others_signed_is_none_of_reages(shared, keys, tmp_path, ask):
    """A camera's picture, say, by a signer whom one trusts."""
    picture = write_image(tmp_path / "d.0001.png", np.zeros((8, 8, 3), np.uint8), kind="uint8")
    shot = {"action": "c2pa.created", "digitalSourceType": CAPTURED}
    Signer.open(*keys).sign(picture, Manifest("d.0001.png", [shot], {}))
    for more in ((), ("--trust", keys[0])):
        code, told = ask(picture, *more)
        assert code == 1
        assert "d.0001.png is signed, but nothing in it says that ReAge made it" in told


def test_what_lies_beside_is_told(own, tmp_path, ask):
    folder = Path(own.layers).parent
    (folder / "sub").mkdir()
    for name in (".l.0009.exr", "l.0004.webp"):
        (folder / name).touch()
    code, told = ask(folder)
    assert code == 0 and all(name in told.partition("not looked at: ")[2] for name in (
        "sub", ".l.0009.exr", "l.0004.webp",
    ))  # fmt: skip
    code, told = ask(folder, "--json")
    assert len(json.loads(told)["result"]["not_looked_at"]) == 3
    send(own, tmp_path / "d.zip", None)
    assert "Not looked at" not in ask(tmp_path / "d.zip")[1]
    with zipfile.ZipFile(tmp_path / "d.zip", "a") as packed:
        packed.writestr("more/face.png", b"")
    code, told = ask(tmp_path / "d.zip")
    assert code == 0 and "Not looked at in it: 'more/face.png'." in told


def test_a_files_name_begins_no_line_either(own, tmp_path, ask):
    name = tmp_path / "a\nb.exr: all holds\x1b[1A.exr"
    shutil.copy(own.layers % 1, name)
    code, told = ask(tmp_path)
    told = told.replace("\nnot looked at: own.", "")
    assert code == 0 and told.count("\n") == 1 and told.rstrip("\n").isprintable()


def test_of_a_zip_each_damaged_entry_is_said_and_the_others_are_judged(own, tmp_path, ask):
    send(own, tmp_path / "d.zip", None)
    data = bytearray((tmp_path / "d.zip").read_bytes())
    data[data.find(b"l.0002.exr") - 30] ^= 255  # its local header
    (tmp_path / "d.zip").write_bytes(data)
    code, told = ask(tmp_path / "d.zip")
    assert code == 1 and "frames 1-3" in told and "age 40 to 70" in told
    assert "d.zip/l.0002.exr is damaged" in told and told.count("does not hold") == 1


@pytest.mark.parametrize("ending", ["png", "tif"])
@pytest.mark.parametrize("signed", [False, True])
def test_a_picture_that_is_cut_off_is_damaged_and_no_more(
    shared, keys, tmp_path, ask, ending, signed
):
    files = send(shared, tmp_path / f"d.%04d.{ending}", Signer.open(*keys) if signed else None)
    data = files[1].read_bytes()
    for share in (0.2, 0.5, 0.9):
        files[1].write_bytes(data[: int(share * len(data))])
        code, told = ask(tmp_path / f"d.%04d.{ending}")
        assert code == 1 and told.count("does not hold") == 1, told
        assert f"d.0002.{ending} is damaged" in told and "d.0002" not in told.split("damaged")[1]


@pytest.mark.parametrize("name", ["d.png", "d.tif", "d.jpg", "d.mov", "d.zip", "l.0001.exr"])
def test_whatever_a_file_holds_it_is_judged(shared, keys, tmp_path, name):
    """A hundred damages: bytes anywhere, near the manifest, and files cut off."""
    kit, out = replace(shared, layers=shared.layers % 1), tmp_path / name
    if name.startswith("d"):
        send(kit, out, Signer.open(*keys))
    else:
        shutil.copy(kit.layers, out)
    whole, rng = out.read_bytes(), np.random.default_rng(7)
    manifest = max(0, whole.find(b"c2pa"))
    for case in range(102):
        data = bytearray(whole)
        if case % 3 == 2:
            data = data[: rng.integers(len(data))]
        else:
            first, past = (0, len(data)) if case % 3 else (manifest, manifest + 4000)
            for at in rng.integers(first, min(past, len(data)), 8):
                data[at] = rng.integers(256)
        out.write_bytes(data)
        (shot,) = found_shots([str(out)])
        trail = trail_of(shot, Against())
        assert trail.text()
        # The header of an EXR is under no checksum.
        assert trail.problems or data == whole or name.endswith(".exr")
