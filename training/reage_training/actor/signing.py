"""A bundle signed with the studio's own key, as C2PA signs ZIP files, and what a signature says.

The whole file is covered: model, weights, album. There is no key of ReAge's. c2pa-python does the
work (extra `provenance`); ReAge reads a signed bundle as it reads any other.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reage import strict_json
from reage.errors import OutputError, SettingsError
from reage.media.replacing import replacing
from reage.models.consents import rights_of
from reage.version import __version__

CONSENT = "org.reage.consent"
"""Label of our own assertion: C2PA has none for consent."""

_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicData"
"""IPTC's word for data that an algorithm learned from others'."""

_FORMAT = "zip"
_ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")
UNTRUSTED = "signingCredential.untrusted"

_CHANGED = (
    "claimSignature.mismatch", "assertion.hashedURI.mismatch", "assertion.dataHash.mismatch",
    "assertion.collectionHash.mismatch", "assertion.collectionHash.incorrectFileCount",
    "assertion.missing", "assertion.undeclared", "hashedURI.mismatch", "hashedURI.missing",
)  # fmt: skip
"""C2PA's codes for a file that is not the one that was signed (C2PA 2.2, "Validation")."""

_OF_CERTIFICATES = {
    "signingCredential.expired": "has expired, or was not valid yet",
    "claimSignature.outsideValidity": "did not hold when this was signed",
    "signingCredential.revoked": "was revoked",
    "signingCredential.invalid": "is none that C2PA takes for signing",
}
"""C2PA's codes for what is wrong with who signed, in words that go on from "the certificate"."""


@dataclass(frozen=True)
class Signature:
    """signer: whom the certificate names; issuer: who vouches for them
    intact: whether the file is the one that was signed
    doubts: what else C2PA finds wrong, its own codes; an untrusted signer is none
    trusted: whether the certificate leads to one on C2PA's list; a studio's own does not
    consent: what was signed of the rights
    """

    signer: str
    issuer: str
    intact: bool
    doubts: tuple[str, ...]
    trusted: bool
    consent: dict[str, Any]

    @property
    def holds(self) -> bool:
        return self.intact and not self.doubts

    def text(self) -> str:
        if not self.intact:
            return f"The file is not the one that {self.signer} signed: something in it changed."
        known = "a signer on C2PA's list" if self.trusted else "an untrusted signer, as C2PA says"
        told = f"Signed by {self.signer} ({self.issuer}), {known}; unchanged since."
        for code in self.doubts:
            if code in _OF_CERTIFICATES:
                told += f" But the certificate {_OF_CERTIFICATES[code]} ({code})."
            else:
                told += f" But the signature does not hold: {code}, as C2PA calls it."
        return told


def sign_bundle(path: Path, certificates: Path, key: Path, how: str, name: str = "") -> None:
    """Sign a bundle in its place, and with it what its card says of the rights. certificates: the
    signer's first, then those above it, PEM; key: PEM, PKCS #8; how: one of c2pa's algorithms,
    es256 …; name: the bundle's, where the path is a draft's. Raises SettingsError, OutputError,
    ModelError."""
    name = name or path.name
    c2pa = _c2pa()
    if how not in _ALGORITHMS:
        raise SettingsError(f"A bundle is signed by one of {', '.join(_ALGORITHMS)}; not {how!r}.")
    read = []
    for file in (certificates, key):
        try:
            read.append(file.read_bytes())
        except OSError as e:
            raise SettingsError(f"{file} is to sign with, and cannot be read: {e.strerror}.") from e
    found = rights_of(path)
    rights = asdict(found) if found else {}
    rights.pop("overridden", None)  # a render's
    manifest = {
        "claim_generator_info": [{"name": "ReAge", "version": __version__}],
        "title": name,
        "assertions": [
            {"label": "c2pa.actions", "data": {"actions": [
                {"action": "c2pa.created", "digitalSourceType": _SOURCE}
            ]}},
            {"label": CONSENT, "data": rights},
        ],
    }  # fmt: skip
    try:
        told = c2pa.C2paSignerInfo(how.encode(), read[0], read[1], None)
        with (
            replacing(path) as draft, path.open("rb") as source, draft.open("w+b") as signed,
            c2pa.Signer.from_info(told) as signer,
            c2pa.Builder.from_json(json.dumps(manifest)) as builder,
        ):  # fmt: skip
            builder.sign(signer, _FORMAT, source, signed)
    except OSError as e:
        raise OutputError(f"The bundle {name} cannot be signed: {e.strerror or e}.") from e
    except c2pa.C2paError as e:
        raise SettingsError(
            f"The bundle {name} cannot be signed with {certificates} and {key}: {e}. Give the "
            "signer's certificate first and the one that issued it after it, and the key that "
            "belongs to it."
        ) from e


def signature_of(path: Path) -> Signature | None:
    """What a bundle's signature says; None where it has none. Raises SettingsError where it cannot
    be read."""
    c2pa = _c2pa()
    try:
        with path.open("rb") as file, c2pa.Reader(_FORMAT, file) as reader:
            state, words = reader.get_validation_state(), reader.json()
    except OSError as e:
        raise SettingsError(f"{path} cannot be read: {e.strerror or e}.") from e
    except c2pa.C2paError as e:
        if "ManifestNotFound" in str(e):
            return None
        raise SettingsError(f"The signature of {path} cannot be read: {e}.") from e
    told: Any = strict_json.loads(words, f"the signature of {path}", SettingsError)
    active = told["manifests"][told["active_manifest"]]
    failures = told["validation_results"]["activeManifest"]["failure"]
    wrong = [code for code in dict.fromkeys(f["code"] for f in failures) if code != UNTRUSTED]
    by = active.get("signature_info", {})
    signed = {each["label"]: each["data"] for each in active["assertions"]}
    return Signature(
        signer=by.get("common_name", "somebody"),
        issuer=by.get("issuer", "nobody"),
        intact=not {*wrong} & {*_CHANGED},
        doubts=tuple(code for code in wrong if code not in _CHANGED),
        trusted=state == "Trusted",
        consent=signed.get(CONSENT, {}),
    )


def _c2pa() -> Any:
    try:
        import c2pa  # type: ignore[import-untyped]
    except ImportError as e:
        raise SettingsError(
            "Signing needs c2pa-python: pip install 'reage[provenance]', or leave --sign away."
        ) from e
    return c2pa
