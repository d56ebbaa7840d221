"""What is delivered is what a render writes, signed or not, whole or not at all."""

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.bundles import rights
from helpers.certificates import STUDIO
from helpers.deliveries import MODEL, baked, copied, delivered
from helpers.plate_files import write_image
from reage import cli, home
from reage.errors import (
    MissingFrames,
    SettingsError,
)
from reage.frame.layers import said
from reage.media.imagefile import read_alpha, read_info, read_plate
from reage.media.video import Movie
from reage.models.model import NullModel
from reage.settings import Settings
from reage.trail.delivery import NO_WATERMARK, UNSIGNED, UNTIMED, deliver
from reage.trail.manifest import of_bundle
from reage.trail.mixed import Terms
from reage.trail.signature import signature_of

MIXED = {"blend": 0.8, "detail": 1.5, "form": 0.5, "tone": 0.7, "gray": 0.6}


@pytest.fixture(scope="module")
def pngs(tmp_path_factory):
    return baked(tmp_path_factory.mktemp("png"), "png")


@pytest.mark.parametrize("look", [{"blend": 0.6}, MIXED], ids=["whole", "mixed"])
@pytest.mark.parametrize(
    ("plates", "ending"), [("png", "png"), ("png", "tif"), ("exr", "tif"), ("exr", "jpg")]
)
def test_pixels_are_those_of_a_render_to_the_bit(request, tmp_path, plates, ending, look):
    kit = request.getfixturevalue("shared" if plates == "exr" else "pngs")
    if look != MIXED:
        kit = replace(kit, layers=str(tmp_path / "l.%04d.exr"))
        kit.render(kit.layers)
    kit.render(tmp_path / f"r.%04d.{ending}", hair_matte=kit.hair, **look)
    delivered(kit, tmp_path / f"d.%04d.{ending}", **look)
    for n in (1, 2, 3):
        made, want = (tmp_path / f"{name}.{n:04d}.{ending}" for name in "dr")
        assert np.array_equal(read_plate(made).rgb, read_plate(want).rgb, equal_nan=True)
        there = read_info(want)
        assert (read_info(made).channels, read_info(made).bits) == (there.channels, there.bits)
        if "A" in there.channels:
            alphas = [read_alpha(path, there.data) for path in (made, want)]
            assert np.array_equal(*alphas)


def test_a_delta_that_is_the_sum_of_parts_comes_within_a_rounding(shared, tmp_path):
    """A render sums its parts before it decodes them, layers with parts after."""
    shared.render(tmp_path / "r.%04d.tif")
    delivered(shared, tmp_path / "d.%04d.tif")
    made, want = (read_plate(tmp_path / f"{name}.0001.tif").rgb for name in "dr")
    assert 0 < far(made, want).max() < 4e-6


def test_a_movie_is_the_one_that_a_render_writes(shared, tmp_path):
    shared.render(tmp_path / "r.mov", hair_matte=shared.hair, **MIXED)
    delivered(shared, tmp_path / "d.mov", **MIXED)
    made, want = (Movie.open(tmp_path / f"{name}.mov") for name in "dr")
    assert made.length == want.length == 3
    for index in range(3):
        assert np.array_equal(made.read(index).rgb, want.read(index).rgb)
    assert made.tags["reage:detail"] == "1.5" and "reage:job" not in made.tags


def test_by_the_command_with_shape_and_the_default_model(tmp_path):
    """The demo plate: its faces have a mesh, by which the shape bends."""
    plate, look = str(home.samples() / "demo.%04d.exr"), ["--shape", "0.7", "--detail", "1.4"]
    render = ["render", plate, "--source-age", "50", "--target-age", "25", "--crop-size", "256",
              "--frames", "1001-1002", "-q"]  # fmt: skip
    layers = str(tmp_path / "l.%04d.exr")
    assert cli.main([*render, "--layers", "delta,matte,parts,shape", "-o", layers]) == 0
    track = ["--track", str(tmp_path / "l.track.json")]
    assert cli.main([*render, *track, *look, "-o", str(tmp_path / "r.%04d.png")]) == 0
    out = str(tmp_path / "d.%04d.png")
    assert cli.main(["deliver", layers, "--plate", plate, *look, "-q", "-o", out]) == 0
    for n in (1001, 1002):
        made, want = (read_plate(tmp_path / f"{name}.{n}.png").rgb for name in "dr")
        assert np.array_equal(made, want)
        assert not np.array_equal(made, read_plate(Path(plate % n)).rgb)


def far(made, want):
    """Of each value, as a share of it; of small ones as a share of a tenth."""
    return np.abs(made - want) / np.maximum(np.abs(want), 0.1)


