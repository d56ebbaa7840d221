"""A studio's certificate and key, made for a test."""

from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(timezone.utc)
STUDIO = "Trail of Example Films"


def name(who):
    return x509.Name([
        x509.NameAttribute(NameOID.COMMON_NAME, who),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Films"),
    ])


def usage(**on):
    off = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
         "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    return x509.KeyUsage(**{**off, **on})


def issued(subject, issuer, public, above, *extensions, since, until):
    made = (
        x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer))
        .public_key(public).serial_number(x509.random_serial_number())
        .not_valid_before(since).not_valid_after(until)
    )  # fmt: skip
    for extension, critical in extensions:
        made = made.add_extension(extension, critical)
    return made.sign(above, hashes.SHA256())


MAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION


def certified(folder, until=NOW + timedelta(30), since=NOW - timedelta(1), use=MAIL, own=None):
    """Files of a certificate with the one above it, and of its key. use: what it is for, None for
    nothing in particular."""
    above = ec.generate_private_key(ec.SECP256R1())
    own = own or ec.generate_private_key(ec.SECP256R1())
    known = x509.SubjectKeyIdentifier.from_public_key(above.public_key())
    authority = issued(
        "Authority", "Authority", above.public_key(), above,
        (x509.BasicConstraints(True, 0), True),
        (usage(key_cert_sign=True, crl_sign=True), True), (known, False),
        since=since, until=NOW + timedelta(30),
    )  # fmt: skip
    leaf = issued(
        STUDIO, "Authority", own.public_key(), above,
        (x509.BasicConstraints(False, None), True), (usage(digital_signature=True), True),
        *([(x509.ExtendedKeyUsage([use]), False)] if use else []),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known), False),
        since=since, until=until,
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    (folder / "chain.pem").write_bytes(leaf.public_bytes(pem) + authority.public_bytes(pem))
    private = own.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    return folder / "chain.pem", folder / "key.pem"
