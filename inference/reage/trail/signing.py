"""Signing with the studio's own key, as C2PA signs. There is no key of ReAge's."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np

from reage.errors import OutputError, SettingsError
from reage.media.replacing import replacing
from reage.models.consents import rights_of
from reage.trail.credentials import WANTED, require_credentials
from reage.trail.library import FORMATS, c2pa, context
from reage.trail.manifest import Ingredient, Manifest, of_bundle
from reage.trail.signature import OF_CERTIFICATES, signature_in


@dataclass(frozen=True)
class Signer:
    """Who signs. certificates: PEM, the signer's first, then those above it; key: PEM;
    timestamp: address of an authority that says when, "" for none: nothing is asked of a network
    but by it."""

    certificates: Path
    key: Path
    algorithm: str
    timestamp: str
    _words: tuple[bytes, bytes] = field(repr=False)

    @classmethod
    def open(
        cls, certificates: Path, key: Path, algorithm: str = "es256", timestamp: str = ""
    ) -> Signer:
        """Tried on a picture of one pixel, so that what is wrong with it is known before anything
        is made. Raises SettingsError."""
        c2pa("Signing")
        words = require_credentials(certificates, key, algorithm)
        signer = cls(certificates, key, algorithm, timestamp, words)
        replace(signer, timestamp="")._try()
        if timestamp:
            try:
                signer._try()
            except SettingsError as e:
                raise SettingsError(
                    f"{timestamp} does not answer as an authority that says when; name another "
                    "with --timestamp, or leave it away."
                ) from e
        return signer

    def sign(self, path: Path, manifest: Manifest, like: Path | None = None) -> None:
        """Sign a file in its place; where that fails it stays as it is. like: its name in the end,
        which says its kind, where this is a draft's. Raises SettingsError, OutputError."""
        name = like or path
        try:
            with replacing(path) as draft, path.open("rb") as source, draft.open("w+b") as signed:
                self._sign(FORMATS[name.suffix.lower()], source, signed, manifest)
        except OSError as e:
            raise OutputError(f"{name.name} cannot be signed: {e.strerror or e}.") from e

    def _try(self) -> None:
        picture = cv2.imencode(".png", np.zeros((1, 1, 3), np.uint8))[1].tobytes()
        signed = io.BytesIO()
        trial = of_bundle("A trial", None)
        self._sign("png", io.BytesIO(picture), signed, trial)
        signed.seek(0)
        found = signature_in(signed, "png", "the trial")
        for code in found.doubts if found else ():
            why = OF_CERTIFICATES.get(code, f"is refused ({code})")
            raise SettingsError(
                f"The certificate in {self.certificates} {why}; sign with one that holds."
            )

    def _sign(self, kind: str, source: BinaryIO, signed: BinaryIO, what: Manifest) -> None:
        library = c2pa("Signing")
        told = library.C2paSignerInfo(
            self.algorithm.encode(), *self._words, self.timestamp.encode() or None
        )
        try:
            with (
                library.Signer.from_info(told) as signer,
                library.Builder(what.words(), context(library)) as builder,
            ):
                for each in what.ingredients:
                    _add(builder, each)
                builder.sign(signer, kind, source, signed)
        except library.C2paError as e:
            words = " ".join(str(e).split()).rstrip(".")
            if "certificate" in words:
                why = f"The certificate in {self.certificates} is none to sign with. {WANTED}"
                raise SettingsError(why) from e
            raise SettingsError(f"{what.title} cannot be signed ({words}).") from e


def _add(builder: Any, each: Ingredient) -> None:
    with each.path.open("rb") as file:
        builder.add_ingredient(each.words(), each.format, file)


def sign_bundle(path: Path, signer: Signer, name: str = "") -> None:
    """Sign a bundle in its place, and with it what its card says of the rights: model, weights and
    album are covered. name: the bundle's, where the path is a draft's. Raises SettingsError,
    OutputError, ModelError."""
    named = path.with_name(name) if name else path
    signer.sign(path, of_bundle(named.name, rights_of(path)), named)
