"""Certificates and key to sign with, looked at before they are tried: what is wrong with them, and
what to do, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reage.errors import SettingsError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")

_BY_CURVE = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}

WANTED = (
    "C2PA signs with one that another issued, for digital signatures (key usage digitalSignature) "
    "and for documents or mail (extended key usage documentSigning or emailProtection)."
)
"""What a certificate has to be (C2PA 2.2, "Certificate Profile")."""


def require_credentials(certificates: Path, key: Path, algorithm: str) -> tuple[bytes, bytes]:
    """What the files hold, as PEM; the key as PKCS #8, which the library takes alone, whether it
    is that or SEC 1 or PKCS #1. Raises SettingsError."""
    chain, secret = _read(certificates), _read(key)
    if algorithm not in ALGORITHMS:
        raise SettingsError(
            f"A file is signed by one of {', '.join(ALGORITHMS)}; not {algorithm!r}."
        )
    if why := next(_why_no_key(key, secret), None) or next(_why_not(certificates, chain), None):
        raise SettingsError(why)
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization as forms

    pem = forms.Encoding.PEM
    try:
        private = forms.load_pem_private_key(secret, None)
        kept = private.private_bytes(pem, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    except Exception as e:  # of many kinds, by what is wrong in it
        raise SettingsError(
            f"The key in {key} is damaged, or of a kind that C2PA does not sign with."
        ) from e
    try:
        found = x509.load_pem_x509_certificates(chain)
    except ValueError as e:
        raise SettingsError(
            f"A certificate in {certificates} is damaged; get it anew from who issued it."
        ) from e
    which = (certificates, found, key, private.public_key(), algorithm)
    if why := next(_why_not_together(*which), None):
        raise SettingsError(why)
    return b"".join(each.public_bytes(pem) for each in found), kept


def trusted_certificates(file: Path) -> str:
    """Certificates that a reader trusts, as PEM; one at least. Raises SettingsError."""
    try:
        text = file.read_bytes()
    except OSError as e:
        raise SettingsError(f"{file} is to trust, and cannot be read: {e.strerror}.") from e
    if why := next(_why_not(file, text, "--trust"), None):
        raise SettingsError(why)
    try:
        from cryptography import x509
    except ImportError as e:
        raise SettingsError("--trust needs c2pa-python: pip install 'reage[provenance]'.") from e
    try:
        x509.load_pem_x509_certificates(text)
        return text.decode()
    except ValueError as e:
        raise SettingsError(f"A certificate in {file} is damaged; get it anew.") from e


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as e:
        raise SettingsError(f"{file} is to sign with, and cannot be read: {e.strerror}.") from e


def _why_no_key(key: Path, secret: bytes) -> Iterator[str]:
    """What is wrong with the key's file by itself."""
    if b"ENCRYPTED" in secret:
        yield (
            f"The key {key} has a passphrase, which ReAge does not ask for; sign with a copy "
            f"without one: openssl pkcs8 -topk8 -nocrypt -in {key.name} -out KEY.pem."
        )
    if b"PRIVATE KEY" in secret:
        return
    if b"BEGIN CERTIFICATE" in secret:
        yield f"{key} holds a certificate and no key; --sign takes certificates, --key the key."
    yield (
        f"{key} holds no key as PEM, with the words BEGIN PRIVATE KEY; one as DER becomes that "
        f"by openssl pkcs8 -topk8 -nocrypt -inform DER -in {key.name} -out KEY.pem."
    )


def _why_not(certificates: Path, chain: bytes, flag: str = "--sign") -> Iterator[str]:
    """What is wrong with the certificates' file by itself."""
    if b"BEGIN CERTIFICATE" in chain:
        return
    if b"PRIVATE KEY" in chain:
        yield (
            f"{certificates} holds a key and no certificate; {flag} takes certificates"
            + (", --key the key." if flag == "--sign" else ".")
        )
    yield (
        f"{certificates} holds no certificate as PEM, with the words BEGIN CERTIFICATE; one as "
        f"DER becomes that by openssl x509 -inform DER -in {certificates.name} -out CHAIN.pem."
    )


def _why_not_together(
    certificates: Path, found: Sequence[Certificate], key: Path, own: Any, algorithm: str
) -> Iterator[str]:
    """own: the key's public half"""
    fitting = [each for each in found if _public(each) == own]
    if not fitting:
        yield f"The key {key} is not that of the certificate in {certificates}; give its own."
    elif fitting[0] != found[0]:
        yield (
            f"{certificates} begins with another certificate than the key's; put the signer's "
            "first, and the one that issued it after it."
        )
    fits = _algorithms(own)
    if algorithm not in fits:
        yield (
            f"The key {key} does not sign by {algorithm}; "
            + (f"say --algorithm {fits[0]}." if fits else "C2PA knows no way by which it does.")
        )
    yield from _why_no_signer(found[0], certificates)


def _public(certificate: Certificate) -> Any:
    """Its key; None where it is of a kind that nobody here knows."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return None


def _algorithms(own: Any) -> tuple[str, ...]:
    """By which a key can sign, by its public half."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(own, ec.EllipticCurvePublicKey):
        return tuple(filter(None, [_BY_CURVE.get(own.curve.name)]))
    if isinstance(own, rsa.RSAPublicKey):
        return ALGORITHMS[3:6]
    return ALGORITHMS[6:] if isinstance(own, ed25519.Ed25519PublicKey) else ()


def _why_no_signer(first: Certificate, file: Path) -> Iterator[str]:
    """What C2PA holds against the signer's certificate."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    since, until = first.not_valid_before_utc, first.not_valid_after_utc
    if datetime.now(timezone.utc) > until:
        yield (
            f"The certificate in {file} has expired, on {until:%Y-%m-%d}; sign with one that "
            "holds today."
        )
    if datetime.now(timezone.utc) < since:
        yield (
            f"The certificate in {file} is not valid yet, before {since:%Y-%m-%d}; sign with one "
            "that holds today."
        )
    if first.issuer == first.subject:
        yield f"The certificate in {file} was issued by its own key. {WANTED}"
    try:
        uses = set(first.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except (x509.ExtensionNotFound, ValueError):
        uses = set()
    if ExtendedKeyUsageOID.SERVER_AUTH in uses:
        yield f"The certificate in {file} is a web server's. {WANTED}"
