"""What is signed along with a file: what was made of what, how, and what was agreed on.

Labels of assertions and actions are those of C2PA 2.2 and of CAWG's Training and Data Mining
Assertion 1.1.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reage.fingerprint import sha256_of
from reage.frame.layers import DIGITAL_SOURCE_TYPE
from reage.models.rights import Rights
from reage.trail.hashed import content_name
from reage.trail.library import FORMATS
from reage.version import __version__

CONSENT = "org.reage.consent"
"""Label of our own assertion: C2PA has none for consent."""

RENDER = "org.reage.render"
"""Label of our own assertion: what the frames' headers say of the render, as far as all agree."""

DELIVERED_BLEND = "delivered_blend"
"""What RENDER says in a picture of the blend of all that were delivered with it: one number, or in
words from which to which."""

TRAINING = "cawg.training-mining"

USES = {
    "inference": "cawg.ai_inference",
    "training": "cawg.ai_training",
    "generative": "cawg.ai_generative_training",
    "mining": "cawg.data_mining",
}
"""What may be allowed to those who get the file, by our words for it."""

LEARNED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicData"
"""IPTC's word for data that an algorithm learned from others'."""

AGENT = {"name": "ReAge", "version": __version__}


@dataclass(frozen=True)
class Ingredient:
    """A file that a signed one was made of.

    title:    its name there
    relation: "parentOf" of what was altered, "componentOf" of what went into it
    """

    path: Path
    title: str
    relation: str
    sha256: str

    @classmethod
    def of(cls, path: Path, relation: str = "componentOf") -> Ingredient:
        """Raises OSError where it cannot be read."""
        return cls(path, path.name, relation, sha256_of(path))

    @property
    def name(self) -> str:
        """Which no two files have. The library hashes an ingredient's manifest, not its pixels, so
        this holds the hash of all of it."""
        return content_name(self.sha256)

    @property
    def format(self) -> str:
        """In those that the library knows, it looks for a manifest."""
        suffix = self.path.suffix.lower()
        others = {".exr": "image/x-exr", ".dpx": "image/x-dpx"}
        kind = FORMATS.get(suffix) or others.get(suffix) or mimetypes.guess_type(self.title)[0]
        return kind or "application/octet-stream"

    def words(self) -> str:
        return json.dumps(
            {"title": self.title, "relationship": self.relation, "instance_id": self.name}
        )


@dataclass(frozen=True)
class Manifest:
    """title: the file's name; actions, assertions: as C2PA has them"""

    title: str
    actions: Sequence[Mapping[str, Any]]
    assertions: Mapping[str, object]
    ingredients: Sequence[Ingredient] = ()

    def words(self) -> str:
        said = {"c2pa.actions.v2": {"actions": self.actions}, **self.assertions}
        return json.dumps({
            "claim_generator_info": [AGENT],
            "title": self.title,
            "assertions": [{"label": label, "data": data} for label, data in said.items()],
        })  # fmt: skip


def of_bundle(title: str, rights: Rights | None) -> Manifest:
    """Of an actor's model, album and card."""
    agreed = asdict(rights) if rights else {}
    agreed.pop("overridden", None)  # a render's
    if ages := agreed.get("ages"):  # in words: the library loses lists of numbers
        agreed["ages"] = f"{ages[0]:g} to {ages[1]:g}"
    made = {"action": "c2pa.created", "digitalSourceType": LEARNED}
    return Manifest(title, [made], {CONSENT: agreed})


def of_delivery(
    title: str,
    render: Mapping[str, object],
    consent: Mapping[str, object],
    ingredients: Sequence[Ingredient],
    description: str,
    allowed: Collection[str] = (),
    edited: bool = True,
) -> Manifest:
    """Of what leaves the house.

    render, consent: see RENDER, CONSENT; empty ones are left out
    description: what was done, in a sentence
    allowed: of USES, what those who get it may do
    edited: whether faces were altered in it; not where it only puts layers together, as a ZIP, nor
            where no face was found
    """
    parents = [each.name for each in ingredients if each.relation == "parentOf"]
    parts = [each.name for each in ingredients if each.relation != "parentOf"]
    made = {"digitalSourceType": DIGITAL_SOURCE_TYPE, "softwareAgent": AGENT}
    begun: dict[str, Any] = (
        {"action": "c2pa.opened", "parameters": {"ingredientIds": parents}} if parents
        else {"action": "c2pa.created", **made}
    )
    placed = {"action": "c2pa.placed", "parameters": {"ingredientIds": parts}}
    altered = {"action": "c2pa.edited", **made, "description": description}
    actions = [begun, *([placed] if parts else []), *([altered] if edited else [])]
    uses = {
        label: {"use": "allowed" if word in allowed else "notAllowed"}
        for word, label in USES.items()
    }
    ours = {label: said for label, said in ((CONSENT, consent), (RENDER, render)) if said}
    return Manifest(title, actions, {TRAINING: {"entries": uses}, **ours}, ingredients)