def test_layers_of_half_floats_come_within_a_thousandth(tmp_path):
    kit = baked(tmp_path, datatype="half")
    kit.render(tmp_path / "r.%04d.tif")
    delivered(kit, tmp_path / "d.%04d.tif")
    for n in (1, 2, 3):
        made, want = (read_plate(tmp_path / f"{name}.{n:04d}.tif").rgb for name in "dr")
        assert 0 < far(made, want).max() < 1e-3


def test_the_blend_of_the_layers_header_holds_where_none_is_said(tmp_path):
    kit = baked(tmp_path, layers=("delta", "matte"), blend=0.5)
    kit.render(tmp_path / "r.%04d.png", blend=0.5)
    delivered(kit, tmp_path / "d.%04d.png")
    made, want = (read_plate(tmp_path / f"{name}.0001.png").rgb for name in "dr")
    assert np.array_equal(made, want)


def test_a_beauty_needs_no_plate(tmp_path):
    kit = baked(tmp_path, layers=("delta", "matte", "beauty"))
    kit.render(tmp_path / "r.%04d.tif")
    delivered(kit, tmp_path / "d.%04d.tif", plate="")
    delivered(baked(tmp_path / "b", layers=("beauty",)), tmp_path / "e.%04d.tif")
    want = read_plate(tmp_path / "r.0002.tif").rgb
    for name in "de":
        assert np.array_equal(read_plate(tmp_path / f"{name}.0002.tif").rgb, want)


@pytest.mark.parametrize("name", ["d.%04d.png", "d.%04d.tif", "d.mov", "d.mp4", "d.zip"])
def test_two_runs_write_the_same_bytes(shared, tmp_path, name):
    for run in ("a", "b"):
        delivered(shared, tmp_path / run / name)
    files = sorted((tmp_path / "a").iterdir())
    assert len(files) == (3 if "%" in name else 1)
    for file in files:
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_a_zip_holds_the_layers_as_they_are(shared, tmp_path):
    delivered(shared, tmp_path / "d.zip")
    with zipfile.ZipFile(tmp_path / "d.zip") as packed:
        assert packed.namelist() == [f"l.{n:04d}.exr" for n in (1, 2, 3)]
        for n in (1, 2, 3):
            assert packed.read(f"l.{n:04d}.exr") == Path(shared.layers % n).read_bytes()


def test_pictures_say_what_was_done_and_keep_the_plates_own_marks(pngs, tmp_path):
    report = delivered(pngs, tmp_path / "d.%04d.png", detail=1.5)
    info = read_info(tmp_path / "d.0001.png")
    words = said(info.metadata)
    assert words["source_age"] == "40.0" and words["detail"] == "1.5"
    assert len(words["layers_sha256"]) == 64 and "job" not in words
    assert info.metadata["Artist"] == "A. N. Other"
    assert UNSIGNED in report.notices and NO_WATERMARK in report.notices
    stated = delivered(pngs, tmp_path / "d.%04d.png", Terms(watermark="Acme, SynthID"))
    assert any("Acme, SynthID" in notice for notice in stated.notices)


FLIPS = (0.02, 0.4, 0.9)


@pytest.mark.parametrize(
    "name", ["d.%04d.png", "d.%04d.tif", "d.%04d.jpg", "d.mov", "d.mp4", "d.zip"]
)
def test_what_is_signed_says_by_whom_and_one_changed_byte_is_found(
    shared, signer, tmp_path, name
):
    report = delivered(shared, tmp_path / name, Terms(signer, ("mining",), "Acme"))
    path = report.files[0]
    found = signature_of(path)
    assert found is not None and found.holds and not found.trusted
    assert found.signer == STUDIO and "untrusted signer" in found.text()
    assert any("untrusted signer" in notice for notice in report.notices)
    assert UNTIMED in report.notices
    assert found.source_types[0].endswith("compositeWithTrainedAlgorithmicMedia")
    uses = {use.rpartition(".")[2]: said for use, said in found.training.items()}
    assert uses == {"ai_inference": "notAllowed", "ai_training": "notAllowed",
                    "ai_generative_training": "notAllowed", "data_mining": "allowed"}  # fmt: skip
    assert found.render["model_sha256"] == MODEL.sha256
    assert (found.render["source_ages"], found.render["target_ages"]) == ("40", "70")
    assert found.render["invisible_watermark"] == "Acme"
    count = 1 if "%" in name else 3
    named = [each for each in found.ingredients if each.title.startswith("l.")]
    assert len(named) == count and all(len(each.sha256) == 64 for each in named)
    whole = path.read_bytes()
    for share in FLIPS:
        data = bytearray(whole)
        data[int(share * len(data))] ^= 1
        path.write_bytes(data)
        try:
            changed = signature_of(path)
        except SettingsError:
            continue  # no file of its kind any more
        assert changed is None or not changed.holds, share


