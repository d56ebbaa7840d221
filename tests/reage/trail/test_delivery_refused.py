"""What is never delivered, each in a sentence and before anything is written; and what comes
between, a render or another delivery."""


import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.deliveries import copied, delivered, said_anew, swapped
from helpers.plate_files import write_image
from reage import cli
from reage.errors import (
    MissingFrames,
    OutputClaimed,
    PlateError,
    SettingsError,
    UnreadableFrame,
)
from reage.settings import Settings
from reage.shot.claiming import claimed
from reage.trail.delivery import deliver
from reage.trail.mixed import Terms


def test_a_key_that_does_not_do_is_a_sentence_and_nothing_is_written(
    shared, keys, tmp_path, capsys
):
    out, (chain, _) = tmp_path / "new" / "d.mov", keys
    code = cli.main(["deliver", shared.layers, "--plate", shared.plate, "-o", str(out),
                     "--sign", str(chain), "--key", str(chain)])  # fmt: skip
    said = capsys.readouterr().err
    assert code == SettingsError.exit_code and "no key" in said and said.count("\n") == 1
    assert not out.parent.exists()


ALL = ["d.mov", "d.zip", "d.%04d.png"]


@pytest.mark.parametrize("name", ALL)
def test_layers_that_are_missing_are_named(shared, tmp_path, name):
    kit = copied(shared, tmp_path / "l")
    Path(kit.layers % 2).unlink()
    with pytest.raises(MissingFrames, match="1 of 3 frames of the layers are missing: 2 "):
        delivered(kit, tmp_path / "new" / name)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("spoilt", ["cut", "changed", "says nothing"])
def test_pixels_that_a_render_did_not_write_are_never_delivered(
    shared, signer, tmp_path, name, spoilt
):
    kit = copied(shared, tmp_path / "l")
    third = Path(kit.layers % 3)
    data = bytearray(third.read_bytes())
    if spoilt == "cut":
        data = data[:-2000]
    elif spoilt == "changed":
        data[-100] ^= 64
    else:
        data = data.replace(b"reage:pixels", b"reage:pixelz")
    third.write_bytes(data)
    words = r"l\.0003\.exr.*[Rr]ender frame 3 again with --resume"
    with pytest.raises(UnreadableFrame, match=words):
        delivered(kit, tmp_path / "new" / name, Terms(signer))
    assert not (tmp_path / "new").exists() and len([*(tmp_path / "l").iterdir()]) == 3


def test_layers_under_each_others_numbers_are_never_delivered(shared, tmp_path):
    kit = copied(shared, tmp_path / "l")
    swapped(*(Path(kit.layers % n) for n in (2, 3)))
    with pytest.raises(PlateError, match=r"l\.0002\.exr is frame 3 by its header, and 2 by"):
        delivered(kit, tmp_path / "new" / "d.zip")
    assert not (tmp_path / "new").exists()


def test_nor_is_one_frame_alone_or_of_no_number(shared, tmp_path):
    """As machines of a farm deliver, a frame each."""
    kit = copied(shared, tmp_path / "l")
    swapped(*(Path(kit.layers % n) for n in (2, 3)))
    with pytest.raises(PlateError, match="is frame 3 by its header"):
        delivered(kit, tmp_path / "new" / "d.%04d.png", frames="2")
    first = Path(kit.layers % 1)
    first.write_bytes(first.read_bytes().replace(b"reage:frame\0", b"reage:framx\0"))
    with pytest.raises(PlateError, match="is frame none by its header, and 1 by"):
        delivered(kit, tmp_path / "new" / "d.%04d.png", frames="1")
    still = tmp_path / "l" / "face.exr"
    shutil.copy(kit.layers % 3, still)
    plate = shutil.copy(shared.plate % 3, tmp_path / "plate.exr")
    delivered(replace(kit, layers=str(still)), tmp_path / "face.png", plate=str(plate))
    assert not (tmp_path / "new").exists() and (tmp_path / "face.png").is_file()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("word", ["model_sha256", "card_sha256", "consent"])
