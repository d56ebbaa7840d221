"""What a file's C2PA signature says, and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from reage import strict_json
from reage.errors import SettingsError
from reage.shaped import shown
from reage.trail.hashed import named_content
from reage.trail.library import FORMATS, c2pa, context
from reage.trail.manifest import CONSENT, RENDER, TRAINING
from reage.trail.packed import has_something_before

UNTRUSTED = "signingCredential.untrusted"

_CHANGED = (
    "claimSignature.mismatch", "assertion.hashedURI.mismatch", "assertion.dataHash.mismatch",
    "assertion.bmffHash.mismatch", "assertion.boxesHash.mismatch",
    "assertion.collectionHash.mismatch", "assertion.collectionHash.incorrectFileCount",
    "assertion.missing", "assertion.undeclared", "hashedURI.mismatch", "hashedURI.missing",
)  # fmt: skip
"""C2PA's codes for a file that is not the one that was signed (C2PA 2.2, "Validation")."""

EXPIRED = "signingCredential.expired"

_NO_TIME = " No time stamp says that it held when this was signed."

_OTHERS_TIME = (
    " Who stamped the time is not trusted either; --trust takes their certificate in the same file."
)

OF_CERTIFICATES = {
    EXPIRED: "has expired, or was not valid yet",
    "claimSignature.outsideValidity": "did not hold when this was signed",
    "signingCredential.revoked": "was revoked",
    "signingCredential.invalid": "is none that C2PA takes for signing",
}
"""C2PA's codes for what is wrong with who signed, in words that go on from "the certificate"."""

_LIMITS = strict_json.Limits(1 << 30, 1 << 24)
"""A report on an ingredient is some 600 bytes, and a shot may have thousands."""


@dataclass(frozen=True)
class SignedIngredient:
    """title, relation: see `manifest.Ingredient`; sha256: "" where it was not said; signed: whether
    it brings a trail of its own"""

    title: str
    relation: str
    sha256: str
    signed: bool


@dataclass(frozen=True)
class Signature:
    """signer: whom the certificate names; issuer: who vouches for them
    intact: whether the file is the one that was signed
    doubts: what else C2PA finds wrong, its own codes; an untrusted signer is none
    trusted: whether the certificate leads to one that the reader trusts
    when: as a time stamp says, "" without one
    actions: what was done, C2PA's words; source_types: IPTC's terms for what came of it
    training: use → whether it is allowed; consent, render: see `reage.trail.manifest`
    """

    signer: str
    issuer: str
    intact: bool
    doubts: tuple[str, ...]
    trusted: bool
    when: str
    actions: tuple[str, ...]
    source_types: tuple[str, ...]
    training: Mapping[str, str]
    consent: Mapping[str, Any]
    render: Mapping[str, Any]
    ingredients: tuple[SignedIngredient, ...]

    @property
    def holds(self) -> bool:
        return self.intact and not self.doubts

    def text(self) -> str:
        if not self.intact:
            whose = f"The file is not the one that {shown(self.signer)} signed"
            return f"{whose}: something in it changed."
        known = "a signer whom you trust" if self.trusted else "an untrusted signer, as C2PA says"
        when = f" on {self.when[:10]}" if self.when else ""
        who = f"{shown(self.signer)} ({shown(self.issuer)})"
        told = f"Signed by {who}{when}, {known}; unchanged since."
        for code in self.doubts:
            if code in OF_CERTIFICATES:
                told += f" But the certificate {OF_CERTIFICATES[code]} ({code})."
                if code == EXPIRED:
                    told += _NO_TIME if not self.when else _OTHERS_TIME
            else:
                told += f" But the signature does not hold: {code}, as C2PA calls it."
        return told


def signature_of(path: Path, anchors: str = "") -> Signature | None:
    """What a file's signature says; None where it has none, or is of a kind that can have none.
    anchors: PEM of certificates that are trusted. Raises SettingsError where it cannot be read."""
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        return None
    try:
        with path.open("rb") as file:
            return signature_in(file, kind, str(path), anchors)
    except OSError as e:
        raise SettingsError(f"{path} cannot be read: {e.strerror or e}.") from e


def signature_in(file: BinaryIO, kind: str, name: str, anchors: str = "") -> Signature | None:
    """The same of an open file; kind: one of FORMATS' values; name: in sentences."""
    library = c2pa("Reading signatures")
    if kind == FORMATS[".zip"] and has_something_before(file):
        raise SettingsError(
            f"{name} has something before its first entry, which no signature covers and some "
            "programs unpack; get it anew from who delivered it."
        )
    try:
        with library.Reader(kind, file, context=context(library, anchors)) as reader:
            state, words = reader.get_validation_state(), reader.json()
    except library.C2paError as e:
        if "ManifestNotFound" in str(e):
            return None
        if str(e).startswith("Remote"):
            raise SettingsError(
                f"The signature of {name} lies elsewhere, where ReAge does not ask for it: {e}."
            ) from e
        raise SettingsError(f"The signature of {name} cannot be read: {e}.") from e
    told: Any = strict_json.loads(words, f"the signature of {name}", SettingsError, _LIMITS)
    try:
        return _of(told, state == "Trusted")
    except (KeyError, TypeError, AttributeError, ValueError) as e:
        raise SettingsError(
            f"The signature of {name} cannot be read: it holds something else than C2PA says."
        ) from e


def _of(told: Any, trusted: bool) -> Signature:
    """Raises KeyError, TypeError, AttributeError or ValueError where a value is of another kind:
    whoever signs can sign anything."""
    active = told["manifests"][told["active_manifest"]]
    failures = told["validation_results"]["activeManifest"]["failure"]
    wrong = [code for code in dict.fromkeys(f["code"] for f in failures) if code != UNTRUSTED]
    by = active.get("signature_info", {})
    signed = {each["label"]: each["data"] for each in active["assertions"]}
    actions = [a for label in signed if label.startswith("c2pa.actions")
               for a in signed[label]["actions"]]  # fmt: skip
    uses = signed.get(TRAINING, {}).get("entries", {})
    return Signature(
        signer=str(by.get("common_name", "somebody")),
        issuer=str(by.get("issuer", "nobody")),
        intact=not {*wrong} & {*_CHANGED},
        doubts=tuple(code for code in wrong if code not in _CHANGED),
        trusted=trusted,
        when=str(by.get("time", "")),
        actions=tuple(str(a["action"]) for a in actions),
        source_types=tuple(dict.fromkeys(
            str(a["digitalSourceType"]) for a in actions if "digitalSourceType" in a
        )),
        training={use: str(entry.get("use", "")) for use, entry in uses.items()},
        consent={**signed.get(CONSENT, {})},
        render={**signed.get(RENDER, {})},
        ingredients=tuple(
            SignedIngredient(
                str(each.get("title", "")), str(each.get("relationship", "")),
                named_content(str(each.get("instance_id", ""))), "active_manifest" in each,
            )
            for each in active.get("ingredients", ())
        ),
    )  # fmt: skip