def test_a_picture_without_a_face_claims_no_change(signer, tmp_path):
    kit = baked(tmp_path, lost=(2,))
    files = delivered(kit, tmp_path / "d.%04d.png", Terms(signer)).files
    for path, altered in zip(files, (True, False, True), strict=True):
        found = signature_of(path)
        assert found.holds and ("c2pa.edited" in found.actions) == altered
        assert bool(found.source_types) == altered
        assert ("Iptc4xmpExt:DigitalSourceType" in read_info(path).metadata) == altered


def test_frames_that_the_plate_lacks_are_refused_held_or_left_out(shared, tmp_path):
    for n in (1, 3):
        shutil.copy(shared.plate % n, tmp_path)
    job = replace(shared.job(tmp_path / "d.%04d.png", plate=str(tmp_path / "shot.%04d.exr")),
                  settings=Settings())  # fmt: skip
    with pytest.raises(MissingFrames, match="1 of 3 frames are missing"):
        deliver(shared.layers, job)
    assert deliver(shared.layers, replace(job, missing="skip")).frames == (1, 3)
    assert deliver(shared.layers, replace(job, missing="hold")).frames == (1, 2, 3)


def test_a_pixel_that_was_painted_over_leaves_no_valid_signature(shared, signer, tmp_path):
    path = delivered(shared, tmp_path / "d.%04d.png", Terms(signer)).files[0]
    rgb = (read_plate(path).rgb * 65535).round().astype(np.uint16)
    rgb[5, 5, 1] ^= 1
    write_image(path, rgb, kind="uint16")
    assert signature_of(path) is None


@pytest.mark.parametrize("ending", ["png", "mov"])
def test_credentials_in_the_plate_stay_as_an_ingredients(pngs, shared, signer, tmp_path, ending):
    """A plate that was signed itself, as a camera's is."""
    if ending == "png":
        plate, out = tmp_path / "p.%04d.png", tmp_path / "d.%04d.png"
        for n in (1, 2, 3):
            shutil.copy(pngs.plate % n, str(plate) % n)
            _sign(signer, Path(str(plate) % n))
        kit = pngs
    else:
        plate, out = tmp_path / "p.mov", tmp_path / "d.mov"
        shared.render(plate, NullModel(), hair_matte=shared.hair)
        _sign(signer, plate)
        kit = replace(shared, plate=str(plate), layers=str(tmp_path / "m" / "l.%04d.exr"))
        kit.render(kit.layers)
    path = delivered(kit, out, Terms(signer), plate=str(plate)).files[0]
    found = signature_of(path)
    assert found.holds and found.actions[:2] == ("c2pa.opened", "c2pa.placed")
    (parent,) = (each for each in found.ingredients if each.relation == "parentOf")
    assert parent.signed and parent.title.startswith("p.")


def _sign(signer, path):
    signer.sign(path, of_bundle(path.name, None))


def test_what_was_agreed_on_is_signed(shared, signer, tmp_path):
    agreed = rights()
    model = replace(MODEL, card=replace(MODEL.card, rights=agreed))
    kit = replace(shared, layers=str(tmp_path / "l.%04d.exr"))
    kit.render(kit.layers, model)
    for name in ("d.zip", "d.mov"):
        delivered(kit, tmp_path / name, Terms(signer))
        consent = signature_of(tmp_path / name).consent
        assert consent["consent_sha256"] == ["ab" * 32]
        assert consent["rights"] == [agreed.line()]


def test_a_blend_that_differs_is_signed_as_it_is(shared, signer, tmp_path):
    kit = copied(shared, tmp_path / "l")
    other = replace(shared, layers=str(tmp_path / "o.%04d.exr"))
    other.render(other.layers, blend=0.25, layers=("delta", "matte", "parts", "shape"))
    shutil.copy(other.layers % 2, kit.layers % 2)
    report = delivered(kit, tmp_path / "d.mov", Terms(signer))
    assert signature_of(tmp_path / "d.mov").render["blend"] == "0.25 to 1"
    told = "Blend goes from 0.25 to 1 over the frames, as the layers' headers say."
    assert told in report.notices
    delivered(kit, tmp_path / "p" / "d.%04d.png", Terms(signer))
    signed = [signature_of(tmp_path / "p" / f"d.000{n}.png").render for n in (1, 2)]
    assert [each["blend"] for each in signed] == [1, 0.25]
    assert cli.main(["provenance", str(tmp_path / "p"), "-q"]) == 0
    report = delivered(kit, tmp_path / "e.mov", Terms(signer), blend=0.5)
    assert signature_of(tmp_path / "e.mov").render["blend"] == 0.5
    assert not any("Blend" in notice for notice in report.notices)
