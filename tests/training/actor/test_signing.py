"""A bundle signed with a key of the test's own: read back, told from one that changed."""

import json
import time
from dataclasses import asdict
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from helpers.bundles import rights
from helpers.certificates import certified
from reage import home
from reage.errors import SettingsError
from reage.models.onnx_model import OnnxModel
from reage.trail.signature import signature_of
from reage.trail.signing import Signer, sign_bundle
from reage_training.actor.bundle import make_bundle
from reage_training.cli import main


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return certified(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def bundle(tmp_path):
    agreed = rights()
    (tmp_path / "rights.json").write_text(json.dumps(asdict(agreed)))
    path, base = tmp_path / "anna.reage", home.default_model()
    make_bundle(base, base, None, agreed, path, "Anna")
    return path


def test_a_signed_bundle_is_read_and_says_who_signed_and_what(bundle, signer):
    before = OnnxModel.load(bundle, "cpu")
    sign_bundle(bundle, Signer.open(*signer))
    after = OnnxModel.load(bundle, "cpu")
    assert (after.card, after.sha256) == (before.card, before.sha256)
    found = signature_of(bundle)
    assert found is not None and found.intact and not found.trusted
    assert found.signer == "Trail of Example Films"
    assert found.consent["consent_sha256"] == "ab" * 32
    assert "overridden" not in found.consent
    assert "untrusted signer" in found.text() and found.holds


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_changed_bit_is_found(bundle, signer, share):
    sign_bundle(bundle, Signer.open(*signer))
    data = bytearray(bundle.read_bytes())
    data[int(share * len(data))] ^= 1
    bundle.write_bytes(data)
    found = signature_of(bundle)
    assert found is not None and not found.intact
    assert "changed" in found.text()


def test_a_certificate_that_ends_is_no_change_of_the_file(bundle, tmp_path):
    ends = datetime.now(timezone.utc) + timedelta(seconds=4)
    sign_bundle(bundle, Signer.open(*certified(tmp_path, ends)))
    while datetime.now(timezone.utc) < ends + timedelta(seconds=1.5):
        time.sleep(0.2)
    found = signature_of(bundle)
    assert found.intact and not found.holds
    assert "unchanged since" in found.text() and "certificate has expired" in found.text()


def test_a_bundle_without_a_signature_says_nothing(bundle):
    assert signature_of(bundle) is None


def test_a_key_that_is_not_the_certificates_is_a_sentence_and_the_bundle_stays(
    bundle, signer, tmp_path
):
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "other.pem").write_bytes(other)
    before = bundle.read_bytes()
    for key in (tmp_path / "other.pem", tmp_path / "none.pem", signer[0]):
        with pytest.raises(SettingsError, match="sign"):
            Signer.open(signer[0], key)
    with pytest.raises(SettingsError, match="one of es256"):
        Signer.open(*signer, "rsa")
    assert bundle.read_bytes() == before


def test_a_bundle_that_cannot_be_signed_takes_no_signed_ones_place(bundle, signer, tmp_path):
    said = str(tmp_path / "rights.json")
    words = ["actor", "bundle", str(home.default_model()), "--rights", said,
             "-o", str(bundle), "--sign", str(signer[0]), "--key"]  # fmt: skip
    assert main([*words, str(signer[1])]) == 0
    signed = bundle.read_bytes()
    assert signature_of(bundle).holds
    assert main([*words, str(tmp_path / "none.pem")]) == SettingsError.exit_code
    assert bundle.read_bytes() == signed
    assert {f.name for f in tmp_path.iterdir()} == {"anna.reage", "rights.json"}