def test_frames_of_two_models_or_agreements_are_no_delivery(shared, tmp_path, name, word):
    kit = copied(shared, tmp_path / "l")
    said_anew(Path(kit.layers % 2), **{word: "0" * 64})
    with pytest.raises(PlateError, match=r"l\.0002\.exr names another .* \(frames 2\)"):
        delivered(kit, tmp_path / "new" / name)
    assert not (tmp_path / "new").exists()


def test_headers_are_read_once_nobody_renders_them_any_more(shared, tmp_path):
    """Else a render that ends in between is delivered under the words of the one before."""
    kit = copied(shared, tmp_path / "l")
    with claimed(kit.layers, {2: Path(kit.layers % 2)}):
        Path(kit.layers % 2).write_bytes(b"half a frame")
        with pytest.raises(OutputClaimed, match="are being rendered"):
            delivered(kit, tmp_path / "d.mov")


class Stop(Exception):
    """Out of a delivery in its middle."""


def test_deliveries_and_renders_notice_each_other(shared, tmp_path):
    """Each is asked while another is in its second frame."""
    kit = copied(shared, tmp_path / "l")
    job = replace(kit.job(tmp_path / "d.mov"), settings=Settings())

    def meanwhile(progress):
        if progress.done == 2:
            with pytest.raises(OutputClaimed, match=r"Frames 1-3 of .*d\.mov are being rendered"):
                deliver(kit.layers, job)
            with pytest.raises(OutputClaimed, match="are being delivered .* stop it"):
                kit.render(kit.layers)
            assert delivered(kit, tmp_path / "d.zip").frames == (1, 2, 3)
            raise Stop

    with pytest.raises(Stop):
        deliver(kit.layers, job, progress=meanwhile)
    with claimed(kit.layers, {3: Path(kit.layers % 3)}):
        with pytest.raises(OutputClaimed, match="Frames 3 of .* are being rendered"):
            deliver(kit.layers, job)
        assert delivered(kit, tmp_path / "e.zip", frames="1-2").frames == (1, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.zip", "e.zip", "l"]
    assert len([*(tmp_path / "l").iterdir()]) == 3


def test_a_plate_that_is_not_the_layers_is_a_sentence(shared, tmp_path):
    write_image(tmp_path / "s.0001.exr", np.zeros((20, 30, 3), np.float32),
                attributes={"colorspace": "ACEScg"})  # fmt: skip
    with pytest.raises(SettingsError, match=r"plate of 320×240 px, and .* is 30×20 px"):
        delivered(shared, tmp_path / "d.mov", plate=str(tmp_path / "s.%04d.exr"), frames="1")
    with pytest.raises(SettingsError, match="--working-space as the render did"):
        delivered(shared, tmp_path / "d.mov", colorspace="lin_rec709_scene")
    with pytest.raises(PlateError, match="no file of layers"):
        delivered(replace(shared, layers=shared.plate), tmp_path / "d.mov")
    assert not (tmp_path / "d.mov").exists()


def test_what_cannot_be_is_a_sentence(shared, signer, tmp_path):
    plain = replace(shared, layers=str(tmp_path / "l.%04d.exr"))
    plain.render(plain.layers)
    for name, more, words in (
        ("d.exr", {}, "is written as"),
        ("d.%04d.dpx", {"terms": Terms(signer)}, "hold no signature"),
        ("d.zip", {"detail": 2.0}, "--detail changes nothing"),
        ("d.mov", {"plate": ""}, "holds no beauty"),
        ("d.mov", {"detail": 2.0}, "--layers delta,matte,parts"),
        ("d.mov", {"shape": 1.0}, "--layers delta,matte,shape"),
        ("l.%04d.exr", {}, "is written as"),
    ):
        with pytest.raises((SettingsError, PlateError), match=words):
            delivered(plain, tmp_path / name, **more)
    packed = tmp_path / "d.zip"
    shutil.copy(plain.plate % 1, packed)
    with pytest.raises((SettingsError, PlateError)):
        delivered(replace(plain, layers=str(packed)), packed)
    assert sorted(p.name for p in tmp_path.glob("d*")) == ["d.zip"]
