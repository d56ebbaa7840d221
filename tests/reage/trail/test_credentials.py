"""What people give to sign with, and what each is told."""

import subprocess
from datetime import timedelta
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from helpers.certificates import NOW, STUDIO, certified, issued, usage
from reage.errors import SettingsError
from reage.trail.credentials import require_credentials
from reage.trail.signing import Signer

PEM, DER = forms.Encoding.PEM, forms.Encoding.DER
OLD, NEW = forms.PrivateFormat.TraditionalOpenSSL, forms.PrivateFormat.PKCS8
OPEN, LOCKED = forms.NoEncryption(), forms.BestAvailableEncryption(b"secret")


def private(keys):
    return forms.load_pem_private_key(keys[1].read_bytes(), None)


def file(path, data):
    path.write_bytes(data)
    return path


@pytest.fixture
def bad(tmp_path, keys):
    """Name → certificates, key, what the sentence says."""
    made = {}

    def by(name, words, **more):
        folder = tmp_path / name
        folder.mkdir()
        made[name] = (*certified(folder, **more), words)

    by("ended", r"has expired, on \d{4}-", until=NOW - timedelta(hours=1))
    by("later", "is not valid yet", since=NOW + timedelta(1))
    by("web", "is a web server's", use=ExtendedKeyUsageOID.SERVER_AUTH)
    by("any", "is none to sign with", use=None)
    by("384", "say --algorithm es384", own=ec.generate_private_key(ec.SECP384R1()))
    by("rsa", "say --algorithm ps256", own=rsa.generate_private_key(65537, 2048))
    (chain, key), own = keys, private(keys)
    first, second = x509.load_pem_x509_certificates(chain.read_bytes())
    alone = issued(
        STUDIO, STUDIO, own.public_key(), own, (x509.BasicConstraints(False, None), True),
        (usage(digital_signature=True), True), since=NOW - timedelta(1), until=NOW + timedelta(9),
    )  # fmt: skip
    locked = file(tmp_path / "locked.pem", own.private_bytes(PEM, NEW, LOCKED))
    old_locked = file(tmp_path / "old.pem", own.private_bytes(PEM, OLD, LOCKED))
    turned = second.public_bytes(PEM) + first.public_bytes(PEM)
    cut = key.read_bytes().splitlines(keepends=True)
    return made | {
        "another's": (chain, made["web"][1], "is not that of the certificate"),
        "turned": (file(tmp_path / "t.pem", turned), key, "begins with another certificate"),
        "swapped": (key, chain, "holds a certificate and no key"),
        "two keys": (key, key, "holds a key and no certificate"),
        "by itself": (file(tmp_path / "s.pem", alone.public_bytes(PEM)), key, "by its own key"),
        "DER": (file(tmp_path / "c.der", first.public_bytes(DER)), key, "x509 -inform DER"),
        "DER key": (chain, file(tmp_path / "k.der", own.private_bytes(DER, NEW, OPEN)),
                    "-nocrypt -inform DER"),
        "locked": (chain, locked, "has a passphrase"),
        "old locked": (chain, old_locked, "has a passphrase"),
        "nothing": (chain, file(tmp_path / "n.pem", b""), "holds no key"),
        "cut": (chain, file(tmp_path / "cut.pem", b"".join(cut[:-2])), "is damaged"),
        "no file": (chain, tmp_path / "none.pem", "cannot be read"),
    }  # fmt: skip


ALL = ["ended", "later", "web", "any", "384", "rsa", "another's", "turned", "swapped", "two keys",
       "by itself", "DER", "DER key", "locked", "old locked", "nothing", "cut",
       "no file"]  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_what_does_not_do_is_a_sentence_without_a_librarys_words(bad, name):
    chain, key, words = bad[name]
    with pytest.raises(SettingsError, match=words) as told:
        Signer.open(chain, key)
    for raw in ("PKCS#8", "ASN.1", "OID", "COSE", "invalid", "Signature:"):
        assert raw not in str(told.value)


def test_every_form_of_a_key_as_pem_does(keys, tmp_path):
    own, (chain, key) = private(keys), keys
    old = file(tmp_path / "old.pem", own.private_bytes(PEM, OLD, OPEN))
    assert b"BEGIN EC PRIVATE KEY" in old.read_bytes()
    both = file(tmp_path / "both.pem", chain.read_bytes() + key.read_bytes())
    for certificates, secret in ((chain, old), (both, both)):
        Signer.open(certificates, secret)
        told, kept = require_credentials(certificates, secret, "es256")
        assert b"BEGIN PRIVATE KEY" in kept and b"PRIVATE KEY" not in told
    folder = tmp_path / "rsa"
    folder.mkdir()
    Signer.open(*certified(folder, own=rsa.generate_private_key(65537, 2048)), "ps256")


@pytest.mark.skipif(which("openssl") is None, reason="no openssl here")
@pytest.mark.parametrize("name", ["locked", "old locked", "DER key", "DER"])
def test_the_line_that_a_sentence_says_mends_it(bad, keys, name):
    chain, key, _ = bad[name]
    with pytest.raises(SettingsError) as told:
        Signer.open(chain, key)
    words = str(told.value).partition("openssl ")[2].rstrip(".").split()
    folder = (chain if name == "DER" else key).parent
    secret = ["-passin", "pass:secret"] if "locked" in name else []
    subprocess.run(["openssl", *words, *secret], cwd=folder, check=True, capture_output=True)
    made = folder / words[-1]
    Signer.open(*((made, key) if name == "DER" else (chain, made)))
