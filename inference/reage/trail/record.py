"""What one file says of what was done to it, and whether it is as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reage.bundle import is_bundle
from reage.errors import PlateError, SettingsError, UnreadableFrame
from reage.frame.layers import said
from reage.media.frames import parse_frames
from reage.media.imagefile import read_info
from reage.media.intact import keeps_pixels
from reage.media.video import MOVIE_SUFFIXES, read_tags
from reage.models.model_card import ModelCard
from reage.models.onnx_model import OnnxModel
from reage.shaped import shown
from reage.shot.marks import ages_of
from reage.trail.library import can_be_signed
from reage.trail.signature import Signature, signature_of

_SENTENCE = re.compile(
    r"Faces? altered by ReAge (?P<version>\S+): age (?P<ages>[\d. to and]+), "
    r"model (?P<model>.+?)\. Digital source type"
)
"""What `shot.marks.sentence` writes: all that TIFF and JPEG keep."""


_AGE = r"\d{1,3}(?:\.\d{1,6})?"

_AGES = re.compile(rf"{_AGE}(?: to {_AGE})?(?: and {_AGE} to {_AGE}){{0,19}}", re.ASCII)

_SPAN = re.compile(rf"{_AGE}(?: to {_AGE})?", re.ASCII)

UNREAD = "?"
"""Ages that are said otherwise than ReAge says them."""


@dataclass(frozen=True)
class Record:
    """path: of what is packed in a ZIP, its name behind the ZIP's
    said: by the names of `shot.metadata`; of a signed file without them what was signed
    pixels: whether they are those that were written; None where nothing says it
    trouble: why it, or its signature, could not be read, else ""
    packed: whether it lies in a ZIP; sealed: in one that is signed, as that covers it
    """

    path: Path
    said: Mapping[str, Any]
    pixels: bool | None
    signature: Signature | None
    trouble: str = ""
    packed: bool = False
    sealed: bool = False

    @property
    def silent(self) -> bool:
        """Whether it has no trail at all."""
        return not self.said and self.signature is None and not self.trouble

    @property
    def frame(self) -> int | None:
        """The frame that it is by its own word; None where it is none, or several."""
        try:
            return int(str(self.said.get("frame", self.said.get("frames"))))
        except ValueError:
            return None

    @property
    def delivered(self) -> tuple[int, ...]:
        """The frames that were signed together with it, as was signed."""
        listed = self.signature.render.get("delivered") if self.signature else None
        try:
            return parse_frames(listed.replace(" ", "")) if isinstance(listed, str) else ()
        except SettingsError:
            return ()

    @property
    def person(self) -> float | None:
        """The person strength; 1 where it has none to say, None where what it says is none."""
        try:
            strength = float(str(self.said.get("person", 1.0)))
        except ValueError:
            return None
        return strength if 0 <= strength <= 1 else None

    def ages(self) -> str:
        """From which age to which, in words; UNREAD where what it says is none."""
        if "ages" in self.said:
            told = str(self.said["ages"])
            return told if _AGES.fullmatch(told) else UNREAD
        if {"source_ages", "target_ages"} <= self.said.keys():
            source, target = (str(self.said[name]) for name in ("source_ages", "target_ages"))
            if not (_SPAN.fullmatch(source) and _SPAN.fullmatch(target)):
                return UNREAD
            return f"{source} {'→' if ' to ' in source + target else 'to'} {target}"
        try:
            each = ages_of(self.said)
        except PlateError:
            return UNREAD if {"source_age", "target_age", "faces"} & self.said.keys() else ""
        told = " and ".join(f"{source:g} to {target:g}" for source, target in each)
        return told if _AGES.fullmatch(told) else UNREAD

    @property
    def foreign(self) -> bool:
        """Whether it is signed, and nothing in it is of ReAge."""
        return self.signature is not None and not self.said and not self.trouble

    def consents(self) -> tuple[str, ...]:
        """Hashes of the documents that it names."""
        return tuple(str(self.said.get("consent", "")).split())


def read_record(path: Path, anchors: str = "") -> Record:
    """anchors: PEM of certificates that are trusted. Raises UnreadableFrame, ModelError."""
    trouble, signature = "", None
    if can_be_signed(path):
        try:
            signature = signature_of(path, anchors)
        except SettingsError as e:
            trouble = str(e)
    suffix = path.suffix.lower()
    if is_bundle(path):
        return Record(path, said_of_model(path), None, signature, trouble)
    if suffix == ".zip":
        return Record(path, _signed(signature), None, signature, trouble)
    if suffix in MOVIE_SUFFIXES:
        tags: Mapping[str, object] = read_tags(path)
        words, kept = str(tags.get("comment", "")), None
    else:
        tags, kept = _read_picture(path, signature)
        words = str(tags.get("ImageDescription", ""))
    told = said(tags)
    if not told and (found := _SENTENCE.search(words)):
        told = dict(found.groupdict())
    return Record(path, {**_signed(signature), **told}, kept, signature, trouble)


def _read_picture(
    path: Path, signature: Signature | None
) -> tuple[Mapping[str, object], bool | None]:
    """Its header, and whether its pixels are those that were written. Raises UnreadableFrame for
    one that is cut off, whatever its signature says: that is of no use then."""
    try:
        tags, kept = read_info(path).metadata, keeps_pixels(path)
        if kept is False and path.suffix.lower() != ".exr":
            raise UnreadableFrame(f"{path} is damaged: its picture cannot be read to its end.")
    except UnreadableFrame as e:
        if signature is None:
            raise
        whose = f"so it is not the one that {shown(signature.signer)} signed"
        raise UnreadableFrame(f"{str(e).rstrip('.')}, {whose}.") from e
    return tags, kept


def _signed(signature: Signature | None) -> dict[str, object]:
    """What was signed of the render and the consent, by the names of `shot.metadata`."""
    if signature is None:
        return {}
    consents = signature.consent.get("consent_sha256", "")
    words = " ".join(map(str, consents)) if isinstance(consents, list) else str(consents)
    more = {"consent": words} if words else {}
    return {**signature.render, **more}


def said_of_model(path: Path, person: float = 1.0) -> dict[str, object]:
    """What a frame's header says of a model's file. Raises ModelError where it cannot be read."""
    # The reason stays in memory: nothing is rendered.
    model = OnnxModel.load(path, "cpu", person=person, past_consent="only looked at")
    card: ModelCard = model.card
    agreed = {"rights": card.rights.line(), "consent": card.rights.consent_sha256} if (
        card.rights
    ) else {}  # fmt: skip
    return {
        "model": f"{card.name} {card.version}", "model_sha256": model.sha256,
        "card_sha256": card.sha256, "license": card.license,
        "rights_holder": card.rights_holder, **agreed,
    }  # fmt: skip
