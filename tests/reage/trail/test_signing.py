"""Files signed with a key of the test's own: read back, told from ones that changed, and nobody on
a network asked."""

import http.server
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from shutil import which

import c2pa
import numpy as np
import pytest

from helpers.bundles import bundle, rights
from helpers.certificates import STUDIO, certified
from helpers.plate_files import write_image
from helpers.time_authority import telling_the_time
from reage.errors import SettingsError
from reage.models.onnx_model import OnnxModel
from reage.trail.against import Against
from reage.trail.found import FoundShot
from reage.trail.library import context
from reage.trail.manifest import CONSENT, RENDER, TRAINING, Manifest, of_bundle
from reage.trail.shot_trail import trail_of
from reage.trail.signature import signature_of
from reage.trail.signing import Signer, sign_bundle


@pytest.fixture
def anna(tmp_path):
    return bundle(tmp_path / "anna.reage", rights())


@pytest.fixture
def picture(tmp_path):
    return write_image(tmp_path / "p.png", np.zeros((32, 32, 3), np.uint8), kind="uint8")


def test_a_signed_bundle_is_read_and_says_who_signed_and_what(anna, signer):
    before = OnnxModel.load(anna, "cpu")
    sign_bundle(anna, signer)
    after = OnnxModel.load(anna, "cpu")
    assert (after.card, after.sha256) == (before.card, before.sha256)
    found = signature_of(anna)
    assert found is not None and found.intact and not found.trusted
    assert found.signer == STUDIO
    assert found.consent["consent_sha256"] == "ab" * 32
    assert "overridden" not in found.consent
    assert "untrusted signer" in found.text() and found.holds


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_changed_bit_is_found(anna, signer, share):
    sign_bundle(anna, signer)
    data = bytearray(anna.read_bytes())
    data[int(share * len(data))] ^= 1
    anna.write_bytes(data)
    found = signature_of(anna)
    assert found is not None and not found.intact
    assert "changed" in found.text()


def wait_until(when):
    while datetime.now(timezone.utc) < when + timedelta(seconds=1.5):
        time.sleep(0.2)


def test_a_certificate_that_ends_is_no_change_of_the_file(anna, tmp_path):
    ends = datetime.now(timezone.utc) + timedelta(seconds=4)
    sign_bundle(anna, Signer.open(*certified(tmp_path, ends)))
    wait_until(ends)
    found = signature_of(anna)
    assert found.intact and not found.holds
    assert "unchanged since" in found.text() and "certificate has expired" in found.text()
    assert "No time stamp says that it held" in found.text()


@pytest.mark.skipif(which("openssl") is None, reason="no openssl here")
def test_a_time_stamp_of_whom_one_trusts_outlasts_the_certificate(picture, tmp_path):
    with telling_the_time(tmp_path / "clock") as (address, clock):
        ends = datetime.now(timezone.utc) + timedelta(seconds=6)
        chain, key = certified(tmp_path, ends)
        Signer.open(chain, key, timestamp=address).sign(picture, of_bundle("p.png", None))
    wait_until(ends)
    studio, known = chain.read_text(), clock.read_text()
    found = signature_of(picture, studio + known)
    assert found.holds and found.trusted and found.when.startswith(f"{ends:%Y-%m-%d}")
    found = signature_of(picture, studio)
    assert found.intact and not found.holds
    assert "Who stamped the time is not trusted either" in found.text()


def test_what_nobody_signed_says_nothing(anna, picture, tmp_path):
    assert signature_of(anna) is None and signature_of(picture) is None
    assert signature_of(tmp_path / "kinds.that.hold.none.exr") is None


def test_a_key_shows_in_no_log(signer, keys):
    secret = keys[1].read_text().splitlines()[1]
    assert secret not in repr(signer) and str(keys[1]) in repr(signer)


def test_an_algorithm_that_is_none_is_a_sentence(keys):
    with pytest.raises(SettingsError, match="one of es256"):
        Signer.open(*keys, "rsa")


def test_signing_needs_its_library(keys, picture, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "c2pa", None)
    for call in (lambda: Signer.open(*keys), lambda: signature_of(picture)):
        with pytest.raises(SettingsError, match=r"pip install 'reage\[provenance\]'"):
            call()


@contextmanager
def listening():
    """An address, and the requests that came to it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, *words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/m", asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_signature_that_lies_elsewhere_is_not_fetched(keys, picture, tmp_path):
    """Whoever sends a file would learn by that who looks at it."""
    chain, key = (path.read_bytes() for path in keys)
    out = tmp_path / "elsewhere.png"
    with listening() as (address, asked):
        told = c2pa.C2paSignerInfo(b"es256", chain, key, None)
        with (
            c2pa.Signer.from_info(told) as by,
            c2pa.Builder(of_bundle("p", None).words(), context(c2pa)) as builder,
            picture.open("rb") as source, out.open("w+b") as signed,
        ):  # fmt: skip
            builder.set_remote_url(address)
            builder.set_no_embed()
            builder.sign(by, "png", source, signed)
        with pytest.raises(SettingsError, match="lies elsewhere, where ReAge does not ask"):
            signature_of(out)
        assert asked == []


def test_nobody_is_asked_for_the_time_unless_that_is_wanted(keys, signer, picture):
    with listening() as (address, asked):
        signer.sign(picture, of_bundle("p.png", None))
        assert signature_of(picture).when == "" and asked == []
        with pytest.raises(SettingsError, match="says when"):
            Signer.open(*keys, timestamp=address)
        assert asked


def test_a_file_that_cannot_be_signed_stays_as_it_is(signer, tmp_path):
    broken = tmp_path / "b.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(SettingsError, match="cannot be signed"):
        signer.sign(broken, of_bundle("b.png", None))
    assert broken.read_bytes() == b"no picture" and [*tmp_path.iterdir()] == [broken]


def test_numbers_of_a_bundles_rights_are_signed_as_words(tmp_path, signer):
    """The library loses lists of numbers."""
    anna = bundle(tmp_path / "a.reage", replace(rights(), ages=(20.0, 61.0), photographs=7))
    sign_bundle(anna, signer)
    consent = signature_of(anna).consent
    assert (consent["ages"], consent["photographs"]) == ("20 to 61", 7)
    json.dumps(consent)


@pytest.mark.parametrize("label", [CONSENT, RENDER, TRAINING, "c2pa.actions.v2"])
@pytest.mark.parametrize("data", [
    [], ["x"], "x", 7, None, {"entries": ["x"]}, {"entries": {"a": 1}}, {"actions": {}},
    {"consent_sha256": 5, "delivered": ["1"], "frames": {}, "person": [], "version": {}},
    {"delivered": "1-99999999999", "frames": "1e9", "source_ages": [], "faces": "[[[", "age": 1},
])  # fmt: skip
def test_whatever_somebody_signs_is_judged(signer, picture, label, data):
    """The library refuses to sign some of it; the rest is read, or said to be none."""
    odd = Manifest("p.png", [{"action": "c2pa.created"}], {label: data})
    try:
        signer.sign(picture, odd)
    except SettingsError:
        return
    trail = trail_of(FoundShot("p", (picture,)), Against(consent="ab" * 32))
    assert trail.text() and "does not know" not in trail.text()
    json.dumps(trail.document(), allow_nan=False)
